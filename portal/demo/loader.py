"""Writes a contract from its file: parties, perimeter, items, texts, first levels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from portal.demo.contract_file import ContractFile, ItemEntry, PartyEntry, PlaceEntry, parse
from portal.domain.contracts import categories
from portal.domain.contracts.models import (
    Axis,
    Contract,
    ContractAuthority,
    ContractEstablishment,
    Finding,
    Indicator,
    Leeway,
    Objective,
)
from portal.domain.diagnostic.axes import PROPOSED
from portal.domain.diagnostic.models import FindingPlace
from portal.domain.facts import Fact, FactKind
from portal.domain.involvement import service as involvement
from portal.domain.journal import service as journal
from portal.domain.organisations.models import Establishment, Organisation
from portal.domain.texts import service as texts
from portal.vocabulary import ItemKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

BY_FUNCTION = "l’organisme gestionnaire"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was written: the contract's id, and the ids behind the keys of the file."""

    contract_id: str
    places: Mapping[str, str]
    items: Mapping[tuple[ItemKind, str], str]


def load_contract(session: Session, data: Mapping[str, Any], *, demonstration: bool, at: datetime) -> str:
    """Write the contract that the tables of a TOML file describe; returns its id.

    Errors: InvalidError, every sentence naming the key of the file to mend.
    """
    return write(session, parse(data), demonstration=demonstration, at=at).contract_id


def write(session: Session, file: ContractFile, *, demonstration: bool, at: datetime) -> Loaded:
    """Write a contract already read; `demonstration` marks its parties as fictional."""
    organisation = _organisation(session, file.organisation, fictional=demonstration)
    contract = Contract(
        title=file.title,
        organisation_id=organisation.id,
        starts_on=file.starts_on,
        ends_on=file.ends_on,
        stage=file.stage,
        signed_on=file.signed_on,
        created_at=at,
    )
    session.add(contract)
    session.flush()
    journal.hold(session, contract.id)
    for party in file.authorities:
        authority = _organisation(session, party, fictional=demonstration)
        session.add(ContractAuthority(contract_id=contract.id, organisation_id=authority.id))
    places = {one.key: _place(session, contract, one) for one in file.places}
    axes = _axes(session, contract, file)
    items = {
        (entry.kind, entry.key): _item(session, contract, entry, number, axes, at)
        for entries in (file.findings, file.objectives)
        for number, entry in enumerate(entries, 1)
    }
    session.add_all(
        FindingPlace(item_id=items[entry.kind, entry.key], establishment_id=places[place])
        for entry in file.findings
        for place in entry.places
    )
    session.flush()
    journal.append(session, Fact(FactKind.CONTRACT_CREATED, contract.id, contract.id, content=contract.title))
    involvement.set_first(session, None, contract.id, None, dict(file.levels), why=file.reasons, at=at)
    return Loaded(contract.id, places, items)


def _organisation(session: Session, party: PartyEntry, *, fictional: bool) -> Organisation:
    """The legal person, found again when an earlier contract already wrote it."""
    known = session.scalar(
        select(Organisation).where(
            Organisation.name == party.name,
            Organisation.finess_ej.is_not_distinct_from(party.finess),
            Organisation.authority.is_not_distinct_from(party.kind),
            Organisation.delegation.is_not_distinct_from(party.delegation or None),
        )
    )
    if known is not None:
        return known
    row = Organisation(
        name=party.name,
        finess_ej=party.finess,
        authority=party.kind,
        delegation=party.delegation or None,
        fictional=fictional,
    )
    session.add(row)
    session.flush()
    return row


def _place(session: Session, contract: Contract, entry: PlaceEntry) -> str:
    row = _known_place(session, contract.organisation_id, entry.finess)
    if row is None:
        row = Establishment(
            organisation_id=contract.organisation_id,
            name=entry.name,
            finess_et=entry.finess,
            category=entry.category,
            category_code=_code_of(entry.category),
            places=entry.places,
            phone=entry.phone or None,
            hours=entry.hours or None,
            department=entry.department or None,
        )
        session.add(row)
        session.flush()
    session.add(ContractEstablishment(contract_id=contract.id, establishment_id=row.id))
    return row.id


def _code_of(category: str) -> str | None:
    """The official code of a category that is named as the list names it."""
    return next((one.code for one in categories.OFFICIAL if one.label == category), None)


def _known_place(session: Session, organisation_id: str, finess: str | None) -> Establishment | None:
    if finess is None:
        return None
    return session.scalar(
        select(Establishment).where(
            Establishment.organisation_id == organisation_id, Establishment.finess_et == finess
        )
    )


def _axes(session: Session, contract: Contract, file: ContractFile) -> Mapping[str, str]:
    """The axes of the file, then those that its findings name: their ids by name."""
    proposed = {str(name): str(question) for name, question in PROPOSED}
    told = {one.name: one.question or proposed.get(one.name, "") for one in file.axes}
    for finding in file.findings:
        told.setdefault(finding.axis, proposed.get(finding.axis, ""))
    rows = [
        Axis(contract_id=contract.id, number=number, name=name, question=question)
        for number, (name, question) in enumerate(told.items(), 1)
    ]
    session.add_all(rows)
    session.flush()
    return {row.name: row.id for row in rows}


def _item(
    session: Session,
    contract: Contract,
    entry: ItemEntry,
    number: int,
    axes: Mapping[str, str],
    at: datetime,
) -> str:
    finding = entry.kind is ItemKind.FINDING
    row = (Finding if finding else Objective)(
        contract_id=contract.id,
        number=number,
        axis="" if finding else entry.axis,
        axis_id=axes[entry.axis] if finding else None,
        evidence=entry.evidence,
        title=entry.title,
        finding_kind=entry.finding_kind,
    )
    session.add(row)
    session.flush()
    session.add(Leeway(item_id=row.id, **entry.leeway))
    session.add_all(
        Indicator(
            item_id=row.id,
            position=position,
            label=one.label,
            initial=one.initial,
            target=one.target,
            yearly=one.yearly,
        )
        for position, one in enumerate(entry.indicators)
    )
    for register, source in entry.texts.items():
        texts.create(session, row.id, register, source, by_function=BY_FUNCTION, at=at)
    return row.id
