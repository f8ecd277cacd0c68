"""How often one socket, and one account, may ask: routes' limits do not reach sockets."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

SOCKET_EVENTS = 30
ACCOUNT_EVENTS = 150
WINDOW_SECONDS = 10.0
SOCKETS_PER_ACCOUNT = 30


class Throttle:
    """Counts events over a sliding window, by key."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._events: dict[str, deque[float]] = {}

    def admits(self, key: str, limit: int) -> bool:
        """Count one event; False when there were `limit` in the window already."""
        present = self._monotonic()
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
