"""Reads about short surveys: one with its questions, those of a space, one's own sheet, words to read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.duties import clocks
from portal.domain.duties.clocks import Clocks
from portal.domain.spaces.models import Space
from portal.domain.spaces.queries import SpaceView
from portal.domain.surveys import rules
from portal.domain.surveys.models import (
    QuestionKind,
    Survey,
    SurveyGroup,
    SurveyMark,
    SurveyParticipation,
    SurveyQuestion,
    SurveySheet,
    SurveyState,
    SurveyWords,
    WordsState,
)
from portal.domain.surveys.rules import DECLINED, Given, Question
from portal.kernel.speech import Sentence
from portal.vocabulary import ORGANISER, Group

PAGE = 20
FIRST_WORDS = 5
_WORDS = (SurveyWords.id, SurveyWords.question_id, SurveyWords.html, SurveyWords.source)


@dataclass(frozen=True, slots=True)
class SurveyView:
    """A survey as pages show it; `state` is the one in force now."""

    id: str
    space_id: str
    title: str
    introduction: str
    state: SurveyState
    version: int
    ends_at: datetime
    promised_on: date
    opened_at: datetime | None
    closed_at: datetime | None
    closed_function: str
    close_reason: str
    published_at: datetime | None
    published_function: str
    late: bool
    groups: tuple[Group, ...] = ()
    questions: tuple[Question, ...] = ()

    @property
    def minutes(self) -> int:
        """About how long answering takes."""
        return rules.minutes([one.kind for one in self.questions])


@dataclass(frozen=True, slots=True)
class Line:
    """A survey in a list: how long it takes, and whether one answered it."""

    id: str
    title: str
    state: SurveyState
    ends_at: datetime
    promised_on: date
    late: bool
    minutes: int
    answered: bool
    invited: bool


@dataclass(frozen=True, slots=True)
class WordsView:
    """Words written in a survey, apart from who wrote them."""

    id: str
    question_id: str
    html: str
    source: str
    question: str = ""


def view(session: Session, survey_id: str, space: SpaceView, at: datetime) -> SurveyView | None:
    """A survey of this space, with its questions and groups; four queries."""
    row = session.get(Survey, survey_id)
    if row is None or row.space_id != space.id:
        return None
    groups = set(session.scalars(select(SurveyGroup.group).where(SurveyGroup.survey_id == row.id)))
    dates = clocks.of(session, [space], at)
    return SurveyView(
        **_common(row, space, dates, _promised(space, row, groups, dates)),
        groups=tuple(group for group in Group if group in groups),
        questions=tuple(questions(session, row.id)),
    )


def questions(session: Session, survey_id: str) -> list[Question]:
    """The questions of a survey, in order."""
    return questions_of(session, [survey_id])[survey_id]


def questions_of(session: Session, survey_ids: Sequence[str]) -> dict[str, list[Question]]:
    """The questions of each of these surveys, in order; one query."""
    query = select(SurveyQuestion).where(SurveyQuestion.survey_id.in_(survey_ids))
    found: dict[str, list[Question]] = {one: [] for one in survey_ids}
    for row in session.scalars(query.order_by(SurveyQuestion.position, SurveyQuestion.id)):
        several = found[row.survey_id]
        options = tuple(row.options.splitlines())
        several.append(Question(row.id, len(several) + 1, row.kind, row.body, options))
    return found


def of_space(
    session: Session,
    space: SpaceView,
    participant_id: str,
    at: datetime,
    *,
    group: Group | None = None,
    drafts: bool = False,
    after: str | None = None,
    only_open: bool = False,
) -> list[Line]:
    """The surveys of a space, the latest first; five queries.

    `group` says whose invitation is meant, `drafts` whether those in preparation are told of too.
    """
    query = select(Survey).where(Survey.space_id == space.id)
    if not drafts:
        query = query.where(Survey.state != SurveyState.DRAFT)
    if only_open:
        query = query.where(Survey.state == SurveyState.OPEN)
    last = session.get(Survey, after) if after else None
    if last is not None:
        older = (Survey.created_at < last.created_at) | (
            (Survey.created_at == last.created_at) & (Survey.id < last.id)
        )
        query = query.where(older)
    rows = list(session.scalars(query.order_by(Survey.created_at.desc(), Survey.id.desc()).limit(PAGE)))
    if not rows:
        return []
    ids = [row.id for row in rows]
    kinds: dict[str, list[QuestionKind]] = {}
    for survey_id, kind in session.execute(
        select(SurveyQuestion.survey_id, SurveyQuestion.kind).where(SurveyQuestion.survey_id.in_(ids))
    ):
        kinds.setdefault(survey_id, []).append(kind)
    done, invited = _mine(session, ids, participant_id)
    mine = (done, {one for one, groups in invited.items() if group in groups})
    dates = clocks.of(session, [space], at)
    promised = {row.id: _promised(space, row, invited.get(row.id, ()), dates) for row in rows}
    return [_line(row, space, dates, kinds.get(row.id, []), mine, promised[row.id]) for row in rows]


def own_sheet(session: Session, survey_id: str, participant_id: str) -> dict[str, Given] | None:
    """What one answered so far, by question; None when nothing was sent, or when the link is cut."""
    sheet_id = session.scalar(
        select(SurveySheet.id).where(
            SurveySheet.survey_id == survey_id, SurveySheet.participant_id == participant_id
        )
    )
    if sheet_id is None:
        return None
    values: dict[str, list[int]] = {}
    for question_id, value in session.execute(
        select(SurveyMark.question_id, SurveyMark.value)
        .where(SurveyMark.sheet_id == sheet_id)
        .order_by(SurveyMark.value)
    ):
        values.setdefault(question_id, []).append(value)
    found = {
        key: Given(tuple(one for one in some if one), "", DECLINED in some) for key, some in values.items()
    }
    written = select(SurveyWords.question_id, SurveyWords.source).where(SurveyWords.sheet_id == sheet_id)
    found |= {key: Given(words=source) for key, source in session.execute(written)}
    return found


def answered(session: Session, survey_id: str, participant_id: str) -> bool:
    """Whether this participant answered; it can be said after the close too."""
    return session.get(SurveyParticipation, (survey_id, participant_id)) is not None


def words(
    session: Session,
    question_ids: Sequence[str],
    state: WordsState,
    *,
    after: str | None = None,
    size: int = PAGE,
) -> list[WordsView]:
    """Words of some questions, in an order that tells nothing: that of their random ids."""
    query = (
        select(*_WORDS, SurveyQuestion.body)
        .join(SurveyQuestion, SurveyQuestion.id == SurveyWords.question_id)
        .where(SurveyWords.question_id.in_(question_ids), SurveyWords.state == state)
    )
    if after is not None:
        query = query.where(SurveyWords.id > after)
    rows = session.execute(query.order_by(SurveyWords.id).limit(size))
    return [WordsView(*row) for row in rows]


def first_words(session: Session, question_ids: Sequence[str], size: int) -> dict[str, list[WordsView]]:
    """The first words that may be shown for each question, in an order that tells nothing; one query."""
    found: dict[str, list[WordsView]] = {one: [] for one in question_ids}
    if not found:
        return found
    place = func.row_number().over(partition_by=SurveyWords.question_id, order_by=SurveyWords.id)
    ranked = (
        select(*_WORDS, place.label("place"))
        .where(SurveyWords.question_id.in_(question_ids), SurveyWords.state == WordsState.SHOWN)
        .subquery()
    )
    shown = select(*(ranked.c[one.key] for one in _WORDS)).where(ranked.c.place <= size)
    for row in session.execute(shown.order_by(ranked.c.question_id, ranked.c.place)):
        found[row.question_id].append(WordsView(*row))
    return found


def _promised(space: SpaceView, row: Survey, groups: Iterable[Group], dates: Clocks) -> date:
    """The day that is promised for results, as the duty says it: pauses and agreed delays move it."""
    owed = [one for one in groups if one is not ORGANISER]
    if row.opened_at is None or not owed:
        return row.promised_on
    over_at = row.closed_at or open_until(row, space, dates)
    return dates.results_due_on(space, owed, row.promised_on, row.opened_at, over_at)


def open_until(row: Survey, space: SpaceView | Space, dates: Clocks) -> datetime:
    """Until when people answer: the end that was announced, moved by the pauses of the space since it opened."""
    if row.opened_at is None:
        return row.ends_at
    return dates.open_until(space.id, space.ends_at, row.ends_at, row.opened_at)


def state_now(row: Survey, space: SpaceView, dates: Clocks) -> SurveyState:
    """The state at the instant of these clocks."""
    return rules.state_at(row.state, open_until(row, space, dates), space.phase, dates.at)


def _common(row: Survey, space: SpaceView, dates: Clocks, promised_on: date) -> dict[str, Any]:
    return {
        "id": row.id,
        "space_id": row.space_id,
        "title": row.title,
        "introduction": row.introduction,
        "state": state_now(row, space, dates),
        "version": row.version,
        "ends_at": open_until(row, space, dates),
        "promised_on": promised_on,
        "opened_at": row.opened_at,
        "closed_at": row.closed_at,
        "closed_function": Sentence(row.closed_function),
        "close_reason": row.close_reason,
        "published_at": row.published_at,
        "published_function": Sentence(row.published_function),
        "late": _late(row, dates.at, promised_on),
    }


def _late(row: Survey, at: datetime, promised_on: date) -> bool:
    """Results that come, or came, after the promised day."""
    if row.state is SurveyState.DRAFT:
        return False
    return rules.is_late(promised_on, row.published_at or at)


def _mine(
    session: Session, ids: Sequence[str], participant_id: str
) -> tuple[set[str], dict[str, set[Group]]]:
    """Of these surveys, those one answered, and the groups that each invites; one query each."""
    done = select(SurveyParticipation.survey_id).where(
        SurveyParticipation.survey_id.in_(ids), SurveyParticipation.participant_id == participant_id
    )
    asked = select(SurveyGroup.survey_id, SurveyGroup.group).where(SurveyGroup.survey_id.in_(ids))
    invited: dict[str, set[Group]] = {}
    for survey_id, group in session.execute(asked):
        invited.setdefault(survey_id, set()).add(group)
    return set(session.scalars(done)), invited


def _line(
    row: Survey,
    space: SpaceView,
    dates: Clocks,
    kinds: Sequence[QuestionKind],
    mine: tuple[set[str], set[str]],
    promised_on: date,
) -> Line:
    return Line(
        id=row.id,
        title=row.title,
        state=state_now(row, space, dates),
        ends_at=open_until(row, space, dates),
        promised_on=promised_on,
        late=_late(row, dates.at, promised_on),
        minutes=rules.minutes(kinds),
        answered=row.id in mine[0],
        invited=row.id in mine[1],
    )
