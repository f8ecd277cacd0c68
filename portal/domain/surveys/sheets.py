"""Sheets of a survey: one for each participant, changed until the close, cut from its author then.

Until the close a sheet names its participant, so that answers can be changed. At the close every
sheet is written anew, under a new id, in an order drawn by lot, without its participant; words go
apart from their sheet; and what was kept of the forms that were sent is forgotten. That somebody
answered stays known, to say « vous avez répondu ».
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from secrets import SystemRandom
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from portal import paths
from portal.domain.duties import clocks
from portal.domain.facts import Fact, FactKind
from portal.domain.journal import service as journal
from portal.domain.participants import service as participants
from portal.domain.spaces import queries as spaces
from portal.domain.surveys import queries, rules
from portal.domain.surveys.models import (
    Survey,
    SurveyGroup,
    SurveyMark,
    SurveyParticipation,
    SurveySheet,
    SurveyState,
    SurveyWords,
    WordsState,
)
from portal.domain.surveys.rules import DECLINED, Given
from portal.kernel import clock, text
from portal.kernel.base import Base
from portal.kernel.errors import NotFoundError, RefusedError, StaleError
from portal.kernel.ids import new_id
from portal.kernel.speech import say
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.vocabulary import Group

_LOT = SystemRandom()
# Rows of one statement; each has few values.
AT_ONCE = 200
PLAIN = {"synchronize_session": False}


def answer(session: Session, person: Actor, survey_id: str, given: Mapping[str, Given]) -> None:
    """Keep the answers of a participant, in place of those sent before.

    Errors: NotFoundError, RefusedError (level, phase, a group that was not invited), StaleError
    when the survey has ended, InvalidError (by the names of the questions).
    """
    # Two sendings of one person meet here: the second finds the sheet of the first.
    journal.hold(session, person.contract_id)
    row = session.get(Survey, survey_id)
    space = spaces.view(session, row.space_id, clock.now()) if row is not None else None
    if row is None or space is None or row.state is SurveyState.DRAFT:
        raise NotFoundError
    state = queries.state_now(row, space, clocks.of(session, [space], clock.now()))
    if state is not SurveyState.OPEN:
        raise StaleError(
            say("Ce questionnaire est terminé. Les réponses ne changent plus."),
            seen=SurveyState.OPEN,
            current=state,
        )
    permits.require(person, Permission.SURVEY_ANSWER, space.target)
    if session.get(SurveyGroup, (row.id, person.group)) is None:
        raise RefusedError(
            "groupe",
            say("Ce questionnaire a été ouvert à d’autres groupes que le vôtre."),
            say("La direction du contrat peut en ouvrir un autre."),
        )
    kept = rules.check_sheet(queries.questions(session, row.id), given)
    sheet = _sheet(session, row, person)
    _write(session, sheet, kept, institutional=person.group.institutional)
    told = Fact(
        FactKind.SURVEY_ANSWERED,
        row.contract_id,
        row.id,
        participant_id=person.participant_id,
        space_id=row.space_id,
    )
    journal.append(session, told)


def cut(session: Session, row: Survey, told: frozenset[Group]) -> None:
    """Cut sheets from their participants for ever; `told` are the groups that they may still name."""
    session.flush()
    known = session.execute(
        select(SurveySheet.id, SurveySheet.group).where(SurveySheet.survey_id == row.id)
    ).all()
    marks = _marks(session, row.id)
    _detach_words(session, row.id)
    session.execute(delete(SurveyMark).where(SurveyMark.sheet_id.in_(_of(row.id))), execution_options=PLAIN)
    session.execute(delete(SurveySheet).where(SurveySheet.survey_id == row.id), execution_options=PLAIN)
    drawn = [(new_id(), group, marks.get(sheet_id, [])) for sheet_id, group in known]
    _LOT.shuffle(drawn)
    _insert(
        session,
        SurveySheet,
        [
            {
                "id": sheet_id,
                "survey_id": row.id,
                "participant_id": None,
                "group": group if group in told else None,
            }
            for sheet_id, group, _some in drawn
        ],
    )
    _insert(
        session,
        SurveyMark,
        [
            {"sheet_id": sheet_id, "question_id": question_id, "value": value}
            for sheet_id, _group, some in drawn
            for question_id, value in some
        ],
    )
    # A form that was sent leaves a digest of its body for a month: few answers are soon guessed from it.
    participants.forget(session, sent(row.space_id, row.id))
    session.expire_all()


def sent(space_id: str, survey_id: str) -> str:
    """Where a sheet that was sent leads."""
    return f"{paths.survey(space_id, survey_id)}?fait=envoye"


def _sheet(session: Session, row: Survey, person: Actor) -> SurveySheet:
    sheet = session.scalar(
        select(SurveySheet).where(
            SurveySheet.survey_id == row.id, SurveySheet.participant_id == person.participant_id
        )
    )
    if sheet is None:
        sheet = SurveySheet(survey_id=row.id, participant_id=person.participant_id)
        session.add(sheet)
        session.merge(SurveyParticipation(survey_id=row.id, participant_id=person.participant_id))
    sheet.group = person.group
    session.flush()
    session.execute(delete(SurveyMark).where(SurveyMark.sheet_id == sheet.id))
    session.execute(delete(SurveyWords).where(SurveyWords.sheet_id == sheet.id))
    return sheet


def _write(session: Session, sheet: SurveySheet, kept: Mapping[str, Given], *, institutional: bool) -> None:
    for question_id, one in kept.items():
        values = (DECLINED,) if one.declined else one.values
        session.add_all(
            SurveyMark(sheet_id=sheet.id, question_id=question_id, value=value) for value in values
        )
        if one.words:
            session.add(
                SurveyWords(
                    question_id=question_id,
                    sheet_id=sheet.id,
                    institutional=institutional,
                    source=one.words,
                    html=text.render(one.words),
                    renderer=text.RENDERER_VERSION,
                )
            )
    session.flush()


def _of(survey_id: str) -> Any:
    """The sheets of a survey, for other statements."""
    return select(SurveySheet.id).where(SurveySheet.survey_id == survey_id)


def _insert(session: Session, model: type[Base], rows: list[dict[str, Any]]) -> None:
    """Many rows in few statements."""
    for chunk in _batched(rows, AT_ONCE):
        # Rows that say nothing of a column are not set apart from the others.
        session.execute(insert(model), chunk, execution_options={"render_nulls": True})


def _batched(rows: list[dict[str, Any]], size: int) -> Iterator[list[dict[str, Any]]]:
    """The rows by so many."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def _marks(session: Session, survey_id: str) -> dict[str, list[tuple[str, int]]]:
    found: dict[str, list[tuple[str, int]]] = {}
    rows = session.execute(
        select(SurveyMark.sheet_id, SurveyMark.question_id, SurveyMark.value).where(
            SurveyMark.sheet_id.in_(_of(survey_id))
        )
    )
    for sheet_id, question_id, value in rows:
        found.setdefault(sheet_id, []).append((question_id, value))
    return found


def _detach_words(session: Session, survey_id: str) -> None:
    """Words are written anew too: neither their id nor their place in the file says whose they were."""
    theirs = SurveyWords.sheet_id.in_(_of(survey_id))
    anew = [
        {
            "id": new_id(),
            "question_id": one.question_id,
            "sheet_id": None,
            "institutional": one.institutional,
            "source": one.source,
            "html": one.html,
            "renderer": one.renderer,
            "state": WordsState.WAITING,
            "rule": None,
            "by_function": "",
            "read_at": None,
        }
        for one in session.scalars(select(SurveyWords).where(theirs))
    ]
    session.execute(delete(SurveyWords).where(theirs), execution_options=PLAIN)
    _LOT.shuffle(anew)
    _insert(session, SurveyWords, anew)
