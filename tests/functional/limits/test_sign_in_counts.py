"""Failed attempts to come in: counted by all processes together, by place and by account, whoever exists."""

from __future__ import annotations

import time

import pytest
from flask import Flask

from portal import pace
from portal.blueprints.accounts.limits import PER_ACCOUNT, SignInLimits, TooManyError
from portal.pace import Counts
from tests.stores import valkey_url

HERE = "192.0.2.1"


def process(redis_url=""):
    """The limits of one process."""
    app = Flask("essai")
    app.config["SECRET_KEY"] = f"cle-{time.monotonic_ns()}" if not redis_url else "k" * 48
    pace.share(app, Counts(redis_url=redis_url))
    return SignInLimits(app)


def fail(limits, times, address=HERE, email="claire@exemple.fr"):
    """How many of so many failed attempts were made."""
    made = 0
    for _ in range(times):
        try:
            with limits.attempt(address, email):
                made += 1
        except TooManyError:
            pass
    return made


def come_in(limits, address=HERE, email="claire@exemple.fr"):
    with limits.attempt(address, email) as attempt:
        attempt.succeeded = True


def test_two_processes_count_together():
    here, there = process(valkey_url()), process(valkey_url())
    email = f"{time.monotonic_ns()}@exemple.fr"
    assert fail(here, 6, email=email) == 6
    assert fail(there, 20, email=email) == 4
    assert fail(here, 5, email=email) == 0


def test_control_two_processes_apart_let_twice_as_much_pass():
    assert [fail(process(), 20), fail(process(), 20)] == [10, 10]


def test_without_valkey_the_limit_is_stricter_and_not_absent():
    limits = process("redis://127.0.0.1:1/0")
    assert fail(limits, 20) == 5
    come_in(limits, email="paul@exemple.fr")


def test_an_account_is_limited_over_all_addresses():
    limits = process()
    made = sum(fail(limits, 1, f"198.51.100.{number}") for number in range(PER_ACCOUNT.amount + 40))
    assert made == PER_ACCOUNT.amount == 100
    assert fail(limits, 1, "203.0.113.9") == 0
    assert fail(limits, 1, "203.0.113.9", "paul@exemple.fr") == 1, "another account is not touched"


def test_one_waits_an_hour_at_most():
    limits = process()
    for number in range(PER_ACCOUNT.amount):
        fail(limits, 1, f"198.51.100.{number}")
    with pytest.raises(TooManyError) as refusal, limits.attempt("203.0.113.9", "claire@exemple.fr"):
        pass
    assert 1 <= refusal.value.minutes <= 60


def test_who_comes_in_gives_back_what_was_counted_and_no_more():
    limits = process()
    addresses = [f"198.51.100.{number}" for number in range(50)]
    for address in addresses:
        fail(limits, 1, address)
    for _ in range(120):
        come_in(limits)
    # The failures of others are still known: coming in does not hide that somebody tries.
    made = sum(fail(limits, 1, f"203.0.113.{number}") for number in range(100))
    assert made == PER_ACCOUNT.amount - len(addresses)


def test_the_machines_of_a_line_are_one_place():
    limits = process()
    assert fail(limits, 6, "2001:db8:1:2::1") + fail(limits, 6, "2001:db8:1:2:a:b:c:d") == 10
    assert fail(limits, 1, "2001:db8:1:3::1") == 1


def test_a_refused_attempt_is_not_counted_elsewhere():
    limits = process()
    assert fail(limits, 200) == 10
    assert fail(limits, 60, email="paul@exemple.fr") == 10
    assert sum(fail(limits, 1, f"198.51.100.{number}") for number in range(120)) == PER_ACCOUNT.amount - 10
