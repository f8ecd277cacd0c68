"""Several processes behind nginx: what is refused, and what goes on when one of them dies."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.cookies import SimpleCookie
from itertools import pairwise
from pathlib import Path

import pytest

from portal.setup import services, workers
from portal.setup.speech import SetupError
from tests import stores
from tests.bootstrap.gate import running, without_stickiness

ROOT = Path(__file__).resolve().parents[2]
POSTGRESQL = {"DATABASE_URL": "postgresql://portail@127.0.0.1/portail"}
BUS = {"REDIS_URL": "redis://127.0.0.1:6379/0"}
START_SECONDS = 90


@pytest.mark.parametrize(
    ("count", "environ", "sentence"),
    [
        (2, {}, "SQLite n’accepte qu’un seul processus"),
        (2, BUS, "SQLite n’accepte qu’un seul processus"),
        (2, {"DATABASE_URL": "sqlite:///base", **BUS}, "SQLite n’accepte qu’un seul processus"),
        (2, POSTGRESQL, "Indiquez l’adresse de Valkey ou de Redis dans REDIS_URL"),
        (0, POSTGRESQL | BUS, "Le nombre de processus va de 1 à 16"),
        (-1, {}, "Le nombre de processus va de 1 à 16"),
        (17, POSTGRESQL | BUS, "Le nombre de processus va de 1 à 16"),
    ],
)
def test_what_several_processes_cannot_do_is_refused(count: int, environ: dict[str, str], sentence: str):
    with pytest.raises(SetupError, match=sentence):
        workers.check(count, environ)


@pytest.mark.parametrize(("count", "environ"), [(1, {}), (1, POSTGRESQL), (2, POSTGRESQL | BUS)])
def test_what_they_can_do_is_accepted(count: int, environ: dict[str, str]):
    workers.check(count, environ)


def test_the_command_refuses_before_it_does_anything(tmp_path: Path):
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    done = subprocess.run(
        [sys.executable, "portail.py", "serve", "--workers", "2"],
        cwd=ROOT,
        env={**kept, "PORTAL_INSTANCE": str(tmp_path / "instance")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("SQLite n’accepte qu’un seul processus.")
    assert done.stdout == ""
    assert not (tmp_path / "instance").exists()


def test_a_process_that_keeps_dying_is_started_ever_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    now = [0.0]
    monkeypatch.setattr(workers.time, "monotonic", lambda: now[0])
    child = workers.Child("essai", ["sh", "-c", "exit 3"], 0, tmp_path, dict(os.environ))
    starts: list[float] = []
    child.start()
    while len(starts) < 9:
        assert child.process is not None
        child.process.wait()
        before = child.process
        child.watch()
        if child.process is not before:
            starts.append(now[0])
        now[0] += 0.25
    child.process.wait()
    pauses = [later - earlier for earlier, later in pairwise(starts)]
    assert starts[0] <= 1
    assert pauses == sorted(pauses)
    assert pauses[-1] <= workers.LONGEST_PAUSE + 0.5
    assert pauses[0] <= 1.5


def test_a_process_that_was_steady_is_started_again_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    now = [0.0]
    monkeypatch.setattr(workers.time, "monotonic", lambda: now[0])
    child = workers.Child("essai", ["sh", "-c", "exit 3"], 0, tmp_path, dict(os.environ))
    child.start()
    child.pause = workers.LONGEST_PAUSE
    assert child.process is not None
    child.process.wait()
    now[0] = workers.STEADY_AFTER + 1
    child.watch()
    assert child.again_at == now[0] + workers.FIRST_PAUSE


SAID = (
    "2026/11/22 07:50:00 [error] 12#12: *1 connect() failed (111: Connection refused) while connecting to "
    'upstream, client: 203.0.113.9, server: , request: "GET /espaces/x HTTP/1.1", host: "cpom.exemple.fr"\n'
    '2026/11/22 07:50:01 [warn] 12#12: *2 invalid header "Jeanne Morel" of somebody, client: 203.0.113.9\n'
    "words of no known shape 203.0.113.9\n"
)


def test_what_nginx_says_of_somebody_is_not_repeated(capsys: pytest.CaptureFixture[str]):
    class Said:
        stderr = io.StringIO(SAID)

    workers.repeat(Said())  # type: ignore[arg-type] — only its error stream is read
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(line["level"], line["event"]) for line in lines] == [
        ("error", "nginx"),
        ("warning", "nginx"),
        ("error", "nginx"),
    ]
    assert lines[0]["words"] == "connect() failed (111: Connection refused) while connecting to upstream"
    told = json.dumps(lines)
    assert not re.search("203|Jeanne|espaces|exemple", told)


# The portal itself, on PostgreSQL and Valkey.


class Running:
    """Two processes of the portal behind nginx, seen from outside."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, instance: Path) -> None:
        self.process, self.port, self.instance = process, port, instance

    @property
    def log(self) -> str:
        return (self.instance / "journal.txt").read_text(encoding="utf-8")

    @property
    def events(self) -> list[str]:
        return [json.loads(line)["event"] for line in self.log.splitlines() if line.startswith("{")]

    @property
    def ports(self) -> list[int]:
        """The ports of the processes, as nginx knows them."""
        text = (self.instance / "nginx" / "nginx.conf").read_text(encoding="utf-8")
        return [int(port) for port in re.findall(r"server 127\.0\.0\.1:(\d+)", text)]

    def children(self) -> dict[int, str]:
        """Number and command of what the supervisor runs."""
        pid = self.process.pid
        pids = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
        return {int(one): Path(f"/proc/{one}/cmdline").read_text().replace("\0", " ") for one in pids}

    def first(self) -> int:
        """The number of the process that was started first."""
        return min(pid for pid, words in self.children().items() if "nginx" not in words)


class Visitor:
    """Somebody who keeps cookies, as a browser does."""

    def __init__(self, port: int, gate: int | None = None) -> None:
        self.url = f"http://127.0.0.1:{gate or port}"
        self.named = f"127.0.0.1:{port}"
        self.cookies: dict[str, str] = {}

    def ask(self, path: str, body: bytes | None = None) -> tuple[int, str]:
        """Status and text of an answer."""
        request = urllib.request.Request(f"{self.url}{path}", body)
        request.add_header("Host", self.named)
        request.add_header("Origin", f"http://{self.named}")
        request.add_header("Cookie", "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                for line in answer.headers.get_all("Set-Cookie") or []:
                    self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def polls(self, times: int) -> list[int]:
        """Open a live session without a socket and come back so many times; what each answered."""
        status, opened = self.ask("/socket.io/?EIO=4&transport=polling")
        if status != 200:
            return [status]
        session = json.loads(opened[1:])["sid"]
        address = f"/socket.io/?EIO=4&transport=polling&sid={session}"
        return [self.ask(address, b"3")[0] for _ in range(times)]


@pytest.fixture(scope="module")
def empty_database() -> Iterator[str]:
    url = stores.new_database()
    yield url
    stores.drop_database(url)


@contextmanager
def two_processes(folder: Path, url: str) -> Iterator[Running]:
    port = services.free_port()
    folder.mkdir(parents=True, exist_ok=True)
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    given = {"DATABASE_URL": url, "REDIS_URL": stores.valkey_url(), "PORTAL_INSTANCE": str(folder)}
    with (folder / "journal.txt").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.several", str(port), "2"],
            cwd=ROOT,
            env={**kept, **given, "PORTAL_MODE": "demonstration", "PORTAL_LIMITS": "0"},
            stdout=log,
            stderr=log,
        )
    served = Running(process, port, folder)
    try:
        said = eventually(lambda: "Le portail est prêt" in served.log or process.poll() is not None)
        assert said, served.log
        assert process.poll() is None, served.log
        yield served
    finally:
        process.terminate()
        process.wait(30)


def eventually(condition: Callable[[], object], seconds: float = START_SECONDS) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with suppress(OSError, StopIteration):
            if condition():
                return True
        time.sleep(0.1)
    return False


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, empty_database: str) -> Iterator[Running]:
    with two_processes(tmp_path_factory.mktemp("several") / "instance", empty_database) as running_:
        yield running_


def test_two_processes_serve_and_live_sessions_hold_without_sockets(served: Running):
    assert len(served.ports) == 2
    reached = set()
    for _ in range(8):
        visitor = Visitor(served.port)
        assert visitor.ask("/connexion")[0] == 200
        assert visitor.polls(6) == [200] * 6
        reached.add(visitor.cookies["polyphonie_route"])
    assert len(reached) > 1


def test_control_without_stickiness_a_live_session_breaks(served: Running, tmp_path: Path):
    with running(tmp_path, served.ports, without_stickiness) as planted:
        found = [answer for _ in range(4) for answer in Visitor(served.port, planted).polls(6)]
    assert 400 in found


def test_a_process_that_is_killed_is_replaced_while_the_other_serves(served: Running):
    killed = served.first()
    before = served.events.count("process_started_again")
    # Master and worker at once, as the system does when it lacks memory.
    os.killpg(killed, signal.SIGKILL)
    answers = [Visitor(served.port).ask("/sante")[0] for _ in range(30)]
    assert answers == [200] * 30
    assert eventually(lambda: served.events.count("process_started_again") > before)
    assert eventually(lambda: all(Visitor(port).ask("/sante")[0] == 200 for port in served.ports))
    assert killed not in served.children()
    assert len(served.children()) == 3
    assert served.events.count("process_ended") == 1


def test_a_gate_that_is_killed_is_opened_again(served: Running):
    gate = next(pid for pid, words in served.children().items() if "nginx" in words)
    os.kill(gate, signal.SIGTERM)
    assert eventually(lambda: gate not in served.children() and Visitor(served.port).ask("/sante")[0] == 200)


def test_told_to_stop_everything_ends_and_nothing_is_left(served: Running):
    """The last of those that share these processes."""
    children = served.children()
    assert len(children) == 3
    start = time.monotonic()
    served.process.send_signal(signal.SIGHUP)
    assert served.process.wait(30) == 0
    assert time.monotonic() - start < 25
    assert "Le portail est arrêté." in served.log
    assert not any(Path(f"/proc/{pid}").exists() for pid in children)


def test_a_supervisor_that_is_killed_leaves_no_server_behind(tmp_path: Path, empty_database: str):
    with two_processes(tmp_path / "instance", empty_database) as running_:
        ports = running_.ports
        running_.process.kill()
        gone = (running_.port, *ports)
        assert eventually(lambda: not any(_is_open(port) for port in gone), 30)


def _is_open(port: int) -> bool:
    import socket

    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_what_one_process_refuses_is_said_once(tmp_path: Path):
    done = subprocess.run(
        [sys.executable, "-m", "tests.several", str(services.free_port()), "2", "--production"],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "PORTAL_INSTANCE": str(tmp_path),
            "PORTAL_URL": "https://cpom.exemple.fr",
            **POSTGRESQL,
            **BUS,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.count("Le portail ne démarre pas.") == 1
    assert "SECRET_KEY" in done.stderr
