"""Connections keep what they were given, and one server at a time serves a file."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from sqlalchemy import create_engine, text

from portal.kernel.engines import (
    AlreadyServedError,
    SingleWriter,
    database_file,
    hold_single_writer,
    prepare_engine,
    read_engine,
    write_engine,
)


@pytest.mark.parametrize("open_engine", [read_engine, write_engine])
@pytest.mark.parametrize(
    ("pragma", "expected"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("secure_delete", 1)],
)
def test_every_connection_is_set(database, open_engine, pragma, expected):
    engine = open_engine(database)
    with engine.connect() as connection:
        assert connection.execute(text(f"PRAGMA {pragma}")).scalar() == expected
    engine.dispose()


def test_readers_wait_little_and_the_writer_longer(database):
    waits = []
    for engine in (read_engine(database), write_engine(database)):
        with engine.connect() as connection:
            waits.append(connection.execute(text("PRAGMA busy_timeout")).scalar())
        engine.dispose()
    assert waits == [500, 5000]


def test_an_engine_made_by_others_can_be_prepared(database):
    engine = prepare_engine(create_engine(f"sqlite:///{database}"))
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
    engine.dispose()


def test_the_file_is_found_behind_an_address(tmp_path):
    path = tmp_path / "a.db"
    assert database_file(path) == database_file(str(path)) == database_file(f"sqlite:///{path}") == path


@pytest.mark.parametrize("address", ["sqlite://", "sqlite:///:memory:", "postgresql+psycopg://h/base"])
def test_what_has_no_file_is_refused(address):
    with pytest.raises(ValueError, match=r"not a SQLite|memory"):
        database_file(address)


def test_a_second_server_is_refused_until_the_first_ends(database):
    first = hold_single_writer(database)
    with pytest.raises(AlreadyServedError, match="Un autre serveur"):
        hold_single_writer(f"sqlite:///{database}")
    first.release()
    with SingleWriter(database) as second:
        second.hold()


def test_a_server_of_another_process_holds_until_it_is_gone(database):
    program = (
        "import sys; from portal.kernel.engines import hold_single_writer\n"
        "held = hold_single_writer(sys.argv[1]); print('held', flush=True); sys.stdin.read()"
    )
    server = subprocess.Popen(
        [sys.executable, "-c", program, str(database)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    with server:
        assert server.stdout.readline() == b"held\n"
        with pytest.raises(AlreadyServedError):
            hold_single_writer(database)
        server.kill()
    hold_single_writer(database).release()
