"""The questions to the database do not grow with surveys, questions, sheets or words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.domain.surveys import queries, service, sheets, words
from portal.domain.surveys.ending import Ending
from portal.domain.surveys.models import QuestionKind, SurveyState, WordsState
from portal.domain.surveys.rules import Given
from portal.domain.surveys.service import NewQuestion
from portal.extensions import unit
from portal.jobs.runner import Job, Runner
from portal.kernel import clock
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
        service.close(session, director, survey_id, "Tout est fini.", version=version(session, survey_id))
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


def test_ending_writes_few_statements_whoever_answered(world: World) -> None:
    """Not one for each mark: people write meanwhile."""

    def asked(people: int) -> int:
        survey_id = world.do(lambda s: an_open_survey(s, world.ours))
        names = [f"{group}_{number}" for group in ("resident", "family") for number in range(5)]
        for name in names[:people]:
            given = (Given((1,)), Given((5,)), Given((1, 2)), Given(words="Du pain."))
            world.do(lambda s, name=name, given=given: a_sheet(s, world.ours, survey_id, name, *given))
        director = world.ours["director"].actor
        seen_version = world.read(lambda s: version(s, survey_id))
        with questions() as seen:
            world.do(lambda s: service.close(s, director, survey_id, "Tout est fini.", version=seen_version))
        return len(seen)

    assert asked(10) == asked(2)


def test_the_pauses_of_what_waits_are_read_as_often_for_many_that_end_as_for_one(world: World) -> None:
    later = clock.now() + timedelta(days=11)

    def read(number: int) -> int:
        for _more in range(number):
            world.do(lambda s: an_open_survey(s, world.ours, days=10))
        with questions() as seen:
            world.do(lambda s: Ending().advance_due(s, later))
        return sum("EXISTS" in one and "space_pause" in one for one in seen)

    assert read(3) == read(1) <= 2


def test_surveys_that_fail_hold_none_of_the_others_and_are_left_alone_for_a_while(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    several = [world.do(lambda s, n=number: an_open_survey(s, world.ours, days=1 + n)) for number in range(8)]
    bad = several[:6]
    cut, tried = sheets.cut, []

    def fails(session, row, told):
        tried.append(row.id)
        if row.id in bad:
            raise RuntimeError("this one")
        cut(session, row, told)

    monkeypatch.setattr(sheets, "cut", fails)
    job = Job("questionnaires", 1.0, Ending().advance_due)
    later = clock.now() + timedelta(days=11)
    moments = [later]
    runner = Runner(unit.bound, [job], now=lambda: moments[-1])

    def ticks(number: int) -> None:
        for _time in range(number):
            moments.append(moments[-1] + timedelta(seconds=1))
            with world.app.app_context():
                runner.tick()

    ticks(10)
    states = world.read(lambda s: {one: service.by_id(s, one).state for one in several})
    assert states == {one: SurveyState.OPEN if one in bad else SurveyState.CLOSED for one in several}
    assert sorted(tried) == sorted(several), "each once: those that fail are not tried at every tick"
    monkeypatch.setattr(sheets, "cut", cut)
    ticks(40)
    assert world.read(lambda s: service.by_id(s, bad[0]).state) is SurveyState.CLOSED
