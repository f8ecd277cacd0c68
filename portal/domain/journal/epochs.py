"""The epoch of a space: the integer that names its rooms.

It is raised in the transaction that changes a level, a phase or a membership, so that
a socket admitted before falls silent. Only this file writes it (with database triggers
for what comes by plain SQL).
"""

from __future__ import annotations

from sqlalchemy import column, select, table, update
from sqlalchemy.orm import Session

_SPACE = table("space", column("id"), column("contract_id"), column("epoch"))


def raise_epoch(session: Session, space_id: str) -> None:
    """Close the rooms of one space to sockets admitted before."""
    session.execute(update(_SPACE).where(_SPACE.c.id == space_id).values(epoch=_SPACE.c.epoch + 1))


def raise_epochs_of(session: Session, contract_id: str) -> list[str]:
    """The same for every space of a contract; returns their ids."""
    session.execute(
        update(_SPACE).where(_SPACE.c.contract_id == contract_id).values(epoch=_SPACE.c.epoch + 1)
    )
    return list(session.scalars(select(_SPACE.c.id).where(_SPACE.c.contract_id == contract_id)))
