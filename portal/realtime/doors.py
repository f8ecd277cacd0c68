"""Before anything is read of a request: who may open a connection, and how long a client may take."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable, Mapping
from typing import Any
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
REFUSED, CROWDED, TOO_FAST = "400 BAD REQUEST", "503 SERVICE UNAVAILABLE", "429 TOO MANY REQUESTS"
RETRY_SECONDS = "10"

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
WsgiApp = Callable[[Environ, StartResponse], Iterable[bytes]]


class Doors:
    """A layer around the application: new live connections are counted, slow clients are cut.

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

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a short refusal, or pass on."""
        refusal = self._refusal(environ)
        if refusal is not None:
            headers = [("Content-Type", "text/plain"), ("Content-Length", "0")]
            if refusal != REFUSED:
                headers.append(("Retry-After", RETRY_SECONDS))
            start_response(refusal, headers)
            return [b""]
        _be_patient(environ)
        return self._app(environ, start_response)

    def _refusal(self, environ: Environ) -> str | None:
        # Every browser sends these with a WebSocket handshake.
        if "HTTP_UPGRADE" in environ and not (
            environ.get("HTTP_ORIGIN") and environ.get("HTTP_SEC_WEBSOCKET_KEY")
        ):
            return REFUSED
        if not self._opens(environ):
            return None
        if self._limit is not None and not self._handshakes.admits(
            pace.place(environ.get("REMOTE_ADDR", "")), self._limit
        ):
            return TOO_FAST
        return CROWDED if len(self._sockets()) >= MANY_CONNECTIONS else None

    def _opens(self, environ: Environ) -> bool:
        if not environ.get("PATH_INFO", "").startswith(self._path):
            return False
        return "sid" not in parse_qs(environ.get("QUERY_STRING", ""))


class PatientInput:
    """The body of a request, read within a time limit whoever reads it."""

    def __init__(self, body: Any, sock: Any) -> None:
        self._body = body
        self._sock = sock

    def read(self, *size: int) -> bytes:
        """Read as the server does. Raises OSError when the client takes too long."""
        return self._within(self._body.read, *size)

    def readline(self, *size: int) -> bytes:
        """One line, with the same limit."""
        return self._within(self._body.readline, *size)

    def _within(self, read: Callable[..., bytes], *size: int) -> bytes:
        try:
            with gevent.Timeout(BODY_PATIENCE_SECONDS):
                return read(*size)
        except gevent.Timeout as late:
            # Nothing more can be understood of what comes on this connection.
            self._sock.shutdown(socket.SHUT_RDWR)
            raise OSError("the client does not send what it announced") from late

    def __getattr__(self, name: str) -> Any:
        return getattr(self._body, name)


def _be_patient(environ: Environ) -> None:
    sock = environ.get("gunicorn.socket")
    if sock is None:
        return
    if "HTTP_UPGRADE" in environ:
        sock.settimeout(None)
        return
    sock.settimeout(ANSWER_PATIENCE_SECONDS)
    environ["wsgi.input"] = PatientInput(environ["wsgi.input"], sock)
