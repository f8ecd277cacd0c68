"""Reads of the diagnostic: its axes, a page of its findings, one of them, for whom each stands how."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, tuple_
from sqlalchemy.orm import Session

from portal.domain.contracts import queries as contracts
from portal.domain.contracts.models import Axis, Contract, ContractEstablishment, Item
from portal.domain.contracts.parties import signatories
from portal.domain.contracts.queries import ItemView
from portal.domain.diagnostic.models import FindingPlace, FindingValidation, ValidationState
from portal.domain.diagnostic.rules import ORDER, state_now
from portal.domain.organisations.models import Establishment, Organisation
from portal.domain.texts.models import Text
from portal.kernel.speech import Sentence
from portal.vocabulary import FindingKind, ItemKind

PAGE = 20
# Findings that one page for the printer holds, withdrawn ones that are listed: beyond, the page says so.
WHOLE = 500
WITHDRAWN = 100
ORGANISATION = "organisme"


@dataclass(frozen=True, slots=True)
class AxisView:
    """An axis, its place, its question, and how many findings of each kind stand on it."""

    id: str
    number: int
    name: str
    question: str
    version: int
    kinds: Mapping[FindingKind, int]


@dataclass(frozen=True, slots=True)
class PartyView:
    """A party of the contract; `authority` is False for the organisation."""

    id: str
    name: str
    authority: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a party stands towards a finding; `at` is when it last spoke."""

    party: PartyView
    state: ValidationState
    reason: str = ""
    by_function: Sentence | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding as people read it; without places it is about all of them."""

    item: ItemView
    by: PartyView
    places: tuple[tuple[str, str], ...]
    standings: tuple[Standing, ...]

    def of(self, party_id: str | None) -> Standing | None:
        """Where one party stands."""
        return next((one for one in self.standings if one.party.id == party_id), None)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader looks for; empty values choose everything. `waits_for` is a party that has still to speak."""

    axis_id: str = ""
    kind: FindingKind | None = None
    place_id: str = ""
    party_id: str = ""
    waits_for: str = ""

    @property
    def narrow(self) -> bool:
        """Whether something is left out."""
        return any((self.axis_id, self.kind, self.place_id, self.party_id, self.waits_for))


@dataclass(frozen=True, slots=True)
class Page:
    """Findings in the order of axes, kinds and numbers; `after` is the last one when there are more."""

    findings: tuple[FindingView, ...]
    after: str | None


def axes(session: Session, contract_id: str) -> tuple[AxisView, ...]:
    """The axes in their order, with how many findings of each kind stand on them; two queries."""
    kinds: dict[str, Counter[FindingKind]] = {}
    found = select(Item.axis_id, Item.finding_kind).where(*standing(contract_id))
    for axis_id, kind in session.execute(found):
        if axis_id is not None and kind is not None:
            kinds.setdefault(axis_id, Counter())[kind] += 1
    rows = session.scalars(select(Axis).where(Axis.contract_id == contract_id).order_by(Axis.number))
    return tuple(
        AxisView(one.id, one.number, one.name, one.question, one.version, kinds.get(one.id, {}))
        for one in rows
    )


def parties(session: Session, contract_id: str) -> tuple[PartyView, ...]:
    """The organisation, then the authorities by name; one query."""
    found = [_party(*row) for row in session.execute(_parties(contract_id))]
    return tuple(sorted(found, key=lambda one: one.authority))


def places(session: Session, contract_id: str) -> tuple[tuple[str, str], ...]:
    """The establishments that are in the perimeter now, by name: id and name; one query."""
    rows = session.execute(
        select(Establishment.id, Establishment.name)
        .join(ContractEstablishment, ContractEstablishment.establishment_id == Establishment.id)
        .where(ContractEstablishment.contract_id == contract_id, ContractEstablishment.left_on.is_(None))
        .order_by(Establishment.name, Establishment.id)
    )
    return tuple((place, name) for place, name in rows)


def page(
    session: Session,
    contract_id: str,
    wanted: Wanted,
    known: Sequence[PartyView],
    *,
    after: str | None = None,
    size: int = PAGE,
) -> Page:
    """A page of the findings that stand, from the one after `after` on; five queries, one more for `after`."""
    query = _ordered().where(*standing(contract_id), *_chosen(wanted))
    if after is not None:
        place = session.execute(_ordered(*_ORDER).where(Item.id == after)).first()
        if place is not None:
            query = query.where(tuple_(*_ORDER) > tuple_(*place))
    ids = list(session.scalars(query.limit(size + 1)))
    return Page(_views(session, ids[:size], known), ids[size - 1] if len(ids) > size else None)


def finding(session: Session, contract_id: str, finding_id: str) -> FindingView | None:
    """One finding of a contract, withdrawn or not; None when there is none."""
    found = contracts.item(session, finding_id)
    if found is None or (found.contract_id, found.kind) != (contract_id, ItemKind.FINDING):
        return None
    return _views(session, [finding_id], parties(session, contract_id))[0]


def withdrawn(session: Session, contract_id: str) -> list[ItemView]:
    """The findings that were withdrawn, the latest first, a hundred at most."""
    query = (
        select(Item.id, Item.withdrawn_at)
        .where(Item.contract_id == contract_id, Item.kind == ItemKind.FINDING, Item.withdrawn_at.is_not(None))
        .order_by(Item.withdrawn_at.desc(), Item.id)
        .limit(WITHDRAWN)
    )
    ids = [one for one, _at in session.execute(query)]
    if not ids:
        return []
    known = {one.id: one for one in contracts.items(session, ids)}
    return [known[one] for one in ids]


def waits(session: Session, contract_id: str, party_id: str | None) -> bool:
    """Whether a finding waits for what this party says of it; one query."""
    if not party_id:
        return False
    query = select(Item.id).where(*standing(contract_id), *_chosen(Wanted(waits_for=party_id)))
    return session.scalar(query.limit(1)) is not None


def standings(session: Session, item: ItemView) -> tuple[Standing, ...]:
    """Where each party stands towards one finding; one query."""
    query = _parties(item.contract_id, FindingValidation).outerjoin(
        FindingValidation,
        and_(FindingValidation.organisation_id == Organisation.id, FindingValidation.item_id == item.id),
    )
    found = [_one(_party(*party), said, item.version) for *party, said in session.execute(query)]
    return tuple(sorted(found, key=lambda one: one.party.authority))


_RANK = case(*((Item.finding_kind == kind, rank) for rank, kind in enumerate(ORDER)), else_=len(ORDER))
_PLACE = func.coalesce(Axis.number, 0)
_ORDER = (_PLACE, _RANK, Item.number, Item.id)


def _parties(contract_id: str, *more: Any) -> Select[Any]:
    return (
        select(Organisation.id, Organisation.name, Organisation.id == Contract.organisation_id, *more)
        .select_from(Organisation)
        .join(Contract, Contract.id == contract_id)
        .where(Organisation.id.in_(signatories(contract_id)))
        .order_by(Organisation.name, Organisation.id)
    )


def _party(party_id: str, name: str, own: bool) -> PartyView:  # noqa: FBT001 — a column
    return PartyView(party_id, name, not own)


def _ordered(*columns: Any) -> Select[Any]:
    return select(*(columns or (Item.id,))).outerjoin(Axis, Axis.id == Item.axis_id).order_by(*_ORDER)


def standing(contract_id: str) -> tuple[ColumnElement[bool], ...]:
    """The findings of a contract that nobody withdrew."""
    return Item.contract_id == contract_id, Item.kind == ItemKind.FINDING, Item.withdrawn_at.is_(None)


def state_number() -> ColumnElement[int]:
    """The number of the state of a finding, beside its row: whatever changes in its words makes it greater."""
    texts = select(func.coalesce(func.sum(Text.version), 0)).where(Text.item_id == Item.id)
    return Item.version + texts.correlate(Item).scalar_subquery()


def _chosen(wanted: Wanted) -> Iterable[ColumnElement[bool]]:
    if wanted.axis_id:
        yield Item.axis_id == wanted.axis_id
    if wanted.kind is not None:
        yield Item.finding_kind == wanted.kind
    if wanted.place_id:
        here = select(FindingPlace.item_id).where(FindingPlace.item_id == Item.id)
        yield or_(here.where(FindingPlace.establishment_id == wanted.place_id).exists(), ~here.exists())
    if wanted.party_id:
        own = wanted.party_id == ORGANISATION
        yield Item.by_authority_id.is_(None) if own else Item.by_authority_id == wanted.party_id
    if wanted.waits_for:
        yield ~(
            select(FindingValidation.item_id)
            .where(
                FindingValidation.item_id == Item.id,
                FindingValidation.organisation_id == wanted.waits_for,
                FindingValidation.version == state_number(),
            )
            .correlate(Item)
            .exists()
        )


def _views(session: Session, ids: Sequence[str], known: Sequence[PartyView]) -> tuple[FindingView, ...]:
    items = {one.id: one for one in contracts.items(session, ids)}
    said, where = _said(session, ids), _where(session, ids)
    by_id = {one.id: one for one in (*known, *_former(session, items.values(), known))}
    own = next(one for one in known if not one.authority)
    return tuple(
        FindingView(
            items[one],
            by_id[items[one].by_authority_id or own.id],
            tuple(where.get(one, ())),
            _stand(items[one], known, said.get(one, {})),
        )
        for one in ids
    )


def _former(session: Session, items: Iterable[ItemView], known: Sequence[PartyView]) -> Iterable[PartyView]:
    """Authorities that wrote a finding and are on the contract no more; no query where there is none."""
    gone = {one.by_authority_id for one in items if one.by_authority_id} - {one.id for one in known}
    if not gone:
        return ()
    rows = session.execute(select(Organisation.id, Organisation.name).where(Organisation.id.in_(gone)))
    return [PartyView(party, name, authority=True) for party, name in rows]


def _said(session: Session, ids: Sequence[str]) -> dict[str, dict[str, FindingValidation]]:
    found: dict[str, dict[str, FindingValidation]] = {}
    for row in session.scalars(select(FindingValidation).where(FindingValidation.item_id.in_(ids))):
        found.setdefault(row.item_id, {})[row.organisation_id] = row
    return found


def _where(session: Session, ids: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    rows = session.execute(
        select(FindingPlace.item_id, Establishment.id, Establishment.name)
        .join(Establishment, Establishment.id == FindingPlace.establishment_id)
        .where(FindingPlace.item_id.in_(ids))
        .order_by(Establishment.name, Establishment.id)
    )
    for item_id, place, name in rows:
        found.setdefault(item_id, []).append((place, name))
    return found


def _stand(
    item: ItemView, known: Sequence[PartyView], said: Mapping[str, FindingValidation]
) -> tuple[Standing, ...]:
    return tuple(_one(party, said.get(party.id), item.version) for party in known)


def _one(party: PartyView, row: FindingValidation | None, version: int) -> Standing:
    if row is None:
        return Standing(party, ValidationState.NOT_YET)
    state = state_now(row.state, row.version, version)
    return Standing(party, state, row.reason, Sentence(row.by_function), row.at)
