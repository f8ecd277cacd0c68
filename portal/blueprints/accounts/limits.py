"""How often one may try to come in: failed attempts count, those who come in do not.

A whole house may stand behind one address, so that success costs it nothing; attempts
still being checked count as failed, so that a thousand at once win nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from portal.kernel import clock

WINDOW_MINUTES = 15
PER_PERSON = RateLimitItemPerMinute(10, WINDOW_MINUTES, "personne")
PER_ADDRESS = RateLimitItemPerMinute(50, WINDOW_MINUTES, "adresse")

Key = tuple[RateLimitItem, tuple[str, ...]]


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
    """The count of one process; there is one process per SQLite database."""

    def __init__(self) -> None:
        self._window = MovingWindowRateLimiter(MemoryStorage())
        self._under_way: Counter[Key] = Counter()

    @contextmanager
    def attempt(self, address: str, email: str) -> Iterator[Attempt]:
        """Make one attempt. Errors: TooManyError, before anything is checked."""
        keys: list[Key] = [(PER_PERSON, (address, email)), (PER_ADDRESS, (address,))]
        if wait := max(self._wait(key) for key in keys):
            raise TooManyError(wait)
        attempt = Attempt()
        self._under_way.update(keys)
        try:
            yield attempt
        finally:
            self._under_way.subtract(keys)
            self._under_way += Counter()
            self._note(attempt, keys)

    def _note(self, attempt: Attempt, keys: list[Key]) -> None:
        if attempt.succeeded:
            self._window.clear(keys[0][0], *keys[0][1])
            return
        for item, names in keys:
            self._window.hit(item, *names)

    def _wait(self, key: Key) -> int:
        item, names = key
        stats = self._window.get_window_stats(item, *names)
        if stats.remaining > self._under_way[key]:
            return 0
        seconds = (datetime.fromtimestamp(stats.reset_time, UTC) - clock.now()).total_seconds()
        return min(max(int(seconds // 60) + 1, 1), WINDOW_MINUTES)
