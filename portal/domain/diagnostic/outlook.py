"""What diagnostics wait for, in many contracts at once."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import and_, exists, select
from sqlalchemy.orm import Session

from portal.domain.contracts.models import Contract, ContractAuthority, Item
from portal.domain.diagnostic import queries
from portal.domain.diagnostic.models import FindingValidation
from portal.vocabulary import ItemKind, Stage


def waiting(session: Session, contract_ids: Collection[str]) -> frozenset[str]:
    """The contracts at their diagnostic of which a finding waits for an authority's word; one question for many.

    What was said of earlier words of a finding counts no more.
    """
    said = exists().where(
        FindingValidation.item_id == Item.id,
        FindingValidation.organisation_id == ContractAuthority.organisation_id,
        FindingValidation.version == queries.state_number(),
    )
    query = (
        select(Contract.id)
        .join(ContractAuthority, ContractAuthority.contract_id == Contract.id)
        .join(
            Item,
            and_(
                Item.contract_id == Contract.id,
                Item.kind == ItemKind.FINDING,
                Item.withdrawn_at.is_(None),
            ),
        )
        .where(Contract.id.in_(contract_ids), Contract.stage == Stage.DIAGNOSTIC, ~said)
    )
    return frozenset(session.scalars(query.distinct()))
