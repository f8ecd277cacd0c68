"""Verbs of notices: follow the journal, remember dates, mark as read, choose what to hear of.

Nothing here writes the journal: that somebody was told is not a fact of the contract.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, MutableMapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.domain.contributions.models import Contribution
from portal.domain.duties import queries as duties
from portal.domain.facts import FactKind
from portal.domain.figures import queries as figures
from portal.domain.involvement.models import Involvement
from portal.domain.journal import rules as register
from portal.domain.notifications import gone, heads, levels, queries, requests, rules, second_look
from portal.domain.notifications.models import Notice, NoticeChoice, NoticeCursor
from portal.domain.notifications.places import Place, Places
from portal.domain.notifications.queries import LineRow, NoticeView
from portal.domain.notifications.rules import Told, Whom
from portal.domain.participants import queries as participants
from portal.domain.participants.models import Participant
from portal.domain.spaces import queries as spaces
from portal.domain.surveys.models import Survey
from portal.kernel.clock import paris
from portal.kernel.units import CONFLICTS, means_unavailable, sqlstate
from portal.policy.actor import Actor
from portal.vocabulary import ContributionKind, NoticeChoiceKind, NoticeKind

# SQLite has one writer: whoever saves a form waits for what is written in one go.
LINES_AT_ONCE = 50
SET_ASIDE = timedelta(seconds=30)
FORGOTTEN_AT_ONCE = 500
ABOUT_SPACES = frozenset(
    {
        FactKind.SPACE_OPENED,
        FactKind.SPACE_RESUMED,
        FactKind.SYNTHESIS_PUBLISHED,
        FactKind.SYNTHESIS_CORRECTED,
    }
)
# The mark of what is said of a contract as a whole: of findings, one a day.
ABOUT_CONTRACT: dict[FactKind, Callable[[LineRow], str]] = {
    FactKind.REGISTER_HEAD_SENT: lambda line: f"{heads.PREFIX}:{line.seq}",
    FactKind.FINDING_ADDED: lambda line: f"constats:{line.at[: rules.DAY_LENGTH]}",
    FactKind.FINDING_VALIDATED: lambda line: f"constats:{line.at[: rules.DAY_LENGTH]}",
}
ABOUT_LEVELS = frozenset({FactKind.LEVEL_RECORDED, FactKind.LEVEL_EFFECTIVE})

log = structlog.get_logger(__name__)
Aside = MutableMapping[str, datetime]


def follow(session: Session, at: datetime, aside: Aside | None = None) -> bool:
    """Read the lines that nobody was told of yet, contract by contract, and tell of them.

    The cursor moves in the same unit of work as the notices are written in: after a crash
    either both are there or none. A contract that fails is logged, and left alone for a while
    when `aside` is kept between calls: the others are told. True when something was told.
    """
    left = LINES_AT_ONCE
    for contract_id in _ready(queries.behind(session), at, aside):
        left -= apart(session, contract_id, at, aside, partial(_follow_one, session, contract_id, at, left))
        if left <= 0:
            break
    return left < LINES_AT_ONCE


def _follow_one(session: Session, contract_id: str, at: datetime, limit: int) -> int:
    """Tell of the next lines of one contract; how many."""
    cursor = session.get(NoticeCursor, contract_id, with_for_update=True)
    if cursor is None:
        cursor = NoticeCursor(contract_id=contract_id, seq=0)
        session.add(cursor)
    lines = queries.lines_after(session, contract_id, cursor.seq, limit)
    if not lines:
        return 0
    teller = Teller(session, contract_id, at)
    teller.places.expect({line.object for line in lines if line.kind in rules.TABLE})
    for line in lines:
        teller.tell(line)
    teller.tidy()
    gone.mark(session, contract_id, lines, teller.members, at)
    cursor.seq = lines[-1].seq
    return len(lines)


def _ready(contract_ids: list[str], at: datetime, aside: Aside | None) -> list[str]:
    """Those that did not fail a moment ago."""
    waits = {} if aside is None else aside
    # Set aside for longer than one can be: the clock was put back since.
    return [one for one in contract_ids if not at < waits.get(one, at) <= at + SET_ASIDE]


def apart(
    session: Session, contract_id: str, at: datetime, aside: Aside | None, work: Callable[[], int]
) -> int:
    """What `work` did for one contract in a savepoint of its own; nothing when it failed."""
    try:
        with session.begin_nested():
            return work()
    except Exception as error:
        # The database is not there, or two met: the whole unit ends, and is done again.
        if means_unavailable(error) or sqlstate(error) in CONFLICTS:
            raise
        log.exception("notices.contract_failed", contract=contract_id)
        if aside is not None:
            aside[contract_id] = at + SET_ASIDE
        return 0


def forget(session: Session, at: datetime) -> bool:
    """Remove one piece of the history that is older than a year; True when there was some."""
    old = select(Notice.id).where(Notice.at < at - rules.KEPT_NOTICES).limit(FORGOTTEN_AT_ONCE)
    found = session.scalars(old).all()
    session.execute(delete(Notice).where(Notice.id.in_(found)))
    return bool(found)


def mark_read(
    session: Session, account_id: str, at: datetime, notice_ids: Iterable[str] | None = None
) -> None:
    """Mark some notices of an account as read at this instant; all that are unread when None."""
    mine = [Notice.participant_id.in_(queries.seats(account_id)), Notice.read_at.is_(None)]
    if notice_ids is not None:
        mine.append(Notice.id.in_(list(notice_ids)))
    session.execute(update(Notice).where(*mine).values(read_at=at))


def open_line(session: Session, account_id: str, notice_id: str, at: datetime) -> NoticeView | None:
    """Mark a notice of an account as read with those of its line; None when it is not one to read."""
    row = session.scalar(
        select(Notice).where(Notice.id == notice_id, Notice.participant_id.in_(queries.seats(account_id)))
    )
    shown = queries.readable(session, account_id, [row], at) if row else ()
    if row is None or not shown:
        return None
    beside = select(Notice).where(
        Notice.participant_id == row.participant_id,
        Notice.read_at.is_(None),
        Notice.kind == row.kind,
        Notice.space_id.is_not_distinct_from(row.space_id),
        Notice.thread_id.is_not_distinct_from(row.thread_id),
    )
    same_day = [one for one in session.scalars(beside) if paris(one.at).date() == paris(row.at).date()]
    for one in same_day if row.read_at is None else ():
        one.read_at = at
    return shown[0]


def mark_unread(
    session: Session, account_id: str, at: datetime, notice_ids: Iterable[str]
) -> tuple[str, ...]:
    """Make some notices of an account new again; the ids of those that are.

    What is no longer to be read stays as it is, and so does what the portal ends by itself.
    """
    query = select(Notice).where(
        Notice.id.in_(list(notice_ids)),
        Notice.participant_id.in_(queries.seats(account_id)),
        Notice.read_at.is_not(None),
        Notice.kind.not_in(rules.ENDS_BY_ITSELF),
    )
    rows = list(session.scalars(query))
    shown = {one.id for one in queries.readable(session, account_id, rows, at)}
    again = [one for one in rows if one.id in shown]
    for one in again:
        one.read_at = None
    return tuple(one.id for one in again)


def unmark(session: Session, account_id: str, read_at: datetime) -> None:
    """Undo what `mark_read` did at that instant."""
    session.execute(
        update(Notice)
        .where(Notice.participant_id.in_(queries.seats(account_id)), Notice.read_at == read_at)
        .values(read_at=None)
    )


def choose(session: Session, participant_id: str, object_id: str, choice: NoticeChoiceKind | None) -> None:
    """Mute or follow a space or a thread; None takes the choice back."""
    # Two clicks at once: the second waits here, then finds the choice of the first.
    session.get(Participant, participant_id, with_for_update={"key_share": True})
    known = session.get(NoticeChoice, (participant_id, object_id), populate_existing=True)
    if known is not None and choice is None:
        session.delete(known)
    elif known is not None and choice is not None:
        known.choice = choice
    elif choice is not None:
        session.add(NoticeChoice(participant_id=participant_id, object_id=object_id, choice=choice))


@dataclass(slots=True)
class Teller:
    """Writes the notices of one contract; members and choices are read once."""

    session: Session
    contract_id: str
    at: datetime
    places: Places = field(init=False)
    _members: list[Actor] | None = None
    _choices: dict[tuple[str, str], NoticeChoiceKind] | None = None
    _reviewed: set[str] = field(default_factory=set)
    _kept: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.places = Places(self.session, self.at)

    def tell(self, line: LineRow) -> None:
        """Write what one line of the journal means for each member."""
        self._note_done(line)
        for told in rules.TABLE.get(line.kind, ()):
            found = self._place(line)
            if found is not None:
                mark, place, row = found
                self.add(told, mark, place, line=line, row=row)

    def tidy(self) -> None:
        """Say that nothing waits any more where all was reviewed, or nothing is owed."""
        done = [
            (
                NoticeKind.TO_MODERATE,
                [one for one in self._reviewed if not figures.waiting_for_review(self.session, one)],
            ),
            (NoticeKind.DUTY, [one for one in self._kept if not self._owes(one)]),
        ]
        for kind, space_ids in done:
            if space_ids:
                self.session.execute(
                    update(Notice)
                    .where(Notice.space_id.in_(space_ids), Notice.kind == kind, Notice.read_at.is_(None))
                    .values(read_at=self.at)
                )

    def add(
        self, told: Told, mark: str, place: Place, *, line: LineRow | None = None, row: object = None
    ) -> int:
        """Write one notice for each member concerned who may be told; how many were written."""
        people = self._candidates(told.whom, row)
        if not people:
            return 0
        # Before rights, which cost more: a date that stays near is looked at again and again.
        spared = queries.already(self.session, [one.participant_id for one in people], mark)
        unaware = [one for one in people if one.participant_id not in spared]
        concerned = [one for one in unaware if self._may(one, told, place, line)]
        at = self.at if line is None else rules.told_at(line.at, self.at)
        standing = self._standing(told, place)
        for one in concerned:
            if one.participant_id in standing:
                _move(standing[one.participant_id], place, at)
        written = [one for one in concerned if one.participant_id not in standing]
        self.session.add_all(self._notice(one, told.kind, mark, place, at) for one in written)
        self.session.flush()
        return len(written)

    def _standing(self, told: Told, place: Place) -> dict[str, Notice]:
        """What still says, unread, that something waits there: it grows, nobody is told twice."""
        if told.kind not in rules.STANDING or place.space_id is None:
            return {}
        return queries.still_waiting(self.session, place.space_id, told.kind)

    def _notice(self, person: Actor, kind: NoticeKind, mark: str, place: Place, at: datetime) -> Notice:
        return Notice(
            participant_id=person.participant_id,
            kind=kind,
            mark=mark,
            contract_id=self.contract_id,
            space_id=place.space_id,
            item_id=place.item_id,
            thread_id=place.thread_id,
            contribution_id=place.contribution_id,
            due_at=place.due_at,
            at=at,
        )

    def _place(self, line: LineRow) -> tuple[str, Place, object] | None:
        """What a line is about: the mark of its notices, where it leads, the row it names."""
        if line.kind in ABOUT_SPACES:
            return f"ligne:{line.seq}", Place(self.contract_id, line.object), None
        if line.kind in ABOUT_CONTRACT:
            return ABOUT_CONTRACT[line.kind](line), Place(self.contract_id), None
        if line.kind in ABOUT_LEVELS:
            return self._level_place(line)
        if line.kind in requests.ABOUT:
            return requests.place(self.session, self.contract_id, line)
        row = self.places.rows.get(line.object)
        if row is None:
            return None
        place = Place(self.contract_id, row.space_id, row.item_id, row.root_id or row.id, row.id)
        return f"ligne:{line.seq}", place, row

    def _level_place(self, line: LineRow) -> tuple[str, Place, object] | None:
        record = self.session.get(Involvement, line.object)
        if record is None or queries.is_first(self.session, record):
            return None
        place = Place(self.contract_id, record.space_id, due_at=record.effective_at)
        return levels.mark(record, line.kind), place, record

    def _candidates(self, whom: Whom, row: object) -> list[Actor]:
        if whom is Whom.EVERYBODY:
            return self.members
        if whom is Whom.PARTIES:
            return [one for one in self.members if not one.roles.isdisjoint(rules.PARTIES)]
        if isinstance(row, requests.Named):
            return [one for one in self.members if row.includes(one)]
        if whom is Whom.GROUP and isinstance(row, Involvement):
            return [one for one in self.members if one.group is row.group]
        if not isinstance(row, Contribution):
            return []
        if whom in second_look.PEOPLE:
            wanted = second_look.people(self.session, whom, row)
        elif whom is Whom.AUTHOR:
            wanted = {row.participant_id}
        elif row.kind is not ContributionKind.REPLY:
            wanted = set()
        else:
            answered_to = queries.authors(self.session, [row.parent_id, row.root_id])
            followers = self._followers(row.root_id or "") - answered_to
            wanted = answered_to if whom is Whom.ANSWERED_TO else followers
        return [one for one in self.members if one.participant_id in wanted]

    def _may(self, person: Actor, told: Told, place: Place, line: LineRow | None) -> bool:
        if told.kind not in rules.NEVER_MUTED and self._muted(person, place):
            return False
        if line is not None and _did(person, line):
            return False
        return self.places.allows(person, told.if_may, place)

    def _muted(self, person: Actor, place: Place) -> bool:
        objects = (place.space_id, place.thread_id)
        return any(
            self.choices.get((person.participant_id, one)) is NoticeChoiceKind.MUTED for one in objects if one
        )

    def _followers(self, root_id: str) -> set[str]:
        return {
            person
            for (person, object_id), choice in self.choices.items()
            if object_id == root_id and choice is NoticeChoiceKind.FOLLOWED
        }

    def _note_done(self, line: LineRow) -> None:
        if line.kind is FactKind.SURVEY_PUBLISHED:
            survey = self.session.get(Survey, line.object)
            self._kept.update({survey.space_id} if survey else ())
            return
        if line.kind in rules.KEEPS_SPACE:
            self._kept.add(line.object)
            return
        reviews, keeps = line.kind in rules.REVIEWS, line.kind in rules.KEEPS
        space_id = queries.space_of(self.session, line.object) if reviews or keeps else None
        if space_id is not None and reviews:
            self._reviewed.add(space_id)
        if space_id is not None and keeps:
            self._kept.add(space_id)

    def _owes(self, space_id: str) -> bool:
        """Whether anything is left to keep there: an answer, or the synthesis."""
        space = spaces.view(self.session, space_id, self.at)
        return space is not None and bool(duties.unmet(self.session, space, self.at))

    @property
    def members(self) -> list[Actor]:
        """The active members of the contract."""
        if self._members is None:
            self._members = participants.members(self.session, self.contract_id)
        return self._members

    @property
    def choices(self) -> dict[tuple[str, str], NoticeChoiceKind]:
        """What members chose, by participant and object."""
        if self._choices is None:
            self._choices = queries.choices(self.session, self.contract_id)
        return self._choices


def _did(person: Actor, line: LineRow) -> bool:
    """Whether this person did what the line tells: only its salt can say so."""
    return line.salt is not None and register.seal(line.salt, person.participant_id) == line.commit


def _move(notice: Notice, place: Place, at: datetime) -> None:
    """What waits has grown: it is news of today again, and of one topic only while it is one."""
    if at > notice.at:
        notice.at, notice.mailed_on = at, None
    notice.item_id = notice.item_id if notice.item_id == place.item_id else None
    notice.thread_id = notice.contribution_id = None
