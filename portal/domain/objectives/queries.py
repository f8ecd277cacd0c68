"""Reads of the objectives: their tree, a page of them, one sheet with its actions and its history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from portal.domain.contracts import queries as contracts
from portal.domain.contracts.models import ContractEstablishment, Indicator, Item
from portal.domain.contracts.queries import IndicatorView, ItemView
from portal.domain.objectives.models import (
    Action,
    Branch,
    Financing,
    ObjectiveFinding,
    ObjectiveIndicator,
    ObjectivePlace,
    ObjectiveSheet,
    Priority,
    State,
)
from portal.domain.objectives.typed import LINKS, NOTES
from portal.domain.organisations.models import Establishment
from portal.vocabulary import ItemKind

PAGE, WHOLE = 20, 200
LAST = 9_999
# What may be linked in one form.
OFFERED = 400
SAID = (*LINKS, *NOTES)


@dataclass(frozen=True, slots=True)
class BranchView:
    """An orientation, or an objectif stratégique under one; `sign` is its number in the tree, « 2 » or « 2.1 »."""

    id: str
    parent_id: str | None
    sign: str
    title: str
    plain: str
    version: int
    objectives: int = 0


@dataclass(frozen=True, slots=True)
class SheetView:
    """An objective in the list: `states` says how far its actions are, `short` whether money is missing for one."""

    item: ItemView
    branch_id: str | None
    rank: int
    expected: str
    priority: Priority
    state: State
    state_at: datetime | None
    said: Mapping[str, str]
    places: tuple[tuple[str, str], ...] = ()
    states: Mapping[State, int] | None = None
    short: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader looks for; empty values choose everything. `funded` is « oui », « non » or nothing."""

    orientation_id: str = ""
    place_id: str = ""
    state: State | None = None
    funded: str = ""

    @property
    def narrow(self) -> bool:
        """Whether something is left out."""
        return any((self.orientation_id, self.place_id, self.state, self.funded))


@dataclass(frozen=True, slots=True)
class Page:
    """Objectives in the order of the tree; `after` is the last one when there are more."""

    sheets: tuple[SheetView, ...]
    after: str | None


def branches(session: Session, contract_id: str) -> tuple[BranchView, ...]:
    """The tree, each orientation before what is under it; two queries."""
    held = Counter(
        session.scalars(
            select(ObjectiveSheet.branch_id)
            .join(Item, Item.id == ObjectiveSheet.item_id)
            .where(Item.contract_id == contract_id)
        )
    )
    rows = session.scalars(
        select(Branch).where(Branch.contract_id == contract_id).order_by(Branch.number, Branch.id)
    ).all()
    found = []
    for top in (one for one in rows if one.parent_id is None):
        found.append(_branch(top, str(top.number), 0))
        found += [
            _branch(one, f"{top.number}.{one.number}", held[one.id])
            for one in rows
            if one.parent_id == top.id
        ]
    return tuple(found)


def places(session: Session, contract_id: str) -> tuple[tuple[str, str], ...]:
    """The establishments that are in the perimeter now, by name; one query."""
    rows = session.execute(
        select(Establishment.id, Establishment.name)
        .join(ContractEstablishment, ContractEstablishment.establishment_id == Establishment.id)
        .where(ContractEstablishment.contract_id == contract_id, ContractEstablishment.left_on.is_(None))
        .order_by(Establishment.name, Establishment.id)
    )
    return tuple((place, name) for place, name in rows)


def page(
    session: Session, contract_id: str, wanted: Wanted, *, after: str | None = None, size: int = PAGE
) -> Page:
    """A page of objectives in the order of the tree, from the one after `after` on; seven queries at most."""
    query = _ordered(Item.id).where(*_objectives(contract_id), *_chosen(wanted))
    if after is not None:
        place = session.execute(_ordered(*_ORDER).where(Item.id == after)).first()
        if place is not None:
            query = query.where(tuple_(*_ORDER) > tuple_(*place))
    ids = list(session.scalars(query.limit(size + 1)))
    return Page(_views(session, ids[:size]), ids[size - 1] if len(ids) > size else None)


def sheet(session: Session, contract_id: str, item_id: str) -> SheetView | None:
    """One objective of a contract; None when there is none."""
    found = contracts.item(session, item_id)
    if found is None or (found.contract_id, found.kind) != (contract_id, ItemKind.OBJECTIVE):
        return None
    return _views(session, [item_id])[0]


def lines(session: Session, item_id: str) -> list[IndicatorView]:
    """The lines of indicators of an objective, in order; one query."""
    rows = session.scalars(select(Indicator).where(Indicator.item_id == item_id).order_by(Indicator.position))
    return [IndicatorView(one.label, one.initial, one.target, one.yearly) for one in rows]


def answered(session: Session, item_id: str) -> list[tuple[str, int, str]]:
    """The findings that an objective answers: id, number, title; one query."""
    rows = session.execute(
        select(Item.id, Item.number, Item.title)
        .join(ObjectiveFinding, ObjectiveFinding.finding_id == Item.id)
        .where(ObjectiveFinding.item_id == item_id)
        .order_by(Item.number)
    )
    return [(one, number, title) for one, number, title in rows]


def indicator_ids(session: Session, item_id: str) -> list[str]:
    """The indicators of the contract by which an objective is followed; one query."""
    return list(
        session.scalars(select(ObjectiveIndicator.indicator_id).where(ObjectiveIndicator.item_id == item_id))
    )


_TOP = aliased(Branch)
_ORDER = (
    func.coalesce(_TOP.number, LAST),
    func.coalesce(Branch.number, LAST),
    func.coalesce(ObjectiveSheet.rank, LAST),
    Item.number,
    Item.id,
)


def _ordered(*columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(Item)
        .outerjoin(ObjectiveSheet, ObjectiveSheet.item_id == Item.id)
        .outerjoin(Branch, Branch.id == ObjectiveSheet.branch_id)
        .outerjoin(_TOP, _TOP.id == Branch.parent_id)
        .order_by(*_ORDER)
    )


def _objectives(contract_id: str) -> tuple[ColumnElement[bool], ...]:
    return Item.contract_id == contract_id, Item.kind == ItemKind.OBJECTIVE, Item.withdrawn_at.is_(None)


def _chosen(wanted: Wanted) -> Iterable[ColumnElement[bool]]:
    if wanted.orientation_id:
        yield or_(Branch.parent_id == wanted.orientation_id, Branch.id == wanted.orientation_id)
    if wanted.place_id:
        here = select(ObjectivePlace.item_id).where(ObjectivePlace.item_id == Item.id)
        yield or_(here.where(ObjectivePlace.establishment_id == wanted.place_id).exists(), ~here.exists())
    if wanted.state is not None:
        yield func.coalesce(ObjectiveSheet.state, State.NOT_STARTED.value) == wanted.state.value
    if wanted.funded:
        missing = (
            select(Action.id).where(Action.item_id == Item.id, *running_short()).correlate(Item).exists()
        )
        yield missing if wanted.funded == "non" else ~missing


def running_short() -> tuple[ColumnElement[bool], ...]:
    """Actions that stand and whose money is missing or ends too soon: as `rules.runs_short`."""
    ends_first = and_(Action.financing == Financing.FUNDED, Action.funded_until < Action.ends_on)
    return (
        Action.removed_at.is_(None),
        Action.state != State.DROPPED,
        or_(Action.financing == Financing.UNFUNDED, ends_first),
    )


def _views(session: Session, ids: Sequence[str]) -> tuple[SheetView, ...]:
    items = {one.id: one for one in contracts.items(session, ids)}
    sheets = {
        one.item_id: one
        for one in session.scalars(select(ObjectiveSheet).where(ObjectiveSheet.item_id.in_(ids)))
    }
    where, states, short = _where(session, ids), _states(session, ids), _missing(session, ids)
    return tuple(
        _sheet(items[one], sheets.get(one), tuple(where.get(one, ())), states.get(one, {}), one in short)
        for one in ids
    )


def _sheet(
    item: ItemView,
    row: ObjectiveSheet | None,
    where: tuple[tuple[str, str], ...],
    states: Mapping[State, int],
    short: bool,  # noqa: FBT001 — a column
) -> SheetView:
    if row is None:
        return SheetView(item, None, 0, "", Priority.NEXT, State.NOT_STARTED, None, {}, where, states, short)
    said = {name: getattr(row, name) for name in SAID}
    return SheetView(
        item,
        row.branch_id,
        row.rank,
        row.expected,
        row.priority,
        row.state,
        row.state_at,
        said,
        where,
        states,
        short,
    )


def _where(session: Session, ids: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    rows = session.execute(
        select(ObjectivePlace.item_id, Establishment.id, Establishment.name)
        .join(Establishment, Establishment.id == ObjectivePlace.establishment_id)
        .where(ObjectivePlace.item_id.in_(ids))
        .order_by(Establishment.name, Establishment.id)
    )
    for item_id, place, name in rows:
        found.setdefault(item_id, []).append((place, name))
    return found


def _states(session: Session, ids: Sequence[str]) -> dict[str, Counter[State]]:
    found: dict[str, Counter[State]] = {}
    rows = session.execute(
        select(Action.item_id, Action.state).where(Action.item_id.in_(ids), Action.removed_at.is_(None))
    )
    for item_id, state in rows:
        found.setdefault(item_id, Counter())[state] += 1
    return found


def _missing(session: Session, ids: Sequence[str]) -> set[str]:
    return set(session.scalars(select(Action.item_id).where(Action.item_id.in_(ids), *running_short())))


def _branch(row: Branch, sign: str, objectives: int) -> BranchView:
    return BranchView(row.id, row.parent_id, sign, row.title, row.plain, row.version, objectives)
