"""Acts, and units that are slow, broken or hasty, for the tests of the unit of work."""

from __future__ import annotations

import sqlite3
import time

from sqlalchemy import text

from portal.jobs.models import JobCursor
from portal.kernel.unit_of_work import SqliteUnit


def add(name, value=0):
    def work(session):
        session.add(JobCursor(name=name, value=value))
        return name

    return work


class WrongError(Exception):
    pass


def add_then_fail(name):
    def work(session):
        session.add(JobCursor(name=name, value=0))
        session.flush()
        raise WrongError(name)

    return work


def names(reads):
    with reads.connect() as connection:
        return set(connection.execute(text("SELECT name FROM job_cursor")).scalars())


class SlowUnit(SqliteUnit):
    """COMMIT takes 200 ms, as on a tired disk."""

    def _commit(self, raw):
        time.sleep(0.2)
        super()._commit(raw)


class FailingUnit(SqliteUnit):
    """The disk refuses every COMMIT while `broken`."""

    broken = True

    def _commit(self, raw):
        time.sleep(0.01)
        if self.broken:
            raise sqlite3.OperationalError("disk I/O error")
        super()._commit(raw)


class HastyUnit(FailingUnit):
    """The control: answers without waiting for COMMIT."""

    def _until_kept(self, batch):
        pass


def outside_writer_gets_in(database):
    other = sqlite3.connect(database, isolation_level=None, timeout=0.1)
    try:
        other.execute("BEGIN IMMEDIATE")
        other.execute("ROLLBACK")
    except sqlite3.OperationalError:
        return False
    finally:
        other.close()
    return True
