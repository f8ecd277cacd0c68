"""Reads of the decisions that move money between establishments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from portal.domain.means import sums
from portal.domain.means.models import Reallocation
from portal.domain.means.queries import Purse
from portal.domain.organisations.models import Establishment, Organisation
from portal.kernel.speech import Sentence

PAGE = 20


@dataclass(frozen=True, slots=True)
class MoveView:
    """A decision as people read it. `corrects` is the number of the one that it replaces, `corrected_by` of the one that replaces it."""

    id: str
    number: int
    from_id: str
    origin: str
    to_id: str
    destination: str
    year: int
    amount: int
    purse: Purse
    clause: str
    reason: str
    decided_by: str
    decided_on: date
    by_function: str
    at: datetime
    corrects_id: str | None
    corrects: int | None
    corrected_id: str | None
    corrected_by: int | None

    @property
    def holds(self) -> bool:
        """Whether it moves money now."""
        return self.corrected_id is None and self.amount > 0


def page(
    session: Session, contract_id: str, *, site_id: str | None = None, before: int = 0, size: int = PAGE
) -> tuple[list[MoveView], int | None]:
    """The decisions, of one establishment or of all, the latest first, and the number of the last one when there are more; one query."""
    query = _named().where(Reallocation.contract_id == contract_id)
    if site_id is not None:
        query = query.where(or_(Reallocation.from_id == site_id, Reallocation.to_id == site_id))
    if before:
        query = query.where(Reallocation.number < before)
    rows = session.execute(query.order_by(Reallocation.number.desc()).limit(size + 1)).all()
    found = [_view(*row) for row in rows[:size]]
    return found, found[-1].number if len(rows) > size else None


def one(session: Session, contract_id: str, decision_id: str) -> MoveView | None:
    """One decision of a contract; one query."""
    query = _named().where(Reallocation.id == decision_id, Reallocation.contract_id == contract_id)
    row = session.execute(query).first()
    return None if row is None else _view(*row)


def balance(
    session: Session, contract_id: str, year: int | None = None, purse: Purse | None = None
) -> dict[str, int]:
    """What the decisions that hold bring to each establishment, of one payer or of all, negative where it leaves; two queries."""
    found: dict[str, int] = {}
    for column, sign in ((Reallocation.from_id, -1), (Reallocation.to_id, 1)):
        later = aliased(Reallocation)
        query = (
            select(column, func.sum(Reallocation.amount))
            .outerjoin(later, later.corrects_id == Reallocation.id)
            .where(Reallocation.contract_id == contract_id, later.id.is_(None))
            .group_by(column)
        )
        if year is not None:
            query = query.where(Reallocation.year == year)
        if purse is not None:
            query = query.where(*sums.of_purse(Reallocation, purse))
        for site, amount in session.execute(query):
            found[site] = found.get(site, 0) + sign * int(amount)
    return found


_FROM, _TO = aliased(Establishment), aliased(Establishment)
_BEFORE, _LATER = aliased(Reallocation), aliased(Reallocation)


def _named() -> Select[Any]:
    others: tuple[Any, ...] = (
        _FROM.name,
        _TO.name,
        Organisation.name,
        _BEFORE.number,
        _LATER.id,
        _LATER.number,
    )
    return (
        select(Reallocation, *others)
        .join(_FROM, _FROM.id == Reallocation.from_id)
        .join(_TO, _TO.id == Reallocation.to_id)
        .outerjoin(Organisation, Organisation.id == Reallocation.authority_id)
        .outerjoin(_BEFORE, _BEFORE.id == Reallocation.corrects_id)
        .outerjoin(_LATER, _LATER.corrects_id == Reallocation.id)
    )


def _view(
    row: Reallocation,
    origin: str,
    destination: str,
    authority: str | None,
    corrects: int | None,
    corrected_id: str | None,
    corrected_by: int | None,
) -> MoveView:
    return MoveView(
        row.id,
        row.number,
        row.from_id,
        origin,
        row.to_id,
        destination,
        row.year,
        row.amount,
        Purse(row.payer, row.authority_id, authority or row.other),
        row.clause,
        row.reason,
        row.decided_by,
        row.decided_on,
        Sentence(row.by_function),
        row.at,
        row.corrects_id,
        corrects,
        corrected_id,
        corrected_by,
    )
