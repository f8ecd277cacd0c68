"""What tests of the contract before share: a commitment of it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from portal.domain.predecessors import service
from portal.policy.actor import Actor

TITLE = "Ouvrir la maison aux voisins"


def a_commitment(session: Session, person: Actor, title: str = TITLE) -> str:
    """A commitment of the contract before, of which nobody said what it became; its id."""
    return service.add(session, person, person.contract_id, title)
