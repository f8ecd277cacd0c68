"""The free words of a survey get the same gentle question as contributions: asked once, nothing lost."""

from __future__ import annotations

import pytest

from portal.domain.surveys import queries
from portal.domain.surveys.rules import Given
from tests.conftest import World
from tests.factories.pages import Page
from tests.factories.surveys import an_open_survey
from tests.factories.world import a_space

RISKY = "Mme Pivert m’a dit d’appeler le 06 12 34 56 78."


@pytest.fixture
def survey(world: World) -> str:
    def build(session):
        world.ours.space_id = a_space(session, world.ours)
        return an_open_survey(session, world.ours)

    return world.do(build)


def sheet(world: World, survey: str) -> dict[str, Given] | None:
    return world.read(lambda s: queries.own_sheet(s, survey, world.ours["family"].id))


def test_it_asks_once_and_keeps_every_answer(world: World, survey: str) -> None:
    client = world.client("family")
    here = f"/espaces/{world.ours.space_id}/questionnaires/{survey}/repondre"
    one, scale, several, words = world.read(lambda s: queries.questions(s, survey))
    form = client.see(here).form(here) | {
        one.name: "2",
        scale.name: "4",
        several.name: ["1", "3"],
        words.name: RISKY,
    }
    form.pop(f"{words.name}_non", None)
    asked = client.post(here, data=form)
    page = Page(asked)
    assert asked.status_code == 200
    for told in ("Vous pouvez envoyer quand même", "Mme Pivert", "06 12 34 56 78"):
        assert told in page.words
    assert sheet(world, survey) is None
    kept: dict[str, list[str]] = {}
    for field in page.tree.xpath("//form//input[@name]"):
        kept.setdefault(field.get("name"), []).append(field.get("value"))
    back = client.post(here, data=kept | {"sure": "non"})
    assert back.status_code == 200
    assert RISKY in Page(back).tree.xpath(f"//textarea[@name='{words.name}']")[0].text
    assert client.post(here, data=kept | {"sure": "oui"}).status_code == 303
    given = sheet(world, survey)
    assert given is not None
    assert (given[one.id].values, given[scale.id].values, given[several.id].values) == ((2,), (4,), (1, 3))
    assert (given[words.id].words, given[words.id].declined) == (RISKY, False)


def test_an_empty_sheet_is_given_back_kindly_and_not_wishing_to_answer_is_taken(
    world: World, survey: str
) -> None:
    client = world.client("family")
    here = f"/espaces/{world.ours.space_id}/questionnaires/{survey}/repondre"
    first = world.read(lambda s: queries.questions(s, survey))[0]
    refused = client.send(here, op_id="vide-1")
    assert refused.status_code == 422
    assert "Vous n’avez encore répondu à rien." in Page(refused).words
    assert sheet(world, survey) is None
    assert client.send(here, op_id="vide-1", **{first.name: "0"}).status_code == 303
    given = sheet(world, survey)
    assert given is not None
    assert given[first.id].declined
