"""Looks for erasures and surveys that ended whose files are not clean yet: a reader held them, or the process fell."""

from __future__ import annotations

import gevent
import structlog

from portal.domain.register import cleaning as erasures
from portal.domain.surveys import cleaning as surveys
from portal.kernel.units import Unit

ROUND_SECONDS = 60.0

log = structlog.get_logger(__name__)


def start(unit: Unit, store: str) -> None:
    """Look again and again, in a greenlet of its own."""
    gevent.spawn(_for_ever, unit, store)


def _for_ever(unit: Unit, store: str) -> None:
    while True:
        try:
            for noun in (erasures, surveys):
                noun.finish(unit, store)
        except Exception:
            # The database may be away for a while: nothing is lost, it is looked at again.
            log.exception("files.cleaning_failed")
        gevent.sleep(ROUND_SECONDS)
