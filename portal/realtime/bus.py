"""Wake-ups between the processes of one portal, through Valkey: a bell, never content.

Without it nothing is lost and no right is gained: every process also looks at the journal by
itself each second, and at what ended three times a second.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gevent
import redis
from gevent.event import Event
from redis.backoff import NoBackoff
from redis.retry import Retry

from portal.kernel.ids import new_id
from portal.logs import get_logger

log = get_logger("portal.realtime.bus")

CHANNEL = "polyphonie:reveil"
PATIENCE_SECONDS = 1.0
RETRY_SECONDS = 1.0
# A bus that says nothing for so long is asked whether it is still there.
QUIET_SECONDS = 5.0


class Bus:
    """Rings the other processes after a commit here, and calls `ring` when another one did.

    `url` is the address of Valkey or Redis. It heals by itself when the server comes back.
    """

    def __init__(self, url: str, ring: Callable[[], None]) -> None:
        self._client = redis.Redis.from_url(
            url,
            socket_timeout=PATIENCE_SECONDS,
            socket_connect_timeout=PATIENCE_SECONDS,
            health_check_interval=QUIET_SECONDS,
            # Both greenlets try again by themselves, and say so.
            retry=Retry(NoBackoff(), 0),
        )
        self._ring = ring
        self._me = new_id().encode()
        self._told = Event()
        self._greenlets: list[gevent.Greenlet] = []
        self.connected = False
        self._untold = False
        self._failure: type[Exception] | None = None

    def start(self) -> None:
        """Begin to listen and to tell; a second call does nothing."""
        if not self._greenlets:
            self._greenlets = [gevent.spawn(self._listen_for_ever), gevent.spawn(self._tell_for_ever)]

    def stop(self) -> None:
        """End both."""
        gevent.killall(self._greenlets)
        self._greenlets = []
        self._client.close()

    def tell(self) -> None:
        """Something was committed here; on the hub only. Never waits, and several in a row ring once."""
        self._told.set()

    def _tell_for_ever(self) -> None:
        while True:
            self._told.wait()
            self._told.clear()
            try:
                self._client.publish(CHANNEL, self._me)
            except Exception as error:  # noqa: BLE001 — by its type: the rest may name the server and its secret
                # The others look by themselves; a greenlet that ended would never ring again.
                self._not_told(error)
                gevent.sleep(RETRY_SECONDS)
            else:
                self._untold = False

    def _not_told(self, error: Exception) -> None:
        if not self._untold:
            log.warning("bus.untold", error=type(error).__name__)
        self._untold = True

    def _listen_for_ever(self) -> None:
        while True:
            try:
                self._listen()
            except Exception as error:  # noqa: BLE001 — as above
                if self.connected or type(error) is not self._failure:
                    log.warning("bus.lost", error=type(error).__name__)
                self.connected, self._failure = False, type(error)
            gevent.sleep(RETRY_SECONDS)

    def _listen(self) -> None:
        with self._client.pubsub(ignore_subscribe_messages=True) as heard:
            heard.subscribe(CHANNEL)
            while True:
                message: dict[str, Any] | None = heard.get_message(timeout=PATIENCE_SECONDS)
                if not self.connected:
                    self._joined()
                if message is not None and message["data"] != self._me:
                    self._ring()

    def _joined(self) -> None:
        self.connected = True
        log.info("bus.joined")
        # What was committed elsewhere while nobody rang.
        self._ring()
