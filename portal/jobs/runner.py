"""What happens by itself: one greenlet per process, one lease per job for all of them.

A job runs in one unit of work with its lease and its cursor: after a crash, either all
of it is written or none of it, and it is done again by whoever takes the lease.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import gevent
import structlog

from portal.jobs import leases
from portal.jobs.models import JobCursor
from portal.kernel import clock
from portal.kernel.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sqlalchemy.orm import Session

    from portal.kernel.units import Unit

LEASE = timedelta(seconds=10)
RETRY = timedelta(seconds=30)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do every so often: `fn(session, at)` says whether it did anything.

    A job that did something is asked again at the next tick, until nothing is left, so
    that it may work in small pieces.
    """

    name: str
    every_seconds: float
    fn: Callable[[Session, datetime], bool]

    @property
    def pace(self) -> timedelta:
        """The time between two runs that find nothing to do."""
        return timedelta(seconds=self.every_seconds)


class Runner:
    """Runs the jobs whose lease this process holds or can take.

    `holder` names the process (random); `interval` is the length of a tick in seconds.
    """

    def __init__(
        self,
        unit: Unit,
        jobs: Iterable[Job],
        interval: float = 1.0,
        now: Callable[[], datetime] = clock.now,
        holder: str | None = None,
    ) -> None:
        self.holder = holder or new_id()
        self._unit = unit
        self._jobs = list(jobs)
        self._interval = interval
        self._now = now
        self._due: dict[str, datetime] = {}
        self._greenlet: gevent.Greenlet | None = None

    def start(self) -> None:
        """Tick until stopped, in a greenlet of its own."""
        if self._greenlet is None:
            self._greenlet = gevent.spawn(self._tick_for_ever)

    def stop(self) -> None:
        """End after the job under way; the leases end by themselves."""
        greenlet, self._greenlet = self._greenlet, None
        if greenlet is not None:
            greenlet.join(timeout=self._interval + LEASE.total_seconds())

    def tick(self) -> list[str]:
        """Run what is due here and now; returns the names of the jobs that did something."""
        return [job.name for job in self._jobs if self._try(job)]

    def _tick_for_ever(self) -> None:
        while self._greenlet is not None:
            self.tick()
            gevent.sleep(self._interval)

    def _try(self, job: Job) -> bool:
        at = self._now()
        due = self._due.get(job.name, at)
        # Due far ahead: the clock was put back since.
        if at < due <= at + max(RETRY, job.pace):
            return False
        try:
            did, self._due[job.name] = self._unit(lambda session: self._run(session, job, at))
        except Exception:
            self._due[job.name] = at + RETRY
            log.exception("job.failed", job=job.name)
            return False
        return did

    def _run(self, session: Session, job: Job, at: datetime) -> tuple[bool, datetime]:
        """Whether the job did something, and when to look at it again."""
        held_until = leases.hold(session, job.name, self.holder, at, LEASE)
        if held_until is not None:
            return False, held_until
        cursor = session.get(JobCursor, job.name)
        if cursor is not None and _millis(at) < cursor.value <= _millis(at + job.pace):
            return False, _moment(cursor.value)
        did = job.fn(session, at)
        following = at if did else at + job.pace
        # A quick job writes no cursor: its lease is enough, and an idle second costs no disk.
        if job.pace > LEASE:
            session.merge(JobCursor(name=job.name, value=_millis(following)))
        return did, following


def _millis(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def _moment(millis: int) -> datetime:
    return datetime.fromtimestamp(millis / 1000, UTC)
