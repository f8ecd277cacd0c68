"""The real server on an instance of its own: one process on SQLite, or several behind nginx on PostgreSQL."""

from __future__ import annotations

import os
import pickle
import re
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from portal.kernel.ids import new_id
from portal.vocabulary import ContributionKind

HERE = Path(__file__).resolve().parent
LOAD = HERE / "_load.py"
# One person of the bench does what hundreds do: what one may ask is widened, never switched off.
LIMITS = "100000"
TICK = os.sysconf("SC_CLK_TCK")
CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
Answer = tuple[int, int, int, str, float]


class Server:
    """The product's server on a free port, in production mode on this machine.

    `url` and `bus` name PostgreSQL and Valkey; with `workers` there are so many processes behind nginx;
    `fault` and `trigger` (a UDP port) are those of `_hooked.py`; `core` is the only one it may use.
    """

    def __init__(
        self,
        instance: Path,
        url: str = "",
        bus: str = "",
        workers: int = 1,
        *,
        fault: str = "",
        trigger: int = 0,
        core: int | None = None,
    ) -> None:
        self.instance = instance
        self.port = free_port()
        self.workers = workers
        self.core = core
        self.environ = {
            "DATABASE_URL": url,
            "REDIS_URL": bus,
            "BENCH_FAULT": fault,
            "BENCH_TRIGGER": str(trigger or ""),
        }
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def command(self) -> list[str]:
        """How it is run: as the product runs it, unless something is to be planted in it."""
        port = str(self.port)
        if self.workers > 1:
            return [sys.executable, "-m", "tests.several", port, str(self.workers), "--production"]
        if self.environ["BENCH_FAULT"] or self.environ["BENCH_TRIGGER"]:
            return [sys.executable, str(HERE / "_hooked.py"), "--port", port, "--production"]
        return [sys.executable, "-m", "portal.serveur", "--port", port, "--production"]

    def __enter__(self) -> Self:
        environ = {
            **os.environ,
            **{name: value for name, value in self.environ.items() if value},
            "PORTAL_INSTANCE": str(self.instance),
            "PORTAL_URL": f"http://127.0.0.1:{self.port}",
            "PORTAL_LIMITS": LIMITS,
            "SECRET_KEY": secrets.token_urlsafe(48),
            "PYTHONPATH": str(ROOT),
        }
        log = self.instance / "serveur.log"
        with log.open("ab") as out:
            self.process = subprocess.Popen(self.command, cwd=ROOT, env=environ, stdout=out, stderr=out)
        if self.core is not None:
            os.sched_setaffinity(self.process.pid, {self.core})
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline and self.process.poll() is None:
            with suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/sante", timeout=5).read()
                return self
            time.sleep(0.05)
        self.__exit__(None, None, None)
        raise SystemExit("the server did not start\n" + log.read_text(encoding="utf-8"))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def cpu(self) -> float:
        """Processor seconds used so far by the server, its workers and their nginx."""
        assert self.process is not None
        return cpu_of(self.process.pid)

    def load(self, lanes: list[list[bytes]]) -> tuple[list[Answer], float]:
        """Send the lanes from another process; the answers and how long they took."""
        return load(self.port, lanes)

    def get(self, path: str, token: str) -> bytes:
        """The bytes of a page request."""
        return get(self.port, path, token)

    def read(self, path: str, token: str) -> str:
        """A page, as this person reads it."""
        asked = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", headers={"Cookie": f"polyphonie={token}"}
        )
        return str(urllib.request.urlopen(asked, timeout=30).read().decode())

    def csrf(self, path: str, token: str) -> str:
        """The token that this person's forms carry."""
        found = CSRF.search(self.read(path, token))
        assert found is not None, "no form on the page"
        return found[1]

    def post(self, item: str, token: str, csrf: str, body: str, op_id: str | None = None) -> bytes:
        """The bytes of the form of a comment, as a browser sends it."""
        form = {
            "csrf_token": csrf,
            "op_id": op_id or new_id(),
            "kind": ContributionKind.COMMENT.value,
            "body": body,
        }
        data = urlencode(
            {**form, "reason": "", "display": "group", "paragraph": "", "register": "", "version": ""}
        )
        head = (
            f"POST {item}/contribuer HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            f"Cookie: polyphonie={token}\r\nOrigin: http://127.0.0.1:{self.port}\r\nSec-Fetch-Site: same-origin\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(data)}\r\n\r\n"
        )
        return (head + data).encode()


def load(port: int, lanes: list[list[bytes]]) -> tuple[list[Answer], float]:
    """Send lanes of requests from another process; the answers and how long they took."""
    done = subprocess.run(
        [sys.executable, "-S", LOAD], input=pickle.dumps((port, lanes)), stdout=subprocess.PIPE, check=True
    )
    answered: tuple[list[Answer], float] = pickle.loads(done.stdout)
    return answered


def get(port: int, path: str, token: str) -> bytes:
    """The bytes of a page request; nobody is signed in when the token is empty."""
    cookie = f"Cookie: polyphonie={token}\r\n" if token else ""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{cookie}\r\n".encode()


def free_port() -> int:
    """A port of this machine that nobody holds just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def cpu_of(pid: int) -> float:
    """Processor seconds of a process and of all that it started and that still runs."""
    return sum(_ticks(one) for one in _family(pid)) / TICK


def _family(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [pid, *(one for child in text.split() for one in _family(int(child)))]


def _ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
