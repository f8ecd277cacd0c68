"""Nobody's failure is another's loss, and nobody is told yes for what is lost."""

from __future__ import annotations

import sqlite3
import time

import gevent
import pytest
from sqlalchemy import text

from portal.jobs.models import JobCursor
from portal.kernel.errors import UnavailableError
from portal.kernel.unit_of_work import SqliteUnit
from tests.unit.kernel.units import (
    FailingUnit,
    HastyUnit,
    SlowUnit,
    add,
    names,
    outside_writer_gets_in,
)


class TestFailures:
    def test_when_commit_fails_nobody_of_the_batch_is_told_yes(self, database, reads):
        unit = FailingUnit(database)
        tries = [gevent.spawn(unit, add(f"n{n}")) for n in range(20)]
        gevent.joinall(tries)
        assert {type(one.exception) for one in tries} == {UnavailableError}
        assert names(reads) == set()
        unit.broken = False
        assert unit(add("after")) == "after"
        assert names(reads) == {"after"}
        unit.close()

    def test_control_a_hasty_unit_would_have_said_yes_to_lost_words(self, database, reads):
        unit = HastyUnit(database)
        tries = [gevent.spawn(unit, add(f"n{n}")) for n in range(20)]
        gevent.joinall(tries)
        told_yes = [one for one in tries if one.exception is None]
        unit.close()
        assert told_yes
        assert names(reads) == set()

    def test_a_killed_waiter_leaves_no_batch_open(self, database, reads):
        unit = SlowUnit(database)
        busy = gevent.spawn(unit, add("busy"))
        gevent.sleep(0.05)
        waiting = [gevent.spawn(unit, add(f"n{n}")) for n in range(5)]
        gevent.sleep(0.01)
        killed, kept = waiting[1::2], waiting[0::2]
        gevent.killall(killed)
        gevent.joinall([busy, *kept], timeout=3, raise_error=True)
        assert all(one.successful() for one in kept)
        assert names(reads) == {"busy", "n0", "n2", "n4"}
        unit.close()
        assert outside_writer_gets_in(database)

    def test_killing_all_who_wait_leaves_no_batch_open(self, database, reads):
        unit = SlowUnit(database)
        everyone = [gevent.spawn(unit, add(f"n{n}")) for n in range(5)]
        gevent.sleep(0.1)
        gevent.killall(everyone)
        gevent.sleep(0.3)
        assert outside_writer_gets_in(database)
        assert unit(add("after")) == "after"
        unit.close()
        assert "after" in names(reads)

    def test_a_unit_killed_at_work_is_undone_and_the_next_one_goes_on(self, unit, reads):
        def stuck(session):
            add("stuck")(session)
            session.flush()
            gevent.sleep(10)

        working = gevent.spawn(unit, stuck)
        gevent.sleep(0.05)
        next_one = gevent.spawn(unit, add("next"))
        gevent.sleep(0.01)
        working.kill()
        next_one.join(timeout=2)
        assert next_one.value == "next"
        assert names(reads) == {"next"}

    def test_a_locked_database_is_said_unavailable_without_stopping_the_loop(self, database):
        unit = SqliteUnit(database, busy_ms=300)
        unit(add("first"))
        other = sqlite3.connect(database, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        ticks = []

        def tick():
            while True:
                ticks.append(time.monotonic())
                gevent.sleep(0.005)

        ticking = gevent.spawn(tick)
        with pytest.raises(UnavailableError) as caught:
            unit(add("a"))
        ticking.kill()
        assert caught.value.code == "indisponible"
        assert caught.value.sentence
        assert len(ticks) > 20
        other.execute("ROLLBACK")
        other.close()
        assert unit(add("b")) == "b"
        unit.close()

    def test_a_free_database_costs_no_thread_to_begin_and_a_busy_one_waits_in_it(self, database):
        aside = []

        class Watched(SqliteUnit):
            def _aside(self, call, raw):
                aside.append(call.__name__)
                super()._aside(call, raw)

        unit = Watched(database, busy_ms=2000)
        unit(add("free"))
        assert aside == ["_commit"]
        other = sqlite3.connect(database, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        waiting = gevent.spawn(unit, add("busy"))
        gevent.sleep(0.1)
        other.execute("COMMIT")
        other.close()
        waiting.join(timeout=3)
        assert waiting.value == "busy"
        assert unit(add("free again")) == "free again"
        assert aside == ["_commit", "_begin", "_commit", "_commit"]
        unit.close()

    def test_waits_for_a_command_line_that_writes_meanwhile(self, unit, database):
        unit(add("first"))
        other = sqlite3.connect(database, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        waiting = gevent.spawn(unit, add("a"))
        gevent.sleep(0.2)
        assert not waiting.ready()
        other.execute("COMMIT")
        other.close()
        waiting.join(timeout=3)
        assert waiting.value == "a"

    def test_a_full_disk_leaves_nothing_half_written(self, unit, reads):
        def fill(session):
            pages = session.execute(text("PRAGMA page_count")).scalar_one()
            session.execute(text(f"PRAGMA max_page_count={pages}"))
            for number in range(2000):
                session.add(JobCursor(name=f"n{number}", value=number))
            session.flush()

        with pytest.raises(UnavailableError):
            unit(fill)
        assert names(reads) == set()

    def test_when_sqlite_gives_up_a_transaction_its_earlier_units_are_told_no(self, unit, reads):
        def give_up(session):
            session.connection().connection.driver_connection.execute("ROLLBACK")

        tries = [
            gevent.spawn(unit, add("early")),
            gevent.spawn(unit, give_up),
            gevent.spawn(unit, add("late")),
        ]
        gevent.joinall(tries)
        assert [type(one.exception) for one in tries[:2]] == [UnavailableError, UnavailableError]
        assert tries[2].value == "late"
        assert names(reads) == {"late"}

    def test_a_fault_of_the_code_is_not_called_unavailable(self, unit):
        with pytest.raises(Exception, match="no such table") as caught:
            unit(lambda session: session.execute(text("SELECT * FROM nowhere")))
        assert not isinstance(caught.value, UnavailableError)
