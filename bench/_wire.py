"""A page's socket without a browser: Engine.IO over WebSocket, as little as delivery needs."""

from __future__ import annotations

import base64
import json
import os
import selectors
import socket
import struct
import time
from collections.abc import Callable, Iterable
from typing import Any

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
READ = 1 << 18
WELCOME_SECONDS = 30.0


class Line:
    """One socket at one page: `heard(line, message, at)` is called with each Socket.IO event."""

    def __init__(
        self, port: int, token: str, heard: Callable[[Line, bytes, float], None], route: str = ""
    ) -> None:
        self.heard = heard
        self.buffer = b""
        self.open = True
        self.answers: dict[int, Any] = {}
        self.asked = 0
        self.accepted = False
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=WELCOME_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        cookie = f"polyphonie={token}" + (f"; polyphonie_route={route}" if route else "")
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
            f"Origin: http://127.0.0.1:{port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\nCookie: {cookie}\r\n\r\n".encode()
        )
        head = b""
        while b"\r\n\r\n" not in head:
            data = self.socket.recv(4096)
            if not data:
                raise ConnectionError(f"refused: {head[:200]!r}")
            head += data
        if not head.startswith(b"HTTP/1.1 101"):
            raise ConnectionError(f"refused: {head[:200]!r}")
        self.buffer = head.partition(b"\r\n\r\n")[2]
        self.send("40")

    def fileno(self) -> int:
        return self.socket.fileno()

    def send(self, text: str) -> None:
        """One text message; what a client sends is masked, here with zeros."""
        data = text.encode()
        size = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + struct.pack("!H", len(data))
        self.socket.sendall(b"\x81" + size + b"\0\0\0\0" + data)

    def ask(self, event: str, **data: Any) -> int:
        """Send an event; its answer will be in `answers` under the number returned."""
        self.asked += 1
        self.send(f"42{self.asked}" + json.dumps([event, data], separators=(",", ":")))
        return self.asked

    def read(self) -> None:
        """Take what has come, without waiting for more."""
        try:
            data = self.socket.recv(READ)
        except TimeoutError:
            return
        except OSError:
            data = b""
        if not data:
            self.open = False
            return
        self.buffer += data
        self._unpack(time.monotonic())

    def _unpack(self, at: float) -> None:
        buffer, place = self.buffer, 0
        while len(buffer) - place >= 2:
            length, start = buffer[place + 1] & 0x7F, place + 2
            if length == 126:
                length, start = int.from_bytes(buffer[start : start + 2], "big"), start + 2
            elif length == 127:
                length, start = int.from_bytes(buffer[start : start + 8], "big"), start + 8
            if len(buffer) < start + length or start > len(buffer):
                break
            self._take(buffer[place] & 0x0F, buffer[start : start + length], at)
            place = start + length
        self.buffer = buffer[place:]

    def _take(self, opcode: int, data: bytes, at: float) -> None:
        if opcode == CLOSE:
            self.open = False
        elif opcode == PING:
            self.socket.sendall(bytes([0x80 | PONG, 0x80 | len(data)]) + b"\0\0\0\0" + data)
        elif data == b"2":
            self.send("3")
        elif data.startswith(b"42"):
            self.heard(self, data, at)
        elif data.startswith(b"43"):
            number, _, rest = data[2:].partition(b"[")
            self.answers[int(number)] = json.loads(b"[" + rest)[0]
        elif data.startswith(b"40"):
            self.accepted = True
        elif data.startswith((b"44", b"41", b"1")):
            self.open = False

    def close(self) -> None:
        self.open = False
        self.socket.close()


class Crowd:
    """Many lines, read by one loop."""

    def __init__(self) -> None:
        self.selector = selectors.DefaultSelector()
        self.lines: list[Line] = []

    def add(self, line: Line) -> Line:
        self.lines.append(line)
        self.selector.register(line.socket, selectors.EVENT_READ, line)
        return line

    def pump(self, until: Callable[[], Any], seconds: float) -> bool:
        """Read until something is true; whether it was, in that time."""
        end = time.monotonic() + seconds
        while not until():
            left = end - time.monotonic()
            if left <= 0:
                return False
            self.once(min(left, 0.5))
        return True

    def once(self, wait: float) -> None:
        """Read what comes within so many seconds."""
        for key, _ in self.selector.select(wait):
            line = key.data
            line.read()
            if not line.open:
                self.selector.unregister(line.socket)

    def enter(self, lines: Iterable[Line], space_of: Callable[[Line], str]) -> list[Line]:
        """All of them enter their space; those that got no answer. Raises ConnectionError when one is refused."""
        here = list(lines)
        self.pump(lambda: all(line.accepted or not line.open for line in here), WELCOME_SECONDS)
        numbers = {
            line: line.ask("enter", space=space_of(line), cursors={})
            for line in here
            if line.open and line.accepted
        }
        self.pump(
            lambda: all(n in line.answers or not line.open for line, n in numbers.items()), WELCOME_SECONDS
        )
        told = {line: line.answers[n] for line, n in numbers.items() if n in line.answers}
        if refused := [answer for answer in told.values() if not answer.get("ok")]:
            raise ConnectionError(f"{len(refused)} were not let in: {refused[0]}")
        return [line for line in here if line not in told]

    def drop(self, line: Line) -> None:
        """Let a line go."""
        if line.socket in self.selector.get_map():
            self.selector.unregister(line.socket)
        self.lines.remove(line)
        line.close()

    def close(self) -> None:
        for line in self.lines:
            line.close()
        self.selector.close()
