"""The two databases that the portal runs on, each empty and migrated for a test.

`postgresql_url` and `valkey_url` give real servers: those that `TEST_DATABASE_URL` and
`TEST_REDIS_URL` name, else one of each for the process that asks, ended with it.
"""

from __future__ import annotations

import atexit
import secrets
import tempfile
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack, closing
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import create_engine, make_url

from portal import migrations
from portal.config import Settings, database_address
from portal.setup import services
from portal.tables import METADATA
from tests.factories.database import copied

KEY = "k" * 48
STORES = ("sqlite", "postgresql")
# Set to anything, every test of what a person can reach runs on both; otherwise one in three of each file does.
EVERY_TEST = "PORTAL_BOTH_STORES"
ONE_IN = 3
_started = ExitStack()
atexit.register(_started.close)


def spared(tests: Sequence[tuple[str, str]]) -> list[int]:
    """Which of these tests, (file, store) each in their order, the short form does not run.

    The first of each file on the second store, then one in three, always run: a file never leaves it wholly.
    """
    met: Counter[str] = Counter()
    left_out = []
    for at, (file, store) in enumerate(tests):
        if store == STORES[1]:
            if met[file] % ONE_IN:
                left_out.append(at)
            met[file] += 1
    return left_out


@cache
def postgresql_url() -> str:
    """The address of a PostgreSQL server, with the right to create databases."""
    return _started.enter_context(services.postgresql(Path(tempfile.mkdtemp(prefix="polyphonie-pg-"))))


@cache
def valkey_url() -> str:
    """The address of a Valkey server."""
    return _started.enter_context(services.valkey(Path(tempfile.mkdtemp(prefix="polyphonie-bus-"))))


def new_database(template: str | None = None) -> str:
    """The address of a new PostgreSQL database, migrated, or a copy of `template` (an address)."""
    name = f"essai_{secrets.token_hex(6)}"
    with psycopg.connect(postgresql_url(), autocommit=True) as server:
        copy = f' TEMPLATE "{make_url(template).database}"' if template else ""
        server.execute(f'CREATE DATABASE "{name}"{copy}')
    url = make_url(postgresql_url()).set(database=name).render_as_string(hide_password=False)
    if template is None:
        migrations.upgrade(database_address(url))
    return url


def drop_database(url: str) -> None:
    """Remove a database, whoever is still connected."""
    with psycopg.connect(postgresql_url(), autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{make_url(url).database}" WITH (FORCE)')


def emptied(url: str) -> str:
    """The same database without any row; quicker than a new one."""
    names = [table.name for table in reversed(METADATA.sorted_tables)]
    with psycopg.connect(url, autocommit=True) as database:
        database.execute(
            # Neither keys nor guards are asked: everything goes.
            "SET session_replication_role = replica; " + "; ".join(f'DELETE FROM "{name}"' for name in names)
        )
    return url


@cache
def _shared() -> str:
    url = new_database()
    _started.callback(drop_database, url)
    return url


class Store:
    """Where one test keeps its portal: a folder, and on which database."""

    def __init__(self, name: str, instance: Path, template: Path) -> None:
        self.name = name
        self.instance = instance
        if name == "sqlite":
            copied(template, instance)
            self.database_url = ""
        else:
            instance.mkdir(parents=True, exist_ok=True)
            self.database_url = emptied(_shared())

    @property
    def sqlite_file(self) -> Path:
        """Where SQLite keeps the portal."""
        return self.instance / "polyphonie.sqlite"

    @property
    def settings(self) -> Settings:
        """The settings of an application under test on this database."""
        return Settings(
            instance=self.instance,
            secret_key=KEY,
            database_url=database_address(self.database_url),
            testing=True,
            clock_file=True,
        )

    @property
    def environ(self) -> dict[str, str]:
        """The same for a server in a process of its own."""
        return {"DATABASE_URL": self.database_url} if self.database_url else {}

    def sql(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Run plain SQL (marks `?`) beside the portal, as an administrator would; the rows found."""
        return plain_sql(self.settings.store, statement, *values)


def plain_sql(url: str, statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """Run plain SQL (marks `?`) on a database by its address; the rows found."""
    engine = create_engine(url, connect_args={"timeout": 20} if url.startswith("sqlite") else {})
    try:
        with engine.connect() as connection, closing(connection.connection.cursor()) as cursor:
            mark = "%s" if engine.dialect.name == "postgresql" else "?"
            cursor.execute(statement.replace("?", mark), values)
            rows = list(cursor.fetchall()) if cursor.description else []
            connection.connection.commit()
            return rows
    finally:
        engine.dispose()
