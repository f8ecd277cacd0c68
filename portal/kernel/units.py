"""What both units of work share: their promise, their session, what « not now » means."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Protocol, TypeVar

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

SENTENCE = "Le portail n’a pas pu enregistrer. Réessayez dans quelques instants."
# Where a session notes that a contract was locked only when its line was written.
LATE = "late_holds"

# Result codes of SQLite that mean « not now »: perm, busy, locked, nomem, readonly, ioerr,
# corrupt, full, cantopen, protocol, notadb. Any other error is a fault of the code.
BUSY = 5
NOT_NOW = frozenset({3, BUSY, 6, 7, 8, 10, 11, 13, 14, 15, 26})
# The same of PostgreSQL, by SQLSTATE or its class: connection, resources, operator, system,
# configuration; read only, lock not available, time out of a statement or of a transaction.
NOT_NOW_CLASSES = frozenset({"08", "53", "57", "58", "F0"})
NOT_NOW_STATES = frozenset({"25006", "25P03", "25P04", "55P03"})
# Two units met: one of them begins again.
CONFLICTS = frozenset({"40001", "40P01"})


class Unit(Protocol):
    """What services' callers hold: runs `fn` in its own transaction, returns after COMMIT."""

    def __call__(self, fn: Callable[[Session], T]) -> T:
        """Return what `fn` returned, once it is on disk."""
        ...

    def close(self) -> None:
        """Give the connections back; a later unit opens them again."""
        ...


class UnitSession(Session):
    """The session of one unit: its end is decided by the unit, never by `fn`."""

    def commit(self) -> None:
        """Always refused: returning from `fn` is the way to keep its work."""
        raise RuntimeError("only the unit of work commits: return from the function instead")


def cause_of(error: BaseException) -> BaseException | None:
    """The driver's own error behind SQLAlchemy's."""
    return error.orig if isinstance(error, DBAPIError) else error


def sqlstate(error: BaseException) -> str:
    """PostgreSQL's code of an error, or nothing."""
    return getattr(cause_of(error), "sqlstate", None) or ""


def means_unavailable(error: BaseException) -> bool:
    """Whether a database error tells that the database cannot answer now."""
    if isinstance(error, PoolTimeoutError):
        return True
    cause = cause_of(error)
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", None)
        return code is not None and code & 0xFF in NOT_NOW
    if not isinstance(cause, psycopg.Error):
        return False
    state = sqlstate(error)
    if not state:
        # Without a code the server did not speak: the connection is gone or never was.
        return isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError)
    return state[:2] in NOT_NOW_CLASSES or state in NOT_NOW_STATES


def nothing() -> None:
    """What a unit of work calls where nobody wants to be called."""
