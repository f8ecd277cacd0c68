"""Reads of the means: one line with its former states, the lines of an objective or of an establishment, what is missing.

As many questions for ten lines as for a thousand. Amounts are whole euros.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from portal.domain.contracts.models import Contract, ContractAuthority, Item
from portal.domain.means import rules
from portal.domain.means.models import Lasting, MeansLine, MeansVersion, MeansYear, Need, Payer
from portal.domain.means.rules import Amounts, Gap, Sum
from portal.domain.objectives.models import Action
from portal.domain.objectives.queries import running_short
from portal.domain.objectives.told import ActionView, action_view
from portal.domain.organisations.models import Establishment, Organisation
from portal.kernel.speech import Sentence

PAGE, LINES, HISTORY, REMOVED = 20, 20, 10, 20


@dataclass(frozen=True, slots=True)
class Dates:
    """When a contract runs, and whether what it plans was promised."""

    starts_on: date
    ends_on: date

    @property
    def years(self) -> tuple[int, ...]:
        """Its years."""
        return rules.years(self.starts_on, self.ends_on)


@dataclass(frozen=True, slots=True)
class Purse:
    """Whose money it is: `name` is that of the authority or of the payer outside the contract, empty for own means."""

    payer: Payer
    authority_id: str | None
    name: str


@dataclass(frozen=True, slots=True)
class LineView:
    """A line as people read it."""

    id: str
    item_id: str
    number: int
    label: str
    site_id: str | None
    site: str
    purse: Purse
    lasting: Lasting
    need: Need
    until_year: int
    version: int
    reason: str
    by_function: str
    at: datetime
    removed_at: datetime | None
    amounts: Mapping[int, Amounts]

    @property
    def total(self) -> Sum:
        """Its amounts added up."""
        return rules.total(
            Sum(one.planned or 0, (one.planned or 0) if one.given is not None else 0, one.given, one.spent)
            for one in self.amounts.values()
        )

    def gap(self, last_year: int) -> Gap | None:
        """Whether its money stops before what it pays for."""
        return rules.gap_of(self.lasting, self.need, self.until_year, last_year)


@dataclass(frozen=True, slots=True)
class FormerView:
    """A line as it read before."""

    number: int
    label: str
    site: str
    purse: Purse
    lasting: Lasting
    need: Need
    reason: str
    by_function: str
    at: datetime
    removed_at: datetime | None
    amounts: Mapping[int, Amounts]


@dataclass(frozen=True, slots=True)
class Placed:
    """A line with the number and the title of the objective that it is for."""

    number: int
    title: str
    line: LineView


@dataclass(frozen=True, slots=True)
class Missing:
    """An action whose money is not found, or ends before it does, with the objective that it is for."""

    item_id: str
    number: int
    title: str
    action: ActionView


def dates(session: Session, contract_id: str) -> Dates:
    """When a contract runs; one query."""
    row = session.execute(
        select(Contract.starts_on, Contract.ends_on).where(Contract.id == contract_id)
    ).one()
    return Dates(row.starts_on, row.ends_on)


def authorities(session: Session, contract_id: str) -> tuple[tuple[str, str], ...]:
    """The authorities of a contract, by name; one query."""
    rows = session.execute(
        select(Organisation.id, Organisation.name)
        .join(ContractAuthority, ContractAuthority.organisation_id == Organisation.id)
        .where(ContractAuthority.contract_id == contract_id)
        .order_by(Organisation.name, Organisation.id)
    )
    return tuple((one, name) for one, name in rows)


def line(session: Session, contract_id: str, line_id: str) -> LineView | None:
    """One line of a contract, taken away or not; two queries."""
    found = _lines(session, _named().where(MeansLine.id == line_id, MeansLine.contract_id == contract_id))
    return found[0] if found else None


def lines(
    session: Session, contract_id: str, item_id: str, *, after: int = 0, size: int = LINES
) -> tuple[list[LineView], int | None]:
    """A page of the lines of an objective that stand, and the number of the last one when there are more; two queries."""
    query = _named().where(
        MeansLine.contract_id == contract_id,
        MeansLine.item_id == item_id,
        MeansLine.removed_at.is_(None),
        MeansLine.number > after,
    )
    found = _lines(session, query.order_by(MeansLine.number).limit(size + 1))
    return found[:size], found[size - 1].number if len(found) > size else None


def removed(session: Session, contract_id: str, item_id: str) -> list[LineView]:
    """The lines of an objective that were taken away, the latest first, twenty at most; two queries."""
    query = _named().where(
        MeansLine.contract_id == contract_id, MeansLine.item_id == item_id, MeansLine.removed_at.is_not(None)
    )
    return _lines(session, query.order_by(MeansLine.removed_at.desc(), MeansLine.number).limit(REMOVED))


def history(
    session: Session, line_id: str, *, before: int = 0, size: int = HISTORY
) -> tuple[list[FormerView], int | None]:
    """The former states of a line, the latest first, and the number of the last one when there are more; two queries."""
    query = (
        select(MeansVersion, Establishment.name, Organisation.name)
        .outerjoin(Establishment, Establishment.id == MeansVersion.establishment_id)
        .outerjoin(Organisation, Organisation.id == MeansVersion.authority_id)
        .where(MeansVersion.line_id == line_id)
    )
    if before:
        query = query.where(MeansVersion.number < before)
    rows = session.execute(query.order_by(MeansVersion.number.desc()).limit(size + 1)).all()
    numbers = [row.number for row, _site, _name in rows[:size]]
    told = _amounts(session, MeansYear.line_id == line_id, MeansYear.version.in_(numbers))
    found = [
        FormerView(
            row.number,
            row.label,
            site or "",
            _purse(row, name),
            row.lasting,
            row.need,
            row.reason,
            Sentence(row.by_function),
            row.at,
            row.removed_at,
            told.get((line_id, row.number), {}),
        )
        for row, site, name in rows[:size]
    ]
    return found, numbers[-1] if len(rows) > size else None


def weak_items(session: Session, contract_id: str, item_ids: Collection[str], last_year: int) -> set[str]:
    """Those of these objectives for which some money stops too soon, or is not found; one query."""
    rows = session.scalars(
        select(MeansLine.item_id)
        .distinct()
        .where(MeansLine.contract_id == contract_id, MeansLine.item_id.in_(item_ids), *_weak(last_year))
    )
    return set(rows)


def weak_lines(
    session: Session, contract_id: str, last_year: int, *, after: str | None = None, size: int = PAGE
) -> tuple[list[Placed], str | None]:
    """A page of the lines whose money stops too soon; four queries at most."""
    return _placed(session, contract_id, *_weak(last_year), after=after, size=size)


def every_line(
    session: Session, contract_id: str, *, after: str | None = None, size: int = PAGE
) -> tuple[list[Placed], str | None]:
    """A page of the lines that stand, objective by objective; four queries at most."""
    return _placed(session, contract_id, MeansLine.removed_at.is_(None), after=after, size=size)


def site_lines(
    session: Session, contract_id: str, site_id: str, *, after: str | None = None, size: int = PAGE
) -> tuple[list[Placed], str | None]:
    """A page of the lines of one establishment; four queries at most."""
    here = (MeansLine.establishment_id == site_id, MeansLine.removed_at.is_(None))
    return _placed(session, contract_id, *here, after=after, size=size)


def missing(
    session: Session,
    contract_id: str,
    *,
    item_id: str | None = None,
    after: str | None = None,
    size: int = PAGE,
) -> tuple[list[Missing], str | None]:
    """A page of the actions whose money is not found, or ends too soon; two queries at most."""
    query = (
        select(Action, Item.number, Item.title)
        .join(Item, Item.id == Action.item_id)
        .where(Item.contract_id == contract_id, Item.withdrawn_at.is_(None), *running_short())
    )
    if item_id is not None:
        query = query.where(Item.id == item_id)
    if after is not None:
        place = session.execute(
            select(Item.number, Action.number)
            .join(Item, Item.id == Action.item_id)
            .where(Action.id == after, Item.contract_id == contract_id)
        ).first()
        if place is not None:
            query = query.where(
                or_(Item.number > place[0], and_(Item.number == place[0], Action.number > place[1]))
            )
    rows = session.execute(query.order_by(Item.number, Action.number).limit(size + 1)).all()
    found = [Missing(row.item_id, number, title, action_view(row)) for row, number, title in rows[:size]]
    return found, found[-1].action.id if len(rows) > size else None


def _placed(
    session: Session, contract_id: str, *where: ColumnElement[bool], after: str | None, size: int
) -> tuple[list[Placed], str | None]:
    """Lines in the order of their objectives, from the one after `after` on."""
    query = (
        select(MeansLine.id, Item.number, Item.title)
        .join(Item, Item.id == MeansLine.item_id)
        .where(MeansLine.contract_id == contract_id, Item.withdrawn_at.is_(None), *where)
    )
    if after is not None:
        place = session.execute(
            select(Item.number, MeansLine.number)
            .join(Item, Item.id == MeansLine.item_id)
            .where(MeansLine.id == after, MeansLine.contract_id == contract_id)
        ).first()
        if place is not None:
            query = query.where(
                or_(Item.number > place[0], and_(Item.number == place[0], MeansLine.number > place[1]))
            )
    rows = session.execute(query.order_by(Item.number, MeansLine.number).limit(size + 1)).all()
    ids = [row.id for row in rows[:size]]
    known = {one.id: one for one in _lines(session, _named().where(MeansLine.id.in_(ids)))}
    found = [Placed(row.number, row.title, known[row.id]) for row in rows[:size]]
    return found, ids[-1] if len(rows) > size else None


def _weak(last_year: int) -> tuple[ColumnElement[bool], ...]:
    """Lines that stand and whose money stops too soon: as `rules.gap_of`."""
    yearly = and_(
        MeansLine.need == Need.EVERY_YEAR,
        or_(MeansLine.lasting == Lasting.ONE_OFF, MeansLine.until_year < last_year),
    )
    return MeansLine.removed_at.is_(None), or_(MeansLine.until_year == 0, yearly)


def _named() -> Select[Any]:
    columns: tuple[Any, ...] = (MeansLine, Establishment.name, Organisation.name)
    query = select(*columns)
    return query.outerjoin(Establishment, Establishment.id == MeansLine.establishment_id).outerjoin(
        Organisation, Organisation.id == MeansLine.authority_id
    )


def _lines(session: Session, query: Select[Any]) -> list[LineView]:
    rows = session.execute(query).all()
    ids = [row.id for row, _site, _name in rows]
    now = and_(MeansYear.line_id == MeansLine.id, MeansYear.version == MeansLine.version)
    told = _amounts(session, MeansLine.id.in_(ids), join=now)
    return [_line(row, site, name, told.get((row.id, row.version), {})) for row, site, name in rows]


def _line(row: MeansLine, site: str | None, name: str | None, amounts: Mapping[int, Amounts]) -> LineView:
    return LineView(
        row.id,
        row.item_id,
        row.number,
        row.label,
        row.establishment_id,
        site or "",
        _purse(row, name),
        row.lasting,
        row.need,
        row.until_year,
        row.version,
        row.reason,
        Sentence(row.by_function),
        row.at,
        row.removed_at,
        amounts,
    )


def _purse(row: MeansLine | MeansVersion, name: str | None) -> Purse:
    return Purse(row.payer, row.authority_id, name or row.other)


def _amounts(
    session: Session, *where: ColumnElement[bool], join: ColumnElement[bool] | None = None
) -> dict[tuple[str, int], dict[int, Amounts]]:
    query = select(MeansYear).where(*where).order_by(MeansYear.year)
    if join is not None:
        query = query.join(MeansLine, join)
    found: dict[tuple[str, int], dict[int, Amounts]] = {}
    for one in session.scalars(query):
        told = found.setdefault((one.line_id, one.version), {})
        told[one.year] = Amounts(one.planned, one.given, one.spent)
    return found
