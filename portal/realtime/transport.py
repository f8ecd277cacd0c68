"""The engine under the sockets: the only file that names a WebSocket class or a client manager."""

from __future__ import annotations

import importlib.util
import logging
import socket
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import gevent
import simple_websocket
from engineio.async_drivers import gevent as driver
from gevent.lock import RLock
from gevent.queue import JoinableQueue

from portal import pace
from portal.realtime.doors import Doors
from portal.realtime.throttle import ADDRESS_HANDSHAKES

if TYPE_CHECKING:
    from flask import Flask
    from flask_socketio import SocketIO

ENGINES = ("stock",)
PATH = "/socket.io"
MAX_MESSAGE = 64 * 1024
PING_EVERY_SECONDS = 20
PING_PATIENCE_SECONDS = 20
# A client that reads nothing for that long is cut; it catches up when it comes back.
SEND_PATIENCE_SECONDS = 10
# What may wait for one client, in signs and in frames; beyond, frames are dropped and it is cut.
QUEUE_SIZE = 256 * 1024
QUEUE_FRAMES = 200
# What the system keeps for one client beside it.
SEND_BUFFER = 64 * 1024
# Frames of one WebSocket, pings included: many at once, then so many a second.
FRAMES_AT_ONCE = 200
FRAMES_PER_SECOND = 50
READ_BYTES = 1024
FORBIDDEN_MODULES = ("geventwebsocket", "eventlet")

Environ = dict[str, Any]
StartResponse = Callable[..., Any]


class TransportRefusedError(RuntimeError):
    """The portal must not start with this configuration; the message says why."""


def init_transport(app: Flask, socketio: SocketIO) -> None:
    """Set up `socketio` on `app` from PORTAL_URL and PORTAL_LIVE_ENGINE.

    Raises TransportRefusedError when the origins are empty or wrong, when the engine is
    unknown, or when a module that would silently replace the WebSocket class is installed.
    """
    engine = app.config.get("PORTAL_LIVE_ENGINE") or "stock"
    if engine not in ENGINES:
        raise TransportRefusedError(f"unknown PORTAL_LIVE_ENGINE: {engine}")
    _refuse_modules()
    socketio.init_app(
        app,
        async_mode="gevent",
        # One event of a client after the other, in the order it sent them.
        async_handlers=False,
        cors_allowed_origins=origins(app.config.get("PORTAL_ORIGINS") or app.config.get("PORTAL_URL") or ""),
        manage_session=False,
        cookie=None,
        path=PATH,
        max_http_buffer_size=MAX_MESSAGE,
        http_compression=False,
        ping_interval=PING_EVERY_SECONDS,
        ping_timeout=PING_PATIENCE_SECONDS,
        transports=["polling", "websocket"],
        namespaces=["/"],
        # Loggers of ours: the engine's own would write addresses beside the portal's log.
        logger=_logger("socketio"),
        engineio_logger=_logger("engineio"),
    )
    server = socketio.server.eio
    drivers = vars(server)
    drivers["_async"] = drivers["_async"] | {"websocket": PlainWebSocket, "queue": BoundedQueue}
    server.disconnect = partial(_disconnect, server)
    by = pace.scale(app)
    limit = pace.widened(ADDRESS_HANDSHAKES, by) if by else None
    doors = Doors(app.wsgi_app, PATH, limit, lambda: server.sockets)
    app.wsgi_app = doors  # type: ignore[method-assign]  # how Flask takes middleware


def origins(urls: str | Iterable[str]) -> list[str]:
    """The exact origins allowed to connect; `urls` are separated by commas or spaces.

    Raises TransportRefusedError on an empty list, a wildcard or anything but scheme and host.
    """
    parts = urls.replace(",", " ").split() if isinstance(urls, str) else list(urls)
    found = [_origin(part) for part in parts]
    if not found:
        raise TransportRefusedError("PORTAL_URL is empty: no origin could open a live page")
    return found


def _origin(url: str) -> str:
    parts = urlsplit(url)
    extra = parts.path.strip("/") or parts.query or parts.fragment or parts.username or parts.password
    if parts.scheme not in ("http", "https") or not parts.hostname or extra or "*" in url:
        raise TransportRefusedError(f"PORTAL_URL must be a scheme and a host: {url}")
    default = {"http": 80, "https": 443}[parts.scheme]
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    port = "" if parts.port in (None, default) else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}"


def _disconnect(server: Any, sid: str | None = None) -> None:
    """Close one connection, or all. The engine's own waits for a queue that may never empty."""
    for one in [sid] if sid is not None else list(server.sockets):
        held = server.sockets.pop(one, None)
        if held is not None:
            held.close(wait=False, reason=server.reason.SERVER_DISCONNECT)


def _logger(name: str) -> logging.Logger:
    logger = logging.getLogger(f"{name}.portal")
    logger.setLevel(logging.ERROR)
    return logger


def _refuse_modules() -> None:
    for name in FORBIDDEN_MODULES:
        if importlib.util.find_spec(name) is not None:
            raise TransportRefusedError(f"{name} is installed: it would replace the WebSocket engine")


class BoundedQueue(JoinableQueue):
    """What waits for one client: frames over the limit are dropped, and `overflowed` says so.

    It never raises and never waits: a frame is for many clients, and goes on to the next.
    """

    def __init__(self) -> None:
        super().__init__()
        self.size = 0
        self.overflowed = False

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:  # noqa: FBT001, FBT002 — as the engine calls it
        """Add a packet; None, which ends the queue, always passes."""
        if item is not None and (self.size >= QUEUE_SIZE or self.qsize() >= QUEUE_FRAMES):
            self.overflowed = True
            return
        super().put(item, block, timeout)
        self.size += _size(item)

    def get(self, block: bool = True, timeout: float | None = None) -> Any:  # noqa: FBT001, FBT002 — as the engine calls it
        """Take the next packet."""
        item = super().get(block, timeout)
        self.size -= _size(item)
        return item


def _size(packet: Any) -> int:
    data = getattr(packet, "data", None)
    return len(data) if isinstance(data, str | bytes) else 0


class WholeSends:
    """A socket whose `send` sends everything, one caller at a time, within a time limit.

    simple-websocket calls `send` once and from two greenlets: a short write, or a pong in
    the middle of a frame, would break the stream of a slow reader.
    """

    def __init__(self, sock: Any) -> None:
        self._sock = sock
        self._lock = RLock()
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)

    def send(self, data: bytes) -> int:
        """Send all of `data`. Raises OSError when the client does not read it in time."""
        try:
            with gevent.Timeout(SEND_PATIENCE_SECONDS), self._lock:
                self._sock.sendall(data)
        except gevent.Timeout as late:
            self._sock.close()
            raise OSError("the client does not read") from late
        return len(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)


class PacedFrames:
    """The protocol of one WebSocket, its frames counted: a client that floods is read slowly.

    Reading slowly is all that is needed: what it sends waits on its own side.
    """

    def __init__(self, connection: Any, ended: Callable[[], bool]) -> None:
        self._connection = connection
        self._ended = ended
        self._left = float(FRAMES_AT_ONCE)
        self._since = time.monotonic()

    def events(self) -> Iterator[Any]:
        """The next frames, no faster than allowed. Raises OSError once our side has closed."""
        for event in self._connection.events():
            self._pay()
            if self._ended():
                raise OSError("closed on our side")
            yield event

    def _pay(self) -> None:
        present = time.monotonic()
        earned = (present - self._since) * FRAMES_PER_SECOND
        self._left = min(self._left + earned, FRAMES_AT_ONCE) - 1
        self._since = present
        if self._left < 0:
            gevent.sleep(-self._left / FRAMES_PER_SECOND)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


class PacedServer(simple_websocket.Server):
    """simple-websocket, reading no faster than its client may write."""

    ws: Any
    ended = False

    def handshake(self) -> None:
        """Answer the handshake, then count."""
        super().handshake()
        self.ws = PacedFrames(self.ws, lambda: self.ended)

    def close(self, reason: int | None = None, message: str | None = None) -> None:
        """Close for good: whoever floods is read no further."""
        self.ended = True
        super().close(reason, message)


class PlainWebSocket(driver.WebSocketWSGI):
    """simple-websocket without compression, with limits of size and pace, and whole sends."""

    def __init__(self, handler: Callable[[Any], Any], server: Any) -> None:
        super().__init__(handler, server)
        self.server_args["max_message_size"] = server.max_http_buffer_size
        self.server_args["receive_bytes"] = READ_BYTES

    def __call__(self, environ: Environ, _start_response: StartResponse) -> Any:
        """Serve one WebSocket until it is closed; always under gunicorn."""
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        environ["gunicorn.socket"] = WholeSends(environ["gunicorn.socket"])
        self.ws = PacedServer(environ, **self.server_args)
        self.app(self)
        # What gunicorn expects of whoever took its socket.
        raise StopIteration
