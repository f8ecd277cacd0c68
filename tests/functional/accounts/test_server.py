"""The server: what it refuses to start with, and how it starts, serves and stops."""

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from portal import serveur
from portal.config import Settings, SettingsError
from portal.domain.accounts import service
from portal.kernel.unit_of_work import SqliteUnit

pytestmark = pytest.mark.both_stores

KEY = "Zk3-9vQxw_71LmPd0tRy5uBn2hJc8gFs"
EVERYWHERE = "0.0.0.0"  # noqa: S104 — asked for to see it refused
GOOD = {"SECRET_KEY": KEY, "PORTAL_URL": "https://cpom.example"}


@pytest.fixture
def store_name() -> str:
    """A file in the folder of the instance; PostgreSQL has tests of its own."""
    return "sqlite"


@pytest.fixture
def prepare(instance: Path) -> Callable[..., Settings]:
    def start(*words: str, **environ: str) -> Settings:
        (instance / "polyphonie.sqlite").chmod(0o600)
        return serveur.prepare(serveur.parse(words), {"PORTAL_INSTANCE": str(instance), **environ})

    return start


def mark(instance: Path) -> None:
    with sqlite3.connect(instance / "polyphonie.sqlite") as raw:
        raw.execute("INSERT INTO database_mark VALUES ('demonstration', 'oui', '2027-01-01')")


def people(instance: Path) -> None:
    with sqlite3.connect(instance / "polyphonie.sqlite") as raw:
        raw.execute(
            "INSERT INTO account (id, email, name, created_at) VALUES ('A', 'a@b.fr', 'A', '2027-01-01')"
        )


def test_a_demonstration_starts_with_nothing_said(prepare, instance: Path) -> None:
    settings = prepare("--port", "8123")
    assert settings.demonstration
    assert settings.url == "http://127.0.0.1:8123"
    assert len(settings.secret_key) >= 32
    assert (instance / "cle").stat().st_mode & 0o777 == 0o600
    assert prepare("--port", "8123").secret_key == settings.secret_key


def test_a_production_starts_with_key_and_address(prepare, instance: Path) -> None:
    settings = prepare("--production", "--host", EVERYWHERE, **GOOD)
    assert not settings.demonstration
    assert not settings.clock_file
    assert settings.cookie_name == "__Host-polyphonie"
    assert not (instance / "cle").exists()


@pytest.mark.parametrize(
    ("words", "environ", "told"),
    [
        (["--host", "192.0.2.1"], {}, "PORTAL_URL"),
        (["--host", EVERYWHERE], {"PORTAL_URL": "https://demo.example"}, "--demo-ouverte"),
        (["--host", EVERYWHERE, "--demo-ouverte"], {}, "PORTAL_URL"),
        (["--host", EVERYWHERE, "--demo-ouverte"], {"PORTAL_URL": "http://demo.example"}, "https"),
        (["--production"], {"SECRET_KEY": KEY}, "PORTAL_URL"),
        (["--production"], {**GOOD, "PORTAL_URL": "http://cpom.example"}, "https"),
        (["--production"], {**GOOD, "SECRET_KEY": ""}, "SECRET_KEY"),
        (["--production"], {**GOOD, "SECRET_KEY": KEY[:31]}, "SECRET_KEY"),
        (["--production"], {**GOOD, "SECRET_KEY": "changeme" * 8}, "SECRET_KEY"),
        (["--production"], {**GOOD, "FLASK_DEBUG": "1"}, "FLASK_DEBUG"),
        (["--production"], {**GOOD, "PORTAL_TESTING": "1"}, "PORTAL_TESTING"),
    ],
)
def test_what_must_not_start_does_not(prepare, words: list[str], environ: dict[str, str], told: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(told)):
        prepare(*words, **environ)


def test_an_open_demonstration_is_asked_for(prepare) -> None:
    settings = prepare("--host", EVERYWHERE, "--demo-ouverte", PORTAL_URL="https://demo.example")
    assert settings.demonstration


def test_production_refuses_the_demonstration_database(prepare, instance: Path) -> None:
    mark(instance)
    with pytest.raises(SettingsError, match="démonstration"):
        prepare("--production", **GOOD)
    people(instance)
    assert prepare().demonstration


def test_a_demonstration_refuses_real_people(prepare, instance: Path) -> None:
    people(instance)
    with pytest.raises(SettingsError, match="vraies données"):
        prepare()
    assert not prepare("--production", **GOOD).demonstration


def test_production_refuses_a_moved_clock(prepare, instance: Path) -> None:
    (instance / "horloge").write_text("60")
    with pytest.raises(SettingsError, match="horloge"):
        prepare("--production", **GOOD)


def test_production_refuses_a_database_that_all_may_read(prepare, instance: Path) -> None:
    (instance / "polyphonie.sqlite").chmod(0o644)
    with pytest.raises(SettingsError, match="chmod 600"):
        serveur.prepare(serveur.parse(["--production"]), {"PORTAL_INSTANCE": str(instance), **GOOD})


def test_an_old_or_absent_database_is_refused(prepare, instance: Path) -> None:
    with sqlite3.connect(instance / "polyphonie.sqlite") as raw:
        raw.execute("UPDATE alembic_version SET version_num = '0001'")
    with pytest.raises(SettingsError, match="migrer"):
        prepare()
    with pytest.raises(SettingsError, match="migrer"):
        serveur.prepare(serveur.parse([]), {"PORTAL_INSTANCE": str(instance / "autre")})


class Running(NamedTuple):
    process: "subprocess.Popen[str]"
    port: int

    def get(self, path: str, **headers: str) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, list[str]]:
        self.process.send_signal(number)
        _, err = self.process.communicate(timeout=20)
        return self.process.returncode, err.splitlines()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def launch(instance: Path) -> Iterator[Callable[..., Running]]:
    """Start a server in a process of its own and wait until it answers."""
    started: list[subprocess.Popen[str]] = []

    def start(*words: str, wait: bool = True, **environ: str) -> Running:
        port = free_port()
        command = [sys.executable, "-m", "portal.serveur", "--port", str(port), *words]
        process = subprocess.Popen(
            command,
            env={**os.environ, "PORTAL_INSTANCE": str(instance), **environ},
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
        )
        started.append(process)
        running = Running(process, port)
        deadline = time.monotonic() + 30
        while wait and process.poll() is None and time.monotonic() < deadline:
            with contextlib.suppress(OSError, http.client.HTTPException):
                if running.get("/sante").status == 200:
                    break
            time.sleep(0.05)
        return running

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
            process.wait()


@pytest.mark.live
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_it_serves_then_stops_when_told(launch, number: int) -> None:
    server = launch()
    assert server.get("/connexion").status == 200
    start = time.monotonic()
    code, lines = server.stop(number)
    assert code == 0
    assert time.monotonic() - start < 8
    # That no e-mail leaves may be said before or after.
    assert {json.loads(line)["event"] for line in lines} - {"mail.off"} == {"ready"}


@pytest.mark.live
def test_what_is_being_answered_is_finished(launch) -> None:
    server = launch()
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.putrequest("POST", "/connexion")
    connection.putheader("Content-Type", "application/x-www-form-urlencoded")
    connection.putheader("Content-Length", "7")
    connection.endheaders()
    connection.send(b"email")
    time.sleep(0.3)
    server.process.send_signal(signal.SIGTERM)
    time.sleep(0.3)
    connection.send(b"=a")
    assert connection.getresponse().status == 400
    connection.close()
    assert server.process.wait(15) == 0


@pytest.mark.live
def test_an_open_socket_does_not_hold_the_stop(launch, instance: Path) -> None:
    import socketio

    server = launch()
    token = a_token(instance)
    client = socketio.Client(
        reconnection=False, websocket_extra_options={"suppress_origin": True}, handle_sigint=False
    )
    client.connect(
        f"http://127.0.0.1:{server.port}",
        headers={"Cookie": f"polyphonie={token}", "Origin": f"http://127.0.0.1:{server.port}"},
        transports=["websocket"],
    )
    start = time.monotonic()
    code, _ = server.stop()
    assert code == 0
    assert time.monotonic() - start < 8
    client.disconnect()


def a_token(instance: Path) -> str:
    unit = SqliteUnit(instance / "polyphonie.sqlite")
    try:
        return unit(
            lambda session: service.open_session(
                session, service.create_account(session, "claire@exemple.fr", "Claire", None, "Claire").id
            )
        )
    finally:
        unit.close()


@pytest.mark.live
def test_one_server_per_database(launch) -> None:
    first = launch()
    second = launch(wait=False)
    _, err = second.process.communicate(timeout=20)
    assert second.process.returncode == 2
    assert "Un autre serveur" in err
    assert first.get("/sante").status == 200


@pytest.mark.live
def test_it_comes_back_at_once_after_a_kill(launch) -> None:
    first = launch()
    first.process.kill()
    first.process.wait()
    assert launch().get("/sante").status == 200


@pytest.mark.live
def test_a_second_worker_is_never_started(launch) -> None:
    server = launch()
    server.process.send_signal(signal.SIGTTIN)
    time.sleep(1)
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()
    assert len(children) == 1
    _, lines = server.stop()
    assert "second_worker_refused" in [json.loads(line)["event"] for line in lines]


@pytest.mark.live
def test_logs_are_json_and_tell_nothing_of_people(launch) -> None:
    server = launch()
    canary = "canari-6c1f"
    for path in (f"/{canary}", f"/connexion?suite={canary}", f"/socket.io/?EIO=9&x={canary}"):
        server.get(path, Cookie=f"polyphonie={canary}", Origin=f"http://{canary}.example", Referer=canary)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request(
        "POST", "/connexion", body=f"email={canary}@b.fr&password={canary}", headers={"X": canary}
    )
    connection.getresponse().read()
    with socket.create_connection(("127.0.0.1", server.port)) as raw:
        raw.sendall(f"GET /{canary} {canary}\r\n\r\n".encode())
        raw.recv(1000)
    _, lines = server.stop()
    assert all(isinstance(json.loads(line), dict) for line in lines)
    assert canary not in "".join(lines)


@pytest.mark.live
def test_a_refused_start_says_why_and_ends_with_two(launch) -> None:
    server = launch("--production", wait=False, SECRET_KEY="short", PORTAL_URL="https://cpom.example")
    _, err = server.process.communicate(timeout=20)
    assert server.process.returncode == 2
    assert "SECRET_KEY" in err
    assert "Traceback" not in err
