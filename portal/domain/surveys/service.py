"""Verbs of a short survey: prepare, open, end, publish; dates are in `ending`, sheets in `sheets`, words in `words`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.domain.duties import clocks
from portal.domain.facts import Fact, FactKind
from portal.domain.figures import surveys as figures
from portal.domain.journal import service as journal
from portal.domain.participants.queries import function_of
from portal.domain.spaces import queries as spaces
from portal.domain.spaces.models import Space
from portal.domain.spaces.queries import SpaceView
from portal.domain.surveys import queries, rules, sheets
from portal.domain.surveys.models import (
    QuestionKind,
    Survey,
    SurveyGroup,
    SurveyQuestion,
    SurveyState,
    WordsState,
)
from portal.kernel import clock
from portal.kernel.errors import InvalidError, NotFoundError, StaleError
from portal.kernel.ids import new_id
from portal.kernel.lines import check_line, check_reason
from portal.kernel.speech import say
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission


@dataclass(frozen=True, slots=True)
class NewSurvey:
    """What is told of a survey before its questions."""

    title: str
    introduction: str
    ends_at: datetime
    promised_on: date
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class NewQuestion:
    """A question as it was typed: options one a line."""

    kind: QuestionKind
    body: str
    options: str = ""
    id: str = field(default_factory=new_id)


def prepare(session: Session, person: Actor, space_id: str, command: NewSurvey) -> Survey:
    """Begin a survey; nobody is told before it opens. Errors: NotFoundError, RefusedError, InvalidError."""
    space = _space(session, person, space_id, Permission.SURVEY_PREPARE)
    row = Survey(
        id=command.id,
        contract_id=space.contract_id,
        space_id=space.id,
        created_by=person.participant_id,
        created_at=clock.now(),
        **_checked(session, space, command),
    )
    session.add(row)
    session.flush()
    return row


def amend(session: Session, person: Actor, survey_id: str, command: NewSurvey, *, version: int) -> Survey:
    """Change what is told of a survey in preparation. Errors: as `prepare`, StaleError."""
    row, space = _draft(session, person, survey_id, version)
    for name, value in _checked(session, space, command).items():
        setattr(row, name, value)
    return _touched(session, row)


def put_question(
    session: Session,
    person: Actor,
    survey_id: str,
    command: NewQuestion,
    *,
    version: int,
    question_id: str | None = None,
) -> SurveyQuestion:
    """Add a question at the end, or change one. Errors: NotFoundError, RefusedError, InvalidError, StaleError."""
    row, _space_view = _draft(session, person, survey_id, version)
    body, options = rules.check_question(command.kind, command.body, command.options)
    known = queries.questions(session, row.id)
    if question_id is None:
        if len(known) >= rules.MAX_QUESTIONS:
            raise InvalidError({"body": [say("Un questionnaire court a dix questions au plus.")]})
        position = max((one.position for one in known), default=0) + 1
        question = SurveyQuestion(id=command.id, survey_id=row.id, position=position)
        session.add(question)
    else:
        question = _question(session, row, question_id)
    question.kind, question.body, question.options = command.kind, body, "\n".join(options)
    _touched(session, row)
    return question


def drop_question(session: Session, person: Actor, survey_id: str, question_id: str, *, version: int) -> None:
    """Take a question away. Errors: NotFoundError, RefusedError, StaleError."""
    row, _space_view = _draft(session, person, survey_id, version)
    session.delete(_question(session, row, question_id))
    session.flush()
    _numbered(session, row, [one.id for one in queries.questions(session, row.id)])
    _touched(session, row)


def raise_question(
    session: Session, person: Actor, survey_id: str, question_id: str, *, version: int
) -> None:
    """Put a question before the one above it. Errors: NotFoundError, RefusedError, StaleError."""
    row, _space_view = _draft(session, person, survey_id, version)
    _question(session, row, question_id)
    order = [one.id for one in queries.questions(session, row.id)]
    place = order.index(question_id)
    if place:
        order[place - 1], order[place] = order[place], order[place - 1]
    _numbered(session, row, order)
    _touched(session, row)


def discard(session: Session, person: Actor, survey_id: str, *, version: int) -> None:
    """Give up a survey in preparation: nobody ever read it. Errors: NotFoundError, RefusedError, StaleError."""
    row, _space_view = _draft(session, person, survey_id, version)
    session.execute(delete(SurveyQuestion).where(SurveyQuestion.survey_id == row.id))
    session.delete(row)
    session.flush()


def open_(session: Session, person: Actor, survey_id: str, *, version: int) -> Survey:
    """Put the survey to the groups that have the level today; from now on it does not change.

    Errors: NotFoundError, RefusedError, InvalidError (no question, dates, nobody to ask), StaleError.
    """
    row, space = _draft(session, person, survey_id, version, Permission.SURVEY_OPEN)
    now = clock.now()
    row.promised_on = _working(session, space, row.promised_on)
    rules.check_dates(row.ends_at, row.promised_on, space.ends_at, now)
    if not queries.questions(session, row.id):
        raise InvalidError({"questions": [say("Ajoutez au moins une question.")]})
    groups = rules.invited(space.target)
    if not groups:
        raise InvalidError(
            {
                "questions": [
                    say(
                        "Aucun groupe n’a encore le niveau « consultation » dans cet espace. "
                        "Personne ne pourrait répondre."
                    )
                ]
            }
        )
    session.add_all(SurveyGroup(survey_id=row.id, group=group) for group in groups)
    row.state, row.opened_at, row.opened_function = SurveyState.OPEN, now, function_of(person)
    _touched(session, row)
    journal.append(session, fact(FactKind.SURVEY_OPENED, row, person, _content(session, row)))
    return row


def close(session: Session, person: Actor, survey_id: str, reason: str, *, version: int) -> Survey:
    """End the survey before its date, with a reason that everyone reads.

    Errors: NotFoundError, RefusedError, InvalidError (`reason`), StaleError.
    """
    row = _seen(session, survey_id, version)
    space = _space(session, person, row.space_id, Permission.SURVEY_CLOSE)
    _expect(session, row, space, SurveyState.OPEN)
    told = check_reason(reason, "reason", rules.MAX_REASON)
    row.close_reason, row.closed_function = told, function_of(person)
    return finish(session, row, person)


def finish(session: Session, row: Survey, person: Actor | None) -> Survey:
    """End a survey that is open: by somebody, or by itself at its date."""
    sheets.cut(session, row, figures.told_groups(session, row.id))
    now = clock.now()
    over_at = queries.open_until(
        row, session.get_one(Space, row.space_id), clocks.read(session, [row.space_id], now)
    )
    row.state, row.closed_at = SurveyState.CLOSED, min(now, over_at)
    _touched(session, row)
    journal.append(session, fact(FactKind.SURVEY_CLOSED, row, person, row.close_reason))
    return row


def publish(session: Session, person: Actor, survey_id: str, *, version: int) -> Survey:
    """Show the results, once every word was read. Errors: NotFoundError, RefusedError, InvalidError, StaleError."""
    row = _seen(session, survey_id, version)
    space = _space(session, person, row.space_id, Permission.SURVEY_PUBLISH)
    _expect(session, row, space, SurveyState.CLOSED)
    if row.state is SurveyState.OPEN:
        # The date came before the job: its own line is written before this act's.
        finish(session, row, None)
    asked = [one.id for one in queries.questions(session, row.id)]
    if queries.words(session, asked, WordsState.WAITING, size=1):
        raise InvalidError(
            {"results": [say("Des mots attendent encore d’être relus. Relisez-les, puis publiez.")]}
        )
    row.state, row.published_at, row.published_function = (
        SurveyState.PUBLISHED,
        clock.now(),
        function_of(person),
    )
    _touched(session, row)
    journal.append(session, fact(FactKind.SURVEY_PUBLISHED, row, person))
    return row


def by_id(session: Session, survey_id: str) -> Survey:
    """The row of a survey. Errors: NotFoundError."""
    row = session.get(Survey, survey_id)
    if row is None:
        raise NotFoundError
    return row


def fact(kind: FactKind, row: Survey, person: Actor | None, content: str = "") -> Fact:
    """What happened to a survey."""
    return Fact(
        kind,
        row.contract_id,
        row.id,
        group=person.group if person else None,
        participant_id=person.participant_id if person else None,
        content=content,
        space_id=row.space_id,
    )


def _checked(session: Session, space: SpaceView, command: NewSurvey) -> dict[str, Any]:
    rules.check_dates(command.ends_at, command.promised_on, space.ends_at, clock.now())
    return {
        "title": check_line(command.title, "title", rules.MAX_TITLE),
        "introduction": check_line(command.introduction, "introduction", rules.MAX_INTRODUCTION),
        "ends_at": command.ends_at,
        "promised_on": _working(session, space, command.promised_on),
    }


def _working(session: Session, space: SpaceView, day: date) -> date:
    """The day that is promised: the next working one where the space is, as for every other promise."""
    return clocks.read(session, [space.id], clock.now()).next_working(space, day)


def _content(session: Session, row: Survey) -> str:
    asked = [" ".join([one.body, *one.options]) for one in queries.questions(session, row.id)]
    return "\n".join([row.title, row.introduction, *asked])


def _draft(
    session: Session,
    person: Actor,
    survey_id: str,
    version: int,
    permission: Permission = Permission.SURVEY_PREPARE,
) -> tuple[Survey, SpaceView]:
    row = by_id(session, survey_id)
    space = _space(session, person, row.space_id, permission)
    row = _seen(session, survey_id, version)
    _expect(session, row, space, SurveyState.DRAFT)
    return row, space


def _seen(session: Session, survey_id: str, version: int) -> Survey:
    row = by_id(session, survey_id)
    if row.version != version:
        raise StaleError(
            say("Ce questionnaire a changé depuis que vous l’avez ouvert. Voici son état actuel."),
            seen=version,
            current=row.version,
        )
    return row


def _expect(session: Session, row: Survey, space: SpaceView, wanted: SurveyState) -> None:
    state = queries.state_now(row, space, clocks.of(session, [space], clock.now()))
    if state is not wanted:
        raise StaleError(
            say("Ce questionnaire est maintenant : %(state)s. Voici son état actuel.", state=state.label),
            seen=wanted,
            current=state,
        )


def _question(session: Session, row: Survey, question_id: str) -> SurveyQuestion:
    question = session.get(SurveyQuestion, question_id)
    if question is None or question.survey_id != row.id:
        raise NotFoundError
    return question


def _numbered(session: Session, row: Survey, order: list[str]) -> None:
    for number, question_id in enumerate(order, start=1):
        _question(session, row, question_id).position = number
    session.flush()


def _space(session: Session, person: Actor, space_id: str, permission: Permission) -> SpaceView:
    space = spaces.view(session, space_id, clock.now())
    if space is None:
        raise NotFoundError
    permits.require(person, permission, space.target)
    return space


def _touched(session: Session, row: Survey) -> Survey:
    row.version += 1
    session.flush()
    return row
