"""How often one may try to come in: failed attempts count, those who come in do not.

A whole house may stand behind one address, so that success costs it nothing; attempts
still being checked count as failed, so that a thousand at once win nothing. An account is
counted over all addresses too, by what was typed: whether it exists changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.strategies import SlidingWindowCounterRateLimiter

from portal import pace

if TYPE_CHECKING:
    from flask import Flask

PER_PERSON = RateLimitItemPerMinute(10, 15, "entree-personne")
PER_ADDRESS = RateLimitItemPerMinute(50, 15, "entree-adresse")
PER_ACCOUNT = RateLimitItemPerHour(100, 1, "entree-compte")

Key = tuple[RateLimitItem, str]


class TooManyError(Exception):
    """Too many failed attempts; `minutes` until the next may be made."""

    def __init__(self, minutes: int) -> None:
        super().__init__(minutes)
        self.minutes = minutes


@dataclass(slots=True)
class Attempt:
    """One attempt; it has failed unless it is said to have succeeded."""

    succeeded: bool = False


class SignInLimits:
    """The counts of an application, shared by its processes as those of pages are."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._counts = pace.counts(app)
        self._window = SlidingWindowCounterRateLimiter(self._counts)

    @contextmanager
    def attempt(self, address: str, email: str) -> Iterator[Attempt]:
        """Make one attempt. Errors: TooManyError, before anything is checked."""
        keys = self._keys(pace.place(address), email)
        self._take(keys)
        attempt = Attempt()
        try:
            yield attempt
        finally:
            if attempt.succeeded:
                self._give_back(keys)
                # Others who try at other addresses stay counted; here, the person has shown who they are.
                self._window.clear(*keys[0])

    def _keys(self, place: str, email: str) -> list[Key]:
        return [
            (PER_PERSON, pace.sealed(self._app, "entree-personne", f"{place}\n{email}")),
            (PER_ADDRESS, pace.sealed(self._app, "entree-adresse", place)),
            (PER_ACCOUNT, pace.sealed(self._app, "entree-compte", email)),
        ]

    def _take(self, keys: list[Key]) -> None:
        for number, (item, name) in enumerate(keys):
            if not self._window.hit(item, name):
                self._give_back(keys[:number])
                raise TooManyError(max(self._minutes(*key) for key in keys))

    def _give_back(self, keys: list[Key]) -> None:
        for item, name in keys:
            self._counts.give_back(item.key_for(name), item.amount, item.get_expiry())

    def _minutes(self, item: RateLimitItem, name: str) -> int:
        seconds = self._counts.seconds_until_free(item.key_for(name), item.amount, item.get_expiry())
        return min(max(int(seconds // 60) + 1, 1), item.get_expiry() // 60)
