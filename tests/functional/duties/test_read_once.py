"""Each duty is said once: to the group that is owed it, in the week of who keeps it, in the list of duties."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from portal.domain.answers import service as answers
from portal.domain.answers.service import NewAnswer
from portal.domain.duties import clocks
from portal.domain.duties import queries as duties
from portal.domain.spaces import queries
from portal.domain.spaces import service as spaces
from portal.domain.spaces.service import SpaceCorrection
from portal.kernel import clock
from portal.vocabulary import DutyKind, DutyState, Fate
from tests.conftest import World
from tests.factories.syntheses import a_synthesis
from tests.factories.world import a_contribution


def answer(world: World, contribution: str) -> None:
    command = NewAnswer("Merci. Nous le ferons.", Fate.KEPT)
    world.do(lambda s: answers.give(s, world.ours["director"].actor, contribution, command))


def owed(world: World, who: str = "family") -> list[str]:
    """The lines of « Ce qui vous est dû »."""
    tree = world.client(who).see(f"/contrats/{world.ours.contract_id}").tree
    lines = tree.xpath("//section[@aria-labelledby='vous-est-du']//li")
    return [" ".join(one.text_content().split()) for one in lines]


def test_a_duty_kept_in_part_is_one_line(world: World) -> None:
    first, _second = (world.do(lambda s: a_contribution(s, world.ours)) for _ in range(2))
    answer(world, first)
    (fate,) = (one for one in owed(world) if one.startswith("La suite donnée à chaque avis"))
    assert "à faire" in fate
    assert "tenu" not in fate
    assert "Une partie est déjà faite." in fate
    answer(world, _second)
    (fate,) = (one for one in owed(world) if one.startswith("La suite donnée à chaque avis"))
    assert "tenu" in fate
    assert "Une partie" not in fate


def test_a_synthesis_enters_the_week_once_it_can_be_published(world: World) -> None:
    answer(world, world.do(lambda s: a_contribution(s, world.ours)))
    director, space_id = world.ours["director"].actor, world.ours.space_id
    week = "Écrire la synthèse de cet espace"
    assert week not in world.client("director").see("/ma-semaine").words
    world.do(lambda s: spaces.end(s, director, space_id, "Tout le monde a parlé."))
    assert week in world.client("director").see("/ma-semaine").words
    world.do(lambda s: a_synthesis(s, world.ours))
    assert week not in world.client("director").see("/ma-semaine").words


def test_a_space_opened_again_is_owed_another_synthesis_everywhere(world: World) -> None:
    answer(world, world.do(lambda s: a_contribution(s, world.ours)))
    director, space_id = world.ours["director"].actor, world.ours.space_id

    def left() -> tuple[bool, bool]:
        """Whether a synthesis is owed: by the list of duties, and by the lines that pages tell."""

        def read(session: Session) -> tuple[bool, bool]:
            space = queries.view(session, space_id, clock.now())
            assert space is not None
            lines = duties.lines(session, [space], clocks.of(session, [space], clock.now()))
            told = [one.state for one in lines if one.kind is DutyKind.SYNTHESIS]
            return bool(duties.unmet(session, space, clock.now())), DutyState.TO_DO in told

        return world.read(read)

    assert left() == (True, True)
    world.do(lambda s: a_synthesis(s, world.ours))
    assert left() == (False, False)
    space = world.read(lambda s: queries.view(s, space_id, clock.now()))
    assert space is not None
    again = SpaceCorrection(
        space.question, "", clock.now() + timedelta(days=9), 30, space.moderation, "Il reste à dire."
    )
    world.do(lambda s: spaces.correct(s, director, space_id, again, version=space.version))
    assert left() == (True, True)


def test_a_synthesis_is_read_as_one_in_the_list_of_duties(world: World) -> None:
    for _again in range(2):
        world.do(lambda s: a_contribution(s, world.ours))
    tree = world.client("director").see(f"/contrats/{world.ours.contract_id}/devoirs").tree
    rows = [" ".join(one.text_content().split()) for one in tree.xpath("//tbody//tr")]
    assert len([one for one in rows if "(contribution 1 de la liste)" in one]) == 1
    (synthesis,) = (one for one in rows if "Une synthèse" in one)
    assert "contribution" not in synthesis
