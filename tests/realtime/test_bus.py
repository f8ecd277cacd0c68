"""The bell between processes: whatever goes wrong, it rings again by itself, and does not insist."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import gevent
import pytest
from redis import ConnectionError as ClosedError
from redis.client import Redis

from portal.realtime import bus as bell
from portal.realtime import live as everything
from portal.realtime.bus import Bus


class Valkey:
    """Stands for a server that fails as it is told, then works."""

    def __init__(self, *failures):
        self.failures, self.told, self.rung = list(failures), 0, 0

    def _fail(self):
        if self.failures:
            raise self.failures.pop(0)

    def publish(self, _channel, _message):
        self._fail()
        self.told += 1

    def pubsub(self, **_options):
        self._fail()
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        return None

    def subscribe(self, _channel):
        return None

    def get_message(self, timeout):
        gevent.sleep(0.02)
        return {"data": b"another"} if not self.rung else None

    def close(self):
        return None


def until(condition, seconds=5.0):
    with gevent.Timeout(seconds, False):
        while not condition():
            gevent.sleep(0.01)
    return condition()


@pytest.fixture
def started(monkeypatch):
    """A bus on a server that fails so."""
    monkeypatch.setattr(bell, "RETRY_SECONDS", 0.02)
    made = []

    def start(valkey):
        def ring():
            valkey.rung += 1

        bus = Bus("redis://127.0.0.1:1/0", ring)
        bus._client = valkey
        bus.start()
        made.append(bus)
        return bus

    yield start
    for bus in made:
        bus.stop()


FAILURES = [
    ClosedError(),
    OSError(),
    ValueError("an answer nobody understands"),
    AttributeError("half closed"),
]


@pytest.mark.parametrize("failure", FAILURES, ids=lambda error: type(error).__name__)
def test_it_tells_again_after_any_failure(started, failure):
    valkey = Valkey()
    bus = started(valkey)
    assert until(lambda: valkey.rung)
    valkey.failures = [failure]
    bus.tell()
    assert until(lambda: not valkey.failures)
    bus.tell()
    assert until(lambda: valkey.told)


@pytest.mark.parametrize("failure", FAILURES, ids=lambda error: type(error).__name__)
def test_it_listens_again_after_any_failure(started, failure):
    valkey = Valkey(failure)
    bus = started(valkey)
    assert until(lambda: valkey.rung and bus.connected)


def test_a_failure_is_written_once_by_its_type_alone(started, monkeypatch):
    written = []
    monkeypatch.setattr(
        bell,
        "log",
        SimpleNamespace(warning=lambda event, **said: written.append((event, said)), info=lambda _: None),
    )
    valkey = Valkey()
    bus = started(valkey)
    assert until(lambda: valkey.rung)
    valkey.failures = [ValueError("redis://:secret@bus") for _ in range(4)]
    for _ in range(4):
        bus.tell()
        gevent.sleep(0.05)
    assert until(lambda: not valkey.failures)
    assert written == [("bus.untold", {"error": "ValueError"})]


def test_the_library_does_not_insist():
    """Its own attempts would wait for seconds, and hide that the bus is gone."""
    bus = Bus("redis://127.0.0.1:1/0", lambda: None)
    assert isinstance(bus._client, Redis)
    retry = bus._client.connection_pool.connection_kwargs["retry"]
    assert retry.get_retries() == 0


def test_a_commit_in_another_thread_rings_the_others_on_the_hub(portal_app):
    live = portal_app.extensions[everything.EXTENSION]
    where = []
    live.bus = SimpleNamespace(
        tell=lambda: where.append(threading.get_ident()), start=lambda: None, stop=lambda: None
    )
    live.start()
    try:
        other = threading.Thread(target=live.wake)
        other.start()
        other.join(5)
        assert where == []
        assert until(lambda: where)
        assert where == [threading.get_ident()]
    finally:
        live.stop()
