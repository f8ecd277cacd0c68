"""Nothing is answered before it is on disk, and many share one COMMIT."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from itertools import pairwise

import gevent
import pytest

from portal.jobs.models import JobCursor
from portal.kernel.unit_of_work import SqliteUnit
from tests.unit.kernel.units import (
    SlowUnit,
    WrongError,
    add,
    add_then_fail,
    names,
)


class TestOneUnit:
    def test_returns_what_the_function_returns_and_is_then_readable(self, unit, reads):
        assert unit(add("a")) == "a"
        assert names(reads) == {"a"}

    def test_is_invisible_to_readers_until_commit(self, unit, reads):
        seen = []

        def work(session):
            session.add(JobCursor(name="a", value=0))
            session.flush()
            seen.append(names(reads))

        unit(work)
        assert seen == [set()]
        assert names(reads) == {"a"}

    def test_rows_it_returns_stay_readable_after(self, unit):
        def work(session):
            row = JobCursor(name="a", value=7)
            session.add(row)
            return row

        assert unit(work).value == 7

    def test_failing_leaves_nothing_and_raises_the_same_error(self, unit, reads):
        with pytest.raises(WrongError):
            unit(add_then_fail("a"))
        assert names(reads) == set()
        assert unit.commits == 0

    def test_a_nested_savepoint_may_fail_alone(self, unit, reads):
        def work(session):
            session.add(JobCursor(name="outer", value=0))
            with pytest.raises(WrongError), session.begin_nested():
                add_then_fail("inner")(session)

        unit(work)
        assert names(reads) == {"outer"}

    def test_a_unit_inside_a_unit_is_refused_with_a_clear_sentence(self, unit, reads):
        with pytest.raises(RuntimeError, match="already open"):
            unit(lambda _session: unit(add("a")))
        assert names(reads) == set()
        assert unit(add("b")) == "b"

    def test_the_function_may_not_commit_by_itself(self, unit, reads):
        def work(session):
            session.add(JobCursor(name="a", value=0))
            session.commit()

        with pytest.raises(RuntimeError, match="only the unit of work commits"):
            unit(work)
        assert names(reads) == set()

    def test_reads_end_before_and_the_announcement_comes_after_commit(self, database, reads):
        order = []

        def announce():
            order.append(("announce", names(reads)))

        unit = SqliteUnit(database, end_reads=lambda: order.append("reads ended"), announce=announce)

        def work(session):
            order.append("work")
            add("a")(session)

        unit(work)
        unit.close()
        assert order == ["reads ended", "work", ("announce", {"a"})]

    def test_a_failing_unit_is_not_announced(self, database):
        announced = []
        unit = SqliteUnit(database, announce=lambda: announced.append(1))
        with pytest.raises(WrongError):
            unit(add_then_fail("a"))
        unit.close()
        assert announced == []

    def test_a_unit_that_only_read_is_not_announced(self, database):
        announced = []
        unit = SqliteUnit(database, announce=lambda: announced.append(1))
        unit(lambda session: session.get(JobCursor, "a"))
        assert announced == []
        unit(add("a"))
        unit.close()
        assert announced == [1]

    def test_an_announcement_that_fails_harms_nobody(self, database, reads):
        def announce():
            raise WrongError

        unit = SqliteUnit(database, announce=announce)
        assert unit(add("a")) == "a"
        assert unit(add("b")) == "b"
        unit.close()
        assert names(reads) == {"a", "b"}

    def test_another_thread_is_refused_rather_than_mixed_up(self, unit):
        unit(add("a"))
        caught = []

        def elsewhere():
            try:
                unit(add("b"))
            except RuntimeError as error:
                caught.append(str(error))

        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()
        assert caught
        assert "another thread" in caught[0]


class TestManyUnits:
    def crowd(self, unit, total=1000, greenlets=50):
        numbers = iter(range(total))
        failed = []

        def client():
            for number in numbers:
                work = add_then_fail if number % 7 == 0 else add
                try:
                    unit(work(f"n{number}"))
                except WrongError as error:
                    failed.append(str(error))

        clients = [gevent.spawn(client) for _ in range(greenlets)]
        gevent.joinall(clients, raise_error=True)
        return failed

    def test_a_thousand_units_of_fifty_greenlets_share_few_commits(self, unit, reads):
        failed = self.crowd(unit)
        assert unit.units == 1000
        assert unit.commits <= 100
        assert names(reads) == {f"n{number}" for number in range(1000) if number % 7}
        assert sorted(failed) == sorted(f"n{number}" for number in range(1000) if number % 7 == 0)

    def test_each_unit_sees_those_before_it(self, unit):
        def count(session):
            row = session.get(JobCursor, "counter")
            if row is None:
                row = JobCursor(name="counter", value=0)
                session.add(row)
            row.value += 1
            session.flush()
            return row.value

        gathered = gevent.joinall([gevent.spawn(unit, count) for _ in range(200)], raise_error=True)
        assert sorted(one.value for one in gathered) == list(range(1, 201))

    def test_one_announcement_per_commit(self, database):
        announced = []
        unit = SqliteUnit(database, announce=lambda: announced.append(1))
        self.crowd(unit, total=200)
        unit.close()
        assert len(announced) == unit.commits

    def test_a_batch_is_closed_at_256_even_when_others_wait(self, unit):
        sizes = []
        end = unit._end

        def remember(batch):
            sizes.append(batch.size)
            return end(batch)

        unit._end = remember
        gevent.joinall([gevent.spawn(unit, add(f"n{n}")) for n in range(300)], raise_error=True)
        assert sizes == [256, 44]

    def test_the_loop_turns_while_the_disk_is_slow(self, database):
        unit = SlowUnit(database)
        unit(add("first"))
        ticks = []

        def tick():
            while True:
                ticks.append(time.monotonic())
                gevent.sleep(0.005)

        ticking = gevent.spawn(tick)
        gevent.joinall([gevent.spawn(unit, add(f"n{n}")) for n in range(20)], raise_error=True)
        ticking.kill()
        unit.close()
        longest = max(later - earlier for earlier, later in pairwise(ticks))
        assert len(ticks) > 20
        assert longest < 0.15

    def test_control_a_commit_in_the_loop_stops_it(self, database):
        class InLoop(SlowUnit):
            def _aside(self, call, raw):
                call(raw)

        unit = InLoop(database)
        ticks = []

        def tick():
            while True:
                ticks.append(time.monotonic())
                gevent.sleep(0.005)

        ticking = gevent.spawn(tick)
        gevent.joinall([gevent.spawn(unit, add(f"n{n}")) for n in range(5)], raise_error=True)
        gevent.sleep(0.01)
        ticking.kill()
        unit.close()
        assert max(later - earlier for earlier, later in pairwise(ticks)) > 0.15


SERVER_LIKE = """
import gevent.monkey
gevent.monkey.patch_all()
import sys, gevent
from portal.jobs.models import JobCursor
from portal.kernel.unit_of_work import SqliteUnit
unit = SqliteUnit(sys.argv[1])
def add(n):
    unit(lambda session: session.add(JobCursor(name=f"n{n}", value=n)))
gevent.joinall([gevent.spawn(add, n) for n in range(100)], raise_error=True)
print(unit.units, unit.commits)
"""


def test_works_in_a_monkey_patched_process_too(database, reads):
    done = subprocess.run(
        [sys.executable, "-c", SERVER_LIKE, str(database)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    units, commits = map(int, done.stdout.split())
    assert units == 100
    assert commits <= 10
    assert len(names(reads)) == 100


class TestToldOfWhatAnotherWrote:
    """A unit that fails because of another one of its batch finds what that one wrote on disk."""

    def told(self, unit, reads):
        """What the disk holds when the second of two units learns that it came second."""
        found = []

        def second(session):
            if session.get(JobCursor, "a") is not None:
                raise WrongError("a")

        def come_second():
            try:
                unit(second)
            except WrongError:
                found.append(names(reads))

        jobs = [gevent.spawn(unit, add("a")), gevent.spawn(come_second)]
        gevent.joinall(jobs, raise_error=True)
        return found

    def test_it_is_told_after_the_commit(self, database, reads):
        unit = SlowUnit(database)
        assert self.told(unit, reads) == [{"a"}]
        unit.close()

    def test_control_told_at_once_it_finds_nothing(self, database, reads):
        class Hasty(SlowUnit):
            def _until_kept(self, batch):
                pass

        unit = Hasty(database)
        assert self.told(unit, reads) == [set()]
        unit.close()
