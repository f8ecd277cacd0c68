"""Files do not depend on the database: only `test_stores.py` runs on both."""

from __future__ import annotations

import pytest

from tests.stores import STORES


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """The stories of one file on each store, everything else on the first."""
    if "store_name" in metafunc.fixturenames:
        both = metafunc.module.__name__.endswith("test_stores")
        metafunc.parametrize("store_name", STORES if both else STORES[:1], indirect=True)


@pytest.fixture
def store_name(request: pytest.FixtureRequest) -> str:
    """The database of a test."""
    return str(request.param)
