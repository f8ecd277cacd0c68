"""How often one socket, one account, one address may ask: routes' limits do not reach sockets."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from limits import RateLimitItem, RateLimitItemPerSecond
from limits.strategies import SlidingWindowCounterRateLimiter

from portal.pace import Counts

WINDOW_SECONDS = 10
# By socket, in this process; by account and by address, over all processes.
SOCKET_EVENTS = 30
ACCOUNT_EVENTS = 150
ADDRESS_EVENTS = 6000
SOCKETS_PER_ACCOUNT = 30
# A house of a hundred tablets comes back at once when the portal starts again, three pages each.
ADDRESS_HANDSHAKES = 300
FEW_KEYS = 5000

ACCOUNT = RateLimitItemPerSecond(ACCOUNT_EVENTS, WINDOW_SECONDS, "compte")
ADDRESS = RateLimitItemPerSecond(ADDRESS_EVENTS, WINDOW_SECONDS, "adresse")


class Window:
    """Counts over a sliding window, by key, in this process only."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._events: dict[str, deque[float]] = {}
        self._many = FEW_KEYS

    @property
    def keys(self) -> int:
        """How many keys are kept, those of before included."""
        return len(self._events)

    def admits(self, key: str, limit: int) -> bool:
        """Count one event; False when there were `limit` in the window already."""
        present = self._monotonic()
        events = self._events.get(key)
        if events is None:
            self._make_room(present)
            events = self._events.setdefault(key, deque())
        while events and events[0] <= present - WINDOW_SECONDS:
            events.popleft()
        if len(events) >= limit:
            return False
        events.append(present)
        return True

    def forget(self, *keys: str) -> None:
        """These keys are gone."""
        for key in keys:
            self._events.pop(key, None)

    def _make_room(self, present: float) -> None:
        if len(self._events) < self._many:
            return
        over = present - WINDOW_SECONDS
        self._events = {key: events for key, events in self._events.items() if events and events[-1] > over}
        # Looked through again once there are twice as many: a flood of new keys pays for one look each.
        self._many = max(FEW_KEYS, 2 * len(self._events))


@dataclass(frozen=True, slots=True)
class Origin:
    """Who an event comes from: its socket, and what stands for its account and its address."""

    sid: str
    account: str
    address: str


class Throttle:
    """Counts the events of sockets."""

    def __init__(self, counts: Counts | None = None, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._own = Window(monotonic)
        self._shared = SlidingWindowCounterRateLimiter(counts or Counts())

    def admits(self, origin: Origin) -> bool:
        """Count one event; False when its socket, its account or its address asked too often."""
        return (
            self._own.admits(origin.sid, SOCKET_EVENTS)
            and self._hit(ACCOUNT, origin.account)
            and self._hit(ADDRESS, origin.address)
        )

    def endures(self, sid: str) -> bool:
        """Count one refused event; False when the socket insists."""
        return self._own.admits(f"{sid}:refused", SOCKET_EVENTS)

    def forget(self, sid: str) -> None:
        """A socket is gone; what its account asked stays counted."""
        self._own.forget(sid, f"{sid}:refused")

    def _hit(self, item: RateLimitItem, key: str) -> bool:
        return not key or self._shared.hit(item, key)
