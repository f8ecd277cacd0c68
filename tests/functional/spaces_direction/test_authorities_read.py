"""Whether the authorities read the words of a space: told before anybody writes, opened never after."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.domain.journal.models import JournalLine
from portal.domain.spaces import queries
from portal.domain.spaces.queries import SpaceView
from portal.kernel import clock
from tests.conftest import World
from tests.factories.world import a_contribution, a_space
from tests.functional.spaces_direction.test_assistant import Browser

SYNTHESIS = "Les autorités du contrat lisent la synthèse de cet espace, et pas les mots de chaque personne."
WORDS = "Les autorités du contrat lisent les mots publiés dans cet espace, et la synthèse."


@pytest.fixture
def held(world: World) -> str:
    """A space where authorities read the synthesis only, and nobody wrote yet."""
    return world.do(lambda session: a_space(session, world.ours, words_told=False))


def view(world: World, space_id: str) -> SpaceView:
    found = world.read(lambda session: queries.view(session, space_id, clock.now()))
    assert found is not None
    return found


def tell(
    world: World, space_id: str, lecture: str, name: str = "director", version: int | None = None
) -> TestResponse:
    seen = view(world, space_id).version if version is None else version
    return world.client(name).send(
        f"/espaces/{space_id}/reglages/lecture-des-autorites", lecture=lecture, version=str(seen)
    )


def told_lines(world: World) -> int:
    query = select(JournalLine.seq).where(JournalLine.kind == "space_words_told")
    return len(world.read(lambda session: list(session.scalars(query))))


@pytest.mark.parametrize(
    "where", ["", "/sujets/{item}", "/sujets/{item}/moi", "/sujets/{item}/contribuer", "/delais"]
)
def test_an_authority_without_the_words_is_told_why_and_where_to_go(
    world: World, held: str, where: str
) -> None:
    path = f"/espaces/{held}{where.format(item=world.ours.items[0])}"
    assert world.client("authority").get(path.replace(held, world.ours.space_id)).status_code in (200, 403)
    refused = world.client("authority").get(path)
    assert refused.status_code == 403
    words = refused.get_data(as_text=True)
    assert "les autorités lisent la synthèse, et pas les mots de chaque personne" in words
    syntheses = f"/contrats/{world.ours.contract_id}/syntheses"
    assert f'href="{syntheses}"' in words
    assert world.client("authority").get(syntheses).status_code == 200
    assert world.client("family").get(path).status_code == 200


def test_everybody_reads_who_reads_on_the_page_and_beside_the_form(world: World, held: str) -> None:
    for name in ("family", "resident", "director"):
        assert SYNTHESIS in world.client(name).see(f"/espaces/{held}").words
        assert WORDS in world.client(name).see(f"/espaces/{world.ours.space_id}").words
    beside = world.client("family").see(f"/espaces/{held}/sujets/{world.ours.items[0]}").words
    assert SYNTHESIS in beside
    assert "familles et proches" in beside
    assert "autorités, et les personnes" not in beside


def test_the_words_open_while_nobody_wrote_and_everybody_is_told(world: World, held: str) -> None:
    before = view(world, held)
    assert tell(world, held, "mots").status_code == 303
    after = view(world, held)
    assert after.target.words_told
    assert after.epoch > before.epoch
    assert told_lines(world) == 1
    assert world.client("authority").get(f"/espaces/{held}").status_code == 200
    assert WORDS in world.client("family").see(f"/espaces/{held}").words


def test_the_words_never_open_once_somebody_wrote(world: World, held: str) -> None:
    world.do(lambda session: a_contribution(session, world.ours, space_id=held))
    page = world.client("director").see(f"/espaces/{held}/reglages").words
    assert "ce choix ne peut plus changer" in page
    late = tell(world, held, "mots")
    assert late.status_code == 409
    assert "en sachant que les autorités ne liraient pas leurs mots" in late.get_data(as_text=True)
    assert not view(world, held).target.words_told
    assert told_lines(world) == 0


def test_the_words_close_at_any_time_and_stay_closed(world: World) -> None:
    space_id = world.ours.space_id
    world.do(lambda session: a_contribution(session, world.ours))
    assert world.client("authority").get(f"/espaces/{space_id}").status_code == 200
    before = view(world, space_id)
    assert tell(world, space_id, "synthese").status_code == 303
    assert view(world, space_id).epoch > before.epoch
    assert world.client("authority").get(f"/espaces/{space_id}").status_code == 403
    assert tell(world, space_id, "mots").status_code == 409


def test_a_stale_page_changes_nothing(world: World, held: str) -> None:
    assert tell(world, held, "mots", version=view(world, held).version - 1).status_code == 409
    assert not view(world, held).target.words_told


def test_only_who_directs_says_it(world: World, held: str) -> None:
    for name in ("family", "moderator", "authority"):
        assert tell(world, held, "mots", name=name).status_code == 403
    assert not view(world, held).target.words_told


def test_the_same_form_twice_acts_once(world: World, held: str) -> None:
    client, version = world.client("director"), str(view(world, held).version)
    path = f"/espaces/{held}/reglages/lecture-des-autorites"
    for _ in range(2):
        assert client.send(path, lecture="mots", version=version, op_id="x" * 26).status_code == 303
    assert told_lines(world) == 1


@pytest.mark.parametrize(("fields", "told"), [({}, False), ({"authorities_read": "mots"}, True)])
def test_the_assistant_asks_and_says_no_by_default(
    world: World, fields: dict[str, object], told: bool
) -> None:
    path = f"/contrats/{world.ours.contract_id}/espaces/nouveau"
    browser = Browser(world.client("director"), path)
    browser.press("suivant")
    assert "Les autorités lisent-elles les mots" in browser.press("suivant").words
    browser.press("ouvrir", **fields)
    found = world.read(lambda s: queries.of_contracts(s, [world.ours.contract_id], clock.now()))[-1]
    assert found.target.words_told is told
