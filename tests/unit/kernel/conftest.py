from __future__ import annotations

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
def reads(database):
    engine = read_engine(database)
    yield engine
    engine.dispose()


@pytest.fixture
def unit(database):
    opened = SqliteUnit(database)
    yield opened
    opened.close()
