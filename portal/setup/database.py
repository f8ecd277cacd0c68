"""What can be seen of the database from outside, read only, with Python's own SQLite."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.setup.python_env import Environment

MAGIC = b"SQLite format 3\0"


def instance_folder(env: Environment) -> Path:
    """The folder of the data: ``PORTAL_INSTANCE``, or ``instance`` beside ``portail.py``."""
    return Path(os.environ.get("PORTAL_INSTANCE") or env.root / "instance").resolve()


def files(folder: Path) -> list[Path]:
    """The SQLite databases of an instance."""
    return sorted(path for path in folder.glob("*") if is_sqlite(path)) if folder.is_dir() else []


def is_sqlite(path: Path) -> bool:
    """Whether a file begins like an SQLite database."""
    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except OSError:
        return False


def identity(folder: Path) -> list[str]:
    """Which files they are and at which migration; empty if that cannot be told for each of them."""
    found = []
    for path in files(folder):
        migration = ask(path, "SELECT version_num FROM alembic_version")
        if migration is None:
            return []
        found.append(f"{path.name} {path.stat().st_ino} {migration}")
    return found


def quick_check(path: Path) -> str | None:
    """SQLite's own verdict: "ok", what is damaged, or None if the file cannot be read."""
    return ask(path, "PRAGMA quick_check(1)")


def ask(path: Path, query: str) -> str | None:
    """The first value of an answer, or None; nothing is ever written."""
    try:
        with closing(
            sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=2)
        ) as connection:
            row = connection.execute(query).fetchone()
    except sqlite3.Error:
        return None
    return str(row[0]) if row else None
