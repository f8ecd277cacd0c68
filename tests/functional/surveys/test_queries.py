"""The questions to the database do not grow with surveys, questions, sheets or words."""

from __future__ import annotations

import pytest

from portal.domain.surveys import queries, service, words
from portal.domain.surveys.models import QuestionKind, WordsState
from portal.domain.surveys.rules import Given
from portal.domain.surveys.service import NewQuestion
from tests.conftest import World
from tests.factories.surveys import a_sheet, a_survey, an_open_survey, version
from tests.functional.pages.test_queries import questions

LIMIT = 16


def published(world: World, more: int, people: int) -> str:
    """A published survey with so many more questions in words, answered by so many families and residents."""
    ours, director = world.ours, world.ours["director"].actor

    def build(session):
        survey_id = a_survey(session, ours)
        for number in range(more):
            asked = NewQuestion(QuestionKind.WORDS, f"Autre chose {number}\u00a0?")
            service.put_question(session, director, survey_id, asked, version=version(session, survey_id))
        service.open_(session, director, survey_id, version=version(session, survey_id))
        return survey_id

    survey_id = world.do(build)
    names = [f"{group}_{number}" for group in ("resident", "family") for number in range(5)]
    said = (Given((1,)), Given((5,)), Given((1, 2)), *[Given(words="Du pain.")] * (1 + more))
    for name in names[:people]:
        world.do(lambda s, name=name: a_sheet(s, ours, survey_id, name, *said))

    def publish(session):
        service.close(session, director, survey_id, "Fini.", version=version(session, survey_id))
        asked = [one.id for one in queries.questions(session, survey_id)]
        while waiting := queries.words(session, asked, WordsState.WAITING):
            for one in waiting:
                words.read(session, director, survey_id, one.id, None, show=True)
        service.publish(session, director, survey_id, version=version(session, survey_id))

    world.do(publish)
    return survey_id


def asked_for(world: World, path: str) -> int:
    client = world.client("family")
    client.see(path)
    with questions() as seen:
        client.see(path)
    return len(seen)


def test_results_ask_no_more_when_there_is_more_to_tell(world: World) -> None:
    base = f"/espaces/{world.ours.space_id}/questionnaires"
    few = asked_for(world, f"{base}/{published(world, 0, 5)}")
    many = asked_for(world, f"{base}/{published(world, 6, 10)}")
    assert few == many <= LIMIT


@pytest.mark.parametrize("path", ["/espaces/{space}/questionnaires", "/espaces/{space}"])
def test_lists_ask_no_more_with_more_surveys(world: World, path: str) -> None:
    where = path.format(space=world.ours.space_id)
    world.do(lambda s: an_open_survey(s, world.ours))
    few = asked_for(world, where)
    for _ in range(4):
        world.do(lambda s: an_open_survey(s, world.ours))
    many = asked_for(world, where)
    assert few == many


def test_answering_asks_no_more_with_more_questions(world: World) -> None:
    base = f"/espaces/{world.ours.space_id}/questionnaires"
    survey_id = world.do(lambda s: an_open_survey(s, world.ours))
    assert asked_for(world, f"{base}/{survey_id}/repondre") <= LIMIT
