"""The files are cleaned by one process at a time, and by another when the first one falls; calmly when somebody reads."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.jobs import cleaning
from portal.jobs.cleaning import BUSY, ROUND
from portal.jobs.models import Lease
from portal.kernel import clock


class Files:
    """Stands for what cleans: something waits always; `finishes` is what a pass does."""

    def __init__(self, finishes=lambda: True, waits=True):
        self.passes = 0
        self.finishes = finishes
        self.waiting = waits

    def waits(self, _session):
        return self.waiting

    def finish(self):
        self.passes += 1
        return self.finishes()


def until(unit):
    return unit(lambda session: session.get(Lease, cleaning.NAME).until)


def test_one_process_at_a_time(unit):
    second = Files()
    first = Files(lambda: cleaning.work(unit, second, "second") == ROUND)
    assert cleaning.work(unit, first, "first") == ROUND
    assert (first.passes, second.passes) == (1, 0)
    # Given back: whoever comes next does not wait for the end of the lease.
    assert cleaning.work(unit, second, "second") == ROUND
    assert second.passes == 1


def test_a_process_that_fell_is_replaced_when_its_lease_ends(unit):
    now, second = clock.now(), Files()
    held = Lease(name=cleaning.NAME, holder="fallen", until=now + timedelta(minutes=1))
    unit(lambda session: session.add(held))
    cleaning.work(unit, second, "second")
    assert second.passes == 0

    def end(session):
        session.get(Lease, cleaning.NAME).until = now - timedelta(seconds=1)

    unit(end)
    cleaning.work(unit, second, "second")
    assert second.passes == 1


def test_when_somebody_is_in_the_way_nobody_tries_again_for_a_minute(unit):
    first, second = Files(lambda: False), Files()
    before = clock.now()
    assert cleaning.work(unit, first, "first") == BUSY >= timedelta(minutes=1)
    assert BUSY <= until(unit) - before < BUSY + timedelta(seconds=5)
    assert cleaning.work(unit, second, "second") == ROUND
    assert second.passes == 0, "another process would hold the writers up again at once"
    # Its own next look, a minute later, is not in its own way.
    assert cleaning.work(unit, first, "first") == BUSY
    assert first.passes == 2


def test_what_fails_gives_its_lease_back(unit):
    def fails():
        raise RuntimeError("no disk")

    with pytest.raises(RuntimeError):
        cleaning.work(unit, Files(fails), "first")
    second = Files()
    cleaning.work(unit, second, "second")
    assert second.passes == 1


def test_nothing_to_do_takes_no_lease(unit):
    assert cleaning.work(unit, Files(waits=False), "first") == ROUND
    assert unit(lambda session: session.get(Lease, cleaning.NAME)) is None


def test_one_pass_is_for_all_that_waits():
    assert {cleaning.erasures.NOUN, cleaning.surveys.NOUN, cleaning.documents.NOUN} == set(cleaning.NOUNS)
