"""Reads what the first steps of a contract need."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Exists, ScalarSelect, exists, select
from sqlalchemy.orm import Session

from portal.domain.beginnings.rules import Known
from portal.domain.contracts.models import (
    Contract,
    ContractAuthority,
    ContractCompetence,
    ContractEstablishment,
    Indicator,
    Item,
)
from portal.domain.imports.models import FileImport
from portal.domain.indicators.models import ContractIndicator
from portal.domain.involvement.models import Involvement
from portal.domain.organisations.models import Establishment
from portal.domain.trames.models import ContractTrame
from portal.vocabulary import ItemKind


def known(session: Session, contract_id: str) -> Known:
    """What is written in a contract; one question."""
    return known_of(session, [contract_id])[contract_id]


def known_of(session: Session, contract_ids: Sequence[str]) -> dict[str, Known]:
    """What is written in each of these contracts; one question."""
    rows = session.execute(select(Contract, *_asked()).where(Contract.id.in_(contract_ids)))
    return {contract.id: _known(contract, [bool(one) for one in found]) for contract, *found in rows}


def _known(contract: Contract, found: Sequence[bool]) -> Known:
    (
        sites,
        nameless,
        authorities,
        idle,
        trame,
        taken_up,
        findings,
        objectives,
        indicators,
        unmeasured,
        levels,
    ) = found
    return Known(
        scope=contract.scope is not None,
        sites=sites,
        nameless_sites=nameless,
        authorities=authorities,
        idle_authorities=idle,
        trame=trame,
        taken_up=taken_up,
        findings=findings,
        objectives=objectives,
        indicators=indicators,
        measured=objectives and not unmeasured,
        levels=levels,
        signed_on=contract.signed_on,
        ends_on=contract.ends_on,
    )


def _asked() -> tuple[Exists | ScalarSelect[bool], ...]:
    here = (ContractEstablishment.contract_id == Contract.id, ContractEstablishment.left_on.is_(None))
    signs = ContractAuthority.contract_id == Contract.id
    answers = exists().where(
        ContractCompetence.contract_id == ContractAuthority.contract_id,
        ContractCompetence.organisation_id == ContractAuthority.organisation_id,
    )
    written = (Item.contract_id == Contract.id, Item.withdrawn_at.is_(None))
    objectives = (*written, Item.kind == ItemKind.OBJECTIVE)
    lines = exists().where(Indicator.item_id == Item.id)
    return (
        exists().where(*here),
        exists().where(
            *here, Establishment.id == ContractEstablishment.establishment_id, Establishment.category == ""
        ),
        exists().where(signs),
        exists(select(ContractAuthority.organisation_id).where(signs, ~answers)),
        exists().where(ContractTrame.contract_id == Contract.id),
        exists().where(FileImport.contract_id == Contract.id, FileImport.written_at.is_not(None)),
        exists().where(*written, Item.kind == ItemKind.FINDING),
        exists().where(*objectives),
        exists().where(ContractIndicator.contract_id == Contract.id, ContractIndicator.dropped_on.is_(None)),
        exists(select(Item.id).where(*objectives, ~lines)),
        exists().where(Involvement.contract_id == Contract.id, Involvement.level.is_not(None)),
    )
