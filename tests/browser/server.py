"""The production server with the demonstration contract, in a process of its own."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
DATABASE = "polyphonie.sqlite"
START_SECONDS = 90
STOP_SECONDS = 15


def seeded(folder: Path) -> Path:
    """A database with the demonstration, made by whichever process comes first; the others wait for it."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / DATABASE
    with (folder / "verrou").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "pret").exists():
            for order in ("migrer", "semer"):
                told(order, instance=folder)
            with closing(sqlite3.connect(file)) as raw:
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            (folder / "pret").touch()
    return file


def told(*order: str, instance: Path, **given: str) -> str:
    """What a command of the portal printed, with settings of its own. Raises AssertionError when it failed."""
    done = subprocess.run(
        [sys.executable, "-m", "portal.cli", *order],
        cwd=ROOT,
        env=surroundings(instance) | given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def surroundings(instance: Path) -> dict[str, str]:
    """The environment of a portal of its own: nothing of ours but the path."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return {**kept, "PORTAL_INSTANCE": str(instance), "PORTAL_MODE": "demonstration", "PORTAL_LIMITS": "20"}


class Portal:
    """A server that people open in their browsers, and that a test may kill, start again and look into."""

    def __init__(self, instance: Path, template: Path | None = None) -> None:
        instance.mkdir(parents=True, exist_ok=True)
        if template is not None:
            shutil.copy(template, instance / DATABASE)
        self.instance = instance
        self.given: dict[str, str] = {}
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Serve, and wait for the first answer."""
        with (self.instance / "journal.txt").open("ab") as log:
            self.process = subprocess.Popen(
                self.server_command(),
                cwd=ROOT,
                env=surroundings(self.instance) | self.given,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            with suppress(OSError), urllib.request.urlopen(f"{self.url}/sante", timeout=5):
                return
            time.sleep(0.05)
        raise AssertionError(f"the server did not start:\n{self.log[-4000:]}")

    def server_command(self) -> list[str]:
        """How the server is run."""
        return [sys.executable, "-m", "portal.serveur", "--port", str(self.port)]

    def stop(self) -> None:
        """Ask the server to end, and wait."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End it at once, master and worker, as a power cut would."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(STOP_SECONDS)

    @property
    def log(self) -> str:
        """What the server wrote."""
        return (self.instance / "journal.txt").read_text(encoding="utf-8")

    def move_clock(self, **delta: float) -> None:
        """Move the clock of the server from now by so many days, hours, minutes or seconds."""
        units = {"days": 86400, "hours": 3600, "minutes": 60, "seconds": 1}
        seconds = sum(units[name] * value for name, value in delta.items())
        aside = self.instance / "horloge.tmp"
        aside.write_text(str(seconds), encoding="ascii")
        aside.replace(self.instance / "horloge")

    def rows(self, query: str, *values: object) -> Sequence[Any]:
        """What the database holds, read beside the server."""
        with closing(sqlite3.connect(f"file:{self.instance / DATABASE}?mode=ro", uri=True)) as raw:
            return raw.execute(query, values).fetchall()

    def one(self, query: str, *values: object) -> Any:
        """The first value of the first row."""
        found = self.rows(query, *values)
        assert found, f"nothing found: {query} {values}"
        return found[0][0]

    def space(self, words: str) -> str:
        """The id of the space whose question holds these words."""
        return str(self.one("SELECT id FROM space WHERE question LIKE ?", f"%{words}%"))

    def item(self, words: str) -> str:
        """The id of the finding or objective whose title holds these words."""
        return str(self.one("SELECT id FROM item WHERE title LIKE ?", f"%{words}%"))

    def command(self, *order: str) -> str:
        """Run a command of the portal on the database of this server."""
        return told(*order, instance=self.instance, **self.given)


@contextmanager
def serving(instance: Path, template: Path):
    """A portal that runs until the end of the block."""
    portal = Portal(instance, template)
    portal.start()
    try:
        yield portal
    finally:
        portal.kill()


def free_port() -> int:
    """A port of this machine that nobody uses."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
