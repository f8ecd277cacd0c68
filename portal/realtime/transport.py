"""The engine under the sockets: the only file that names a WebSocket class or a client manager."""

from __future__ import annotations

import importlib.util
import logging
import os
import socket
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import gevent
import simple_websocket
from engineio.async_drivers import gevent as driver
from engineio.packet import MESSAGE
from engineio.packet import Packet as EnginePacket
from gevent.lock import Semaphore
from gevent.queue import JoinableQueue
from socketio import Manager
from socketio.packet import EVENT
from socketio.packet import Packet as SocketPacket

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
# RFC 6455, 5.2: from here on, a frame tells its size on two bytes.
SIZE_ON_TWO_BYTES = 126
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
        client_manager=OnceForAll(),
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
        self._turn = Semaphore()
        self._asking = 0
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)

    def send(self, data: bytes) -> int:
        """Send all of `data`. Raises OSError when the client does not read it in time."""
        self._asking += 1
        try:
            with gevent.Timeout(SEND_PATIENCE_SECONDS), self._turn:
                self._sock.sendall(data)
        except gevent.Timeout as late:
            self._sock.close()
            raise OSError("the client does not read") from late
        finally:
            self._asking -= 1
        return len(data)

    def send_now(self, data: bytes) -> bool:
        """Send `data` at once and without waiting; False, and nothing is sent, when others are before it.

        What the system does not take is sent by a greenlet of its own, before anything else.
        """
        if self._asking:
            return False
        try:
            sent = os.write(self._sock.fileno(), data)
        except BlockingIOError:
            sent = 0
        except OSError:
            # Closed: whoever reads from it finds out.
            return True
        if sent < len(data):
            self._asking += 1
            self._turn.acquire()
            gevent.spawn(self._finish, data[sent:])
        return True

    def _finish(self, rest: bytes) -> None:
        try:
            with gevent.Timeout(SEND_PATIENCE_SECONDS):
                self._sock.sendall(rest)
        except (gevent.Timeout, OSError):
            self._sock.close()
        finally:
            self._turn.release()
            self._asking -= 1

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)


class OnceForAll(Manager):
    """Room by room, a message is made once, down to its bytes, and handed to the sockets that are free.

    Those that poll, that are changing transport or that read slowly find it in their queue,
    behind what waits there already.
    """

    def emit(
        self, event: str, data: Any, namespace: str, room: Any = None, to: Any = None, **more: Any
    ) -> None:
        """Send an event to everybody of a room."""
        if more.get("callback") or more.get("skip_sid") or not isinstance(data, dict):
            raise ValueError("frames are objects, have no callback and leave nobody out")
        made = SocketPacket(EVENT, namespace=namespace, data=[event, data]).encode()
        packet = EnginePacket(MESSAGE, made)
        frame = text_frame(packet.encode().encode())
        for _, eio_sid in self.get_participants(namespace, to or room):
            held = self.server.eio.sockets.get(eio_sid)
            if held is not None and not held.closed and not _sent_now(held, frame):
                held.send(packet)


def _sent_now(held: Any, frame: bytes) -> bool:
    outlet = getattr(held, "outlet", None)
    if outlet is None or held.upgrading or not held.upgraded or not held.queue.empty():
        return False
    return bool(outlet.send_now(frame))


def text_frame(data: bytes) -> bytes:
    """The WebSocket frame of one text message of a server (RFC 6455, 5.2)."""
    size = len(data)
    if size < SIZE_ON_TWO_BYTES:
        return b"\x81" + bytes([size]) + data
    if size < 1 << 16:
        return b"\x81\x7e" + size.to_bytes(2, "big") + data
    return b"\x81\x7f" + size.to_bytes(8, "big") + data


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
        held = self.app.__self__
        if held.upgrading:
            raise OSError("another WebSocket of this connection is being set up")
        outlet = WholeSends(environ["gunicorn.socket"])
        environ["gunicorn.socket"] = outlet
        # The connection that asked for this WebSocket: it is given as a bound method only.
        held.outlet = outlet
        self.ws = PacedServer(environ, **self.server_args)
        self.app(self)
        # What gunicorn expects of whoever took its socket.
        raise StopIteration
