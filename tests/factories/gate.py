"""A door before a server of this machine, which a test shuts and opens again."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from typing import Self
from urllib.parse import urlsplit

PIECE = 65536


class Gate:
    """Passes connections on to `host:port`; while shut, it refuses new ones and drops those it had."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._open: list[socket.socket] = []
        self._passing: list[threading.Thread] = []
        self._listening: socket.socket | None = None
        self.port = 0

    @classmethod
    def before(cls, url: str) -> Self:
        """A gate before the server of an address."""
        parts = urlsplit(url)
        return cls(parts.hostname or "127.0.0.1", parts.port or 0)

    def address(self, url: str) -> str:
        """The same address, through the gate."""
        parts = urlsplit(url)
        place = parts.netloc.rpartition("@")
        return parts._replace(netloc=f"{place[0]}{place[1]}127.0.0.1:{self.port}").geturl()

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(self, *_error: object) -> None:
        self.shut()

    def open(self) -> None:
        """Let connections pass, at the same port as before."""
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", self.port))
        listening.listen(64)
        self.port = listening.getsockname()[1]
        self._listening = listening
        threading.Thread(target=self._welcome, args=(listening,), daemon=True).start()

    def shut(self) -> None:
        """Refuse and drop everything."""
        if self._listening is not None:
            with suppress(OSError):
                # Wakes the thread that waits for a connection: closing alone would not.
                self._listening.shutdown(socket.SHUT_RDWR)
            self._listening.close()
            self._listening = None
        for one in self._open:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self._open.clear()

    def wait_for_ends(self, seconds: float = 20) -> None:
        """Wait until the ends of all connections that the server ended were passed on."""
        end = time.monotonic() + seconds
        while self._passing:
            thread = self._passing.pop()
            thread.join(end - time.monotonic())
            assert not thread.is_alive(), "a connection goes on"

    def _welcome(self, listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near = listening.accept()[0]
                far = socket.create_connection(self._target, timeout=5)
                far.settimeout(None)
                self._open += [near, far]
                for one, other in ((near, far), (far, near)):
                    thread = threading.Thread(target=self._pass_on, args=(one, other), daemon=True)
                    thread.start()
                    self._passing.append(thread)

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while piece := one.recv(PIECE):
                other.sendall(piece)
        for end in (one, other):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
