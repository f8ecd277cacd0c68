"""Makes the files of a database forget what was deleted: free pages, old copies, the write-ahead log.

Waits for the disk: call it from a thread.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import gevent
import psycopg
import structlog
from psycopg import sql

from portal.kernel import clock
from portal.kernel.engines import database_file
from portal.kernel.stores import is_postgresql

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from portal.kernel.units import Unit

PATIENCE_S = 10

log = structlog.get_logger(__name__)


def finish(
    unit: Unit,
    store: str,
    tables: Sequence[str],
    waiting: Callable[[Session], list[str]],
    cleaned: Callable[[Session, list[str], datetime], None],
) -> bool:
    """Clean the files when something waits for it, and note it; True when nothing waits any more."""
    found = unit(waiting)
    if not found:
        return True
    if not gevent.get_hub().threadpool.apply(clean, (store, tables)):
        log.warning("files.busy", waiting=len(found))
        return False
    unit(lambda session: cleaned(session, found, clock.now()))
    return True


def clean(url: str, tables: Sequence[str]) -> bool:
    """Rewrite the files so that only living rows are in them; False when it must be tried again.

    On SQLite the whole file is written anew and its log is emptied. On PostgreSQL these
    tables are; the log that is archived elsewhere is not within reach.
    """
    return _clean_postgresql(url, tables) if is_postgresql(url) else _clean_sqlite(url)


def _clean_sqlite(url: str) -> bool:
    try:
        with closing(sqlite3.connect(database_file(url), timeout=PATIENCE_S, isolation_level=None)) as base:
            base.execute("PRAGMA secure_delete=ON")
            # The copy that VACUUM works on stays out of /tmp.
            base.execute("PRAGMA temp_store=MEMORY")
            base.execute("VACUUM")
            busy, _written, _moved = base.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.OperationalError:
        return False
    return bool(busy == 0)


def _clean_postgresql(url: str, tables: Sequence[str]) -> bool:
    address = url.replace("postgresql+psycopg://", "postgresql://", 1)
    try:
        with psycopg.connect(address, autocommit=True, connect_timeout=PATIENCE_S) as server:
            server.execute(sql.SQL("SET lock_timeout = {}").format(sql.Literal(f"{PATIENCE_S}s")))
            for name in tables:
                server.execute(sql.SQL("VACUUM (FULL) {}").format(sql.Identifier(name)))
    except psycopg.OperationalError:
        return False
    return True
