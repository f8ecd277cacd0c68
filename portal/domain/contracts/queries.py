"""Reads of contracts: parties, perimeter, items with their texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from portal.domain.contracts.models import (
    Axis,
    Contract,
    ContractAuthority,
    ContractEstablishment,
    DatabaseMark,
    Indicator,
    Item,
    Leeway,
)
from portal.domain.organisations.models import Establishment, Organisation
from portal.domain.organisations.queries import Place
from portal.domain.texts import queries as texts
from portal.domain.texts.changes import same_words
from portal.domain.texts.queries import TextView
from portal.kernel import calendar
from portal.kernel.speech import Sentence
from portal.vocabulary import FindingKind, ItemKind, Register, Stage


@dataclass(frozen=True, slots=True)
class ContractView:
    """A contract in a list: who signs it, where it stands."""

    id: str
    title: str
    organisation: str
    authorities: tuple[str, ...]
    starts_on: date
    ends_on: date
    stage: Stage


@dataclass(frozen=True, slots=True)
class LeewayView:
    """The three boxes under an item."""

    decided: str = ""
    decided_by: str = ""
    open: str = ""
    open_by: str = ""
    out_of_reach: str = ""
    out_of_reach_by: str = ""


@dataclass(frozen=True, slots=True)
class IndicatorView:
    """Where an objective starts and where it should arrive."""

    label: str
    initial: str
    target: str
    yearly: str


@dataclass(frozen=True, slots=True)
class ItemView:
    """A finding or an objective with both its texts; `by_authority_id` is None for what the organisation wrote."""

    id: str
    contract_id: str
    kind: ItemKind
    number: int
    axis: str
    title: str
    finding_kind: FindingKind | None
    leeway: LeewayView
    plain: TextView | None
    technical: TextView | None
    axis_id: str | None = None
    by_authority_id: str | None = None
    evidence: str = ""
    row_version: int = 1
    withdrawn_at: datetime | None = None
    withdrawn_by: str = ""
    withdrawn_reason: str = ""

    @property
    def version(self) -> int:
        """The number of its state: whatever changes in its words makes it greater."""
        return self.row_version + sum(text.version for text in (self.plain, self.technical) if text)

    @property
    def is_one_text(self) -> bool:
        """Whether both texts say the same words: they are read once."""
        plain, technical = self.plain, self.technical
        return plain is not None and technical is not None and same_words(plain.source, technical.source)

    def text(self, register: Register) -> TextView | None:
        """One of the two texts."""
        return self.plain if register is Register.PLAIN else self.technical


def contracts(session: Session, contract_ids: Sequence[str]) -> list[ContractView]:
    """Several contracts with their parties, by title; one query."""
    authority = aliased(Organisation)
    rows = session.execute(
        select(Contract, Organisation.name, authority.name)
        .join(Organisation, Organisation.id == Contract.organisation_id)
        .outerjoin(ContractAuthority, ContractAuthority.contract_id == Contract.id)
        .outerjoin(authority, authority.id == ContractAuthority.organisation_id)
        .where(Contract.id.in_(contract_ids))
        .order_by(Contract.title, Contract.id, authority.name)
    ).all()
    parties: dict[str, list[str]] = {}
    for row, _manager, name in rows:
        parties.setdefault(row.id, []).extend([name] if name else [])
    managers = {row: manager for row, manager, _name in rows}
    return [
        ContractView(
            row.id, row.title, manager, tuple(parties[row.id]), row.starts_on, row.ends_on, row.stage
        )
        for row, manager in managers.items()
    ]


def titles(session: Session, contract_ids: Sequence[str]) -> dict[str, str]:
    """The titles of contracts, by id; one query."""
    return dict(
        session.execute(select(Contract.id, Contract.title).where(Contract.id.in_(contract_ids))).all()
    )


def places(session: Session, contract_id: str) -> list[Place]:
    """The establishments of the perimeter, by name."""
    rows = session.scalars(
        select(Establishment)
        .join(ContractEstablishment, ContractEstablishment.establishment_id == Establishment.id)
        .where(ContractEstablishment.contract_id == contract_id)
        .order_by(Establishment.name)
    )
    return [_place(row) for row in rows]


def house_names(session: Session, contract_id: str) -> list[str]:
    """What the houses of the perimeter, and the organisation that runs them, are called."""
    organisation = (
        select(Organisation.name)
        .join(Contract, Contract.organisation_id == Organisation.id)
        .where(Contract.id == contract_id)
    )
    return [*(one.name for one in places(session, contract_id)), *session.scalars(organisation)]


def place(session: Session, establishment_id: str | None) -> Place | None:
    """One establishment, or None."""
    row = session.get(Establishment, establishment_id) if establishment_id else None
    return None if row is None else _place(row)


def _place(row: Establishment) -> Place:
    return Place(
        row.id, row.name, row.category, row.finess_et or "", row.places, row.phone or "", row.hours or ""
    )


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item where it is only named; `axis` is empty when it has none."""

    id: str
    number: int
    title: str
    axis: str


def item_ids(session: Session, contract_id: str, kind: ItemKind) -> list[str]:
    """The items of a kind that stand, in the order of their numbers."""
    query = select(Item.id).where(
        Item.contract_id == contract_id, Item.kind == kind, Item.withdrawn_at.is_(None)
    )
    return list(session.scalars(query.order_by(Item.number)))


def item_lines(session: Session, contract_id: str, kind: ItemKind, size: int | None = None) -> list[ItemLine]:
    """The items of a kind that stand, as a list offers them: by axis, then by number; one query."""
    query = (
        select(Item.id, Item.number, Item.title, func.coalesce(Axis.name, Item.axis))
        .outerjoin(Axis, Axis.id == Item.axis_id)
        .where(Item.contract_id == contract_id, Item.kind == kind, Item.withdrawn_at.is_(None))
        .order_by(Axis.number.is_(None), Axis.number, Item.axis, Item.number)
    )
    return [ItemLine(*row) for row in session.execute(query.limit(size))]


def own_item_ids(session: Session, contract_id: str, kind: ItemKind) -> list[str]:
    """Those whose words are the organisation's: an authority rewrites its own findings."""
    query = select(Item.id).where(
        Item.contract_id == contract_id,
        Item.kind == kind,
        Item.withdrawn_at.is_(None),
        Item.by_authority_id.is_(None),
    )
    return list(session.scalars(query.order_by(Item.number)))


def items(session: Session, ids: Sequence[str] | Select[str]) -> list[ItemView]:
    """Items with leeway and texts, by number; two queries. `ids` may be what selects them."""
    rows = session.execute(
        select(Item, Leeway, Axis.name)
        .outerjoin(Leeway, Leeway.item_id == Item.id)
        .outerjoin(Axis, Axis.id == Item.axis_id)
        .where(Item.id.in_(ids))
        .order_by(Item.number)
    )
    written = texts.current(session, ids)
    return [_view(row, leeway, axis, written) for row, leeway, axis in rows]


def item_titles(session: Session, ids: Sequence[str]) -> dict[str, str]:
    """The titles of items, by id; one query."""
    return dict(session.execute(select(Item.id, Item.title).where(Item.id.in_(ids))).all())


def item(session: Session, item_id: str | Select[str]) -> ItemView | None:
    """One item, or None."""
    return next(iter(items(session, [item_id] if isinstance(item_id, str) else item_id)), None)


def measured(session: Session, chosen: Select[str]) -> tuple[ItemView, list[IndicatorView]] | None:
    """The item that is selected, or None, and its indicators in order; two queries."""
    rows = session.execute(
        select(Item, Leeway, Axis.name, Indicator)
        .outerjoin(Leeway, Leeway.item_id == Item.id)
        .outerjoin(Axis, Axis.id == Item.axis_id)
        .outerjoin(Indicator, Indicator.item_id == Item.id)
        .where(Item.id.in_(chosen))
        .order_by(Indicator.position)
    ).all()
    if not rows:
        return None
    row, leeway, axis, _first = rows[0]
    known = [
        IndicatorView(one.label, one.initial, one.target, one.yearly) for *_, one in rows if one is not None
    ]
    return _view(row, leeway, axis, texts.current(session, chosen)), known


def database_mark(session: Session, name: str) -> str | None:
    """A fact about the database itself, such as « demonstration »."""
    return session.scalar(select(DatabaseMark.value).where(DatabaseMark.name == name))


def _view(
    row: Item, leeway: Leeway | None, axis: str | None, written: Mapping[tuple[str, Register], TextView]
) -> ItemView:
    return ItemView(
        id=row.id,
        contract_id=row.contract_id,
        kind=row.kind,
        number=row.number,
        axis=row.axis if axis is None else axis,
        title=row.title,
        finding_kind=row.finding_kind,
        leeway=_leeway(leeway),
        plain=written.get((row.id, Register.PLAIN)),
        technical=written.get((row.id, Register.TECHNICAL)),
        axis_id=row.axis_id,
        by_authority_id=row.by_authority_id,
        evidence=row.evidence,
        row_version=row.version,
        withdrawn_at=row.withdrawn_at,
        withdrawn_by=Sentence(row.withdrawn_by),
        withdrawn_reason=row.withdrawn_reason,
    )


def _leeway(row: Leeway | None) -> LeewayView:
    if row is None:
        return LeewayView()
    return LeewayView(
        row.decided, row.decided_by, row.open, row.open_by, row.out_of_reach, row.out_of_reach_by
    )


def department(session: Session, contract_id: str) -> str:
    """The département whose calendar all the sites of a contract share; empty when there is none; one query."""
    found = session.scalars(
        select(Establishment.finess_et)
        .join(ContractEstablishment, ContractEstablishment.establishment_id == Establishment.id)
        .where(ContractEstablishment.contract_id == contract_id)
    )
    return calendar.shared_department([one or "" for one in found])
