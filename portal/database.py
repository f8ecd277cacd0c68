"""What a database says of itself, read with its driver alone: starts must be quick."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portal.config import SettingsError

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


def state_of(store: str | Path) -> DatabaseState:
    """The state of a database by its address or its file; nothing is true of one absent or not ours.

    Errors: SettingsError when PostgreSQL does not answer.
    """
    if isinstance(store, str) and store.startswith("postgresql"):
        return _on_server(f"postgresql://{store.partition('://')[2]}")
    file = Path(store.removeprefix("sqlite:///")) if isinstance(store, str) else store
    if not file.is_file():
        return DatabaseState()
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as database:
        return _state(database, sqlite3.DatabaseError)


def _on_server(url: str) -> DatabaseState:
    import psycopg

    try:
        # Each question is a transaction of its own: one that names an absent table spoils no other.
        with psycopg.connect(url, autocommit=True, connect_timeout=5) as database:
            return _state(database, psycopg.errors.UndefinedTable)
    except psycopg.OperationalError as error:
        raise SettingsError(
            "La base de données PostgreSQL ne répond pas. Vérifiez DATABASE_URL, et que le serveur est lancé."
        ) from error


def _state(database: Any, absent: type[Exception]) -> DatabaseState:
    def first(query: str) -> object:
        try:
            row = database.execute(f"{query} LIMIT 1").fetchone()
        except absent:
            return None
        return None if row is None else row[0]

    return DatabaseState(
        up_to_date=first("SELECT version_num FROM alembic_version") == latest_revision(),
        demonstration=first(MARK) is not None,
        filled=any(first(f"SELECT 1 FROM {name}") for name in ("account", "contract")),  # noqa: S608 — two names written here
    )


def latest_revision() -> str:
    """The last migration: their files are numbered."""
    return max(file.name.partition("_")[0] for file in MIGRATIONS.glob("[0-9]*_*.py"))
