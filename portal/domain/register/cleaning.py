"""Finishes erasures: the words are out of the tables, the files of the database must forget them too."""

from __future__ import annotations

import gevent
import structlog

from portal.domain.register import service
from portal.kernel import clock
from portal.kernel.cleaning import clean
from portal.kernel.units import Unit

# Where the words of a contribution, or what could confirm them, have been.
TABLES = (
    "contribution", "contribution_version", "moderation_decision", "appeal", "report", "synthesis_citation", "journal_salt",
    "operation",
)  # fmt: skip

log = structlog.get_logger(__name__)


def finish(unit: Unit, store: str) -> bool:
    """Clean the files when an erasure waits for it; True when nothing waits any more."""
    waiting = unit(service.uncleaned)
    if not waiting:
        return True
    if not gevent.get_hub().threadpool.apply(clean, (store, TABLES)):
        log.warning("erasure.files_busy", waiting=len(waiting))
        return False
    unit(lambda session: service.cleaned(session, waiting, clock.now()))
    return True
