"""Who may still read rows that were deleted, wherever PostgreSQL notes it: the files are not rewritten yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import pq
from sqlalchemy import make_url

from portal.kernel import cleaning
from portal.setup import services

pytestmark = pytest.mark.both_stores

TABLE = "mots"
# What a server that has standbys and outside transactions has, and that of the other tests has not.
SHARED = {
    "wal_level": "replica",
    "max_wal_senders": "4",
    "max_replication_slots": "4",
    "max_prepared_transactions": "4",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL of our own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(services.DATABASE_URL, raising=False)
        for name, value in SHARED.items():
            patch.setitem(services.FAST, name, value)
        with services.postgresql(tmp_path_factory.mktemp("lecteurs")) as url:
            yield url


@pytest.fixture
def base(server: str) -> Iterator[psycopg.Connection[Any]]:
    """A table with one row, which is deleted once somebody may still read it."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP TABLE IF EXISTS {TABLE}")
        connection.execute(f"CREATE TABLE {TABLE} AS SELECT 1 AS n")
        yield connection


def cleaned(url: str) -> bool:
    return cleaning.clean(url, [TABLE], set())


@contextmanager
def a_prepared_transaction(url: str) -> Iterator[None]:
    """A transaction of two phases that somebody left open, without any connection."""
    with psycopg.connect(url, autocommit=True) as other:
        other.execute("BEGIN")
        other.execute("CREATE TABLE autre (n integer)")
        other.execute("PREPARE TRANSACTION 'oubliee'")
        yield
        other.execute("ROLLBACK PREPARED 'oubliee'")


@contextmanager
def a_slot_of_a_standby(url: str) -> Iterator[None]:
    """A standby told how far back it still reads, then was cut off: its slot remembers."""
    with psycopg.connect(url, autocommit=True) as other:
        xmin = int(other.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text").fetchone()[0])
        other.execute("SELECT pg_create_physical_replication_slot('secours', true)")
        with closing(_standby(url, other)) as standby:
            # Feedback: when, the oldest transaction still read, its epoch; the same for catalogues.
            words = (0).to_bytes(8, "big") + xmin.to_bytes(4, "big") + bytes(4 + 8)
            standby.put_copy_data(b"h" + words)
            standby.flush()
            while other.execute("SELECT xmin FROM pg_replication_slots").fetchone() == (None,):
                pass
        while other.execute("SELECT active FROM pg_replication_slots").fetchone() == (True,):
            pass
        yield
        other.execute("SELECT pg_drop_replication_slot('secours')")


class _standby:  # noqa: N801 — read as a verb
    def __init__(self, url: str, other: psycopg.Connection[Any]) -> None:
        place = other.execute("SELECT pg_current_wal_lsn()").fetchone()[0]
        self._link = pq.PGconn.connect(f"{url}?replication=true".encode())
        found = self._link.exec_(f"START_REPLICATION SLOT secours PHYSICAL {place}".encode())
        assert found.status == pq.ExecStatus.COPY_BOTH, self._link.error_message

    def __getattr__(self, name: str) -> Any:
        return getattr(self._link, name)

    def close(self) -> None:
        self._link.finish()


@contextmanager
def somebody_else_who_reads(url: str) -> Iterator[None]:
    """A backup under another account."""
    with psycopg.connect(url, autocommit=True) as other:
        other.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        other.execute("SELECT 1").fetchone()
        yield


@pytest.mark.parametrize(
    "reader",
    [a_prepared_transaction, a_slot_of_a_standby, somebody_else_who_reads],
    ids=lambda one: one.__name__,
)
def test_whoever_may_still_read_is_waited_for(
    server: str, base: psycopg.Connection[Any], reader: Callable[[str], Any]
) -> None:
    with reader(server):
        base.execute(f"DELETE FROM {TABLE}")
        assert not cleaned(server)
    assert cleaned(server)


def test_an_account_without_privileges_sees_those_who_read_under_another(
    server: str, base: psycopg.Connection[Any], tmp_path: Path
) -> None:
    base.execute("DROP ROLE IF EXISTS portail")
    base.execute("CREATE ROLE portail LOGIN PASSWORD 'essai'")
    base.execute(f"ALTER TABLE {TABLE} OWNER TO portail")
    own = make_url(server).set(username="portail", password="essai").render_as_string(hide_password=False)
    with somebody_else_who_reads(server):
        base.execute(f"DELETE FROM {TABLE}")
        assert not cleaned(own)
    assert cleaned(own)
    base.execute(f"ALTER TABLE {TABLE} OWNER TO CURRENT_USER")
    base.execute("DROP ROLE portail")
