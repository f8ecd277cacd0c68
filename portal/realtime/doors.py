"""Before anything is read of a request: who may open a connection, and how long a client may take."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar
from urllib.parse import parse_qs

import gevent

from portal import pace
from portal.realtime.throttle import Window

# The whole of a form; a telephone in a lift takes a few seconds.
BODY_PATIENCE_SECONDS = 30
# The whole of an answer, to a client that reads it slowly.
ANSWER_PATIENCE_SECONDS = 120
# Over it, new connections are refused and those that are there live on.
MANY_CONNECTIONS = 3000
# By polling, of one connection in ten seconds: a page asks again after each answer, and posts little.
ASKS_BY_POLLING = 600
POSTS_BY_POLLING = 100
REFUSED, CROWDED, TOO_FAST = "400 BAD REQUEST", "503 SERVICE UNAVAILABLE", "429 TOO MANY REQUESTS"
RETRY_SECONDS = "10"

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
WsgiApp = Callable[[Environ, StartResponse], Iterable[bytes]]
T = TypeVar("T")


class Doors:
    """A layer around the application: what opens or uses a live connection is counted, slow clients are cut.

    `path` is where live connections are opened, `limit` how many one address may open in ten
    seconds (None: as many as it likes), `sockets` gives those that are open.
    """

    def __init__(
        self, app: WsgiApp, path: str, limit: int | None, sockets: Callable[[], Mapping[str, Any]]
    ) -> None:
        self._app = app
        self._path = path
        self._limit = limit
        self._sockets = sockets
        self._handshakes = Window()
        self._polling = Window()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a short refusal, or pass on."""
        refusal = self._refusal(environ)
        if refusal is not None:
            headers = [("Content-Type", "text/plain"), ("Content-Length", "0")]
            if refusal != REFUSED:
                headers.append(("Retry-After", RETRY_SECONDS))
            start_response(refusal, headers)
            return [b""]
        self._be_patient(environ)
        return self._app(environ, start_response)

    def _refusal(self, environ: Environ) -> str | None:
        # Every browser sends these with a WebSocket handshake.
        if "HTTP_UPGRADE" in environ and not (
            environ.get("HTTP_ORIGIN") and environ.get("HTTP_SEC_WEBSOCKET_KEY")
        ):
            return REFUSED
        if not environ.get("PATH_INFO", "").startswith(self._path):
            return None
        asked = parse_qs(environ.get("QUERY_STRING", ""))
        place = pace.place(environ.get("REMOTE_ADDR", ""))
        if "sid" in asked:
            return None if self._may_poll(environ, asked["sid"][0], place) else TOO_FAST
        if not self._in_limit(place):
            return TOO_FAST
        return CROWDED if len(self._sockets()) >= MANY_CONNECTIONS else None

    def _may_poll(self, environ: Environ, sid: str, place: str) -> bool:
        # Whoever asks for connections that are not there is known by its address only.
        if sid not in self._sockets():
            return self._in_limit(f"unknown:{place}")
        if environ.get("REQUEST_METHOD") == "GET":
            return self._polling.admits(f"{sid}:asks", ASKS_BY_POLLING)
        return self._polling.admits(f"{sid}:posts", POSTS_BY_POLLING)

    def _in_limit(self, key: str) -> bool:
        return self._limit is None or self._handshakes.admits(key, self._limit)

    def _be_patient(self, environ: Environ) -> None:
        sock = environ.get("gunicorn.socket")
        if sock is None:
            return
        if self._is_websocket(environ):
            sock.settimeout(None)
            return
        sock.settimeout(ANSWER_PATIENCE_SECONDS)
        environ["wsgi.input"] = PatientInput(environ["wsgi.input"], sock)

    def _is_websocket(self, environ: Environ) -> bool:
        if "HTTP_UPGRADE" not in environ or environ.get("REQUEST_METHOD") != "GET":
            return False
        transport = parse_qs(environ.get("QUERY_STRING", "")).get("transport", [""])[0]
        return environ.get("PATH_INFO", "").startswith(self._path) and transport == "websocket"


class PatientInput:
    """The body of a request, read whole within a time limit from the first read, whoever reads it."""

    def __init__(self, body: Any, sock: Any) -> None:
        self._body = body
        self._sock = sock
        self._until: float | None = None

    def read(self, *size: int) -> bytes:
        """Read as the server does. Raises OSError when the client takes too long."""
        return self._within(self._body.read, *size)

    def readline(self, *size: int) -> bytes:
        """One line, with the same limit."""
        return self._within(self._body.readline, *size)

    def readlines(self, *size: int) -> list[bytes]:
        """All lines, with the same limit."""
        return self._within(self._body.readlines, *size)

    def _within(self, read: Callable[..., T], *size: int) -> T:
        if self._until is None:
            self._until = time.monotonic() + BODY_PATIENCE_SECONDS
        try:
            with gevent.Timeout(max(self._until - time.monotonic(), 0)):
                return read(*size)
        except gevent.Timeout as late:
            # Nothing more can be understood of what comes on this connection.
            self._sock.shutdown(socket.SHUT_RDWR)
            raise OSError("the client does not send what it announced") from late

    def __getattr__(self, name: str) -> Any:
        return getattr(self._body, name)
