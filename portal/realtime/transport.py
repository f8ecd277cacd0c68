"""The engine under the sockets: the only file that names a WebSocket class or a client manager."""

from __future__ import annotations

import importlib.util
import logging
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import gevent
from engineio.async_drivers import gevent as driver
from gevent.lock import RLock

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
FORBIDDEN_MODULES = ("geventwebsocket", "eventlet")

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
WsgiApp = Callable[[Environ, StartResponse], Iterable[bytes]]


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
    drivers["_async"] = drivers["_async"] | {"websocket": PlainWebSocket}
    server.disconnect = partial(_disconnect, server)
    app.wsgi_app = OriginOnUpgrade(app.wsgi_app)  # type: ignore[method-assign]  # how Flask takes middleware


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


class OriginOnUpgrade:
    """Refuses a WebSocket handshake without Origin: every browser sends one."""

    def __init__(self, app: WsgiApp) -> None:
        self.app = app

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer 400, or pass on."""
        if "HTTP_UPGRADE" in environ and not environ.get("HTTP_ORIGIN"):
            start_response("400 BAD REQUEST", [("Content-Type", "text/plain"), ("Content-Length", "0")])
            return [b""]
        return self.app(environ, start_response)


class WholeSends:
    """A socket whose `send` sends everything, one caller at a time, within a time limit.

    simple-websocket calls `send` once and from two greenlets: a short write, or a pong in
    the middle of a frame, would break the stream of a slow reader.
    """

    def __init__(self, sock: Any) -> None:
        self._sock = sock
        self._lock = RLock()

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


class PlainWebSocket(driver.WebSocketWSGI):
    """simple-websocket without compression, with a size limit and whole sends."""

    def __init__(self, handler: Callable[[Any], Any], server: Any) -> None:
        super().__init__(handler, server)
        self.server_args["max_message_size"] = server.max_http_buffer_size

    def __call__(self, environ: Environ, start_response: StartResponse) -> Any:
        """Serve one WebSocket until it is closed."""
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        if "gunicorn.socket" in environ:
            environ["gunicorn.socket"] = WholeSends(environ["gunicorn.socket"])
        return super().__call__(environ, start_response)
