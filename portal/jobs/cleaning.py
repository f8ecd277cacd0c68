"""Makes the files of the database forget erasures and surveys that ended: never while somebody waits for a page.

Rewriting files takes as long as they are large: it is done outside any unit of work, by one process at a
time. A process that falls leaves its lease to end by itself, and nothing is noted: it is done again.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import gevent
import structlog

from portal.domain.register import cleaning as erasures
from portal.domain.register import service as register
from portal.domain.surveys import cleaning as surveys
from portal.jobs import leases
from portal.kernel import clock
from portal.kernel.ids import new_id
from portal.kernel.units import Unit

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

ROUND_SECONDS = 10.0
NAME, LEASE = "nettoyage", timedelta(minutes=30)

log = structlog.get_logger(__name__)


def start(unit: Unit, store: str) -> None:
    """Look again and again, in a greenlet of its own."""
    gevent.spawn(_for_ever, unit, store)


def work(unit: Unit, store: str, holder: str) -> bool:
    """Clean what waits for it; False when nothing does, or when another process is at it."""
    if not unit(waits):
        return False
    if unit(lambda session: leases.hold(session, NAME, holder, clock.now(), LEASE)) is not None:
        return False
    try:
        for noun in (erasures, surveys):
            noun.finish(unit, store)
    finally:
        unit(lambda session: leases.give_back(session, NAME, holder, clock.now()))
    return True


def waits(session: Session) -> bool:
    """Whether the files still hold what was erased, or cut."""
    return bool(register.uncleaned(session) or surveys.uncleaned(session))


def _for_ever(unit: Unit, store: str) -> None:
    holder = new_id()
    while True:
        try:
            work(unit, store, holder)
        except Exception:
            # The database may be away for a while: nothing is lost, it is looked at again.
            log.exception("files.cleaning_failed")
        gevent.sleep(ROUND_SECONDS)
