"""The files are cleaned by one process at a time, and by another when the first one falls."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.jobs import cleaning
from portal.jobs.models import Lease
from portal.kernel import clock


@pytest.fixture
def cleaned(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Who cleaned what; something waits always."""
    done: list[str] = []
    monkeypatch.setattr(cleaning, "waits", lambda _session: True)
    for noun in (cleaning.erasures, cleaning.surveys):
        monkeypatch.setattr(noun, "finish", lambda _unit, store: done.append(store))
    return done


def test_one_process_at_a_time(unit, cleaned, monkeypatch):
    others = []

    def slow(_unit, _store):
        others.append(cleaning.work(unit, "second", "second"))

    monkeypatch.setattr(cleaning.erasures, "finish", slow)
    assert cleaning.work(unit, "first", "first")
    assert others == [False]
    assert cleaned == ["first"]
    # Given back: whoever comes next does not wait for the end of the lease.
    monkeypatch.setattr(cleaning.erasures, "finish", lambda _unit, store: None)
    assert cleaning.work(unit, "second", "second")


def test_a_process_that_fell_is_replaced_when_its_lease_ends(unit, cleaned):
    now = clock.now()
    held = Lease(name=cleaning.NAME, holder="fallen", until=now + timedelta(minutes=1))
    unit(lambda session: session.add(held))
    assert not cleaning.work(unit, "second", "second")

    def end(session):
        session.get(Lease, cleaning.NAME).until = now - timedelta(seconds=1)

    unit(end)
    assert cleaning.work(unit, "second", "second")
    assert cleaned == ["second", "second"]


def test_what_fails_gives_its_lease_back(unit, cleaned, monkeypatch):
    def fails(_unit, _store):
        raise RuntimeError("no disk")

    monkeypatch.setattr(cleaning.erasures, "finish", fails)
    with pytest.raises(RuntimeError):
        cleaning.work(unit, "first", "first")
    monkeypatch.setattr(cleaning.erasures, "finish", lambda _unit, _store: None)
    assert cleaning.work(unit, "second", "second")


def test_nothing_to_do_takes_no_lease(unit, cleaned, monkeypatch):
    monkeypatch.setattr(cleaning, "waits", lambda _session: False)
    assert not cleaning.work(unit, "first", "first")
    assert unit(lambda session: session.get(Lease, cleaning.NAME)) is None
