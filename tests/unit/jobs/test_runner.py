"""Each job is done by one process at a time, once, whatever falls."""

from __future__ import annotations

import gevent
import pytest

from portal.jobs.models import JobCursor, Lease
from portal.jobs.runner import Job, Runner


class Work:
    """A job that writes down each time it is done, in the database."""

    def __init__(self, left=0):
        self.left = left
        self.asked = 0

    def __call__(self, session, at):
        self.asked += 1
        if not self.left:
            return False
        self.left -= 1
        done = session.get(JobCursor, "done") or JobCursor(name="done", value=0)
        done.value += 1
        session.add(done)
        return True


def done(unit):
    def read(session):
        row = session.get(JobCursor, "done")
        return row.value if row else 0

    return unit(read)


def holder(unit, name="work"):
    return unit(lambda session: session.get(Lease, name).holder)


def test_a_job_with_nothing_to_do_is_asked_again_at_its_pace(unit, time):
    work = Work()
    runner = Runner(unit, [Job("work", 60, work)], now=time)
    for _ in range(3):
        runner.tick()
        time.move(1)
    assert work.asked == 1
    time.move(60)
    runner.tick()
    assert work.asked == 2


def test_a_job_that_did_something_is_asked_again_at_once_until_nothing_is_left(unit, time):
    work = Work(left=3)
    runner = Runner(unit, [Job("work", 60, work)], now=time)
    assert [runner.tick() for _ in range(5)] == [["work"], ["work"], ["work"], [], []]
    assert done(unit) == 3


def test_two_processes_share_the_jobs_and_each_is_done_by_one(open_unit, time):
    unit, other = open_unit(), open_unit()
    work, same = Work(left=5), Work(left=5)
    first = Runner(unit, [Job("work", 1, work)], now=time)
    second = Runner(other, [Job("work", 1, same)], now=time)
    for _ in range(8):
        first.tick()
        second.tick()
        time.move(1)
    assert same.asked == 0
    assert done(unit) == 5
    assert holder(unit) == first.holder != second.holder


def test_an_idle_holder_keeps_its_lease_as_long_as_it_lives(open_unit, time):
    unit, other = open_unit(), open_unit()
    same = Work()
    first = Runner(unit, [Job("work", 1, Work())], now=time)
    second = Runner(other, [Job("work", 1, same)], now=time)
    for _ in range(60):
        first.tick()
        second.tick()
        time.move(1)
    assert same.asked == 0


def test_a_lease_is_taken_over_ten_seconds_after_its_holder_fell(open_unit, time):
    unit, other = open_unit(), open_unit()
    work, same = Work(), Work()
    Runner(unit, [Job("work", 1, work)], now=time).tick()
    second = Runner(other, [Job("work", 1, same)], now=time)
    for _ in range(9):
        time.move(1)
        second.tick()
    assert same.asked == 0
    time.move(1.5)
    second.tick()
    assert same.asked == 1
    assert holder(other) == second.holder


def test_who_takes_over_goes_on_where_the_other_stopped(open_unit, time):
    unit, other = open_unit(), open_unit()
    same = Work(left=1)
    Runner(unit, [Job("work", 3600, Work())], now=time).tick()
    second = Runner(other, [Job("work", 3600, same)], now=time)
    time.move(60)
    second.tick()
    assert same.asked == 0
    time.move(3600)
    assert second.tick() == ["work"]


class CrashError(BaseException):
    """The process falls: nothing catches it."""


def test_a_crash_in_the_middle_leaves_nothing_and_the_work_is_done_once(open_unit, time):
    unit, other = open_unit(), open_unit()

    def crash(session, at):
        Work(left=1)(session, at)
        session.flush()
        raise CrashError

    with pytest.raises(CrashError):
        Runner(unit, [Job("work", 60, crash)], now=time).tick()
    assert done(other) == 0
    left = Work(left=1)
    second = Runner(other, [Job("work", 60, left)], now=time)
    for _ in range(3):
        second.tick()
        time.move(61)
    assert done(other) == 1


def test_a_failing_job_does_not_stop_the_others_and_is_tried_again_later(unit, time, capsys):
    failures = []

    def fail(session, at):
        failures.append(at)
        raise ValueError("no")

    work = Work(left=2)
    runner = Runner(unit, [Job("fails", 1, fail), Job("work", 1, work)], now=time)
    runner.tick()
    time.move(1)
    runner.tick()
    assert done(unit) == 2
    assert len(failures) == 1
    assert "job.failed" in capsys.readouterr().out
    time.move(30)
    runner.tick()
    assert len(failures) == 2


def test_a_clock_put_back_stops_no_job(unit, time):
    work = Work()
    runner = Runner(unit, [Job("work", 3600, work)], now=time)
    time.move(3600 * 24 * 400)
    runner.tick()
    time.move(-3600 * 24 * 400)
    runner.tick()
    Runner(unit, [Job("work", 3600, work)], now=time).tick()
    assert work.asked == 2


def test_a_second_without_work_writes_nothing(unit, time):
    written = []
    unit._announce = lambda: written.append(1)
    runner = Runner(unit, [Job("work", 1, Work())], now=time)
    runner.tick()
    written.clear()
    for _ in range(4):
        time.move(1)
        runner.tick()
    assert written == []


def test_ticks_by_itself_until_stopped(unit):
    work = Work(left=2)
    runner = Runner(unit, [Job("work", 0.01, work)], interval=0.01)
    runner.start()
    gevent.sleep(0.3)
    runner.stop()
    asked = work.asked
    assert asked > 3
    gevent.sleep(0.1)
    assert work.asked == asked
    assert done(unit) == 2
