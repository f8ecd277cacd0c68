from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from portal.kernel.engines import read_engine
from portal.kernel.unit_of_work import SqliteUnit
from portal.tables import METADATA


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "portail.db"
    engine = read_engine(path)
    METADATA.create_all(engine)
    engine.dispose()
    return path


@pytest.fixture
def open_unit(database):
    opened = []

    def open_one():
        opened.append(SqliteUnit(database))
        return opened[-1]

    yield open_one
    for unit in opened:
        unit.close()


@pytest.fixture
def unit(open_unit):
    return open_unit()


class Time:
    """A clock that tests move by hand."""

    def __init__(self):
        self.at = datetime(2026, 11, 22, 4, 35, tzinfo=UTC)

    def __call__(self):
        return self.at

    def move(self, seconds):
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def time():
    return Time()
