"""The money of a contract added up: by year, by whether it lasts, by payer, by establishment; one query each. Whole euros."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from portal.domain.contracts.models import Item
from portal.domain.means import rules
from portal.domain.means.models import Lasting, MeansLine, MeansYear, Payer, Reallocation
from portal.domain.means.queries import Purse
from portal.domain.means.rules import Sum
from portal.domain.organisations.models import Organisation


def by_year(session: Session, contract_id: str, item_id: str | None = None) -> dict[int, Sum]:
    """The money of a contract, or of one of its objectives, year by year; one query."""
    rows = session.execute(_sums(contract_id, MeansYear.year, item_ids=[item_id] if item_id else None))
    return {row[0]: _sum(row[1:]) for row in rows}


def by_lasting(
    session: Session, contract_id: str, item_ids: Collection[str] | None = None
) -> dict[str, dict[Lasting, Sum]]:
    """The money of objectives by whether it lasts; all under "" without objectives; one query."""
    grouped: Any = MeansLine.item_id if item_ids is not None else MeansLine.contract_id
    found: dict[str, dict[Lasting, Sum]] = {}
    for row in session.execute(_sums(contract_id, grouped, MeansLine.lasting, item_ids=item_ids)):
        found.setdefault(row[0] if item_ids is not None else "", {})[row[1]] = _sum(row[2:])
    return found


def by_payer(
    session: Session, contract_id: str, item_id: str | None = None
) -> list[tuple[Purse, dict[int, Sum]]]:
    """The same by whose money it is, then year by year, the most first; one query."""
    name = func.coalesce(Organisation.name, MeansLine.other)
    query = _sums(
        contract_id,
        MeansLine.payer,
        MeansLine.authority_id,
        name,
        MeansYear.year,
        item_ids=[item_id] if item_id else None,
    )
    found: dict[Purse, dict[int, Sum]] = {}
    for row in session.execute(query.outerjoin(Organisation, Organisation.id == MeansLine.authority_id)):
        found.setdefault(Purse(row[0], row[1], row[2]), {})[row[3]] = _sum(row[4:])
    return sorted(
        found.items(), key=lambda one: (-rules.total(one[1].values()).planned, one[0].payer, one[0].name)
    )


def by_site(
    session: Session, contract_id: str, year: int | None = None, purse: Purse | None = None
) -> dict[str | None, Sum]:
    """The same by establishment, None for what is for all of them; of one year, of one payer, or of all; one query."""
    query = _sums(contract_id, MeansLine.establishment_id)
    if year is not None:
        query = query.where(MeansYear.year == year)
    if purse is not None:
        query = query.where(*of_purse(MeansLine, purse))
    return {row[0]: _sum(row[1:]) for row in session.execute(query)}


def of_purse(table: type[MeansLine | Reallocation], purse: Purse) -> tuple[ColumnElement[bool], ...]:
    """The rows of a table that are money of this payer; another payer is known by its name, in capitals or not."""
    alike = or_(table.other == purse.name, func.lower(table.other) == purse.name.lower())
    if purse.payer is Payer.OTHER:
        return table.payer == purse.payer, alike
    return table.payer == purse.payer, table.authority_id.is_not_distinct_from(purse.authority_id)


def _sums(contract_id: str, *columns: Any, item_ids: Collection[str] | None = None) -> Select[Any]:
    """The lines that stand, of objectives that stand, added up by some columns."""
    query = (
        select(
            *columns,
            func.coalesce(func.sum(MeansYear.planned), 0),
            func.coalesce(func.sum(case((MeansYear.given.is_not(None), MeansYear.planned))), 0),
            func.sum(MeansYear.given),
            func.sum(MeansYear.spent),
        )
        .select_from(MeansLine)
        .join(MeansYear, and_(MeansYear.line_id == MeansLine.id, MeansYear.version == MeansLine.version))
        .join(Item, and_(Item.id == MeansLine.item_id, Item.withdrawn_at.is_(None)))
        .where(MeansLine.contract_id == contract_id, MeansLine.removed_at.is_(None))
        .group_by(*columns)
    )
    return query if item_ids is None else query.where(MeansLine.item_id.in_(item_ids))


def _sum(row: Sequence[Any]) -> Sum:
    planned, due, given, spent = row
    return Sum(int(planned), int(due), _whole(given), _whole(spent))


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)
