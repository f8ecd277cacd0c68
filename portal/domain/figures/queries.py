"""The only producer of counts in the product."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, bindparam, column, func, literal_column, select, table
from sqlalchemy.orm import Session

from portal.domain.figures.fold import fold_mixed, stepped
from portal.kernel.clock import paris
from portal.kernel.columns import UtcDateTime
from portal.kernel.prepared import Statement, among
from portal.vocabulary import (
    ORGANISER,
    ContributionKind,
    ContributionStatus,
    Group,
    ReactionValue,
    RequestState,
    ShownScope,
)

_REACTION = table("reaction", column("contribution_id"), column("value"), column("institutional"))
_REACTIONS = Statement(
    lambda dialect: (
        select(_REACTION.c.contribution_id, _REACTION.c.value, _REACTION.c.institutional, func.count())
        .where(among(dialect, _REACTION.c.contribution_id))
        .group_by(_REACTION.c.contribution_id, _REACTION.c.value, _REACTION.c.institutional)
    )
)
# Moderation stands above: of a second look only whether it is still to be decided is read (AppealState.ASKED).
_APPEAL, _ASKED = table("appeal", column("id"), column("space_id"), column("state")), "demande"
_CONTRIBUTION = table(
    "contribution",
    column("id"),
    column("space_id"),
    column("item_id"),
    column("status"),
    column("pending"),
    column("group_"),
    column("kind"),
    column("shown_scope"),
)
_ANSWER = table("answer", column("contribution_id"), column("group_id"))
_MERGE = table("contribution_merge", column("contribution_id"), column("kept_id"))
_EXPLANATION = table("duty_explanation", column("contribution_id"))
_EXTENSION = table("duty_extension", column("contribution_id"), column("state"))
_WITH_EVIDENCE = _CONTRIBUTION.outerjoin(_ANSWER, _ANSWER.c.contribution_id == _CONTRIBUTION.c.id).outerjoin(
    _EXPLANATION, _EXPLANATION.c.contribution_id == _CONTRIBUTION.c.id
)
_OWED = and_(
    _CONTRIBUTION.c.status == ContributionStatus.PUBLISHED.value,
    _CONTRIBUTION.c.group_ != ORGANISER.value,
    _ANSWER.c.contribution_id.is_(None),
    _EXPLANATION.c.contribution_id.is_(None),
)
_PARTICIPANT = table(
    "participant", column("contract_id"), column("group_"), column("establishment_id"), column("left_at")
)

_PUBLISHED_ON = Statement(
    select(func.count())
    .select_from(_CONTRIBUTION)
    .where(
        _CONTRIBUTION.c.space_id == bindparam("space_id"),
        _CONTRIBUTION.c.status == literal_column(f"'{ContributionStatus.PUBLISHED.value}'"),
        _CONTRIBUTION.c.item_id == bindparam("item_id"),
    )
)
_HEADCOUNT = Statement(
    select(
        func.count().filter(_PARTICIPANT.c.establishment_id.is_not_distinct_from(bindparam("place"))),
        func.count(),
    )
    .select_from(_PARTICIPANT)
    .where(
        _PARTICIPANT.c.contract_id == bindparam("contract_id"),
        _PARTICIPANT.c.group_ == bindparam("group"),
        _PARTICIPANT.c.left_at.is_(None),
    )
)

UNREAD_READ = 500
_MEMBER = table("participant", column("id"), column("left_at"))
_NOTICE = table(
    "notice",
    column("participant_id"),
    column("contract_id"),
    column("space_id"),
    column("kind"),
    column("thread_id"),
    column("at", UtcDateTime),
    column("read_at"),
)
_SEAT = table("seat", column("account_id"), column("participant_id"))
_MAIL = table("mail", column("state"))
_UNREAD = Statement(
    select(_NOTICE.c.at, _NOTICE.c.contract_id, _NOTICE.c.space_id, _NOTICE.c.kind, _NOTICE.c.thread_id)
    .select_from(
        _SEAT.join(_NOTICE, _NOTICE.c.participant_id == _SEAT.c.participant_id).join(
            _MEMBER, _MEMBER.c.id == _SEAT.c.participant_id
        )
    )
    .where(
        _SEAT.c.account_id == bindparam("account_id"),
        _NOTICE.c.read_at.is_(None),
        _MEMBER.c.left_at.is_(None),
    )
    .limit(literal_column(str(UNREAD_READ)))
)

Folded = dict[ReactionValue, int | None]


@dataclass(frozen=True, slots=True)
class Headcount:
    """Active participants around one participant: to choose a label, never shown."""

    in_establishment: int
    in_group: int


@dataclass(frozen=True, slots=True)
class Awaiting:
    """Acts of the organiser that a space waits for; not folded."""

    to_review: int = 0
    unanswered: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """How many answers are owed in a space, and how many were given."""

    total: int
    done: int

    @property
    def left(self) -> int:
        """How many are still to be given."""
        return self.total - self.done


@dataclass(frozen=True, slots=True)
class Standing:
    """How many published contributions of one sort stand alike towards what is owed for them.

    `folded` says that their label tells the college only; `alone` is a contribution whose date is its own.
    """

    space_id: str
    kind: ContributionKind
    group: Group
    folded: bool
    answered: bool
    explained: bool
    alone: str | None
    number: int


def reactions(session: Session, contribution_ids: Sequence[str]) -> dict[str, Folded]:
    """Folded reactions of each contribution, « au moins » so many; None stands for « moins de 5 »."""
    rows = _REACTIONS.rows(session, ids=contribution_ids)
    persons: dict[str, dict[ReactionValue, int]] = {}
    bodies: dict[str, dict[ReactionValue, int]] = {}
    for contribution_id, value, institutional, number in rows:
        side = bodies if institutional else persons
        side.setdefault(contribution_id, {})[ReactionValue(value)] = number
    return {id_: _folded(persons.get(id_, {}), bodies.get(id_, {})) for id_ in contribution_ids}


def _folded(persons: dict[ReactionValue, int], bodies: dict[ReactionValue, int]) -> Folded:
    """By steps of persons: two readings, or two frames, never differ by one of them."""
    cells = fold_mixed({value: persons.get(value, 0) for value in ReactionValue}, bodies)
    return {value: _by_steps(cells[value], persons.get(value, 0)) for value in ReactionValue}


def _by_steps(cell: int | None, persons: int) -> int | None:
    return None if cell is None else cell - persons + stepped(persons)


def contributions_by_item(session: Session, space_id: str) -> dict[str, int]:
    """How many contributions each item of a space has had, as a whole: not folded."""
    rows = session.execute(
        select(_CONTRIBUTION.c.item_id, func.count())
        .where(
            _CONTRIBUTION.c.space_id == space_id,
            _CONTRIBUTION.c.status == ContributionStatus.PUBLISHED.value,
        )
        .group_by(_CONTRIBUTION.c.item_id)
    )
    return dict(rows.all())


def published_among(
    session: Session, space_ids: Sequence[str], item_ids: Sequence[str]
) -> dict[tuple[str, str], int]:
    """How many published contributions each of these items has in each of these spaces, as a whole; one query."""
    rows = session.execute(
        select(_CONTRIBUTION.c.space_id, _CONTRIBUTION.c.item_id, func.count())
        .where(
            _CONTRIBUTION.c.space_id.in_(space_ids),
            _CONTRIBUTION.c.item_id.in_(item_ids),
            _CONTRIBUTION.c.status == ContributionStatus.PUBLISHED.value,
        )
        .group_by(_CONTRIBUTION.c.space_id, _CONTRIBUTION.c.item_id)
    )
    return {(space, item): number for space, item, number in rows}


def published_on(session: Session, space_id: str, item_id: str) -> int:
    """How many published contributions one item has in a space, as a whole."""
    ((number,),) = _PUBLISHED_ON.rows(session, space_id=space_id, item_id=item_id)
    return int(number)


def waiting_for_review(session: Session, space_id: str) -> int:
    """How many versions wait for moderation: an act of the organiser, not folded."""
    return session.execute(
        select(func.count())
        .select_from(_CONTRIBUTION)
        .where(_CONTRIBUTION.c.space_id == space_id, _CONTRIBUTION.c.pending.is_(True))
    ).scalar_one()


def second_look_waits(session: Session, space_id: str) -> bool:
    """Whether a second look of the space waits for its decision: never how many."""
    query = select(_APPEAL.c.id).where(_APPEAL.c.space_id == space_id, _APPEAL.c.state == _ASKED)
    return session.execute(query.limit(1)).first() is not None


def unanswered(session: Session, space_id: str) -> int:
    """How many published contributions have no answer nor explanation; the organiser's own excluded."""
    return session.execute(
        select(func.count()).select_from(_WITH_EVIDENCE).where(_CONTRIBUTION.c.space_id == space_id, _OWED)
    ).scalar_one()


def answered_together(session: Session, group_ids: Sequence[str]) -> dict[str, int]:
    """To how many contributions each of these answers was given: an act of the organiser, not folded."""
    rows = session.execute(
        select(_ANSWER.c.group_id, func.count())
        .where(_ANSWER.c.group_id.in_(group_ids))
        .group_by(_ANSWER.c.group_id)
    )
    return dict(rows.all())


def merged_into(contribution_id: Any) -> Any:
    """How many contributions are grouped with this one, inside another question: an act of the organiser."""
    return (
        select(func.count())
        .select_from(_MERGE)
        .where(_MERGE.c.kept_id == contribution_id)
        .correlate_except(_MERGE)
        .scalar_subquery()
    )


def owed(session: Session, space_id: str) -> Progress:
    """How many contributions of a space are owed an answer, and how many have one; not folded."""
    total, done = session.execute(
        select(func.count(), func.count(_ANSWER.c.contribution_id))
        .select_from(_WITH_EVIDENCE)
        .where(
            _CONTRIBUTION.c.space_id == space_id,
            _CONTRIBUTION.c.status == ContributionStatus.PUBLISHED.value,
            _CONTRIBUTION.c.group_ != ORGANISER.value,
            _EXPLANATION.c.contribution_id.is_(None) | _ANSWER.c.contribution_id.is_not(None),
        )
    ).one()
    return Progress(total, done)


def duties(session: Session, space_ids: Sequence[str]) -> list[Standing]:
    """How what is owed in these spaces stands: acts of the organiser, not folded; one query.

    Split by group it is for decisions and for who answers, never for a page of numbers by group.
    """
    folded = _CONTRIBUTION.c.shown_scope == ShownScope.COLLEGE.value
    sort = (
        _CONTRIBUTION.c.space_id,
        _CONTRIBUTION.c.kind,
        _CONTRIBUTION.c.group_,
        folded,
        _ANSWER.c.contribution_id.is_not(None),
        _EXPLANATION.c.contribution_id.is_not(None),
        _EXTENSION.c.contribution_id,
    )
    agreed = and_(
        _EXTENSION.c.contribution_id == _CONTRIBUTION.c.id, _EXTENSION.c.state == RequestState.ACCEPTED.value
    )
    rows = session.execute(
        select(*sort, func.count(_CONTRIBUTION.c.id.distinct()))
        .select_from(_WITH_EVIDENCE.outerjoin(_EXTENSION, agreed))
        .where(
            _CONTRIBUTION.c.space_id.in_(space_ids),
            _CONTRIBUTION.c.status == ContributionStatus.PUBLISHED.value,
            _CONTRIBUTION.c.group_ != ORGANISER.value,
        )
        .group_by(*sort)
    )
    return [
        Standing(
            space, ContributionKind(kind), Group(group), bool(hidden), bool(done), bool(told), alone, number
        )
        for space, kind, group, hidden, done, told, alone, number in rows
    ]


def awaiting(session: Session, space_ids: Sequence[str]) -> dict[str, Awaiting]:
    """What the organiser has to do in each of these spaces; one query, absent where there is nothing."""
    rows = session.execute(
        select(
            _CONTRIBUTION.c.space_id,
            func.count().filter(_CONTRIBUTION.c.pending.is_(True)),
            func.count().filter(_OWED),
        )
        .select_from(_WITH_EVIDENCE)
        .where(_CONTRIBUTION.c.space_id.in_(space_ids))
        .group_by(_CONTRIBUTION.c.space_id)
    )
    return {space_id: Awaiting(*counts) for space_id, *counts in rows}


def headcount(session: Session, contract_id: str, group: Group, establishment_id: str | None) -> Headcount:
    """How many active participants share the group, and the group in the establishment."""
    ((in_establishment, in_group),) = _HEADCOUNT.rows(
        session, contract_id=contract_id, group=group.value, place=establishment_id
    )
    return Headcount(in_establishment=in_establishment, in_group=in_group)


def unread_notices(session: Session, account_id: str) -> int:
    """How many lines of its history are new to one account: about itself only, not folded.

    As the page groups them: one a day, place, kind and discussion. Beyond so many notices
    (`UNREAD_READ`), nobody counts any more.
    """
    return len({(paris(at).date(), *place) for at, *place in _UNREAD.rows(session, account_id=account_id)})


def mails(session: Session) -> dict[str, int]:
    """How many e-mails are in each state: an act of the portal, not folded."""
    rows = session.execute(select(_MAIL.c.state, func.count()).group_by(_MAIL.c.state))
    return dict(rows.all())
