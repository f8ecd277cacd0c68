"""The unit of work on SQLite: one process, one write connection, one COMMIT for all who wait.

`unit(fn)` runs `fn(session)` and returns after COMMIT. On SQLite one connection writes.
Units wait in a queue; one greenlet, the closer, opens a transaction, gives each waiting
unit its turn in a SAVEPOINT, and closes all of them with one COMMIT as soon as nobody
waits. COMMIT waits for the disk in a thread, and so does BEGIN when another process holds
the database: the loop goes on. The closer is nobody's request, so a request that is killed leaves no batch open.
"""

from __future__ import annotations

import os
import sqlite3
from collections import deque
from contextvars import Context
from typing import TYPE_CHECKING, TypeVar, cast

import gevent
import structlog
from gevent import getcurrent
from gevent.event import Event
from gevent.threadpool import ThreadPool
from sqlalchemy.exc import DBAPIError

from portal.kernel.engines import WRITE_BUSY_MS, database_file, patience, write_engine
from portal.kernel.errors import UnavailableError
from portal.kernel.units import BUSY, LATE, SENTENCE, UnitSession, means_unavailable, nothing

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy import Connection
    from sqlalchemy.orm import Session

T = TypeVar("T")
log = structlog.get_logger(__name__)

BATCH = 256


class _Turn:
    """One unit in the queue: `granted` when it may run, `over` when it has run or gave up."""

    __slots__ = ("batch", "failure", "granted", "over")

    def __init__(self) -> None:
        self.granted = Event()
        self.over = Event()
        self.batch: _Batch | None = None
        self.failure: BaseException | None = None

    def grant(self, batch: _Batch) -> None:
        self.batch = batch
        self.granted.set()

    def refuse(self, failure: BaseException) -> None:
        self.failure = failure
        self.granted.set()

    def wait(self) -> _Batch:
        """Wait for the turn; UnavailableError when no transaction could begin."""
        self.granted.wait()
        if self.batch is None:
            raise UnavailableError(SENTENCE) from self.failure
        return self.batch


class _Batch:
    """The units that one COMMIT closes."""

    __slots__ = ("before", "closed", "connection", "failure", "kept", "raw", "size")

    def __init__(self, connection: Connection, raw: sqlite3.Connection) -> None:
        self.connection = connection
        self.raw = raw
        self.before = raw.total_changes
        self.size = 0
        self.kept = 0
        self.closed = Event()
        self.failure: BaseException | None = None

    @property
    def changed(self) -> bool:
        """Whether anything was written: a unit that only read wakes nobody."""
        return self.raw.total_changes != self.before

    @property
    def lost(self) -> bool:
        """SQLite ends a transaction by itself on some errors (disk full, input/output)."""
        return not self.raw.in_transaction

    def close(self, failure: BaseException | None) -> None:
        self.failure = failure
        self.closed.set()

    def wait(self) -> None:
        """Wait for COMMIT; UnavailableError when it failed."""
        self.closed.wait()
        if self.failure is not None:
            raise UnavailableError(SENTENCE) from self.failure


class SqliteUnit:
    """The unit of work on one SQLite file, for one process.

    `end_reads` is called before each unit waits (it must give read connections back);
    `announce` once after each COMMIT that changed something. `busy_ms` is how long BEGIN waits for a command line
    that writes meanwhile. `commits` and `units` count since the start, `late_holds` how often a
    contract was locked too late to decide (it would matter on PostgreSQL).
    """

    def __init__(
        self,
        database: str | Path,
        end_reads: Callable[[], None] = nothing,
        announce: Callable[[], None] = nothing,
        busy_ms: int = WRITE_BUSY_MS,
    ) -> None:
        self.path = database_file(database)
        self._busy_ms = busy_ms
        self.commits = 0
        self.units = 0
        self.late_holds = 0
        self._end_reads = end_reads
        self._announce = announce
        self._queue: deque[_Turn] = deque()
        self._closer: gevent.Greenlet | None = None
        self._inside: set[object] = set()
        self._owner: tuple[int, object] | None = None
        self._pool: ThreadPool | None = None
        self._connection: Connection | None = None
        self._raw: sqlite3.Connection | None = None
        self._inherited: list[object] = []

    def __call__(self, fn: Callable[[Session], T]) -> T:
        """Run `fn` alone in its savepoint; return its result once it is on disk.

        Raises what `fn` raises (its own writes undone, those of others kept),
        UnavailableError when the database cannot keep it, RuntimeError inside another unit.
        """
        if getcurrent() in self._inside:
            raise RuntimeError("a unit of work is already open here: pass its session down instead")
        self._own()
        self._end_reads()
        turn = _Turn()
        self._queue.append(turn)
        self._wake_closer()
        try:
            batch = turn.wait()
            result = self._run(fn, batch)
        except Exception:
            turn.over.set()
            # What made it fail may have been written in the same batch: who is told of it must find it on disk.
            if turn.batch is not None:
                self._until_kept(turn.batch)
            raise
        finally:
            turn.over.set()
        self._until_kept(batch)
        return result

    def close(self) -> None:
        """Wait for what is under way, then close the connection; a later unit opens it again."""
        if self._closer is not None:
            self._closer.join()
        self._discard()
        if self._pool is not None:
            self._pool.kill()
            self._pool = None

    def _run(self, fn: Callable[[Session], T], batch: _Batch) -> T:
        me = getcurrent()
        self._inside.add(me)
        try:
            with (
                UnitSession(
                    bind=batch.connection, join_transaction_mode="create_savepoint", expire_on_commit=False
                ) as session,
                session.begin(),
            ):
                result = fn(session)
                self.late_holds += session.info.get(LATE, 0)
        except BaseException as error:
            if batch.lost or means_unavailable(error):
                raise UnavailableError(SENTENCE) from error
            raise
        finally:
            self._inside.discard(me)
        if batch.lost:
            raise UnavailableError(SENTENCE)
        batch.kept += 1
        return result

    def _until_kept(self, batch: _Batch) -> None:
        batch.wait()

    def _own(self) -> None:
        """A unit serves one event loop; a forked process starts again from nothing."""
        here = (os.getpid(), gevent.get_hub())
        if self._owner == here:
            return
        if self._owner is not None and self._owner[0] == here[0]:
            raise RuntimeError("this unit of work belongs to another thread")
        # Closing a connection inherited through fork would release the parent's locks.
        self._inherited.append((self._connection, self._raw, self._pool))
        self._connection = self._raw = self._pool = self._closer = None
        self._queue.clear()
        self._owner = here

    def _wake_closer(self) -> None:
        if self._closer is None:
            # An empty context: the closer must not keep the first request's alive.
            self._closer = Context().run(gevent.spawn, self._close_batches)

    def _close_batches(self) -> None:
        try:
            while self._queue:
                self._one_batch()
        except BaseException as error:
            self._refuse_waiting(error)
            self._discard()
            raise
        finally:
            self._closer = None

    def _one_batch(self) -> None:
        try:
            connection, raw = self._open()
            if not self._begin_at_once(raw):
                self._aside(self._begin, raw)
        except (sqlite3.Error, DBAPIError, OSError) as error:
            self._discard()
            self._refuse_waiting(error)
            return
        batch = _Batch(connection, raw)
        try:
            self._give_turns(batch)
            failure = self._end(batch)
        except BaseException as error:
            batch.close(error)
            raise
        batch.close(failure)
        if batch.kept and failure is None:
            self.commits += 1
            if batch.changed:
                self._tell()

    def _tell(self) -> None:
        try:
            self._announce()
        except Exception:
            # What is on disk stays true: the relay looks again every second.
            log.exception("unit.announce_failed")

    def _give_turns(self, batch: _Batch) -> None:
        while self._queue and batch.size < BATCH and not batch.lost:
            turn = self._queue.popleft()
            if turn.over.is_set():
                continue
            batch.size += 1
            self.units += 1
            turn.grant(batch)
            turn.over.wait()

    def _end(self, batch: _Batch) -> BaseException | None:
        """COMMIT, or ROLLBACK when nothing is to be kept; the error when it failed."""
        if batch.lost:
            self._discard()
            return sqlite3.OperationalError("SQLite rolled the transaction back")
        try:
            self._aside(self._commit if batch.kept else self._rollback, batch.raw)
        except sqlite3.Error as error:
            self._discard()
            return error
        return None

    def _refuse_waiting(self, error: BaseException) -> None:
        while self._queue:
            self._queue.popleft().refuse(error)

    def _open(self) -> tuple[Connection, sqlite3.Connection]:
        if self._connection is None or self._raw is None:
            self._connection = write_engine(self.path, self._busy_ms).connect()
            # Never ended: what begins and commits is below, on the driver's connection.
            self._connection.begin()
            raw = self._connection.connection.driver_connection
            self._raw = cast("sqlite3.Connection", raw)
            # The loop never waits: only `_begin` does, in the thread.
            self._raw.execute(patience(0))
        return self._connection, self._raw

    def _discard(self) -> None:
        """Drop the connection and whatever transaction it is in."""
        connection, raw = self._connection, self._raw
        self._connection = self._raw = None
        if connection is not None:
            connection.detach()
        if raw is not None:
            raw.close()

    def _aside(self, call: Callable[[sqlite3.Connection], None], raw: sqlite3.Connection) -> None:
        """Make one raw call in the thread; nothing else of the process may run there."""
        if self._pool is None:
            self._pool = ThreadPool(1)
        self._pool.apply(call, (raw,))

    def _begin_at_once(self, raw: sqlite3.Connection) -> bool:
        """BEGIN on the loop, where it costs no thread; False when another process writes."""
        try:
            raw.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != BUSY:
                raise
            return False
        return True

    def _begin(self, raw: sqlite3.Connection) -> None:
        raw.execute(patience(self._busy_ms))
        try:
            raw.execute("BEGIN IMMEDIATE")
        finally:
            raw.execute(patience(0))

    def _commit(self, raw: sqlite3.Connection) -> None:
        raw.execute("COMMIT")

    def _rollback(self, raw: sqlite3.Connection) -> None:
        raw.execute("ROLLBACK")
