"""Reads of the contract before: what it was, a page of its commitments, one of them with how it read before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, case, select, tuple_
from sqlalchemy.orm import Session

from portal.domain.contracts.models import Item
from portal.domain.imports import pieces
from portal.domain.imports.pieces import Piece, PieceKind
from portal.domain.predecessors.models import (
    FormerCommitment,
    FormerCommitmentVersion,
    Outcome,
    Predecessor,
    PredecessorKind,
    PredecessorVersion,
)
from portal.domain.predecessors.rules import DAYS, ORDER, past
from portal.kernel import clock
from portal.kernel.speech import Sentence
from portal.kernel.text import typography
from portal.vocabulary import ItemKind

PAGE, FORMER, OFFERED = 20, 20, 400


@dataclass(frozen=True, slots=True)
class PredecessorView:
    """The contract before, now or formerly."""

    kind: PredecessorKind
    title: str
    starts_on: date | None
    ends_on: date | None
    parties: str
    numbers: str
    by_function: str
    at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a commitment, now or formerly; `objective` is the title of what it became."""

    title: str
    outcome: Outcome
    words: str
    objective_id: str | None
    objective: str
    number: int | None
    by_function: str
    at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class Told:
    """What the file of the contract before said of a commitment or of an action: its words, its days, what it became.

    `over` holds the days that are past: an objective that is made of the commitment does not take them.
    """

    words: str
    bilan: str
    starts: date | None
    ends: date | None
    over: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class CommitmentView:
    """A commitment of the contract before; `actions` are those that its file named, `told` what it said of each, itself first."""

    id: str
    number: int
    under: str
    now: Said
    actions: tuple[str, ...] = ()
    told: tuple[Told, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """Commitments by what became of them; `after` is the last one when there are more."""

    commitments: tuple[CommitmentView, ...]
    after: str | None


def predecessor(session: Session, contract_id: str) -> PredecessorView | None:
    """What the contract before was; None when nobody said it; one query."""
    row = session.get(Predecessor, contract_id, populate_existing=True)
    return None if row is None else _predecessor(row)


def predecessor_before(session: Session, contract_id: str) -> list[PredecessorView]:
    """How it read before, the latest first, twenty at most; one query."""
    rows = session.scalars(
        select(PredecessorVersion)
        .where(PredecessorVersion.contract_id == contract_id)
        .order_by(PredecessorVersion.version.desc())
        .limit(FORMER)
    )
    return [_predecessor(one) for one in rows]


def counts(session: Session, contract_id: str) -> dict[Outcome, int]:
    """How many commitments became what, in the order in which they are read; one query."""
    query = select(FormerCommitment.outcome).where(FormerCommitment.contract_id == contract_id)
    found = Counter(session.scalars(query))
    return {one: found[one] for one in ORDER if found[one]}


def page(
    session: Session,
    contract_id: str,
    *,
    outcome: Outcome | None = None,
    after: str | None = None,
    size: int = PAGE,
) -> Page:
    """A page of commitments from the one after `after` on; those set aside only when they are asked for; two queries."""
    query = _said().where(FormerCommitment.contract_id == contract_id)
    query = query.where(
        FormerCommitment.outcome == outcome if outcome else FormerCommitment.outcome != Outcome.ASIDE
    )
    place = (
        after
        and session.execute(
            select(_RANK, FormerCommitment.number).where(
                FormerCommitment.id == after, FormerCommitment.contract_id == contract_id
            )
        ).first()
    )
    if place:
        query = query.where(tuple_(_RANK, FormerCommitment.number) > tuple_(*place))
    rows = session.execute(query.order_by(_RANK, FormerCommitment.number).limit(size + 1)).all()
    found = tuple(_commitment(*row) for row in rows[:size])
    return Page(found, found[-1].id if len(rows) > size else None)


def commitment(session: Session, contract_id: str, commitment_id: str) -> CommitmentView | None:
    """One commitment with the actions that its file named; one query."""
    query = _said().where(FormerCommitment.contract_id == contract_id, FormerCommitment.id == commitment_id)
    row = session.execute(query.execution_options(populate_existing=True)).first()
    return None if row is None else _commitment(*row, whole=True)


def before(session: Session, commitment_id: str) -> list[Said]:
    """How a commitment read before, the latest first, twenty at most; one query."""
    rows = session.execute(
        select(FormerCommitmentVersion, Item.title, Item.number)
        .outerjoin(Item, Item.id == FormerCommitmentVersion.objective_id)
        .where(FormerCommitmentVersion.commitment_id == commitment_id)
        .order_by(FormerCommitmentVersion.version.desc())
        .limit(FORMER)
    )
    return [_words(*row) for row in rows]


def next_unsaid(session: Session, contract_id: str, number: int = 0) -> str | None:
    """The first commitment after this number of which nobody said what it became, or else the first at all; one query."""
    rows = session.execute(
        select(FormerCommitment.id, FormerCommitment.number)
        .where(FormerCommitment.contract_id == contract_id, FormerCommitment.outcome == Outcome.UNSAID)
        .order_by(case((FormerCommitment.number > number, 0), else_=1), FormerCommitment.number)
        .limit(1)
    ).first()
    return rows[0] if rows else None


def of_objective(session: Session, objective_id: str) -> list[tuple[str, str, Outcome]]:
    """The commitments that an objective comes from: id, title, what they became; one query."""
    rows = session.execute(
        select(FormerCommitment.id, FormerCommitment.title, FormerCommitment.outcome)
        .where(FormerCommitment.objective_id == objective_id)
        .order_by(FormerCommitment.number)
        .limit(PAGE)
    )
    return [(one, title, outcome) for one, title, outcome in rows]


def objectives(session: Session, contract_id: str) -> list[tuple[str, int, str]]:
    """The objectives that a commitment may have become: id, number, title; one query."""
    rows = session.execute(
        select(Item.id, Item.number, Item.title)
        .where(Item.contract_id == contract_id, Item.kind == ItemKind.OBJECTIVE, Item.withdrawn_at.is_(None))
        .order_by(Item.number)
        .limit(OFFERED)
    )
    return [(one, number, title) for one, number, title in rows]


_RANK = case({one: rank for rank, one in enumerate(ORDER)}, value=FormerCommitment.outcome)


def _said() -> Select[FormerCommitment, str, int]:
    return select(FormerCommitment, Item.title, Item.number).outerjoin(
        Item, Item.id == FormerCommitment.objective_id
    )


def _predecessor(row: Predecessor | PredecessorVersion) -> PredecessorView:
    return PredecessorView(
        row.kind,
        row.title,
        row.starts_on,
        row.ends_on,
        row.parties,
        row.numbers,
        Sentence(row.by_function),
        row.at,
        row.version,
    )


def _commitment(
    row: FormerCommitment, objective: str | None, number: int | None, *, whole: bool = False
) -> CommitmentView:
    said = _words(row, objective, number)
    if not whole:
        return CommitmentView(row.id, row.number, row.under, said)
    acting = tuple(pieces.kept(row.carried).of(PieceKind.OBJECTIVE, PieceKind.ACTION))
    actions = tuple(one.text for one in acting[1:])
    return CommitmentView(row.id, row.number, row.under, said, actions, tuple(map(_told, acting)))


def _told(piece: Piece) -> Told:
    starts, ends = (date.fromisoformat(piece.said[one]) if one in piece.said else None for one in DAYS[:2])
    bilan = typography(piece.said.get("bilan", ""))
    return Told(typography(piece.text), bilan, starts, ends, past(piece, clock.today()))


def _words(
    row: FormerCommitment | FormerCommitmentVersion, objective: str | None, number: int | None
) -> Said:
    return Said(
        row.title,
        row.outcome,
        row.words,
        row.objective_id,
        objective or "",
        number,
        Sentence(row.by_function),
        row.at,
        row.version,
    )


def in_order(commitments: Sequence[CommitmentView]) -> list[tuple[Outcome, list[CommitmentView]]]:
    """A page by what became of each, as it is read."""
    found: dict[Outcome, list[CommitmentView]] = {}
    for one in commitments:
        found.setdefault(one.now.outcome, []).append(one)
    return list(found.items())
