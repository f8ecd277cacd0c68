"""Reads of notices: what the journal says next, one's own history, what an e-mail would say."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from portal.domain.contracts.models import Contract, Item
from portal.domain.contributions.models import Contribution
from portal.domain.facts import FactKind
from portal.domain.figures import queries as figures
from portal.domain.involvement.changes import Change
from portal.domain.involvement.models import Involvement
from portal.domain.journal.models import JournalHead, JournalLine, JournalSalt
from portal.domain.journal.queries import FACTS
from portal.domain.notifications import heads, levels, rules, unnamed, watched
from portal.domain.notifications.heads import Head
from portal.domain.notifications.models import Notice, NoticeChoice, NoticeCursor, NoticeSetting
from portal.domain.notifications.places import Place, Places
from portal.domain.notifications.rules import Quiet
from portal.domain.participants import queries as participants
from portal.domain.participants.models import Participant, Seat
from portal.domain.portfolio.rules import Reason
from portal.domain.spaces import queries as spaces
from portal.domain.spaces.models import Space
from portal.domain.spaces.queries import SpaceView
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.vocabulary import Cadence, NoticeChoiceKind, NoticeKind, Phase

PAGE = 40


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line of the journal, with the salt that tells whose act it was (None once erased).

    `at` is written as finely as the journal may date it: a second, or a day.
    """

    seq: int
    at: str
    kind: FactKind
    object: str
    commit: str
    salt: bytes | None


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice as its page and an e-mail show it: where, what, since when.

    `waiting` is how many versions wait for review there now, for an unread notice that says so;
    `change` what a level changed, for one that tells of it; `to_name` whether an appeal waits
    for its reader to name somebody.
    """

    id: str
    participant_id: str
    kind: NoticeKind
    place: Place
    at: datetime
    read_at: datetime | None
    contract_title: str
    question: str
    item_title: str
    waiting: int = 0
    change: Change | None = None
    head: Head | None = None
    reasons: tuple[Reason, ...] = ()
    to_name: bool = False


@dataclass(frozen=True, slots=True)
class HistoryView:
    """A page of one's notices, the latest first.

    `hidden` is how many of them lead to what one no longer reads; `older` the id after which
    the next page begins.
    """

    notices: tuple[NoticeView, ...]
    hidden: int
    older: str | None


@dataclass(frozen=True, slots=True)
class SettingView:
    """How an account wants its e-mails."""

    cadence: Cadence = Cadence.DIGEST
    quiet: Quiet = field(default_factory=Quiet)


def behind(session: Session) -> list[str]:
    """The contracts whose journal goes further than anybody was told."""
    query = (
        select(JournalHead.contract_id)
        .outerjoin(NoticeCursor, NoticeCursor.contract_id == JournalHead.contract_id)
        .where(or_(NoticeCursor.contract_id.is_(None), JournalHead.seq > NoticeCursor.seq))
        .order_by(JournalHead.contract_id)
    )
    return list(session.scalars(query))


def lines_after(session: Session, contract_id: str, seq: int, limit: int) -> list[LineRow]:
    """The lines that follow a number, in order."""
    same = and_(JournalSalt.contract_id == JournalLine.contract_id, JournalSalt.seq == JournalLine.seq)
    rows = session.execute(
        select(
            JournalLine.seq,
            JournalLine.at,
            JournalLine.kind,
            JournalLine.object,
            JournalLine.commit,
            JournalSalt.salt,
        )
        .outerjoin(JournalSalt, same)
        .where(JournalLine.contract_id == contract_id, JournalLine.seq > seq)
        .order_by(JournalLine.seq)
        .limit(limit)
    )
    return [
        LineRow(seq_, when, FACTS[kind], about, commit, salt)
        for seq_, when, kind, about, commit, salt in rows
    ]


def under_way(session: Session, at: datetime) -> dict[str, list[SpaceView]]:
    """The spaces that are not a draft nor closed, by contract."""
    busy = select(Space.contract_id).where(Space.phase.not_in((Phase.DRAFT, Phase.CLOSED))).distinct()
    found: dict[str, list[SpaceView]] = {}
    for view in spaces.of_contracts(session, sorted(session.scalars(busy)), at):
        if view.phase not in (Phase.DRAFT, Phase.CLOSED):
            found.setdefault(view.contract_id, []).append(view)
    return found


def already(session: Session, participant_ids: Collection[str], mark: str) -> set[str]:
    """Who was told of this already."""
    query = select(Notice.participant_id).where(
        Notice.mark == mark, Notice.participant_id.in_(participant_ids)
    )
    return set(session.scalars(query))


def still_waiting(session: Session, space_id: str, kind: NoticeKind) -> dict[str, Notice]:
    """What says, unread, that something of this kind waits in the space, by participant."""
    query = select(Notice).where(Notice.space_id == space_id, Notice.kind == kind, Notice.read_at.is_(None))
    return {one.participant_id: one for one in session.scalars(query.order_by(Notice.at, Notice.id))}


def is_first(session: Session, record: Involvement) -> bool:
    """Whether a level is the one with which its place began: nothing changed for anybody."""
    earlier = select(Involvement.id).where(
        Involvement.contract_id == record.contract_id,
        Involvement.group == record.group,
        Involvement.space_id == record.space_id,
        Involvement.recorded_at < record.recorded_at,
    )
    return session.scalar(earlier.limit(1)) is None


def authors(session: Session, contribution_ids: Iterable[str | None]) -> set[str]:
    """Who wrote these contributions."""
    wanted = [one for one in contribution_ids if one is not None]
    return set(session.scalars(select(Contribution.participant_id).where(Contribution.id.in_(wanted))))


def space_of(session: Session, contribution_id: str) -> str | None:
    """The space of a contribution."""
    return session.scalar(select(Contribution.space_id).where(Contribution.id == contribution_id))


def choices(session: Session, contract_id: str) -> dict[tuple[str, str], NoticeChoiceKind]:
    """What the members of a contract mute and follow, by participant and object."""
    rows = session.execute(
        select(NoticeChoice.participant_id, NoticeChoice.object_id, NoticeChoice.choice)
        .join(Participant, Participant.id == NoticeChoice.participant_id)
        .where(Participant.contract_id == contract_id)
    )
    return {(person, about): choice for person, about, choice in rows}


def choice(session: Session, participant_id: str, object_id: str) -> NoticeChoiceKind | None:
    """What one participant chose for a space or a thread."""
    found = session.get(NoticeChoice, (participant_id, object_id))
    return None if found is None else found.choice


def own_choices(session: Session, account_id: str) -> dict[tuple[str, str], NoticeChoiceKind]:
    """The same for every seat of an account, in one query."""
    rows = session.execute(
        select(NoticeChoice.participant_id, NoticeChoice.object_id, NoticeChoice.choice).where(
            NoticeChoice.participant_id.in_(seats(account_id))
        )
    )
    return {(person, about): chosen for person, about, chosen in rows}


def seats(account_id: str) -> Select[str]:
    """What selects the active participants of an account."""
    return (
        select(Seat.participant_id)
        .join(Participant, Participant.id == Seat.participant_id)
        .where(Seat.account_id == account_id, Participant.left_at.is_(None))
    )


def marked_at(session: Session, account_id: str, read_at: datetime) -> bool:
    """Whether an account marked something as read at this instant, and did not undo it."""
    query = select(Notice.id).where(Notice.participant_id.in_(seats(account_id)), Notice.read_at == read_at)
    return session.scalar(query.limit(1)) is not None


def setting(session: Session, account_id: str) -> SettingView:
    """How an account wants its e-mails."""
    row = session.get(NoticeSetting, account_id)
    return SettingView() if row is None else SettingView(row.cadence, Quiet(row.quiet_from, row.quiet_until))


def history(
    session: Session, account_id: str, at: datetime, *, before: str | None = None, size: int = PAGE
) -> HistoryView:
    """A page of what an account was told, in all its contracts."""
    query = select(Notice).where(Notice.participant_id.in_(seats(account_id)))
    if before is not None:
        query = query.where(_older_than(before))
    rows = list(session.scalars(query.order_by(Notice.at.desc(), Notice.id.desc()).limit(size + 1)))
    shown = readable(session, account_id, rows[:size], at)
    older = rows[size - 1].id if len(rows) > size else None
    return HistoryView(shown, len(rows[:size]) - len(shown), older)


def readable(
    session: Session, account_id: str, rows: Iterable[Notice], at: datetime
) -> tuple[NoticeView, ...]:
    """Those that this account may still read, with what names their place."""
    notices = list(rows)
    if not notices:
        return ()
    people = {one.participant_id: one for one in participants.actors(session, account_id)}
    places = Places.of_contracts(session, {one.contract_id for one in notices}, at)
    places.read_contributions(one.contribution_id for one in notices if one.contribution_id)
    named = _Names(session, notices, unnamed.to_name(session, notices, people, places))
    return tuple(
        named.view(one, places) for one in notices if reads(people.get(one.participant_id), one, places)
    )


def reads(person: Actor | None, notice: Notice, places: Places) -> bool:
    """Whether this person reads what a notice leads to, now."""
    return person is not None and places.allows(person, rules.READING[notice.kind], _place(notice))


def _place(notice: Notice) -> Place:
    return Place(
        notice.contract_id,
        notice.space_id,
        notice.item_id,
        notice.thread_id,
        notice.contribution_id,
        notice.due_at,
    )


def _older_than(notice_id: str) -> ColumnElement[bool]:
    last = select(Notice.at).where(Notice.id == notice_id).scalar_subquery()
    return or_(Notice.at < last, and_(Notice.at == last, Notice.id < notice_id))


class _Names:
    """The titles of contracts and items, in two queries; what waits for review, and levels, in two more."""

    def __init__(self, session: Session, notices: list[Notice], to_name: frozenset[str]) -> None:
        contracts = select(Contract.id, Contract.title).where(
            Contract.id.in_({one.contract_id for one in notices})
        )
        items = select(Item.id, Item.title).where(
            Item.id.in_({one.item_id for one in notices if one.item_id})
        )
        self.contracts = dict(session.execute(contracts).all())
        self.items = dict(session.execute(items).all())
        waits = {one.space_id for one in notices if _waits(one) and one.space_id}
        self.waiting = figures.awaiting(session, sorted(waits)) if waits else {}
        self.changes = levels.changes(session, notices)
        self.heads = heads.heads(session, notices)
        self.reasons = watched.reasons(notices)
        self.to_name = to_name

    def view(self, notice: Notice, places: Places) -> NoticeView:
        """A notice with the names of its place."""
        space = places.space(notice.space_id) if notice.space_id else None
        waiting = self.waiting.get(notice.space_id or "") if _waits(notice) else None
        return NoticeView(
            notice.id,
            notice.participant_id,
            notice.kind,
            _place(notice),
            notice.at,
            notice.read_at,
            self.contracts.get(notice.contract_id, ""),
            space.question if space else "",
            self.items.get(notice.item_id or "", ""),
            waiting.to_review if waiting else 0,
            self.changes.get(notice.id),
            self.heads.get(notice.id),
            self.reasons.get(notice.id, ()),
            notice.id in self.to_name,
        )


def _waits(notice: Notice) -> bool:
    return notice.kind is NoticeKind.TO_MODERATE and notice.read_at is None


@dataclass(frozen=True, slots=True)
class ThreadChoice:
    """A discussion that one follows or mutes."""

    thread_id: str
    item_title: str
    choice: NoticeChoiceKind


def own_threads(session: Session, account_id: str, at: datetime) -> list[ThreadChoice]:
    """The discussions about which an account chose something, and that it may still read."""
    rows = session.execute(
        select(NoticeChoice.participant_id, NoticeChoice.choice, Contribution, Item.title)
        .join(Contribution, Contribution.id == NoticeChoice.object_id)
        .join(Item, Item.id == Contribution.item_id)
        .where(NoticeChoice.participant_id.in_(seats(account_id)))
        .order_by(Item.title, Contribution.arrival)
    ).all()
    people = {one.participant_id: one for one in participants.actors(session, account_id)}
    places = Places.of_contracts(session, {row.contract_id for _person, _choice, row, _title in rows}, at)
    places.read_contributions(row.id for _person, _choice, row, _title in rows)
    found = []
    for person, choice_, row, title in rows:
        place = Place(row.contract_id, row.space_id, row.item_id, row.id, row.id)
        if person in people and places.allows(people[person], Permission.CONTRIBUTION_READ, place):
            found.append(ThreadChoice(row.id, title, choice_))
    return found
