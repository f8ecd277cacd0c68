"""Counts shared by several processes through Valkey: stricter without it, never absent, whole again by themselves."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from limits import RateLimitItemPerMinute
from limits.strategies import SlidingWindowCounterRateLimiter

from portal import pace
from portal.pace import Counts
from portal.realtime.throttle import ACCOUNT_EVENTS, SOCKET_EVENTS, Origin, Throttle
from tests.stores import valkey_url

pytestmark = pytest.mark.both_stores

LIMIT = RateLimitItemPerMinute(20, namespace="essai")


class Gate:
    """A way to Valkey that a test may close, or leave open without an answer."""

    def __init__(self, url):
        parts = urlsplit(url)
        self._to = (parts.hostname, parts.port)
        self._listening, self._pairs, self.silent = None, [], False
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self.url = url.replace(f":{parts.port}", f":{self._port}").replace(parts.hostname, "127.0.0.1")
        self.open()

    def open(self):
        self._listening = socket.create_server(("127.0.0.1", self._port), reuse_port=False)
        threading.Thread(target=self._accept, args=(self._listening,), daemon=True).start()

    def _accept(self, listening):
        with suppress(OSError):
            while True:
                here, _ = listening.accept()
                there = socket.create_connection(self._to)
                self._pairs += [here, there]
                for one, other in ((here, there), (there, here)):
                    threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one, other):
        with suppress(OSError):
            while data := one.recv(65536):
                while self.silent:
                    time.sleep(0.01)
                other.sendall(data)

    def close(self):
        # Waiting in accept keeps a closed socket listening: it is woken first.
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for one in self._pairs:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self._pairs.clear()


@pytest.fixture
def gate():
    """A way to a Valkey of this process."""
    gate = Gate(valkey_url())
    yield gate
    gate.silent = False
    gate.close()


def hits(counts, key, times):
    """How many of so many requests pass."""
    window = SlidingWindowCounterRateLimiter(counts)
    return sum(window.hit(LIMIT, key) for _ in range(times))


def test_two_processes_count_together(gate):
    first, second = Counts(redis_url=gate.url), Counts(redis_url=gate.url)
    key = f"ensemble-{time.monotonic_ns()}"
    assert hits(first, key, 12) == 12
    assert hits(second, key, 30) == 8
    assert hits(first, key, 5) == 0


def test_control_two_processes_apart_let_twice_as_much_pass():
    key = f"separement-{time.monotonic_ns()}"
    assert hits(Counts(), key, 30) + hits(Counts(), key, 30) == 40


def test_without_valkey_the_limit_is_stricter_and_not_absent(gate):
    counts = Counts(redis_url=gate.url)
    gate.close()
    key = f"ferme-{time.monotonic_ns()}"
    assert hits(counts, key, 60) == 10
    assert counts.alone
    gate.open()


def test_it_heals_by_itself(gate):
    present = [0.0]
    counts = Counts(redis_url=gate.url, monotonic=lambda: present[0])
    key = f"revenu-{time.monotonic_ns()}"
    assert hits(counts, key, 5) == 5
    gate.close()
    assert hits(counts, key, 3) == 3
    assert counts.alone
    gate.open()
    assert hits(counts, key, 1) == 1
    assert counts.alone, "it is not asked again before a moment"
    present[0] = pace.RETRY_SECONDS + 0.1
    # What was counted together before is still known.
    assert hits(counts, key, 60) == 15
    assert not counts.alone


def test_a_connection_kept_from_before_is_not_taken_for_an_absence(gate):
    counts = Counts(redis_url=gate.url)
    key = f"ancien-{time.monotonic_ns()}"
    hits(counts, key, 2)
    gate.close()
    gate.open()
    hits(counts, key, 2)
    assert not counts.alone


def test_a_valkey_that_does_not_answer_costs_a_fifth_of_a_second_once(gate):
    counts = Counts(redis_url=gate.url)
    key = f"muet-{time.monotonic_ns()}"
    hits(counts, key, 1)
    gate.silent = True
    begun = time.monotonic()
    assert hits(counts, key, 60) == 10
    assert time.monotonic() - begun < pace.PATIENCE_SECONDS * 3
    assert counts.alone


def test_nothing_kept_there_names_anybody(gate):
    class App:
        config = {"SECRET_KEY": "k" * 48}  # noqa: RUF012 — a stand-in

    sealed = pace.sealed(App, "adresse", "192.0.2.7")
    assert "192.0.2.7" not in sealed
    assert sealed != pace.sealed(App, "compte", "192.0.2.7")
    assert sealed == pace.sealed(App, "adresse", "192.0.2.7")


def test_the_events_of_an_account_are_counted_over_all_processes(gate):
    here, there = (Throttle(Counts(redis_url=gate.url)) for _ in range(2))
    account = f"compte-{time.monotonic_ns()}"
    passed = sum(
        process.admits(Origin(f"s{socket}", account, "adresse"))
        for socket in range(8)
        for process in (here, there)
        for _ in range(SOCKET_EVENTS // 2)
    )
    assert passed == ACCOUNT_EVENTS
    assert here.admits(Origin("autre", f"{account}-autre", "adresse"))
