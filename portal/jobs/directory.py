"""Reads an extract of the national directory in the background, piece by piece: pages go on in between."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import gevent
import structlog

from portal.domain.organisations import directory, kept
from portal.domain.organisations.models import EditionState
from portal.jobs import leases
from portal.kernel import clock
from portal.kernel.ids import new_id

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from portal.kernel.units import Unit

NAME, LEASE = "repertoire", timedelta(seconds=30)
ROUND, RETRY = timedelta(seconds=2), timedelta(seconds=10)

log = structlog.get_logger(__name__)


def start(unit: Unit, instance: Path) -> None:
    """Look again and again, in a greenlet of its own."""
    gevent.spawn(_for_ever, unit, instance)


def work(unit: Unit, instance: Path, holder: str) -> bool:
    """One piece, unless another process is at it; whether something was done."""
    return unit(lambda session: _piece(session, instance, holder))


def _piece(session: Session, instance: Path, holder: str) -> bool:
    edition = directory.reading(session)
    if edition is None and not directory.forgettable(session):
        return False
    if leases.hold(session, NAME, holder, clock.now(), LEASE) is not None:
        return False
    if edition is None:
        return directory.forget_piece(session)
    file = kept.place(instance, edition.id)
    try:
        with file.open("rb") as opened:
            going = directory.read_piece(session, edition, opened, clock.now())
    except FileNotFoundError:
        log.exception("directory.file_lost", edition=edition.id)
        edition.state, edition.ended_at = EditionState.FAILED, clock.now()
        going = False
    if not going:
        file.unlink(missing_ok=True)
        leases.give_back(session, NAME, holder, clock.now())
    return True


def _for_ever(unit: Unit, instance: Path) -> None:
    holder = new_id()
    while True:
        try:
            pause = timedelta() if work(unit, instance, holder) else ROUND
        except Exception:
            # The database may be away for a while: the piece is read again.
            log.exception("directory.failed")
            pause = RETRY
        gevent.sleep(pause.total_seconds())
