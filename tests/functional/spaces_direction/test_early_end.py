"""A space that ends before the announced date: a written reason, and the date that people were told stays."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from portal.domain.construction import sources, story
from portal.domain.construction.blocks import Table
from portal.domain.spaces import queries
from portal.domain.spaces.models import Space
from portal.domain.spaces.queries import SpaceView
from portal.kernel import clock
from portal.kernel.dates import day_label
from portal.vocabulary import Phase
from tests.conftest import World
from tests.factories.pages import Page

WHY = "Le vote du budget est avancé."


def at(world: World, act: str) -> str:
    return f"/espaces/{world.ours.space_id}/{act}".rstrip("/")


def form_of(world: World, act: str) -> dict[str, str]:
    form = world.client("director").see(at(world, act)).form()
    return {key: value for key, value in form.items() if key != "csrf_token"}


def space(world: World) -> SpaceView:
    found = world.read(lambda s: queries.view(s, world.ours.space_id, clock.now()))
    assert found is not None
    return found


def end(world: World, reason: str) -> int:
    sent = world.client("director").send(at(world, "fin"), **form_of(world, "fin") | {"reason": reason})
    if sent.status_code == 422:
        assert "Écrivez la raison" in Page(sent).words
    return sent.status_code


def test_an_early_end_needs_a_reason_and_keeps_the_announced_date(world: World) -> None:
    announced, today = space(world).ends_at, clock.now()
    assert end(world, "  ") == 422
    assert space(world).phase is Phase.OPEN
    assert end(world, WHY) == 303
    assert (space(world).phase, space(world).announced_until) == (Phase.ANSWERING, announced)
    told = world.client("family").see(at(world, "")).words
    assert f"Annoncé jusqu’au {day_label(announced)}, terminé le {day_label(today)}." in told
    assert WHY in told

    def calendar(session: Session) -> str:
        src = sources.read(session, world.ours["family"].actor, None, clock.now())
        assert src is not None
        section = story.calendar(src)
        assert section is not None
        tables = [block for block in section.blocks if isinstance(block, Table)]
        return " ".join(tables[0].rows[0])

    kept = world.read(calendar)
    assert f"annoncé jusqu’au {day_label(announced)}. {WHY}" in kept


def test_an_end_brought_forward_in_the_settings_says_so_too(world: World) -> None:
    announced = space(world).ends_at
    sooner = (clock.paris(announced) - timedelta(days=10)).date().isoformat()
    form = form_of(world, "reglages") | {"ends_on": sooner}
    refused = world.client("director").send(at(world, "reglages"), **form)
    assert refused.status_code == 422
    assert "La fin viendrait plus tôt qu’annoncé." in Page(refused).words
    sent = world.client("director").send(at(world, "reglages"), **form | {"reason": WHY})
    assert sent.status_code == 303
    told = world.client("family").see(at(world, "")).words
    assert f"Annoncé jusqu’au {day_label(announced)}, l’espace se terminera le" in told
    assert WHY in told
    assert end(world, "Tout le monde a parlé.") == 303
    assert space(world).announced_until == announced, "the first date that people were told"


def test_an_end_on_the_announced_day_is_none_too_early(world: World) -> None:
    """The hour of the end is nobody's promise: people were told a day."""
    tonight = datetime.combine(clock.today(), time(23, 59, 59), clock.PARIS)

    def announced_for_today(session: Session) -> None:
        session.get_one(Space, world.ours.space_id).ends_at = tonight

    world.do(announced_for_today)
    assert "reason" not in form_of(world, "fin")
    assert "La fin était annoncée pour" not in world.client("director").see(at(world, "fin")).words
    assert end(world, "") == 303
    now = space(world)
    assert (now.phase, now.announced_until, now.end_reason) == (Phase.ANSWERING, None, "")
    assert "plus tôt qu’annoncé" not in world.client("family").see(at(world, "")).words


def test_an_end_on_the_day_it_was_brought_forward_to_keeps_its_reason(world: World) -> None:
    announced = space(world).ends_at
    form = form_of(world, "reglages") | {"ends_on": clock.today().isoformat(), "reason": WHY}
    assert world.client("director").send(at(world, "reglages"), **form).status_code == 303
    assert "reason" not in form_of(world, "fin")
    assert end(world, "") == 303
    assert (space(world).announced_until, space(world).end_reason) == (announced, WHY)


def test_an_end_put_back_where_it_was_is_no_early_end(world: World) -> None:
    announced = space(world).ends_at
    assert end(world, WHY) == 303
    back = (clock.paris(announced) + timedelta(days=1)).date().isoformat()
    form = form_of(world, "reglages") | {"ends_on": back, "reason": "La réunion a été déplacée."}
    assert world.client("director").send(at(world, "reglages"), **form).status_code == 303
    assert (space(world).announced_until, space(world).end_reason) == (None, "")
    assert "Annoncé jusqu’au" not in world.client("family").see(at(world, "")).words
