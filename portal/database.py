"""What a SQLite file says of itself, read without any library: starts must be quick."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

MIGRATIONS = Path(__file__).parent / "migrations" / "versions"
MARK = "SELECT 1 FROM database_mark WHERE name = 'demonstration'"


@dataclass(frozen=True, slots=True)
class DatabaseState:
    """Whether a file has every migration, is marked as a demonstration, holds anything."""

    up_to_date: bool = False
    demonstration: bool = False
    filled: bool = False

    @property
    def real(self) -> bool:
        """Whether it may hold the words of real people."""
        return self.filled and not self.demonstration


def state_of(file: Path) -> DatabaseState:
    """The state of a database file; nothing is true of one that is absent or not ours."""
    if not file.is_file():
        return DatabaseState()
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as database:
        revision = _first(database, "SELECT version_num FROM alembic_version")
        return DatabaseState(
            up_to_date=revision == latest_revision(),
            demonstration=_first(database, MARK) is not None,
            filled=any(_first(database, f"SELECT 1 FROM {name}") for name in ("account", "contract")),  # noqa: S608 — two names written here
        )


def latest_revision() -> str:
    """The last migration: their files are numbered."""
    return max(file.name.partition("_")[0] for file in MIGRATIONS.glob("[0-9]*_*.py"))


def _first(database: sqlite3.Connection, query: str) -> object:
    try:
        row = database.execute(f"{query} LIMIT 1").fetchone()
    except sqlite3.DatabaseError:
        return None
    return None if row is None else row[0]
