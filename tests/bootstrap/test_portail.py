"""The whole command, as a person types it, on a checkout whose portal only notes what it is asked."""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
import requests

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("portail")]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """What the fake portal was asked, in order."""
    path = tmp_path / "log"
    path.touch()
    return path


def surroundings(log: Path, **more: str) -> dict[str, str]:
    return {**os.environ, "FAKE_LOG": str(log), "PORTAL_INSTANCE": str(log.parent / "instance"), **more}


def call(tree: Path, log: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, tree / "portail.py", *words],
        env=surroundings(log, **more),
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


class Running:
    """A portail.py that serves."""

    def __init__(self, tree: Path, log: Path, *words: str) -> None:
        self.lines: list[str] = []
        self.start = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, tree / "portail.py", *words, "--port", "0"],
            env=surroundings(log),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            start_new_session=True,
        )

    def wait_for(self, pattern: str) -> str:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)
            if found := re.search(pattern, line):
                return found[0]
        raise AssertionError("".join(self.lines))

    def stop(self, number: signal.Signals) -> int:
        os.killpg(self.process.pid, number)
        return self.process.wait(20)


@pytest.fixture(autouse=True)
def _interruptions_are_heard():
    # What a shell starts in the background is deaf to SIGINT, and so is all that it starts in turn.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def running(tree: Path, log: Path):
    """Start portail.py; whatever the test does, nothing is left running."""
    started: list[Running] = []

    def start(*words: str) -> Running:
        started.append(Running(tree, log, *words))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            os.killpg(one.process.pid, signal.SIGKILL)
            one.process.wait(10)


def asked(log: Path) -> list[str]:
    return [" ".join(line.split()[:2]) for line in log.read_text(encoding="utf-8").splitlines()]


def test_no_command_migrates_seeds_serves_and_gives_an_address_that_answers(tree: Path, log: Path, running):
    portal = running()
    address = portal.wait_for(r"http://127\.0\.0\.1:\d+/")
    assert requests.get(address + "sante", timeout=5).status_code == 200
    assert asked(log) == ["cli migrer", "cli semer", "serveur --host"]
    assert "--production" not in log.read_text(encoding="utf-8")
    assert "cli semer demonstration\n" in log.read_text(encoding="utf-8")


def test_without_a_front_end_the_portal_starts_and_says_so(tree: Path, log: Path, running):
    build = (tree / "build.mjs").read_text(encoding="utf-8")
    try:
        (tree / "build.mjs").write_text("process.exit(1);", encoding="utf-8")
        portal = running("run")
        portal.wait_for("http://")
    finally:
        (tree / "build.mjs").write_text(build, encoding="utf-8")
    assert sum("sans son habillage" in line for line in portal.lines) == 1


def test_production_neither_seeds_nor_forgets_to_say_that_it_is_production(tree: Path, log: Path, running):
    running("serve").wait_for("http://")
    assert asked(log) == ["cli migrer", "serveur --host"]
    assert log.read_text(encoding="utf-8").rstrip().endswith("--production")


def test_the_open_demonstration_is_passed_on(tree: Path, log: Path, running):
    running("--demo-ouverte").wait_for("http://")
    assert log.read_text(encoding="utf-8").rstrip().endswith("--demo-ouverte")


def test_a_second_start_installs_nothing_and_is_quick(tree: Path, log: Path, running):
    first = running()
    first.wait_for("http://")
    first.stop(signal.SIGTERM)
    second = running()
    second.wait_for("http://")
    assert time.monotonic() - second.start < 4
    steps = [line.split("…")[0] for line in second.lines if line.startswith("·")]
    assert steps == ["· Serveur"]


def migrations_at_second_start(tree: Path, log: Path, running, between) -> int:
    first = running()
    first.wait_for("http://")
    first.stop(signal.SIGTERM)
    between()
    running().wait_for("http://")
    return asked(log).count("cli migrer") - 1


def test_a_database_that_was_removed_is_made_again(tree: Path, log: Path, running):
    base = log.parent / "instance" / "base.sqlite"
    assert migrations_at_second_start(tree, log, running, base.unlink) == 1


def test_a_database_restored_at_an_older_migration_is_brought_up_again(tree: Path, log: Path, running):
    def restore() -> None:
        with closing(sqlite3.connect(log.parent / "instance" / "base.sqlite")) as base:
            base.execute("UPDATE alembic_version SET version_num = '0'")
            base.commit()

    assert migrations_at_second_start(tree, log, running, restore) == 1


def test_a_new_version_of_the_portal_migrates_again(tree: Path, log: Path, running):
    def update() -> None:
        (tree / "portal" / "migrations").mkdir(exist_ok=True)
        (tree / "portal" / "migrations" / f"{time.time_ns()}.py").write_text("two", encoding="utf-8")

    assert migrations_at_second_start(tree, log, running, update) == 1


def test_a_base_made_by_production_is_still_offered_the_demonstration_rules(tree: Path, log: Path, running):
    first = running("serve")
    first.wait_for("http://")
    first.stop(signal.SIGTERM)
    running().wait_for("http://")
    assert asked(log).count("cli semer") == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopping_is_not_a_failure_and_leaves_nothing_running(tree: Path, log: Path, running, number):
    portal = running()
    address = portal.wait_for(r"http://127\.0\.0\.1:\d+/")
    assert portal.stop(number) == 0
    with closing(socket.socket()) as probe:
        assert probe.connect_ex(("127.0.0.1", int(address.rstrip("/").rpartition(":")[2]))) != 0


def test_a_server_told_to_stop_may_finish_what_it_is_answering(
    tree: Path, log: Path, running, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("FAKE_SLOW_END", "1")
    portal = running()
    portal.wait_for("http://")
    portal.process.send_signal(signal.SIGTERM)
    assert portal.process.wait(20) == 0
    assert asked(log)[-1] == "serveur finished"


def test_a_server_that_dies_gives_its_code(tree: Path, log: Path):
    done = call(tree, log, "verifier", FAKE_EXIT="0")
    assert done.returncode == 0
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); from pathlib import Path\n"
        "from portal.setup import python_env, server\n"
        "sys.exit(server.serve(python_env.Environment(Path(sys.argv[1])), '127.0.0.1', 9, []))"
    )
    died = subprocess.run(
        [sys.executable, "-c", code, str(tree)], env=surroundings(log, FAKE_EXIT="7"), check=False, timeout=60
    )
    assert died.returncode == 7


def test_a_server_slow_to_answer_is_left_running_and_told(tree: Path, log: Path):
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); from pathlib import Path\n"
        "from portal.setup import python_env, server\n"
        "server.READY_WITHIN = 0.0\n"
        "port = server.choose_port('127.0.0.1', 0)\n"
        "print('code', server.serve(python_env.Environment(Path(sys.argv[1])), '127.0.0.1', port, []))"
    )
    slow = subprocess.Popen(
        [sys.executable, "-u", "-c", code, str(tree)],
        env=surroundings(log),
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    assert slow.stdout is not None
    assert "ne répond pas encore" in slow.stdout.readline()
    assert slow.poll() is None
    slow.send_signal(signal.SIGTERM)
    assert slow.communicate(timeout=20)[0].rstrip().endswith("code 0")


def test_a_failed_migration_stops_before_the_server(tree: Path, log: Path):
    done = call(tree, log, "run", "--port", "0", FAKE_EXIT="3")
    assert done.returncode == 1
    assert "base de données n’a pas pu" in done.stderr
    assert asked(log) == ["cli migrer"]


def test_a_taken_port_is_told_before_anything_is_installed(tree: Path, log: Path):
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = call(tree, log, "--port", str(port))
    assert done.returncode == 1
    assert f"--port {port + 1}" in done.stderr
    assert asked(log) == []


@pytest.mark.parametrize("code", [0, 1])
def test_verifier_passes_the_file_and_the_exit_code_and_starts_no_server(tree: Path, log: Path, code: int):
    done = call(tree, log, "verifier", "registre.jsonl", FAKE_EXIT=str(code))
    assert done.returncode == code
    assert log.read_text(encoding="utf-8").split()[:3] == [
        "cli",
        "verifier",
        str(Path.cwd() / "registre.jsonl"),
    ]


def test_an_interruption_while_setting_up_says_to_start_again(tmp_path: Path, tree: Path, log: Path, running):
    import shutil

    fresh = tmp_path / "fresh"
    shutil.copytree(tree, fresh, ignore=shutil.ignore_patterns(".venv"))
    portal = Running(fresh, log)
    try:
        time.sleep(0.7)
        assert portal.stop(signal.SIGINT) == 130
        assert portal.process.stdout is not None
        assert "Relancez la même commande" in portal.process.stdout.read()
        again = Running(fresh, log)
        again.wait_for("http://")
        assert any("environnement Python" in line for line in again.lines)
        again.stop(signal.SIGTERM)
    finally:
        if portal.process.poll() is None:
            os.killpg(portal.process.pid, signal.SIGKILL)


def test_doctor_says_what_is_missing_without_calling_it_a_failure(tree: Path, log: Path):
    done = call(tree, log, "doctor", CHROMIUM=str(tree / "missing"))
    assert done.returncode == 0
    assert re.search(r"à voir\s+Chromium", done.stdout)


def test_doctor_fails_on_a_broken_database(tree: Path, log: Path, tmp_path: Path):
    broken = b"SQLite format 3\0" + b"x" * 4000
    (tmp_path / "portail.db").write_bytes(broken)
    done = call(tree, log, "doctor", PORTAL_INSTANCE=str(tmp_path))
    assert done.returncode == 1
    assert re.search(r"!!\s+Base de données", done.stdout)


def test_unknown_words_are_refused(tree: Path, log: Path):
    done = call(tree, log, "run", "--prot", "1")
    assert done.returncode == 2
    assert asked(log) == []
