"""Two houses that the services built, given to one test after another as they were first written.

To build them takes ten times longer than to write their rows back. They are built anew every few seconds, and by
every test that is not in the present: to a test they are as new as if it had built its own.
"""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
from sqlalchemy.orm import Session

from portal.extensions import unit
from portal.kernel import clock
from portal.tables import METADATA
from tests.factories.world import House, a_house, a_space
from tests.stores import Store

MOST_AGE = timedelta(seconds=20)
Houses = tuple[House, House]


@dataclass
class Kept:
    """What one database of this process held, and when it was written."""

    at: datetime
    houses: Houses
    tables: tuple[str, ...] = ()
    file: Path | None = None


_kept: dict[str, Kept] = {}
_folder = tempfile.TemporaryDirectory(prefix="polyphonie-kept-")


def two_houses(store: Store) -> Houses:
    """Our house and another one, each with an open space, in the empty database of a test."""
    kept, now = _kept.get(store.name), clock.now()
    if kept is None or not timedelta() <= now - kept.at < MOST_AGE:
        houses = unit(_build)
        if abs(datetime.now(UTC) - now) < timedelta(seconds=1):
            _kept[store.name] = _keep(store, houses, now)
        return houses
    _give(store, kept)
    return deepcopy(kept.houses)


def _build(session: Session) -> Houses:
    ours, other = a_house(session, "Tilleuls"), a_house(session, "Ormeaux")
    a_space(session, ours)
    a_space(session, other)
    return ours, other


def _keep(store: Store, houses: Houses, at: datetime) -> Kept:
    known = deepcopy(houses)
    if store.name == "sqlite":
        file = Path(_folder.name) / "kept.sqlite"
        _copy(store.sqlite_file, file)
        return Kept(at, known, file=file)
    names = [table.name for table in METADATA.sorted_tables]
    with psycopg.connect(store.database_url, autocommit=True) as database:
        database.execute("DROP SCHEMA IF EXISTS kept CASCADE; CREATE SCHEMA kept")
        used = [
            name for name in names if database.execute(f'SELECT EXISTS (SELECT FROM "{name}")').fetchone()[0]
        ]
        database.execute("; ".join(f'CREATE UNLOGGED TABLE kept."{name}" AS TABLE "{name}"' for name in used))
    return Kept(at, known, tables=tuple(used))


def _give(store: Store, kept: Kept) -> None:
    if kept.file is not None:
        _copy(kept.file, store.sqlite_file)
        return
    with psycopg.connect(store.database_url, autocommit=True) as database:
        database.execute(
            # The guards saw these rows when they were first written.
            "SET session_replication_role = replica; "
            + "; ".join(f'INSERT INTO "{name}" SELECT * FROM kept."{name}"' for name in kept.tables)
        )


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target, timeout=20)) as other:
        one.backup(other)
