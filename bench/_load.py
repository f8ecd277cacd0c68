"""The load driver: a process of its own, so that the client is never what is measured.

Reads from stdin a pickled `(port, lanes)`; a lane is one kept-alive connection and the
requests that it sends one after the other. Writes to stdout, pickled, one
`(lane, number, status, location, seconds)` per answer, and the seconds that all of it took.
"""

from __future__ import annotations

import pickle
import re
import selectors
import socket
import sys
import time

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
LOCATION = re.compile(rb"\r\nlocation: *([^\r]+)", re.IGNORECASE)


class Lane:
    """One connection: its requests, and what has come back of the present answer."""

    def __init__(self, number: int, port: int, requests: list[bytes]) -> None:
        self.number = number
        self.requests = requests
        self.at = 0
        self.sent = 0.0
        self.buffer = b""
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self) -> bool:
        """Send the next request; False when there is none left."""
        if self.at == len(self.requests):
            self.socket.close()
            return False
        self.buffer = b""
        self.sent = time.perf_counter()
        self.socket.sendall(self.requests[self.at])
        self.at += 1
        return True

    def receive(self) -> tuple[int, int, int, str, float] | None:
        """Read what is there; the answer once it is whole. Errors: ConnectionError."""
        data = self.socket.recv(1 << 18)
        if not data:
            raise ConnectionError(f"the server closed lane {self.number} after {self.at} requests")
        self.buffer += data
        head, found, body = self.buffer.partition(b"\r\n\r\n")
        length = LENGTH.search(head) if found else None
        if length is None or len(body) < int(length[1]):
            return None
        place = LOCATION.search(head)
        took = time.perf_counter() - self.sent
        return self.number, self.at - 1, int(head[9:12]), place[1].decode() if place else "", took


def run(port: int, lanes: list[list[bytes]]) -> tuple[list[tuple[int, int, int, str, float]], float]:
    """Send everything; one result per answer, in order of arrival, and how long it took."""
    selector = selectors.DefaultSelector()
    answers = []
    opened = [Lane(number, port, requests) for number, requests in enumerate(lanes)]
    start = time.perf_counter()
    for lane in opened:
        selector.register(lane.socket, selectors.EVENT_READ, lane)
        lane.send()
    while selector.get_map():
        for key, _ in selector.select():
            lane = key.data
            answer = lane.receive()
            if answer is None:
                continue
            answers.append(answer)
            if lane.at == len(lane.requests):
                selector.unregister(lane.socket)
            lane.send()
    return answers, time.perf_counter() - start


if __name__ == "__main__":
    pickle.dump(run(*pickle.load(sys.stdin.buffer)), sys.stdout.buffer)
