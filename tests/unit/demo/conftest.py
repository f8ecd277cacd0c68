from __future__ import annotations

import pytest

from portal.demo.seed import seed
from portal.kernel.engines import read_engine
from portal.kernel.unit_of_work import SqliteUnit
from portal.tables import METADATA


def new_unit(folder):
    path = folder / "portail.db"
    engine = read_engine(path)
    METADATA.create_all(engine)
    engine.dispose()
    return SqliteUnit(path)


@pytest.fixture
def unit(tmp_path):
    opened = new_unit(tmp_path)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def seeded(tmp_path_factory):
    """A unit over a database that holds the demonstration; read it, do not change it."""
    opened = new_unit(tmp_path_factory.mktemp("demonstration"))
    assert seed(opened)
    yield opened
    opened.close()
