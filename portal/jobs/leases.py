"""Which process does something that several could do: one lease by name, which ends by itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from portal.jobs.models import Lease

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

BUSY = timedelta(seconds=1)
INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def hold(session: Session, name: str, holder: str, at: datetime, length: timedelta) -> datetime | None:
    """Take or renew a lease; when another process has it, until when."""
    # Whoever is at it holds the row until its work is written; the others pass.
    mine = select(Lease).where(Lease.name == name).with_for_update(skip_locked=True)
    lease = session.scalar(mine)
    if lease is None:
        return None if _begin(session, name, holder, at, length) else at + BUSY
    # A lease further ahead than one can be was taken before the clock was put back.
    if lease.holder != holder and at < lease.until <= at + length:
        return lease.until
    # Renewed at half its length: one slow tick loses nothing.
    if lease.holder != holder or not at + length / 2 <= lease.until <= at + length:
        lease.holder, lease.until = holder, at + length
    return None


def give_back(session: Session, name: str, holder: str, at: datetime) -> None:
    """End a lease that this holder has."""
    session.execute(update(Lease).where(Lease.name == name, Lease.holder == holder).values(until=at))


def _begin(session: Session, name: str, holder: str, at: datetime, length: timedelta) -> bool:
    """Make the first lease of a name; False when somebody has it or has just made it."""
    insert = INSERTS[session.get_bind().dialect.name]
    made = insert(Lease).values(name=name, holder=holder, until=at + length)
    done = session.execute(made.on_conflict_do_nothing().returning(Lease.name))
    return done.first() is not None
