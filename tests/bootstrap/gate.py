"""A real nginx on our configuration, in front of small servers that say who they are."""

from __future__ import annotations

import http.client
import http.server
import json
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from portal.setup import nginx, services


class Fake(http.server.BaseHTTPRequestHandler):
    """Says its name, what it was sent, and what it must not do twice."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        if self.path == "/slow":
            time.sleep(0.3)
        body = json.dumps({"port": self.server.server_port, "headers": dict(self.headers)}).encode()
        self.send_response(101 if "Upgrade" in self.headers else 200)
        if "Upgrade" in self.headers:
            self.send_header("Upgrade", "websocket")
            self.send_header("Connection", "Upgrade")
        else:
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if "Upgrade" not in self.headers:
            self.wfile.write(body)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.posts += 1
        if self.path == "/dies":
            self.close_connection = True
            self.connection.close()
            return
        self.do_GET()

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


class Server(http.server.ThreadingHTTPServer):
    """Counts what it was sent, and can hang up on everybody as a killed process does."""

    daemon_threads = True

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), Fake)
        self.posts = 0
        self.lines: list[socket.socket] = []

    def get_request(self) -> tuple[socket.socket, Any]:
        line, address = super().get_request()
        self.lines.append(line)
        return line, address

    def hang_up(self) -> None:
        self.shutdown()
        self.server_close()
        for line in self.lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)


class Worker:
    """One small server that can be stopped and started on the same port."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.start()

    def start(self) -> None:
        self.server = Server(self.port)
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def posts(self) -> int:
        return self.server.posts

    def stop(self) -> None:
        self.server.hang_up()


class Answer:
    """What nginx gave back."""

    def __init__(self, answer: http.client.HTTPResponse) -> None:
        self.status, self.headers = answer.status, answer.headers
        self.body = answer.read() if answer.status != http.HTTPStatus.SWITCHING_PROTOCOLS else b""

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.body)

    @property
    def port(self) -> int:
        """Who answered."""
        return int(self.json["port"])

    @property
    def route(self) -> str:
        """The route that was given, or nothing."""
        cookies = self.headers.get_all("Set-Cookie") or []
        found = [one for one in cookies if one.startswith(f"{nginx.ROUTE_COOKIE}=")]
        return found[0].partition("=")[2].partition(";")[0] if found else ""


class Gate:
    """The address of nginx, and how it is asked."""

    def __init__(self, port: int, workers: list[Worker]) -> None:
        self.port, self.workers = port, workers

    def ask(
        self,
        path: str = "/",
        *,
        route: str = "",
        method: str = "GET",
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """One request of its own."""
        cookie = {"Cookie": f"{nginx.ROUTE_COOKIE}={route}"} if route else {}
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)) as line:
            line.request(method, path, body, {**cookie, **(headers or {})})
            return Answer(line.getresponse())

    def posts(self) -> int:
        """How many posts the servers have received in all."""
        return sum(worker.posts for worker in self.workers)


@contextmanager
def running(
    folder: Path, ports: list[int], plant: Callable[[str], str] = lambda text: text, **front: Any
) -> Iterator[int]:
    """The port of an nginx on our configuration in front of these ports; `plant` spoils it for a control."""
    port = services.free_port()
    asked = nginx.Front("127.0.0.1", port, ports, account=nginx.plain_account(), **front)
    file = nginx.write(asked, folder)
    planted = plant(file.read_text(encoding="utf-8"))
    file.write_text(planted, encoding="utf-8")
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(nginx.command(nginx.require(), folder), stderr=log)
    try:
        assert listening(process, port), (folder / "log").read_text(encoding="utf-8")
        yield port
    finally:
        process.terminate()
        process.wait(10)


def listening(process: subprocess.Popen[bytes], port: int) -> bool:
    """Whether nginx takes calls within ten seconds."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and process.poll() is None:
        with (
            suppress(OSError),
            closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as line,
        ):
            line.connect()
            return True
        time.sleep(0.02)
    return False


@contextmanager
def gate(folder: Path, plant: Callable[[str], str] = lambda text: text, **front: Any) -> Iterator[Gate]:
    """Nginx in front of three small servers."""
    with ExitStack() as stack:
        workers = [Worker(services.free_port()) for _ in range(3)]
        for worker in workers:
            stack.callback(worker.stop)
        port = stack.enter_context(running(folder, [worker.port for worker in workers], plant, **front))
        yield Gate(port, workers)


def without_stickiness(text: str) -> str:
    """The configuration with the line that keeps people at one process left out."""
    assert "hash $route consistent;" in text
    return text.replace("hash $route consistent;", "")
