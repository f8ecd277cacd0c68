"""What each party did for the shared diagnostic: what it wrote, and where it stands towards all findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.contracts.models import Item
from portal.domain.diagnostic import queries
from portal.domain.diagnostic.models import FindingValidation, ValidationState
from portal.domain.diagnostic.queries import PartyView
from portal.domain.diagnostic.rules import state_now


@dataclass(frozen=True, slots=True)
class Share:
    """A party, how many of the findings that stand it wrote, and how many stand how for it."""

    party: PartyView
    wrote: int
    states: Mapping[ValidationState, int]


def shares(session: Session, contract_id: str) -> tuple[Share, ...]:
    """The organisation, then each authority; none while there is no finding; three queries."""
    versions, authors = _standing(session, contract_id)
    if not versions:
        return ()
    said = {
        (row.item_id, row.organisation_id): (row.state, row.version)
        for row in session.execute(
            select(
                FindingValidation.item_id,
                FindingValidation.organisation_id,
                FindingValidation.state,
                FindingValidation.version,
            )
            .join(Item, Item.id == FindingValidation.item_id)
            .where(*queries.standing(contract_id))
        )
    }
    return tuple(
        Share(
            party,
            authors[party.id if party.authority else None],
            Counter(
                state_now(*said.get((finding, party.id), (None, 0)), version)
                for finding, version in versions.items()
            ),
        )
        for party in queries.parties(session, contract_id)
    )


def _standing(session: Session, contract_id: str) -> tuple[dict[str, int], Counter[str | None]]:
    """The number of the state of each finding that stands; how many each party wrote, None for the organisation."""
    columns = (Item.id, Item.by_authority_id, queries.state_number())
    rows = session.execute(select(*columns).where(*queries.standing(contract_id)))
    known = [(finding, author, int(version)) for finding, author, version in rows]
    return {one: version for one, _, version in known}, Counter(author for _, author, _ in known)
