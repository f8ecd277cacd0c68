"""Makes the files of a database forget what was deleted: free pages, old copies, the write-ahead log.

Waits for the disk: call it from a thread.
"""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import gevent
import psycopg
import structlog
from psycopg import sql

from portal.kernel import clock
from portal.kernel.engines import database_file, patience
from portal.kernel.stores import is_postgresql

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime
    from typing import Any

    from sqlalchemy.orm import Session

    from portal.kernel.units import Unit

# To get a connection, or the turn to write: nobody waits behind. What keeps others waiting gives up long
# before their own patience ends (`WRITE_BUSY_MS`).
PATIENCE_S, HOLDING_S = 10, 1
# Between two looks at who still reads what stood before.
LOOK_S = 0.05
# The name under which the whole file is noted as rewritten.
FILE = "*"

# Who reads now, what was prepared in two phases and left open, a standby that says what it still reads even
# when it is cut off. What a slot keeps of the catalogues alone (`catalog_xmin`) keeps no row of a table.
_WHO_BEGAN_BEFORE = """
    SELECT 1 FROM (
        SELECT greatest(age(backend_xid), age(backend_xmin)) AS since FROM pg_stat_activity
        WHERE pid <> pg_backend_pid() AND (datname = current_database() OR datname IS NULL)
        UNION ALL SELECT age(transaction) FROM pg_prepared_xacts WHERE database = current_database()
        UNION ALL SELECT age(xmin) FROM pg_replication_slots
    ) AS known WHERE since > age(%s::xid)
    LIMIT 1
"""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Noun:
    """What the files must forget something of: the tables where it was, what waits, and how to note it done."""

    tables: tuple[str, ...]
    waiting: Callable[[Session], list[str]]
    cleaned: Callable[[Session, list[str], datetime], None]


class Cleaner:
    """Cleans the files of one database, for all nouns in one pass.

    It remembers what it has rewritten: a round that finds a reader in the way is done again from there.
    """

    def __init__(self, unit: Unit, store: str, nouns: Sequence[Noun]) -> None:
        self._unit = unit
        self._store = store
        self._nouns = tuple(nouns)
        self._about: frozenset[str] = frozenset()
        self._rewritten: set[str] = set()

    def waits(self, session: Session) -> bool:
        """Whether the files still hold what was deleted."""
        return any(noun.waiting(session) for noun in self._nouns)

    def finish(self) -> bool:
        """Clean the files when something waits for it, and note it; True when nothing waits any more."""
        waiting = self._unit(lambda session: [noun.waiting(session) for noun in self._nouns])
        found = [(noun, ids) for noun, ids in zip(self._nouns, waiting, strict=True) if ids]
        if not found:
            return True
        about = frozenset(chain.from_iterable(ids for _noun, ids in found))
        if not about <= self._about:
            self._about = about
            self._rewritten.clear()
        tables = dict.fromkeys(chain.from_iterable(noun.tables for noun, _ids in found))
        if not gevent.get_hub().threadpool.apply(clean, (self._store, tables, self._rewritten)):
            log.warning("files.busy", waiting=len(about))
            return False
        self._unit(lambda session: _note(session, found))
        self._about = frozenset()
        return True


def _note(session: Session, found: Iterable[tuple[Noun, list[str]]]) -> None:
    for noun, ids in found:
        noun.cleaned(session, ids, clock.now())


def clean(url: str, tables: Iterable[str], rewritten: set[str]) -> bool:
    """Rewrite the files so that only living rows are in them; False when it must be tried again.

    On SQLite the whole file is written anew and its log is emptied. On PostgreSQL these
    tables are; the log that is archived elsewhere is not within reach. What is noted in
    `rewritten` is not rewritten again; what is, is noted there.
    """
    if is_postgresql(url):
        return _clean_postgresql(url, tables, rewritten)
    return _clean_sqlite(url, rewritten)


def _clean_sqlite(url: str, rewritten: set[str]) -> bool:
    try:
        with closing(sqlite3.connect(database_file(url), timeout=PATIENCE_S, isolation_level=None)) as base:
            if FILE not in rewritten:
                base.execute("PRAGMA secure_delete=ON")
                # The copy that VACUUM works on stays out of /tmp.
                base.execute("PRAGMA temp_store=MEMORY")
                base.execute("VACUUM")
                rewritten.add(FILE)
            # It holds the turn to write while it waits for those who read.
            base.execute(patience(HOLDING_S * 1000))
            busy, _written, _moved = base.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.OperationalError:
        return False
    return bool(busy == 0)


def _clean_postgresql(url: str, tables: Iterable[str], rewritten: set[str]) -> bool:
    address = url.replace("postgresql+psycopg://", "postgresql://", 1)
    try:
        with psycopg.connect(address, autocommit=True, connect_timeout=PATIENCE_S) as server:
            # Whoever reads the table next waits behind the lock that it asks for.
            server.execute(sql.SQL("SET lock_timeout = {}").format(sql.Literal(f"{HOLDING_S}s")))
            wanted = [name for name in tables if name not in rewritten]
            if wanted and not _forgotten_by_all(server):
                return False
            for name in wanted:
                server.execute(sql.SQL("VACUUM (FULL) {}").format(sql.Identifier(name)))
                rewritten.add(name)
    except psycopg.OperationalError:
        return False
    return True


def _forgotten_by_all(server: psycopg.Connection[Any]) -> bool:
    """Wait until nobody may read what was deleted before now: a rewriting would keep those rows for them.

    A backup, a long export or a count of the server itself look at the database as it was when they began;
    so do a transaction prepared for later, and a standby.
    """
    now = server.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::xid::text").fetchone()
    last = time.monotonic() + HOLDING_S
    while server.execute(_WHO_BEGAN_BEFORE, now).fetchone() is not None:
        if time.monotonic() > last:
            return False
        time.sleep(LOOK_S)
    return True
