"""Files do not depend on the database: only the pages run on both."""

from __future__ import annotations

import pytest

from tests.conftest import World
from tests.factories.deed import a_full_contract
from tests.stores import STORES


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """The pages on each store, everything else on the first."""
    if "store_name" in metafunc.fixturenames:
        both = metafunc.module.__name__.endswith("test_pages")
        metafunc.parametrize("store_name", STORES if both else STORES[:1], indirect=True)


@pytest.fixture
def store_name(request: pytest.FixtureRequest) -> str:
    """The database of a test."""
    return str(request.param)


@pytest.fixture
def full(world: World) -> dict[str, str]:
    """What a full contract holds, by what tests call it."""
    found: dict[str, str] = world.do(lambda session: a_full_contract(session, world.ours))
    return found
