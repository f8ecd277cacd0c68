"""A function that was kept in French is said in the language of the page: never “by la direction”."""

from __future__ import annotations

import pytest

from portal.domain.moderation import danger
from portal.domain.moderation.models import DangerChannel
from portal.domain.surveys import service
from tests.conftest import World
from tests.factories.pages import CheckedClient
from tests.factories.surveys import an_ended_survey, version
from tests.factories.world import a_contribution, a_space


@pytest.fixture
def director(world: World) -> CheckedClient:
    world.ours.space_id = world.do(lambda s: a_space(s, world.ours))
    client = world.client("director")
    client.send("/langue", langue="en", suite="/contrats")
    return client


def test_who_ended_a_survey_and_who_published_it(world: World, director: CheckedClient) -> None:
    survey = world.do(lambda s: an_ended_survey(s, world.ours, {}))
    here = f"/espaces/{world.ours.space_id}/questionnaires/{survey}"
    assert "before its date by the management" in director.see(here).words
    actor = world.ours["director"].actor
    world.do(lambda s: service.publish(s, actor, survey, version=version(s, survey)))
    page = director.see(here).words
    assert "by the management" in page
    assert "by la direction" not in page


def test_who_was_told_of_a_danger(world: World, director: CheckedClient) -> None:
    words = world.do(lambda s: a_contribution(s, world.ours))
    actor = world.ours["director"].actor
    world.do(lambda s: danger.raise_(s, actor, words))
    world.do(lambda s: danger.told(s, actor, words, DangerChannel.DIRECTION))
    page = director.see(f"/contributions/{words}/danger").words
    assert "by the management" in page
    assert "la direction" not in page


def test_the_management_of_a_house_is_named_as_people_say_it(world: World, director: CheckedClient) -> None:
    words = world.do(lambda s: a_contribution(s, world.ours))
    page = director.see(f"/contributions/{words}/reponse")
    assert "The management of Maison Tilleuls" in page.html
    director.send("/langue", langue="fr", suite="/contrats")
    assert "La direction de la Maison Tilleuls" in director.see(f"/contributions/{words}/reponse").html
