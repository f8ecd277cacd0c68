"""Hashing: argon2id, in threads, the same work whether the account exists or not."""

import statistics
import subprocess
import sys
import time

import pytest

from portal.domain.accounts import passwords

WORDS = "un thé à quatre heures"


@pytest.fixture(scope="module")
def hashed() -> str:
    return passwords.make_hash(WORDS)


def test_a_password_opens_its_own_hash_only(hashed: str) -> None:
    assert hashed.startswith("$argon2id$")
    assert passwords.verify(hashed, WORDS)
    assert not passwords.verify(hashed, "un thé à cinq heures")
    assert not passwords.verify(hashed, "")


def test_the_same_signs_composed_otherwise_open_it_too(hashed: str) -> None:
    assert passwords.verify(hashed, "un the\u0301 a\u0300 quatre heures")


def test_nobody_has_no_password(hashed: str) -> None:
    assert not passwords.verify(None, WORDS)
    assert not passwords.verify("", WORDS)
    assert not passwords.verify("not a hash", WORDS)
    assert not passwords.verify(hashed, WORDS + "x" * 300)


def test_the_hash_of_nobody_costs_as_much_as_a_new_one() -> None:
    assert not passwords.needs_new_hash(passwords.NOBODY)


def test_a_weaker_hash_is_noticed() -> None:
    from argon2 import PasswordHasher

    assert passwords.needs_new_hash(PasswordHasher(time_cost=1, memory_cost=8192).hash(WORDS))


def test_an_unknown_address_takes_as_long_as_a_wrong_password(hashed: str) -> None:
    def median(stored: str | None) -> float:
        times = []
        for _ in range(7):
            start = time.perf_counter()
            passwords.verify(stored, "nope nope nope")
            times.append(time.perf_counter() - start)
        return statistics.median(times)

    known, unknown = median(hashed), median(None)
    assert 0.5 < unknown / known < 2


def test_a_one_time_password_is_long_and_never_the_same() -> None:
    drawn = {passwords.one_time_password() for _ in range(50)}
    assert len(drawn) == 50
    assert all(len(one) == 24 for one in drawn)


PATCHED = """
from gevent import monkey; monkey.patch_all()
import gevent, time
from portal.domain.accounts import passwords
hashed = passwords.make_hash("un thé à quatre heures")
longest, last = 0.0, time.perf_counter()
def beat():
    global longest, last
    while True:
        gevent.sleep(0.001)
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
heart = gevent.spawn(beat)
start = time.perf_counter()
jobs = [gevent.spawn(passwords.verify, hashed, "un thé à quatre heures") for _ in range(6)]
gevent.joinall(jobs)
total = time.perf_counter() - start
assert all(job.value for job in jobs)
print(longest / total)
"""


def test_the_loop_goes_on_while_passwords_are_checked() -> None:
    done = subprocess.run([sys.executable, "-c", PATCHED], capture_output=True, text=True, check=True)
    # Hashing on the loop would make its longest pause one whole hash, a sixth of the total, or all of it.
    assert float(done.stdout) < 1 / 6
