"""Several processes behind a local nginx: started in order, started again when they die, stopped together.

Each process serves alone on a port of this machine; PostgreSQL and the bus are what they share.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from portal.setup import database, nginx, server, services
from portal.setup.speech import NBSP, SetupError, french_seconds, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from portal.setup.python_env import Environment

MOST_WORKERS = 16
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
STEADY_AFTER = 60.0
WATCH_EVERY = 0.1
STOP_WITHIN = 15.0
FILES_WANTED = 65_536
# What nginx says of somebody, or of what was sent, begins here.
NGINX_LINE = re.compile(r"^\S+ \S+ \[(?P<level>\w+)\] [\d#]+: (?:\*\d+ )?(?P<words>.*?)(?:, client: .*)?$")
QUOTED = re.compile(r'"[^"]*"')


def check(count: int, environ: Mapping[str, str] = os.environ) -> None:
    """Refuse what several processes cannot do. Raises SetupError, whose sentence says what to mend."""
    if not 1 <= count <= MOST_WORKERS:
        message = f"Le nombre de processus va de 1 à {MOST_WORKERS}. Par exemple{NBSP}: --workers 2."
        raise SetupError(message)
    if count == 1:
        return
    if not environ.get("DATABASE_URL", "").startswith("postgres"):
        message = (
            "SQLite n’accepte qu’un seul processus. Pour en lancer plusieurs, indiquez l’adresse de PostgreSQL "
            f"dans DATABASE_URL, par exemple postgresql://portail@127.0.0.1/portail{NBSP}; sinon, retirez "
            "--workers."
        )
        raise SetupError(message)
    if not environ.get("REDIS_URL"):
        message = (
            "Plusieurs processus se préviennent par un bus. Indiquez l’adresse de Valkey ou de Redis dans "
            f"REDIS_URL, par exemple redis://127.0.0.1:6379/0{NBSP}; sinon, retirez --workers."
        )
        raise SetupError(message)
    nginx.require()


def serve(env: Environment, host: str, port: int, count: int, flags: Sequence[str]) -> int:
    """Run ``count`` processes behind nginx until told to stop; the exit code of the whole.

    A process that refuses to start ends everything: its sentence is the only one. Raises SetupError when
    nginx does not start.
    """
    start = time.monotonic()
    raise_limit()
    with stopping() as told:
        children = Children(told)
        try:
            code = launch(children, env, host, port, count, flags)
            if code is not None:
                return code
            if not told:
                say(f"· {count} processus et nginx… {french_seconds(time.monotonic() - start)}")
                address = server.address(host, port)
                say(f"\nLe portail est prêt{NBSP}: {address}  (Ctrl+C pour l’arrêter)")
            while not told:
                children.watch()
                time.sleep(WATCH_EVERY)
        finally:
            children.stop()
    say("\nLe portail est arrêté.")
    return 0


def launch(
    children: Children, env: Environment, host: str, port: int, count: int, flags: Sequence[str]
) -> int | None:
    """Start all: the first process alone, since what it refuses all refuse; then the others; then nginx.

    The exit code of a first process that refused, else None.
    """
    ports = free_ports(count)
    surroundings = worker_environment(host, port, flags)
    workers = [worker(env, number, one, surroundings, flags) for number, one in enumerate(ports, 1)]
    first, *others = workers
    children.add(first)
    if not children.wait_for(first):
        return None if children.told else first.returncode or 1
    for other in others:
        children.add(other)
    for other in others:
        children.wait_for(other)
    if children.told:
        return None
    folder = database.instance_folder(env) / "nginx"
    front = nginx.Front(
        host=host,
        port=port,
        workers=ports,
        https=urlsplit(os.environ.get("PORTAL_URL", "")).scheme == "https",
        proxies=proxies(),
        connections=min(nginx.MOST_CONNECTIONS, open_files() // 2),
        account=nginx.plain_account(),
    )
    nginx.write(front, folder)
    gate = Child("nginx", nginx.command(nginx.require(), folder), port, folder, dict(os.environ), health=host)
    gate.softly = signal.SIGQUIT
    children.add(gate)
    if not children.wait_for(gate) and not children.told:
        message = "nginx n’a pas démarré."
        raise SetupError(message)
    return None


def worker(
    env: Environment, number: int, port: int, surroundings: dict[str, str], flags: Sequence[str]
) -> Child:
    """One process that serves alone."""
    command = [str(env.python), "-m", "portal.serveur", "--host", "127.0.0.1", "--port", str(port), *flags]
    return Child(f"processus {number}", command, port, env.root, surroundings)


def worker_environment(host: str, port: int, flags: Sequence[str]) -> dict[str, str]:
    """What a process sees: our nginx is one more server in front of it."""
    shown = f"[{host}]" if ":" in host else host
    own = {"PORTAL_PROXIES": str(proxies() + 1)}
    if "--production" not in flags and not os.environ.get("PORTAL_URL"):
        own["PORTAL_URL"] = f"http://{shown}:{port}"
    return {**os.environ, **own}


def proxies() -> int:
    """How many servers the operator has in front of us."""
    said = os.environ.get("PORTAL_PROXIES") or "0"
    if not said.isdecimal():
        message = "PORTAL_PROXIES est un nombre, par exemple 1."
        raise SetupError(message)
    return int(said)


def free_ports(count: int) -> list[int]:
    """So many different ports of this machine."""
    ports: set[int] = set()
    while len(ports) < count:
        ports.add(services.free_port())
    return sorted(ports)


def raise_limit() -> None:
    """Let our children hold as many sockets as the machine lets us."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        most = FILES_WANTED if hard == resource.RLIM_INFINITY else min(hard, FILES_WANTED)
        if soft < most:
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def open_files() -> int:
    """How many files and sockets a child may hold."""
    try:
        import resource
    except ImportError:
        return 1024
    soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return FILES_WANTED if soft == resource.RLIM_INFINITY else soft


@contextmanager
def stopping() -> Iterator[list[int]]:
    """A list that holds the signals that told us to stop."""
    told: list[int] = []
    before = {
        getattr(signal, name): signal.signal(
            getattr(signal, name), lambda number, _frame: told.append(number)
        )
        for name in ("SIGINT", "SIGTERM", "SIGHUP")
        if hasattr(signal, name)
    }
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Child:
    """One program that is to run as long as we do."""

    def __init__(
        self,
        name: str,
        command: list[str],
        port: int,
        folder: Path,
        surroundings: dict[str, str],
        health: str = "127.0.0.1",
    ) -> None:
        self.name, self.command, self.port = name, command, port
        self.folder, self.surroundings, self.health = folder, surroundings, health
        self.softly = signal.SIGTERM
        self.process: subprocess.Popen[str] | None = None
        self.began = 0.0
        self.again_at: float | None = None
        self.pause = FIRST_PAUSE

    def start(self) -> None:
        """Start it, out of reach of our terminal; it ends with us."""
        self.began, self.again_at = time.monotonic(), None
        is_nginx = self.name == "nginx"
        self.process = subprocess.Popen(
            self.command,
            cwd=self.folder,
            env=self.surroundings,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE if is_nginx else None,
            text=True,
            errors="replace",
            start_new_session=True,
            preexec_fn=services.dying_with_us(signal.SIGTERM),  # noqa: PLW1509 — one system call
        )
        if is_nginx:
            threading.Thread(target=repeat, args=(self.process,), daemon=True).start()

    @property
    def returncode(self) -> int | None:
        """How it ended, or None."""
        return self.process.poll() if self.process else None

    @property
    def is_ready(self) -> bool:
        """Whether it runs and says that it is well."""
        return self.returncode is None and server.is_healthy(server.reachable(self.health), self.port)

    def watch(self) -> None:
        """Start it again if it died: soon the first time, then ever later."""
        now = time.monotonic()
        if self.returncode is None:
            return
        if self.again_at is None:
            if now - self.began > STEADY_AFTER:
                self.pause = FIRST_PAUSE
            note("warning", "process_ended", name=self.name, port=self.port, code=self.returncode)
            self.again_at = now + self.pause
            self.pause = min(self.pause * 2, LONGEST_PAUSE)
        elif now >= self.again_at:
            self.start()
            note("info", "process_started_again", name=self.name, port=self.port)

    def tell(self, number: int) -> None:
        """Send it a signal if it runs."""
        if self.process is not None and self.returncode is None:
            self.process.send_signal(number)

    def end(self, deadline: float) -> None:
        """Wait until it has ended; at the deadline, end it and all that it started."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Children:
    """All that runs: processes, then nginx."""

    def __init__(self, told: list[int]) -> None:
        self.told = told
        self.all: list[Child] = []

    def add(self, child: Child) -> None:
        """Start one more."""
        self.all.append(child)
        child.start()

    def wait_for(self, child: Child) -> bool:
        """Whether it was ready before it ended, before we were told to stop, and in time."""
        deadline = time.monotonic() + server.READY_WITHIN
        while time.monotonic() < deadline and child.returncode is None and not self.told:
            if child.is_ready:
                return True
            time.sleep(0.05)
        return False

    def watch(self) -> None:
        """Start again those that died."""
        for child in self.all:
            child.watch()

    def stop(self) -> None:
        """No new visit, then let each finish what it is answering, all in fifteen seconds."""
        for child in reversed(self.all):
            child.tell(child.softly)
        deadline = time.monotonic() + STOP_WITHIN
        for child in self.all:
            child.end(deadline)


def repeat(process: subprocess.Popen[str]) -> None:
    """Say again what nginx says, as our lines, without what it tells of somebody."""
    for line in process.stderr or ():
        found = NGINX_LINE.match(line.rstrip())
        level = found["level"] if found else "error"
        words = QUOTED.sub("…", found["words"]) if found else "unreadable"
        note("warning" if level == "warn" else level, "nginx", words=words)


def note(level: str, event: str, **fields: object) -> None:
    """One line of JSON on the error stream, like those of the portal."""
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    line = {"at": at, "level": level, "logger": "portal.setup.workers", "event": event, **fields}
    with suppress(OSError, ValueError):
        print(json.dumps(line), file=sys.stderr, flush=True)
