"""Where duties come from: one source for each kind that the portal can already follow.

A kind without a source has no line anywhere: it is absent, not empty. A noun that comes later
(the return of changed wording) adds its source to `SOURCES` and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, case, column, func, or_, select, table
from sqlalchemy.orm import Session

from portal.domain.contributions.models import Contribution
from portal.domain.duties import rules
from portal.domain.duties.models import DutyExplanation
from portal.domain.duties.rules import Words
from portal.domain.duties.told import INVITED, SURVEY, SYNTHESIS, TELLS_ALL, VERSION
from portal.domain.involvement.rules import Record, in_force
from portal.domain.spaces.models import Space
from portal.kernel import clock
from portal.kernel.columns import UtcDateTime
from portal.vocabulary import (
    ORGANISER,
    ContributionKind,
    ContributionStatus,
    DutyKind,
    Group,
    Phase,
    ShownScope,
)

# After every contribution, which are counted from one.
LAST = 2**31


@dataclass(frozen=True, slots=True)
class Owed:
    """One duty as its source tells it: no date nor state yet.

    `folded` says that its label tells the college only. `answered_at` and `explained_at` are its evidence.
    The results of a survey are owed to all of `groups` at once, by the day that was promised with it;
    `ends_at` is the end that was announced, `closed_at` when it came.
    """

    kind: DutyKind
    space_id: str
    group: Group
    folded: bool
    contribution_id: str
    item_id: str
    order: int
    answered_at: datetime | None
    explained_at: datetime | None
    survey_id: str = ""
    title: str = ""
    groups: frozenset[Group] = frozenset()
    promised_on: date | None = None
    promised_at: datetime | None = None
    ends_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def key(self) -> str:
        """What tells it from every other duty of a contract: the contribution, the survey, or the space and the group."""
        return self.contribution_id or self.survey_id or f"{self.space_id}.{self.group.value}"


Levels = Mapping[str, Sequence[Record]]
Source = Callable[[Session, Sequence[str], Levels, bool], Iterator[Owed]]

# The noun of answers stands above this one: of theirs only the day is read, as evidence.
_ANSWER = table("answer", column("contribution_id"), column("at", UtcDateTime()))
_SPACE = Space.__table__.c
_words, _answers, _told = Contribution.__table__.c, _ANSWER.c, DutyExplanation.__table__.c
_OF_WORDS: Select[Any] = (
    select(
        _words.id,
        _words.space_id,
        _words.item_id,
        _words.kind,
        _words.group_,
        _words.shown_scope,
        _words.arrival,
        _words.created_at,
        _words.published_at,
        _answers.at.label("answered_at"),
        _told.at.label("explained_at"),
    )
    .outerjoin_from(Contribution.__table__, _ANSWER, _answers.contribution_id == _words.id)
    .outerjoin(DutyExplanation.__table__, _told.contribution_id == _words.id)
    .where(_words.status == ContributionStatus.PUBLISHED)
    .order_by(_words.arrival)
)


def of_words(session: Session, space_ids: Sequence[str], levels: Levels, only_unmet: bool) -> Iterator[Owed]:  # noqa: FBT001 — the shape of a source
    """What is owed for each published contribution, by the level that counted for it; one query."""
    query = _OF_WORDS.where(_words.space_id.in_(space_ids))
    if only_unmet:
        query = query.where(_answers.at.is_(None), _told.at.is_(None))
    for row in session.execute(query):
        words = Words(row.kind, row.group_, row.created_at, row.published_at or row.created_at)
        level = rules.level_that_counts(levels.get(row.space_id, ()), words)
        kind = rules.owed(level, row.kind, row.group_)
        if kind is not None:
            yield Owed(
                kind,
                row.space_id,
                row.group_,
                row.shown_scope is ShownScope.COLLEGE,
                row.id,
                row.item_id,
                row.arrival,
                row.answered_at,
                row.explained_at,
            )


def explained_at(session: Session, space_ids: Sequence[str]) -> dict[str, datetime]:
    """When an engagement towards published words, unanswered to this day, was last explained, by space; one query."""
    query = (
        select(_words.space_id, func.max(_told.at, type_=UtcDateTime))
        .join_from(DutyExplanation.__table__, Contribution.__table__, _words.id == _told.contribution_id)
        .outerjoin(_ANSWER, _answers.contribution_id == _words.id)
        .where(
            _words.space_id.in_(space_ids),
            _words.status == ContributionStatus.PUBLISHED,
            _answers.at.is_(None),
        )
        .group_by(_words.space_id)
    )
    return dict(session.execute(query).tuples().all())


# What a synthesis is owed for, group by group: no numbers in it.
_asks = case((_words.kind == ContributionKind.QUESTION, 0), else_=1)
_hides = case((_words.shown_scope == ShownScope.COLLEGE, 1), else_=0)
_PUBLISHED = (
    select(VERSION.c.at)
    .join_from(VERSION, SYNTHESIS, SYNTHESIS.c.id == VERSION.c.synthesis_id)
    .where(SYNTHESIS.c.space_id == _words.space_id, TELLS_ALL)
    .order_by(VERSION.c.at)
    .limit(1)
    .correlate(Contribution.__table__, Space.__table__)
    .scalar_subquery()
)
_OF_GROUPS: Select[Any] = (
    select(
        _words.space_id,
        _words.group_,
        func.max(_asks).label("said"),
        func.min(_hides).label("folded"),
        func.max(_PUBLISHED).label("published_at"),
        _SPACE.authorities_read_words,
        _SPACE.phase,
        _SPACE.closed_at,
        _SPACE.broken_promise,
    )
    .join_from(Contribution.__table__, Space.__table__, _SPACE.id == _words.space_id)
    .where(_words.status == ContributionStatus.PUBLISHED, _words.group_ != ORGANISER)
    .group_by(
        _words.space_id,
        _words.group_,
        _SPACE.authorities_read_words,
        _SPACE.phase,
        _SPACE.closed_at,
        _SPACE.broken_promise,
    )
    .order_by(_words.space_id, _words.group_)
)


def of_syntheses(
    session: Session,
    space_ids: Sequence[str],
    levels: Levels,
    only_unmet: bool,  # noqa: FBT001 — the shape of a source
) -> Iterator[Owed]:
    """The synthesis owed to each group that spoke at a level that promises it, and to authorities that read it alone.

    One query, two where a group did nothing but ask or where the level of the authorities was lowered.
    """
    rows = list(session.execute(_OF_GROUPS.where(_words.space_id.in_(space_ids))))
    spoken = [
        Spoken(row.space_id, row.group_, bool(row.said), bool(row.folded), row.published_at) for row in rows
    ]
    alone = {
        row.space_id: row.closed_at or clock.now()
        for row in rows
        if not row.authorities_read_words
        and tells(row.phase, row.broken_promise, published=row.published_at is not None)
    }
    return owed_to_groups(session, spoken, lambda: levels, alone, only_unmet=only_unmet)


def tells(phase: Phase, explanation: str, *, published: bool) -> bool:
    """Whether a space says something of its synthesis: closed without it nor a word about it, it does not."""
    return phase is not Phase.CLOSED or bool(explanation) or published


@dataclass(frozen=True, slots=True)
class Spoken:
    """That a group spoke in a space: `said` when it did more than ask, `folded` when cards tell its college."""

    space_id: str
    group: Group
    said: bool
    folded: bool
    published_at: datetime | None


def owed_to_groups(
    session: Session,
    spoken: Sequence[Spoken],
    levels: Callable[[], Levels],
    alone: Mapping[str, datetime],
    *,
    only_unmet: bool,
) -> Iterator[Owed]:
    """The synthesis owed to these groups, and to authorities in the spaces where they read nothing else.

    `alone` gives for each of those the instant whose level counts: today, or the day it was closed. `levels` are
    read only there, and where a group did nothing but ask: other words can only be sent at a level that
    promises one, they need no look.
    """
    silent = [one for one in spoken if not one.said]
    heard = {one.space_id: one for one in spoken if one.space_id in alone}
    known = levels() if silent or heard else {}
    asked = _asked_at(session, silent, known) if silent else set()
    owed = [one for one in spoken if one.said or (one.space_id, one.group) in asked]
    own = {one.space_id for one in owed if one.group is Group.AUTHORITIES}
    promised = _promised_alone(session, {one: alone[one] for one in heard.keys() - own}, known)
    readers = [
        replace(heard[space_id], group=Group.AUTHORITIES, said=True, folded=False)
        for space_id in sorted(promised)
    ]
    for one in (*owed, *readers):
        if not (only_unmet and one.published_at is not None):
            yield Owed(
                DutyKind.SYNTHESIS,
                one.space_id,
                one.group,
                one.folded,
                "",
                "",
                LAST,
                one.published_at,
                None,
            )


def _promised_alone(session: Session, alone: Mapping[str, datetime], levels: Levels) -> set[str]:
    """Where the level of the authorities promises a synthesis, or did while people spoke; one query at most.

    What is lowered later takes no duty away.
    """
    found, lowered = set(), []
    for space_id, at in alone.items():
        records = [one for one in levels.get(space_id, ()) if one.group is Group.AUTHORITIES]
        if rules.promises_synthesis(in_force(records, at).get(Group.AUTHORITIES)):
            found.add(space_id)
        elif any(rules.promises_synthesis(one.level) for one in records):
            lowered.append(space_id)
    if lowered:
        query = select(_words.space_id, _words.created_at, _words.published_at).where(
            _words.space_id.in_(lowered),
            _words.status == ContributionStatus.PUBLISHED,
            _words.group_ != ORGANISER,
        )
        for space_id, sent, published in session.execute(query):
            words = Words(ContributionKind.COMMENT, Group.AUTHORITIES, sent, published or sent)
            if rules.promises_synthesis(rules.level_that_counts(levels.get(space_id, ()), words)):
                found.add(space_id)
    return found


def _asked_at(session: Session, spoken: Sequence[Spoken], levels: Levels) -> set[tuple[str, Group]]:
    """Which of these groups asked a question while their level promised a synthesis; one query at most."""
    wanted = [
        one
        for one in spoken
        if any(
            record.group is one.group and rules.promises_synthesis(record.level)
            for record in levels.get(one.space_id, ())
        )
    ]
    if not wanted:
        return set()
    query = select(_words.space_id, _words.group_, _words.created_at, _words.published_at).where(
        _words.status == ContributionStatus.PUBLISHED,
        or_(*(and_(_words.space_id == one.space_id, _words.group_ == one.group) for one in wanted)),
    )
    found = set()
    for space_id, group, sent, published in session.execute(query):
        words = Words(ContributionKind.QUESTION, group, sent, published or sent)
        if rules.promises_synthesis(rules.level_that_counts(levels.get(space_id, ()), words)):
            found.add((space_id, group))
    return found


_OF_SURVEYS: Select[Any] = (
    select(SURVEY, INVITED.c.group_)
    .join_from(SURVEY, INVITED, INVITED.c.survey_id == SURVEY.c.id)
    .join(Space, Space.id == SURVEY.c.space_id)
    .where(SURVEY.c.opened_at.is_not(None), INVITED.c.group_ != ORGANISER.value)
    # A space that was closed before results were followed explains nothing: nothing is said of them.
    .where(or_(_SPACE.phase != Phase.CLOSED, SURVEY.c.published_at.is_not(None), _SPACE.broken_promise != ""))
    .order_by(SURVEY.c.opened_at, SURVEY.c.id)
)


def of_surveys(
    session: Session,
    space_ids: Sequence[str],
    _levels: Levels,
    only_unmet: bool,  # noqa: FBT001 — the shape of a source
) -> Iterator[Owed]:
    """The results owed to the groups that a survey invited: the level that counts is that of its opening; one query."""
    query = _OF_SURVEYS.where(SURVEY.c.space_id.in_(space_ids))
    if only_unmet:
        query = query.where(SURVEY.c.published_at.is_(None))
    rows: dict[str, Any] = {}
    invited: dict[str, list[Group]] = {}
    for row in session.execute(query):
        rows[row.id] = row
        invited.setdefault(row.id, []).append(Group(row.group_))
    for survey_id, row in rows.items():
        yield Owed(
            kind=DutyKind.SURVEY_RESULTS,
            space_id=row.space_id,
            group=min(invited[survey_id], key=list(Group).index),
            folded=False,
            contribution_id="",
            item_id="",
            order=LAST,
            answered_at=row.published_at,
            explained_at=None,
            survey_id=survey_id,
            title=row.title,
            groups=frozenset(invited[survey_id]),
            promised_on=row.promised_on,
            promised_at=row.opened_at,
            ends_at=row.ends_at,
            closed_at=row.closed_at,
        )


# THE registry: each source with the kinds that it follows.
SOURCES: dict[Source, frozenset[DutyKind]] = {
    of_words: frozenset({DutyKind.ANSWER, DutyKind.FATE, DutyKind.MOTIVATED_ANSWER}),
    of_syntheses: frozenset({DutyKind.SYNTHESIS}),
    of_surveys: frozenset({DutyKind.SURVEY_RESULTS}),
}


def followed() -> frozenset[DutyKind]:
    """The kinds that have a source today."""
    return frozenset().union(*SOURCES.values())
