"""Looks for erasures whose files are not clean yet: a reader held them, or the process fell."""

from __future__ import annotations

import gevent
import structlog

from portal.domain.register.cleaning import finish
from portal.kernel.units import Unit

ROUND_SECONDS = 60.0

log = structlog.get_logger(__name__)


def start(unit: Unit, store: str) -> None:
    """Look again and again, in a greenlet of its own."""
    gevent.spawn(_for_ever, unit, store)


def _for_ever(unit: Unit, store: str) -> None:
    while True:
        try:
            finish(unit, store)
        except Exception:
            # The database may be away for a while: nothing is lost, it is looked at again.
            log.exception("erasure.cleaning_failed")
        gevent.sleep(ROUND_SECONDS)
