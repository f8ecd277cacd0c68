"""Whether the authorities read the words of a space: told before anybody writes, opened never after."""

from __future__ import annotations

import csv
import io

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.domain.journal.models import JournalLine
from portal.domain.spaces import queries
from portal.domain.spaces import service as spaces
from portal.domain.spaces.queries import SpaceView
from portal.domain.surveys.rules import Given
from portal.kernel import clock
from tests.conftest import World
from tests.factories.notices import follow, told
from tests.factories.pages import Page
from tests.factories.surveys import a_sheet, an_ended_survey, an_open_survey
from tests.factories.syntheses import a_synthesis
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


REASON = "Les personnes préfèrent que seule la synthèse soit lue."


def tell(
    world: World,
    space_id: str,
    lecture: str,
    name: str = "director",
    version: int | None = None,
    **fields: str,
) -> TestResponse:
    seen = view(world, space_id).version if version is None else version
    return world.client(name).send(
        f"/espaces/{space_id}/reglages/lecture-des-autorites",
        lecture=lecture,
        version=str(seen),
        **({"why": REASON, "sure": "y"} if lecture == "synthese" else {}) | fields,
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


@pytest.mark.parametrize("ended", [False, True])
def test_the_words_never_open_once_somebody_answered_a_survey(world: World, held: str, ended: bool) -> None:
    """Words written on a sheet count as those of a discussion: before the close, and once they lost their author."""

    def ask(session: Session) -> None:
        words = (Given((1,)), Given((2,)), Given((1,)), Given(words="Le dîner est servi trop tôt."))
        if ended:
            an_ended_survey(session, world.ours, {"family": words}, space_id=held)
        else:
            a_sheet(session, world.ours, an_open_survey(session, world.ours, space_id=held), "family", *words)

    world.do(ask)
    page = world.client("director").see(f"/espaces/{held}/reglages").words
    assert "ce choix ne peut plus changer" in page
    assert "Personne n’a encore écrit" not in page
    late = tell(world, held, "mots")
    assert late.status_code == 409
    assert "en sachant que les autorités ne liraient pas leurs mots" in late.get_data(as_text=True)
    assert not view(world, held).target.words_told
    assert told_lines(world) == 0


def test_a_survey_that_nobody_answered_stops_nothing(world: World, held: str) -> None:
    world.do(lambda session: an_open_survey(session, world.ours, space_id=held))
    world.do(lambda session: an_ended_survey(session, world.ours, {"family": (Given((1,)),)}))
    assert tell(world, held, "mots").status_code == 303
    assert view(world, held).target.words_told


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


def lines(world: World) -> list[tuple[str, str]]:
    address = f"/contrats/{world.ours.contract_id}/registre/telecharger/csv"
    text = world.client("family").get(address).get_data().decode("utf-8-sig")
    rows = csv.DictReader(io.StringIO(text), delimiter=";")
    return [(one["Ce qui a eu lieu"], one["Précision"]) for one in rows]


def test_the_register_says_from_the_creation_on_who_reads_the_words(world: World, held: str) -> None:
    created = [told for what, told in lines(world) if what == "Un espace d’échange a été créé."]
    assert created == [WORDS, SYNTHESIS]
    assert tell(world, held, "mots").status_code == 303
    assert tell(world, held, "synthese").status_code == 303
    told = [told for what, told in lines(world) if what.startswith("Ce que les autorités lisent")]
    assert [one.startswith(words) for one, words in zip(told, (WORDS, SYNTHESIS), strict=True)] == [
        True,
        True,
    ]
    assert REASON not in told[0]
    assert told[1].endswith(REASON)
    assert [told for what, told in lines(world) if what == "Un espace d’échange a été créé."] == created


def test_what_a_draft_says_of_its_readers_is_sealed_until_it_is_announced(world: World) -> None:
    draft = world.do(lambda session: a_space(session, world.ours, opened=False, words_told=False))
    assert tell(world, draft, "mots").status_code == 303
    assert tell(world, draft, "synthese", why="", sure="").status_code == 303, "a draft was told to nobody"
    assert not [what for what, _told in lines(world) if what.startswith("Ce que les autorités lisent")]
    filtered = world.client("family").see(f"/contrats/{world.ours.contract_id}/registre?sorte=espaces").words
    assert "Ce que les autorités lisent" not in filtered


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"why": ""}, "Écrivez quelques mots ici."),
        ({"why": "."}, "Écrivez au moins une courte phrase"),
        ({"sure": ""}, "Cochez cette case pour confirmer."),
    ],
)
def test_words_close_with_a_reason_and_a_confirmation(
    world: World, fields: dict[str, str], sentence: str
) -> None:
    space_id = world.ours.space_id
    refused = tell(world, space_id, "synthese", **fields)
    assert refused.status_code == 422
    assert sentence in Page(refused).words
    assert view(world, space_id).target.words_told
    assert told_lines(world) == 0
    assert world.client("authority").get(f"/espaces/{space_id}").status_code == 200


def test_the_authorities_are_told_that_the_words_closed_and_nobody_else(world: World) -> None:
    assert tell(world, world.ours.space_id, "synthese").status_code == 303
    follow(world)
    heard = {name for name, kind in told(world) if kind == "READING"}
    assert heard == {"authority"}
    page = world.client("authority").see("/notifications")
    assert "Ce que les autorités lisent dans cet espace d’échange a changé." in page.words


def test_the_authorities_are_told_that_the_words_opened_and_promised_no_reason(
    world: World, held: str
) -> None:
    assert tell(world, held, "mots").status_code == 303
    follow(world)
    assert "authority" in {name for name, kind in told(world) if kind == "READING"}
    page = world.client("authority").see("/notifications").words
    assert "Ce que les autorités lisent dans cet espace d’échange a changé. Le registre le dit." in page
    assert "La raison est dans le registre" not in page


def test_an_authority_reads_the_synthesis_of_a_space_whose_words_it_does_not_read(
    world: World, held: str
) -> None:
    authority = world.client("authority")
    world.do(lambda session: a_contribution(session, world.ours, space_id=held))
    director = world.ours["director"].actor
    world.do(lambda session: spaces.end(session, director, held, "Tout le monde a parlé."))
    address = f"/espaces/{held}/synthese"
    assert authority.get(address).status_code == 403, "nothing is published of it yet"
    world.do(lambda session: a_synthesis(session, world.ours, space_id=held))
    page = authority.see(address)
    assert "Ce qui a été dit" in page.words
    assert "Le dîner" not in page.words, "cited words are read by who reads the space"
    assert authority.get(f"/espaces/{held}").status_code == 403
    assert authority.get(f"/contrats/{world.ours.contract_id}/syntheses?espace={held}").status_code == 200
    assert world.client("authority", world.other).get(address).status_code == 404
