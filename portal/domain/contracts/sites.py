"""Reads of the perimeter: sites with their places, how far the contract reaches, who answers for what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.contracts import categories
from portal.domain.contracts.models import (
    Competence,
    Contract,
    ContractAuthority,
    ContractCompetence,
    ContractEstablishment,
    Scope,
)
from portal.domain.organisations.models import Establishment, Organisation


@dataclass(frozen=True, slots=True)
class SiteView:
    """A site of the perimeter: places are numbers of places, None when nobody wrote them."""

    id: str
    name: str
    finess_et: str
    category: str
    category_code: str
    plain: str
    department: str
    places_before: int | None
    places_after: int | None
    change: str
    left_on: date | None
    left_reason: str
    version: int
    phone: str
    hours: str

    @property
    def moves(self) -> bool:
        """Whether the contract changes the number of places."""
        return self.places_after is not None and self.places_after != self.places_before


@dataclass(frozen=True, slots=True)
class Party:
    """An authority of the contract, and for what it answers."""

    id: str
    name: str
    delegation: str
    competences: tuple[Competence, ...]


@dataclass(frozen=True, slots=True)
class Perimeter:
    """The perimeter of a contract as it is now; `left` holds the sites that are there no more."""

    organisation: str
    finess_ej: str
    scope: Scope | None
    version: int
    sites: tuple[SiteView, ...]
    left: tuple[SiteView, ...]
    parties: tuple[Party, ...]

    @property
    def before(self) -> int | None:
        """All places before; None as long as one site does not tell."""
        return _sum([one.places_before for one in self.sites])

    @property
    def after(self) -> int | None:
        """All places after; a site that does not tell keeps its own."""
        return _sum(
            [one.places_before if one.places_after is None else one.places_after for one in self.sites]
        )

    def site(self, establishment_id: str) -> SiteView | None:
        """One of its sites, whether it left or not."""
        return next((one for one in (*self.sites, *self.left) if one.id == establishment_id), None)


def perimeter(session: Session, contract_id: str) -> Perimeter:
    """The perimeter of a contract; four queries."""
    contract, organisation = session.execute(
        select(Contract, Organisation)
        .join(Organisation, Organisation.id == Contract.organisation_id)
        .where(Contract.id == contract_id)
    ).one()
    rows = session.execute(
        select(ContractEstablishment, Establishment)
        .join(Establishment, Establishment.id == ContractEstablishment.establishment_id)
        .where(ContractEstablishment.contract_id == contract_id)
        .order_by(Establishment.name, Establishment.id)
    ).all()
    kinds = categories.known(session, contract_id)
    found = [_site(link, row, kinds) for link, row in rows]
    return Perimeter(
        organisation.name,
        organisation.finess_ej or "",
        contract.scope,
        contract.perimeter_version,
        tuple(one for one in found if one.left_on is None),
        tuple(one for one in found if one.left_on is not None),
        _parties(session, contract_id),
    )


def _site(link: ContractEstablishment, row: Establishment, kinds: Sequence[categories.Kind]) -> SiteView:
    kind = categories.of_code(kinds, row.category_code or "")
    return SiteView(
        id=row.id,
        name=row.name,
        finess_et=row.finess_et or "",
        category=kind.label if kind else row.category,
        category_code=row.category_code or "",
        plain=kind.plain if kind else "",
        department=row.department or "",
        places_before=row.places,
        places_after=link.places_after,
        change=link.change,
        left_on=link.left_on,
        left_reason=link.left_reason,
        version=link.version,
        phone=row.phone or "",
        hours=row.hours or "",
    )


def _parties(session: Session, contract_id: str) -> tuple[Party, ...]:
    rows = session.execute(
        select(Organisation.id, Organisation.name, Organisation.delegation, ContractCompetence.competence)
        .join(ContractAuthority, ContractAuthority.organisation_id == Organisation.id)
        .outerjoin(
            ContractCompetence,
            (ContractCompetence.organisation_id == Organisation.id)
            & (ContractCompetence.contract_id == ContractAuthority.contract_id),
        )
        .where(ContractAuthority.contract_id == contract_id)
        .order_by(Organisation.name, Organisation.id)
    ).all()
    known: dict[str, list[Competence]] = {}
    names = {}
    for party, name, delegation, competence in rows:
        names[party] = (name, delegation or "")
        known.setdefault(party, []).extend([competence] if competence else [])
    order = list(Competence)
    return tuple(
        Party(party, *names[party], tuple(sorted(some, key=order.index))) for party, some in known.items()
    )


def _sum(numbers: Sequence[int | None]) -> int | None:
    told = [one for one in numbers if one is not None]
    return sum(told) if len(told) == len(numbers) else None
