"""How often one may ask: counts shared by every process, stricter and local while Valkey is away.

Routes and socket events count through the same object. What is counted is a keyed digest:
neither an account nor an address can be read where the counts are kept.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Network, ip_address
from typing import TYPE_CHECKING, Any, TypeVar

from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage
from limits.storage.base import SlidingWindowCounterSupport, Storage

from portal.logs import get_logger

if TYPE_CHECKING:
    from flask import Flask

T = TypeVar("T")
log = get_logger("portal.pace")

SCHEME = "pace"
EXTENSION = "portal_pace"
PREFIX = "polyphonie"
# Longer would be felt by the person who waits for a page.
PATIENCE_SECONDS = 0.2
RETRY_SECONDS = 2.0
# A process alone counts double: what is allowed is less than when all count together.
LOCAL_COST = 2
KEY_BYTES = 64
DIGEST_BYTES = 12
# What one line is given: its machines draw the rest themselves, and change it at will.
IPV6_PREFIX = 64


class Counts(Storage, SlidingWindowCounterSupport):
    """Counts over a sliding window; never raises, never waits longer than PATIENCE_SECONDS.

    `redis_url` empty: this process counts alone, and nothing is stricter.
    """

    STORAGE_SCHEME = [SCHEME]  # noqa: RUF012 — declared so by the library

    def __init__(
        self,
        uri: str | None = None,
        *,
        wrap_exceptions: bool = False,
        redis_url: str = "",
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions)
        self._local = MemoryStorage()
        self._shared = _redis(redis_url) if redis_url else None
        self._monotonic = monotonic
        self._away = False
        self._again_at = 0.0

    @property
    def alone(self) -> bool:
        """Whether counts that should be shared are local for now."""
        return self._away

    @property
    def base_exceptions(self) -> type[Exception]:
        """What the library may wrap: nothing comes out of here."""
        return StorageError

    def acquire_sliding_window_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count `amount` more; False when that would be over `limit`."""
        return self._ask(
            lambda shared: shared.acquire_sliding_window_entry(key, limit, expiry, amount),
            lambda local, cost: local.acquire_sliding_window_entry(
                key, limit, expiry, min(amount * cost, limit)
            ),
        )

    def get_sliding_window(self, key: str, expiry: int) -> tuple[int, float, int, float]:
        """Counts and ends of the former and the present window."""
        return self._ask(
            lambda shared: shared.get_sliding_window(key, expiry),
            lambda local, _cost: local.get_sliding_window(key, expiry),
        )

    def give_back(self, key: str, limit: int, expiry: int) -> None:
        """One that was counted does not count after all."""
        self.acquire_sliding_window_entry(key, limit, expiry, -1)

    def seconds_until_free(self, key: str, limit: int, expiry: int) -> float:
        """How long until one more may be counted; 0 when it may now."""
        former, former_left, present, present_left = self.get_sliding_window(key, expiry)
        free = limit - present
        if free <= 0:
            # What counts now fades once its own window is over, which is kept as long again.
            return max(present_left - expiry, 0.0) + expiry * (1 - limit / present)
        return max(former_left - free * expiry / former, 0.0) if former else 0.0

    def clear_sliding_window(self, key: str, expiry: int) -> None:
        """Forget a key."""
        self._ask(
            lambda shared: shared.clear_sliding_window(key, expiry),
            lambda local, _cost: local.clear_sliding_window(key, expiry),
        )

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count without a window that slides."""
        return self._ask(
            lambda shared: shared.incr(key, expiry, amount),
            lambda local, cost: local.incr(key, expiry, amount * cost),
        )

    def get(self, key: str) -> int:
        """The count of a key."""
        return self._ask(lambda shared: shared.get(key), lambda local, _cost: local.get(key))

    def get_expiry(self, key: str) -> float:
        """When the count of a key ends."""
        return self._ask(lambda shared: shared.get_expiry(key), lambda local, _cost: local.get_expiry(key))

    def clear(self, key: str) -> None:
        """Forget a key."""
        self._ask(lambda shared: shared.clear(key), lambda local, _cost: local.clear(key))

    def check(self) -> bool:
        """Counting always works."""
        return True

    def reset(self) -> int | None:
        """Forget everything counted here."""
        return self._local.reset()

    def _ask(self, shared: Callable[[RedisStorage], T], local: Callable[[MemoryStorage, int], T]) -> T:
        if self._shared is None:
            return local(self._local, 1)
        if not self._away or self._monotonic() >= self._again_at:
            # One asks again; those who come meanwhile count here.
            self._again_at = self._monotonic() + RETRY_SECONDS
            try:
                found = shared(self._shared)
            except (StorageError, OSError) as error:
                self._lost(error)
            else:
                self._found()
                return found
        return local(self._local, LOCAL_COST)

    def _lost(self, error: Exception) -> None:
        self._again_at = self._monotonic() + RETRY_SECONDS
        if not self._away:
            self._away = True
            log.warning("pace.alone", error=type(error).__name__)

    def _found(self) -> None:
        if self._away:
            self._away = False
            log.warning("pace.together")


def _redis(url: str) -> RedisStorage:
    from redis import ConnectionError as ClosedError
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    # A connection kept from before Valkey started again fails once: the second is new.
    # Anything that is merely slow is not asked twice.
    options: dict[str, Any] = {
        "socket_timeout": PATIENCE_SECONDS,
        "socket_connect_timeout": PATIENCE_SECONDS,
        "retry": Retry(NoBackoff(), 1, supported_errors=(ClosedError,)),
    }
    return RedisStorage(url, key_prefix=PREFIX, wrap_exceptions=True, **options)


def counts(app: Flask) -> Counts:
    """The counts of this application; one object for routes and events."""
    found: Counts | None = app.extensions.get(EXTENSION)
    if found is None:
        settings = app.config.get("SETTINGS")
        found = Counts(redis_url=settings.redis_url if settings is not None else "")
        app.extensions[EXTENSION] = found
    return found


def share(app: Flask, found: Storage) -> None:
    """Routes already count with `found`: events count with it too."""
    app.extensions[EXTENSION] = found


def scale(app: Flask) -> float:
    """By how much limits are widened here; 0 when nothing is limited."""
    settings = app.config.get("SETTINGS")
    return 1.0 if settings is None else float(settings.pace)


def widened(amount: int, by: float) -> int:
    """A limit as it is applied."""
    return max(int(amount * by), 1)


def place(address: str) -> str:
    """Where an address comes from: itself, or the start of its /64 when it is an IPv6 one."""
    try:
        known = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(known, IPv4Address):
        return str(known)
    if known.ipv4_mapped is not None:
        return str(known.ipv4_mapped)
    return str(IPv6Network((known, IPV6_PREFIX), strict=False).network_address)


def sealed(app: Flask, kind: str, value: str) -> str:
    """What stands for an account or an address where counts are kept."""
    key = str(app.config.get("SECRET_KEY") or "").encode()[:KEY_BYTES]
    return hashlib.blake2b(
        f"{kind}:{value}".encode(), key=key, digest_size=DIGEST_BYTES, person=b"pace"
    ).hexdigest()
