"""How connections are opened: on SQLite readers on one side, the only writer on the other."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from portal.kernel.errors import PortalError

if TYPE_CHECKING:
    import sqlite3
    from types import TracebackType

try:
    import fcntl
except ImportError:  # pragma: no cover — Windows has no fcntl: best effort there
    fcntl = None  # type: ignore[assignment]

READ_BUSY_MS = 500
WRITE_BUSY_MS = 5_000
LOCK_SUFFIX = ".verrou"

PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    # NORMAL loses acknowledged commits at a power cut (measured): FULL only.
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    # Erased words must not survive in free pages.
    "PRAGMA secure_delete=ON",
)


class AlreadyServedError(PortalError):
    """Another server holds this SQLite database."""

    code = "deja-servie"


def database_file(database: str | Path) -> Path:
    """The file behind a path or a `sqlite:///` address.

    Raises ValueError for another database, or one that lives in memory.
    """
    text = str(database)
    if "://" not in text:
        return Path(text)
    url = make_url(text)
    if url.get_backend_name() != "sqlite":
        raise ValueError("not a SQLite database")
    if not url.database or url.database == ":memory:":
        raise ValueError("a unit of work needs a database file: memory has one connection only")
    return Path(url.database)


def read_engine_options() -> dict[str, Any]:
    """Options of the engine that pages read with (Flask-SQLAlchemy's)."""
    return {
        "pool_size": 5,
        "max_overflow": 15,
        "pool_timeout": 5,
        "connect_args": {"timeout": READ_BUSY_MS / 1000, "check_same_thread": False},
    }


def postgres_options() -> dict[str, Any]:
    """Options of an engine on PostgreSQL: nothing waits for ever, a lost connection is not used again."""
    patience_ms = {
        "statement_timeout": 15_000,
        "lock_timeout": 5_000,
        "idle_in_transaction_session_timeout": 30_000,
    }
    settings = " ".join(f"-c {name}={value}" for name, value in patience_ms.items())
    return {
        "pool_size": 5,
        "max_overflow": 15,
        "pool_timeout": 5,
        "pool_pre_ping": True,
        "isolation_level": "READ COMMITTED",
        "hide_parameters": True,
        "connect_args": {
            "connect_timeout": 3,
            "application_name": "polyphonie",
            "options": f"{settings} -c timezone=UTC",
        },
    }


def patience(busy_ms: int) -> str:
    """The statement that sets how long a connection waits for another process."""
    return f"PRAGMA busy_timeout={int(busy_ms)}"


def prepare_engine(engine: Engine, busy_ms: int = READ_BUSY_MS) -> Engine:
    """Set every connection that `engine` will open; does nothing on another database."""
    if engine.dialect.name != "sqlite":
        return engine

    def prepare(raw: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
        cursor = raw.cursor()
        cursor.execute(patience(busy_ms))
        for pragma in PRAGMAS:
            cursor.execute(pragma)
        cursor.close()

    event.listen(engine, "connect", prepare)
    return engine


def read_engine(database: str | Path) -> Engine:
    """An engine for reads on a database file, for whoever has no Flask."""
    return prepare_engine(create_engine(f"sqlite:///{database_file(database)}", **read_engine_options()))


def write_engine(database: str | Path, busy_ms: int = WRITE_BUSY_MS) -> Engine:
    """The engine of the only write connection; its transactions are opened by hand.

    `isolation_level=None` keeps the driver from opening transactions by itself;
    `check_same_thread=False` lets BEGIN and COMMIT wait in a thread of their own.
    """
    engine = create_engine(
        f"sqlite:///{database_file(database)}",
        poolclass=NullPool,
        connect_args={
            "isolation_level": None,
            "check_same_thread": False,
            "timeout": busy_ms / 1000,
            "cached_statements": 256,
        },
    )
    return prepare_engine(engine, busy_ms)


class SingleWriter:
    """Holds the right to serve a database file, until released or the process ends.

    The lock belongs to the open file: a worker forked by the holder keeps it.
    """

    def __init__(self, database: str | Path) -> None:
        file = database_file(database)
        self._path = file.with_name(file.name + LOCK_SUFFIX)
        self._descriptor: int | None = None

    def hold(self) -> None:
        """Take the lock; AlreadyServedError when another server has it."""
        if self._descriptor is not None:
            return
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if fcntl is not None:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(descriptor)
            raise AlreadyServedError(
                "Un autre serveur utilise déjà cette base de données. Arrêtez-le avant de lancer celui-ci."
            ) from error
        self._descriptor = descriptor

    def release(self) -> None:
        """Give the lock back; does nothing when it is not held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> Self:
        self.hold()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def hold_single_writer(database: str | Path) -> SingleWriter:
    """Take the right to serve this database; keep the result as long as the server lives.

    Raises AlreadyServedError when another server has it.
    """
    writer = SingleWriter(database)
    writer.hold()
    return writer
