"""A real server in a process of its own, and people who listen to it over real sockets."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import engineio
import socketio

from portal import migrations
from portal.config import database_address

HERE = Path(__file__).resolve().parent
COOKIE = "polyphonie"
START_SECONDS = 90


class Running:
    """A server that answers, and what a test needs to reach it."""

    def __init__(
        self, port: int, instance: Path, environ: dict[str, str], process: subprocess.Popen[bytes]
    ) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.instance = instance
        self.environ = environ
        self.database = database_of(instance, environ)
        self.process = process

    def act(self, act: str, by: str, **data: Any) -> dict[str, Any]:
        """Do something inside the server, as a page would."""
        body = json.dumps({"act": act, "by": by, **data}).encode()
        asked = urllib.request.Request(f"{self.url}/essai", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(asked, timeout=20) as answer:
            return json.load(answer)


def database_of(instance: Path, environ: dict[str, str]) -> str:
    """The address of the database that a server with this environment uses."""
    return database_address(environ.get("DATABASE_URL", "")) or f"sqlite:///{instance / 'polyphonie.sqlite'}"


@contextmanager
def serving(instance: Path, **environ: str):
    """Start a server on a free port, on the database of `DATABASE_URL` or its own; stop it at the end."""
    instance.mkdir(parents=True, exist_ok=True)
    migrations.upgrade(database_of(instance, environ))
    with socket.socket() as listening, (instance / "journal.txt").open("ab") as log:
        listening.bind(("127.0.0.1", 0))
        listening.listen(256)
        port = listening.getsockname()[1]
        process = subprocess.Popen(
            [sys.executable, str(HERE / "entry.py"), str(listening.fileno())],
            env=_environ(instance, port) | environ,
            pass_fds=[listening.fileno()],
            stdout=log,
            stderr=log,
        )
    try:
        _wait(port, process, instance / "journal.txt")
        yield Running(port, instance, environ, process)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)


def _environ(instance: Path, port: int) -> dict[str, str]:
    return {
        **os.environ,
        "PORTAL_INSTANCE": str(instance),
        "PORTAL_URL": f"http://127.0.0.1:{port}",
        "SECRET_KEY": "essai",
        "PORTAL_TESTING": "1",
        "PYTHONPATH": str(HERE.parents[1]),
    }


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/sante", timeout=5):
            return
        time.sleep(0.05)
    raise AssertionError(f"the server did not start:\n{log.read_text()[-4000:]}")


class _InTurn(engineio.Client):
    """Hears one message after the other: left to itself, each has its thread, and two may overtake one another."""

    def _trigger_event(self, event: str, *args: Any, **options: Any) -> Any:
        if event == "message":
            options["run_async"] = False
        return super()._trigger_event(event, *args, **options)


class _Client(socketio.Client):
    def _engineio_client_class(self) -> type[engineio.Client]:
        return _InTurn


class Listener:
    """One person at one page: a socket, everything it received, nothing repaired."""

    def __init__(self, server: Running, token: str | None, transports: list[str] | None = None) -> None:
        self.frames: list[dict[str, Any]] = []
        self.events: list[tuple[str, Any]] = []
        self.closed = threading.Event()
        self.refusal: Any = None
        # Why this socket is no longer there, or never was.
        self.left = ""
        # websocket-client writes an Origin of its own; two would be refused.
        self.client = _Client(
            reconnection=False, websocket_extra_options={"suppress_origin": True}, handle_sigint=False
        )
        self.client.on("frame", self.frames.append)
        for name in ("reenter", "goodbye"):
            self.client.on(name, lambda data, name=name: self.events.append((name, data)))
        self.client.on("disconnect", self._left)
        self.client.on("connect_error", lambda data=None: setattr(self, "refusal", data))
        headers = {"Origin": server.url} | ({"Cookie": f"{COOKIE}={token}"} if token else {})
        try:
            self.client.connect(server.url, headers=headers, transports=transports, wait_timeout=30)
        except socketio.exceptions.ConnectionError as error:
            self.left = f"never came in: {error}"

    def _left(self, reason: str) -> None:
        self.left = reason
        self.closed.set()

    def ask(self, event: str, **data: Any) -> Any:
        """Send an event and wait for its answer."""
        try:
            return self.client.call(event, data, timeout=10)
        except socketio.exceptions.BadNamespaceError as error:
            error.add_note(f"{self.left}; {self.refusal}; {self.events[-3:]}")
            raise

    def enter(self, space_id: str) -> Any:
        """Enter a space as a page does."""
        return self.ask("enter", space=space_id, cursors={})

    def of(self, audience: str) -> list[dict[str, Any]]:
        """The frames of one audience."""
        return [frame for frame in list(self.frames) if frame["audience"] == audience]

    def heard(self, name: str) -> bool:
        """Whether an event came."""
        return any(told == name for told, _ in list(self.events))

    def close(self) -> None:
        """Go away."""
        with suppress(Exception):
            self.client.disconnect()


def until(condition: Callable[[], Any], seconds: float = 5.0) -> bool:
    """Wait for something to become true; whether it did."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return bool(condition())


def check_frames(frames: list[dict[str, Any]], first: int, last: int) -> None:
    """Every frame from `first` to `last`, once, in order, each naming the one before it."""
    assert [frame["cursor"] for frame in frames] == list(range(first, last + 1))
    assert [frame["prev"] for frame in frames] == list(range(first - 1, last))


def check_audiences(listener: Listener, *expected: str) -> None:
    """Nothing was heard but what is for these audiences."""
    assert {frame["audience"] for frame in listener.frames} <= set(expected)
