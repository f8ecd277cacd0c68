"""Everybody outside the server: a process of its own, so that the client is never what is measured.

Orders come pickled on stdin, one answer each, pickled, on stdout:
`open` (people enter their space), `count` (wait for so many deliveries in all), `posts` (send forms at a
steady pace and tell how long each took to reach each page), `quit`.
"""

from __future__ import annotations

import os
import pickle
import re
import selectors
import socket
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from _wire import Crowd, Line

CURSOR = re.compile(rb'"cursor":(\d+)')
SHARED = re.compile(rb'"audience":"(?:readers|moderators)"')
MARK = re.compile(rb"mesure-(\d+)")
STATUS = slice(9, 12)
# Doors let so many in and no more at once; a crowd comes in by groups.
GROUP = 50
TRIES = 4
# What has not come by then is counted as missing.
ENOUGH_SECONDS = 20.0


class Lane:
    """One person's kept-alive connection for forms; closed while idle, it is opened again, as browsers do."""

    def __init__(self, port: int, selector: selectors.BaseSelector) -> None:
        self.port, self.selector = port, selector
        self.sent, self.busy, self.buffer, self.asked = 0.0, False, b"", b""
        self.socket: socket.socket | None = None

    def send(self, data: bytes) -> None:
        self.busy, self.buffer, self.asked, self.sent = True, b"", data, time.monotonic()
        self._send()

    def _send(self) -> None:
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port))
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.selector.register(self.socket, selectors.EVENT_READ, self)
        self.socket.sendall(self.asked)

    def close(self) -> None:
        if self.socket is not None:
            self.selector.unregister(self.socket)
            self.socket.close()
            self.socket = None

    def read(self) -> int:
        """The status of the answer once it is whole, else 0. Raises ConnectionError in its middle."""
        assert self.socket is not None
        try:
            data = self.socket.recv(1 << 16)
        except ConnectionResetError:
            data = b""
        if not data:
            self.close()
            if self.buffer:
                raise ConnectionError("the server closed a lane in the middle of an answer")
            if self.busy:
                # The same form with the same operation id: sent twice, it counts once.
                self._send()
            return 0
        self.buffer += data
        head, found, body = self.buffer.partition(b"\r\n\r\n")
        length = re.search(rb"\r\ncontent-length: *(\d+)", head, re.IGNORECASE) if found else None
        chunked = found and b"chunked" in head.lower() and body.endswith(b"0\r\n\r\n")
        if not chunked and (length is None or len(body) < int(length[1])):
            return 0
        self.busy, self.buffer = False, b""
        return int(head[STATUS])


class Driver:
    """The crowd, and what it has heard."""

    def __init__(self) -> None:
        self.crowd = Crowd()
        self.frames = 0
        self.size = 0
        self.last: dict[Line, int] = {}
        self.gaps = 0
        self.space: dict[Line, str] = {}
        self.times: dict[int, list[float]] | None = None
        self.sent: dict[int, float] = {}

    def heard(self, line: Line, data: bytes, at: float) -> None:
        """One event; frames are counted, and must follow one another."""
        if not data.startswith(b'42["frame"') or not SHARED.search(data):
            return
        found = CURSOR.search(data)
        cursor = int(found[1]) if found else 0
        before = self.last.get(line)
        if before is not None and cursor != before + 1:
            self.gaps += 1
        self.last[line] = cursor
        self.frames += 1
        self.size = len(data)
        mark = MARK.search(data) if self.times is not None else None
        if mark is not None and self.times is not None:
            number = int(mark[1])
            self.times.setdefault(number, []).append(at - self.sent[number])

    def open(self, port: int, people: list[tuple[str, str]], routes: bool) -> int:
        """Everybody (token, space) comes in; how many are here."""
        waiting = list(enumerate(people))
        for _ in range(TRIES * (len(people) // GROUP + 1)):
            group, waiting = waiting[:GROUP], waiting[GROUP:]
            if not group:
                break
            lines = {}
            for number, (token, space) in group:
                line = self.crowd.add(
                    Line(port, token, self.heard, f"{number * 37 % 256:02x}" if routes else "")
                )
                self.space[line], lines[line] = space, (number, (token, space))
            # Whoever got no answer from a busy server comes again, as pages do.
            for line in self.crowd.enter(lines, self.space.__getitem__):
                self.crowd.drop(line)
                waiting.append(lines[line])
        return len(self.crowd.lines)

    def count(self, total: int, seconds: float) -> dict[str, int]:
        """Wait until so many deliveries came since the start, or time is out."""
        self.crowd.pump(lambda: self.frames >= total, seconds)
        return {"frames": self.frames, "gaps": self.gaps, "size": self.size, "here": self.here}

    @property
    def here(self) -> int:
        return sum(line.open for line in self.crowd.lines)

    def posts(
        self, port: int, forms: list[tuple[int, int, bytes]], lanes: int, pace: float
    ) -> dict[str, Any]:
        """Send forms (mark, lane, bytes) so many a second, whatever the server does; who got what, and when."""
        self.times = {}
        own = [Lane(port, self.crowd.selector) for _ in range(lanes)]
        waiting = list(reversed(forms))
        took: list[float] = []
        late: list[float] = []
        statuses: dict[int, int] = {}
        wanted = self.frames + len(forms) * self.here
        start = time.monotonic()
        end = start + len(forms) / pace + ENOUGH_SECONDS
        while (len(took) < len(forms) or self.frames < wanted) and time.monotonic() < end:
            due = start + (len(forms) - len(waiting)) / pace
            if waiting and time.monotonic() >= due and not own[waiting[-1][1]].busy:
                mark, lane, data = waiting.pop()
                late.append(time.monotonic() - due)
                self.sent[mark] = due
                own[lane].send(data)
                continue
            wait = min(max(due - time.monotonic(), 0.0), 0.05) if waiting else 0.05
            for key, _ in self.crowd.selector.select(wait):
                one = key.data
                if isinstance(one, Line):
                    one.read()
                    if not one.open:
                        self.crowd.selector.unregister(one.socket)
                elif status := one.read():
                    took.append(time.monotonic() - one.sent)
                    statuses[status] = statuses.get(status, 0) + 1
        for one in own:
            one.close()
        return {
            "times": [value for values in self.times.values() for value in values],
            "took": took,
            "late": late,
            "statuses": statuses,
            "missing": wanted - self.frames,
            "gaps": self.gaps,
            "size": self.size,
            "seconds": time.monotonic() - start,
        }


def main() -> None:
    """Do what is ordered until told to quit."""
    if len(sys.argv) > 1:
        os.sched_setaffinity(0, {int(sys.argv[1])})
    driver = Driver()
    while True:
        order, *given = pickle.load(sys.stdin.buffer)
        if order == "quit":
            driver.crowd.close()
            return
        try:
            answer = getattr(driver, order)(*given)
        except Exception as error:  # noqa: BLE001 — told to whoever ordered
            answer = error
        pickle.dump(answer, sys.stdout.buffer)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
