"""A migrated, empty database, made once and copied for each test."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

MIGRATIONS = Path(__file__).resolve().parents[2] / "portal" / "migrations"


def migrated(path: Path) -> Path:
    """A database at the head of the migrations, in one file without a log beside it."""
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    engine.dispose()
    with sqlite3.connect(path) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


def copied(template: Path, instance: Path) -> Path:
    """A fresh copy for one test, where the application looks for it."""
    instance.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copy(template, instance / "polyphonie.sqlite"))
