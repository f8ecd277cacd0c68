"""Whom to speak to outside the portal, of oneself or of a danger: a function that was recorded, houses one can call."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.domain.contracts import queries as contracts
from portal.domain.moderation import settings
from portal.domain.organisations.queries import Place


@dataclass(frozen=True, slots=True)
class InPerson:
    """`contact` is empty when the direction recorded nobody; `houses` all have a telephone."""

    contact: str
    houses: tuple[Place, ...]


def whom(session: Session, contract_id: str, own: Place | None) -> InPerson:
    """Whom to speak to in a contract: one's own house, else those of the perimeter; two queries at most.

    Source: the settings of moderation and the establishments of the contract.
    """
    known, _version = settings.of(session, contract_id)
    houses = [own] if own is not None and own.phone else contracts.places(session, contract_id)
    return InPerson(known.personal_contact, tuple(one for one in houses if one.phone))
