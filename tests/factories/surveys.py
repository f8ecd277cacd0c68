"""Short surveys for tests, made by the services."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy.orm import Session

from portal.domain.surveys import queries, service, sheets
from portal.domain.surveys.models import QuestionKind, Survey, SurveyGroup
from portal.domain.surveys.rules import Given
from portal.domain.surveys.service import NewQuestion, NewSurvey
from portal.kernel import clock
from portal.vocabulary import Group
from tests.factories.world import House

DAY = timedelta(days=1)
QUESTIONS = (
    NewQuestion(QuestionKind.ONE, "Quand préférez-vous dîner ?", "À 18 h 30\nÀ 19 h\nÀ 19 h 30", id=""),
    NewQuestion(QuestionKind.SCALE, "Les repas vous plaisent-ils ?", id=""),
    NewQuestion(QuestionKind.SEVERAL, "Que faut-il changer ?", "Le bruit\nLe menu\nLes places", id=""),
    NewQuestion(QuestionKind.WORDS, "Que voulez-vous ajouter ?", id=""),
)


def version(session: Session, survey_id: str) -> int:
    return service.by_id(session, survey_id).version


def a_survey(session: Session, house: House, *, space_id: str | None = None, days: float = 10) -> str:
    """A survey in preparation, with one question of each kind; returns its id."""
    director, now = house["director"].actor, clock.now()
    ends = now + days * DAY
    command = NewSurvey(
        "Les repas", "Dites-nous ce que vous en pensez.", ends, clock.paris(ends + 20 * DAY).date()
    )
    row: Survey = service.prepare(session, director, space_id or house.space_id, command)
    for one in QUESTIONS:
        asked = NewQuestion(one.kind, one.body.replace(" ?", "\u00a0?"), one.options)
        service.put_question(session, director, row.id, asked, version=row.version)
    return row.id


def an_open_survey(session: Session, house: House, *, space_id: str | None = None, days: float = 10) -> str:
    """The same, open."""
    survey_id = a_survey(session, house, space_id=space_id, days=days)
    service.open_(session, house["director"].actor, survey_id, version=version(session, survey_id))
    return survey_id


def answers(session: Session, survey_id: str, *given: Given) -> Mapping[str, Given]:
    """A sheet, question by question in their order."""
    asked = queries.questions(session, survey_id)
    return {question.id: one for question, one in zip(asked, given, strict=False)}


def a_sheet(session: Session, house: House, survey_id: str, who: str, *given: Given) -> None:
    """The answers of a person of the house."""
    sheets.answer(session, house[who].actor, survey_id, answers(session, survey_id, *given))


def an_ended_survey(
    session: Session, house: House, answered: Mapping[str, tuple[Given, ...]], *, space_id: str | None = None
) -> str:
    """A survey that some people answered and that the direction ended; returns its id."""
    survey_id = an_open_survey(session, house, space_id=space_id)
    for who, given in answered.items():
        a_sheet(session, house, survey_id, who, *given)
    seen = version(session, survey_id)
    service.close(session, house["director"].actor, survey_id, "Tout le monde a répondu.", version=seen)
    return survey_id


def a_survey_for_all(session: Session, house: House) -> dict[str, str]:
    """An open survey to which every group is invited, whatever its level that day; what its addresses name."""
    survey_id = an_open_survey(session, house)
    for group in Group:
        session.merge(SurveyGroup(survey_id=survey_id, group=group))
    return {"survey_id": survey_id, "question_id": queries.questions(session, survey_id)[0].id}
