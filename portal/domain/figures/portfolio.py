"""How much was said in each of several contracts, for who follows them all; one query for any number.

The same numbers as `participation` gives for one contract: what is said as a whole is exact, persons to
protect are told by steps of five, and not at all under five.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import case, distinct, func, select
from sqlalchemy.orm import Session

from portal.domain.figures.fold import SMALL, stepped
from portal.domain.figures.participation import PROTECTED, SAID
from portal.vocabulary import ContributionStatus


@dataclass(frozen=True, slots=True)
class Said:
    """How many contributions are published, and at least how many persons wrote them (None: under five)."""

    contributions: int = 0
    persons: int | None = None


def said(session: Session, contract_ids: Sequence[str]) -> dict[str, Said]:
    """What was said in each contract; a contract where nothing was is absent."""
    protected = SAID.c.group_.in_([group.value for group in PROTECTED])
    person = case((protected, SAID.c.participant_id))
    rows = session.execute(
        select(SAID.c.contract_id, func.count(), func.count(distinct(person)))
        .where(
            SAID.c.contract_id.in_(contract_ids),
            SAID.c.status == ContributionStatus.PUBLISHED.value,
        )
        .group_by(SAID.c.contract_id)
    )
    return {
        contract_id: Said(number, stepped(persons) if persons >= SMALL else None)
        for contract_id, number, persons in rows
    }
