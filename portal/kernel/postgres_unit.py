"""The unit of work on PostgreSQL: one transaction each, begun again whole when two met.

Several processes write at once, so who decides locks the contract first
(`journal.service.hold`): READ COMMITTED then shows what the others have just committed.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any, TypeVar

import gevent
import psycopg
import structlog
from gevent import getcurrent
from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import SQLAlchemyError

from portal.kernel.engines import postgres_options
from portal.kernel.errors import UnavailableError
from portal.kernel.lending import lending
from portal.kernel.units import CONFLICTS, LATE, SENTENCE, UnitSession, means_unavailable, nothing, sqlstate

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection
    from sqlalchemy.orm import Session

T = TypeVar("T")
log = structlog.get_logger(__name__)

TRIES = 6
PAUSE_SECONDS = 0.02
WRITES = ("INSERT", "UPDATE", "DELETE", "MERGE")


class NotingCursor(psycopg.Cursor):
    """Notes on its connection that something was written: a unit that only read wakes nobody."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> NotingCursor:
        """As the driver's, then a note."""
        super().execute(query, params, **options)
        if self.rowcount > 0 and (self.statusmessage or "").startswith(WRITES):
            vars(self.connection)["wrote"] = True
        return self


class PostgresUnit:
    """The unit of work on one PostgreSQL database, for one process among several.

    `end_reads` and `announce` are those of `SqliteUnit`. `commits`, `units` and `retries`
    count since the start, `late_holds` how often a contract was locked too late to decide.
    """

    def __init__(
        self,
        url: str,
        end_reads: Callable[[], None] = nothing,
        announce: Callable[[], None] = nothing,
    ) -> None:
        self.url = url
        self.commits = 0
        self.units = 0
        self.retries = 0
        self.late_holds = 0
        self._end_reads = end_reads
        self._announce = announce
        self._inside: set[object] = set()
        self._engine: Engine | None = None

    def __call__(self, fn: Callable[[Session], T]) -> T:
        """Run `fn` in a transaction of its own; return its result once it is on disk.

        `fn` may run more than once: only what its session holds is undone in between.
        Raises what `fn` raises, UnavailableError when the database cannot keep it,
        RuntimeError inside another unit.
        """
        me = getcurrent()
        if me in self._inside:
            raise RuntimeError("a unit of work is already open here: pass its session down instead")
        self._end_reads()
        self._inside.add(me)
        try:
            return self._until_done(fn)
        finally:
            self._inside.discard(me)

    def close(self) -> None:
        """Give the connections back; a later unit opens them again."""
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None

    def _until_done(self, fn: Callable[[Session], T]) -> T:
        for attempt in range(TRIES):
            try:
                return self._once(fn)
            except (SQLAlchemyError, psycopg.Error) as error:
                if sqlstate(error) not in CONFLICTS:
                    if means_unavailable(error):
                        raise UnavailableError(SENTENCE) from error
                    raise
                met = error
            self.retries += 1
            gevent.sleep(PAUSE_SECONDS * random.uniform(attempt, 2 * attempt + 1))  # noqa: S311 — spreads who met
        raise UnavailableError(SENTENCE) from met

    def _once(self, fn: Callable[[Session], T]) -> T:
        self.units += 1
        with self._connected() as connection, connection.begin():
            notes = vars(connection.connection.driver_connection)
            notes["wrote"] = False
            with UnitSession(bind=connection, expire_on_commit=False) as session, session.begin():
                result = fn(session)
                self.late_holds += session.info.get(LATE, 0)
        self.commits += 1
        if notes["wrote"]:
            self._tell()
        return result

    def _connected(self) -> Connection:
        if self._engine is None:
            self._engine = create_engine(self.url, **unit_options())
        return self._engine.connect()

    def _tell(self) -> None:
        try:
            self._announce()
        except Exception:
            # What is on disk stays true: the relay looks again every second.
            log.exception("unit.announce_failed")


def unit_options() -> dict[str, object]:
    """Options of the engine that writes."""
    options = postgres_options()
    noting = {**options["connect_args"], "cursor_factory": NotingCursor}
    return {**options, **lending(), "pool_size": 8, "max_overflow": 8, "connect_args": noting}
