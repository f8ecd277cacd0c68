"""Connections to PostgreSQL that are lent again and again: asked whether they live only when that is in doubt."""

from __future__ import annotations

import select
import time
from typing import TYPE_CHECKING, Any

import psycopg
from gevent import monkey
from sqlalchemy.exc import InvalidatePoolError

if TYPE_CHECKING:
    from sqlalchemy.pool import ConnectionPoolEntry

# Beyond, a connection may be dead without a sign.
REST_SECONDS = 1.0
_SINCE = "given_back"


def lending() -> dict[str, Any]:
    """Options of an engine: the last connection given back is lent first, and asked only in doubt."""
    return {
        "pool_pre_ping": False,
        "pool_use_lifo": True,
        "pool_events": [(_given_back, "checkin"), (_lent, "checkout")],
    }


def _given_back(_raw: object, entry: ConnectionPoolEntry) -> None:
    entry.info[_SINCE] = time.monotonic()


def _lent(raw: psycopg.Connection[Any], entry: ConnectionPoolEntry, _proxy: object) -> None:
    since = entry.info.get(_SINCE)
    if since is not None and (time.monotonic() - since > REST_SECONDS or _speaks(raw)):
        _ask(raw)


def _speaks(raw: psycopg.Connection[Any]) -> bool:
    """Whether something came to a connection that had asked nothing: as a rule, its end."""
    if not hasattr(select, "poll"):
        # Windows: whoever cannot look always asks.
        return True
    # The system's own: gevent's asks its loop, which costs as much as asking the server.
    here = monkey.get_original("select", "poll")()
    try:
        here.register(raw.pgconn.socket, select.POLLIN)
    except psycopg.Error:
        return True
    return bool(here.poll(0))


def _ask(raw: psycopg.Connection[Any]) -> None:
    """Errors: InvalidatePoolError when nobody answers; the pool then opens others."""
    alone = raw.autocommit
    try:
        # Outside any transaction: none is begun by asking.
        raw.autocommit = True
        raw.execute("SELECT 1")
        raw.autocommit = alone
    except psycopg.Error as gone:
        raise InvalidatePoolError from gone
