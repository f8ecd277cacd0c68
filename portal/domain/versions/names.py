"""How ids that versions hold are called: one query for each kind of thing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.contracts import categories
from portal.domain.contracts.models import Axis, ContractEstablishment, Item
from portal.domain.indicators import queries as indicators
from portal.domain.objectives import queries as objectives
from portal.domain.organisations.models import Establishment
from portal.domain.versions.shapes import Field, State, ids, value


def names(
    session: Session, contract_id: str, fields: Sequence[Field], states: Sequence[State]
) -> dict[str, str]:
    """What the ids of these states are called now; those of what is gone are left out."""
    found: dict[str, str] = {}
    for kind, wanted in ids(fields, states).items():
        if wanted:
            found |= _NAMES[kind](session, contract_id, wanted)
    return found


def pruned(fields: Sequence[Field], state: State, known: Mapping[str, str]) -> dict[str, object]:
    """A state without the ids of what is gone."""
    kept: dict[str, object] = {}
    for field in fields:
        held = value(field, state)
        if field.named and isinstance(held, str):
            held = held if held in known else ""
        elif field.named:
            held = [str(one) for one in held if str(one) in known]
        kept[field.name] = held
    return kept


def _places(session: Session, contract_id: str, wanted: Collection[str]) -> dict[str, str]:
    rows = session.execute(
        select(Establishment.id, Establishment.name)
        .join(ContractEstablishment, ContractEstablishment.establishment_id == Establishment.id)
        .where(ContractEstablishment.contract_id == contract_id, Establishment.id.in_(sorted(wanted)))
    )
    return dict(rows.all())


def _items(session: Session, contract_id: str, wanted: Collection[str]) -> dict[str, str]:
    rows = session.execute(
        select(Item.id, Item.number, Item.title).where(
            Item.contract_id == contract_id, Item.id.in_(sorted(wanted))
        )
    )
    return {one: f"{number}. {title}" for one, number, title in rows}


def _indicators(session: Session, contract_id: str, wanted: Collection[str]) -> dict[str, str]:
    return {one.id: one.label for one in indicators.every(session, contract_id) if one.id in wanted}


def _branches(session: Session, contract_id: str, wanted: Collection[str]) -> dict[str, str]:
    return {
        one.id: f"{one.sign} {one.title}".strip()
        for one in objectives.branches(session, contract_id)
        if one.id in wanted
    }


def _axes(session: Session, contract_id: str, wanted: Collection[str]) -> dict[str, str]:
    rows = session.execute(
        select(Axis.id, Axis.name).where(Axis.contract_id == contract_id, Axis.id.in_(sorted(wanted)))
    )
    return dict(rows.all())


def _categories(session: Session, contract_id: str, wanted: Collection[str]) -> dict[str, str]:
    return {one.code: one.label for one in categories.known(session, contract_id) if one.code in wanted}


_NAMES: Mapping[str, Callable[[Session, str, Collection[str]], dict[str, str]]] = {
    "place": _places,
    "item": _items,
    "indicator": _indicators,
    "branch": _branches,
    "axis": _axes,
    "category": _categories,
}
