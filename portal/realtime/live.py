"""Everything live of one process, set up by the factory and started by the server."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import gevent
from gevent.event import Event

from portal import pace
from portal.logs import get_logger
from portal.realtime import inbound
from portal.realtime.bus import Bus
from portal.realtime.gateway import Gateway
from portal.realtime.presence import Presence, Visitor
from portal.realtime.relay import Relay
from portal.realtime.sweep import SWEEP_REST, SWEEP_SECONDS, Sweep
from portal.realtime.throttle import Throttle
from portal.realtime.transport import init_transport

if TYPE_CHECKING:
    from flask import Flask
    from flask_socketio import SocketIO

log = get_logger("portal.realtime.live")

RELAY_SECONDS = 1.0
# What comes meanwhile is told together, at less cost; nobody feels it.
RELAY_REST = 0.03
EXTENSION = "portal_live"


class Loop:
    """A greenlet that works when woken and at least every `seconds`, with a `rest` after each turn."""

    def __init__(self, name: str, work: Callable[[], object], seconds: float, rest: float = 0.0) -> None:
        self.name = name
        self._work = work
        self._seconds = seconds
        self._rest = rest
        self.bell = Event()
        self._greenlet: gevent.Greenlet | None = None

    def start(self) -> None:
        """Begin; a second call does nothing."""
        if self._greenlet is None:
            self._greenlet = gevent.spawn(self._run)

    def stop(self) -> None:
        """End, wherever it is."""
        if self._greenlet is not None:
            self._greenlet.kill()
            self._greenlet = None

    def _run(self) -> None:
        while True:
            # The rest is part of the pace: what nobody rings for is still looked at every `seconds`.
            self.bell.wait(self._seconds - self._rest)
            self.bell.clear()
            try:
                self._work()
            except Exception as error:
                log.exception("live.loop_failed", job=self.name, exc_info=error)
            gevent.sleep(self._rest)


class Live:
    """The live side of one application in one process."""

    def __init__(self, app: Flask, socketio: SocketIO) -> None:
        self.presence = Presence()
        self.gateway = Gateway(socketio, self.presence)
        self.throttle = Throttle(pace.counts(app))
        self.relay = Relay(app, self.gateway, self.presence)
        self.sweep = Sweep(app, self.gateway, self.presence)
        self.loops = (
            Loop("relay", self.relay.run_once, RELAY_SECONDS, RELAY_REST),
            Loop("sweep", self.sweep.run_once, SWEEP_SECONDS, SWEEP_REST),
        )
        url = app.config["SETTINGS"].redis_url if "SETTINGS" in app.config else ""
        self.bus = Bus(url, self._ring) if url else None
        self._alarm: Any = None

    def start(self) -> None:
        """Start listening to the journal, from where it is now."""
        self.relay.start_at_heads()
        # Only this watcher may be touched from another thread: commits end in one.
        self._alarm = gevent.get_hub().loop.async_()
        self._alarm.start(self._woken)
        for loop in self.loops:
            loop.start()
        if self.bus is not None:
            self.bus.start()

    def stop(self) -> None:
        """Stop everything that `start` started."""
        if self.bus is not None:
            self.bus.stop()
        alarm, self._alarm = self._alarm, None
        if alarm is not None:
            alarm.stop()
            alarm.close()
        for loop in self.loops:
            loop.stop()

    def wake(self) -> None:
        """Something was committed; safe from any thread, nothing before `start`.

        Nobody here: nothing to tell but the other processes. The relay catches up when the
        first socket comes.
        """
        if self._alarm is not None and (self.bus is not None or not self.presence.nobody):
            self._alarm.send()

    def welcome(self, visitor: Visitor) -> None:
        """A socket was accepted: what was committed while nobody was here is passed over first."""
        if self.presence.nobody and self._alarm is not None:
            self.relay.run_once()
        self.presence.arrive(visitor)

    def _woken(self) -> None:
        if self.bus is not None:
            self.bus.tell()
        if not self.presence.nobody:
            self._ring()

    def _ring(self) -> None:
        for loop in self.loops:
            loop.bell.set()


def init_live(app: Flask, socketio: SocketIO) -> Live:
    """Set up transport and events on `app`; nothing runs before `start`.

    Raises TransportRefusedError when the configuration is refused.
    """
    init_transport(app, socketio)
    live = Live(app, socketio)
    inbound.register(socketio, live)
    app.extensions[EXTENSION] = live
    return live


def start(app: Flask) -> None:
    """Start the relay and the sweep of this process; once, in the server's hub."""
    app.extensions[EXTENSION].start()


def waker(app: Flask) -> Callable[[], None]:
    """What the unit of work calls after each commit."""

    def wake() -> None:
        # Looked up at each commit: the unit of work is bound before or after `init_live`.
        app.extensions[EXTENSION].wake()

    return wake
