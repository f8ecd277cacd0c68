"""Keeps what is looked up true: follows the journals, and reads the files of documents, piece by piece.

A file is opened by a process of its own, outside any unit of work: whoever saves a form waits for none of it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import gevent
import structlog

from portal.domain.search import papers, service
from portal.intake import receive
from portal.jobs import leases
from portal.kernel import clock
from portal.kernel.files.kinds import RefusedFileError
from portal.kernel.ids import new_id

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from portal.kernel.units import Unit

NAME, LEASE = "recherche", timedelta(seconds=60)
ROUND, RETRY = timedelta(seconds=1), timedelta(seconds=10)

log = structlog.get_logger(__name__)


def start(unit: Unit) -> None:
    """Look again and again, in a greenlet of its own."""
    gevent.spawn(_for_ever, unit)


def work(unit: Unit, holder: str) -> bool:
    """One piece, unless another process is at it; whether something was done."""
    if unit(lambda session: _piece(session, holder)):
        return True
    return _file(unit, holder)


def whole(unit: Unit) -> None:
    """All that waits, at once: for the command line and for what was just installed."""
    holder = new_id()
    while work(unit, holder):
        pass
    unit(lambda session: leases.give_back(session, NAME, holder, clock.now()))


def _piece(session: Session, holder: str) -> bool:
    if leases.hold(session, NAME, holder, clock.now(), LEASE) is not None:
        return False
    return service.follow(session)


def _file(unit: Unit, holder: str) -> bool:
    """Read the words of one file that nobody read yet."""
    waiting = unit(lambda session: _waiting(session, holder))
    if waiting is None:
        return False
    try:
        # In this greenlet: the process is waited for by the loop, and no thread may start one.
        words = receive.words(waiting.content)
    except RefusedFileError:
        # It stays found by its title, its summary and its first words.
        words = ""
    unit(lambda session: papers.keep(session, waiting, words, clock.now()))
    return True


def _waiting(session: Session, holder: str) -> papers.Waiting | None:
    if leases.hold(session, NAME, holder, clock.now(), LEASE) is not None:
        return None
    return papers.waiting(session)


def _for_ever(unit: Unit) -> None:
    holder = new_id()
    while True:
        try:
            pause = timedelta() if work(unit, holder) else ROUND
        except Exception:
            # The database may be away for a while: the piece is read again.
            log.exception("search.failed")
            pause = RETRY
        gevent.sleep(pause.total_seconds())
