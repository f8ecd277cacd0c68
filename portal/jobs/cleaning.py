"""Makes the files of the database forget erasures, surveys that ended and documents removed: never while somebody waits for a page.

Rewriting files takes as long as they are large: it is done outside any unit of work, by one process at a
time. A process that falls leaves its lease to end by itself, and nothing is noted: it is done again.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import gevent
import structlog

from portal.domain.documents import cleaning as documents
from portal.domain.register import cleaning as erasures
from portal.domain.search import service as search
from portal.domain.surveys import cleaning as surveys
from portal.jobs import leases
from portal.kernel import clock
from portal.kernel.cleaning import Cleaner
from portal.kernel.ids import new_id

if TYPE_CHECKING:
    from portal.kernel.units import Unit

NOUNS = (erasures.NOUN, surveys.NOUN, documents.NOUN)
# What a long reader is in the way of is asked again calmly: each try keeps those who write waiting for a while.
ROUND, BUSY = timedelta(seconds=10), timedelta(seconds=60)
NAME, LEASE = "nettoyage", timedelta(minutes=30)

log = structlog.get_logger(__name__)


def start(unit: Unit, store: str) -> None:
    """Look again and again, in a greenlet of its own."""
    gevent.spawn(_for_ever, unit, Cleaner(unit, store, NOUNS))


def work(unit: Unit, cleaner: Cleaner, holder: str) -> timedelta:
    """Clean what waits for it, unless another process is at it; how long to wait before the next look.

    When somebody is in the way the lease is kept as long: no other process tries sooner.
    """
    if not unit(cleaner.waits):
        return ROUND
    if unit(lambda session: leases.hold(session, NAME, holder, clock.now(), LEASE)) is not None:
        return ROUND
    kept = timedelta()
    try:
        # What was looked up of them goes first: the files forget both together.
        unit(search.forget_gone)
        if not cleaner.finish():
            kept = BUSY
    finally:
        unit(lambda session: leases.give_back(session, NAME, holder, clock.now() + kept))
    return kept or ROUND


def _for_ever(unit: Unit, cleaner: Cleaner) -> None:
    holder = new_id()
    while True:
        try:
            pause = work(unit, cleaner, holder)
        except Exception:
            # The database may be away for a while: nothing is lost, it is looked at again.
            log.exception("files.cleaning_failed")
            pause = BUSY
        gevent.sleep(pause.total_seconds())
