"""What the tests of this noun share: their address, and an authority that signs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import World
from tests.factories.lifecycle import an_authority
from tests.functional.pages.test_queries import questions


@pytest.fixture
def here(world: World) -> str:
    """The page of the life of our contract."""
    return f"/contrats/{world.ours.contract_id}/vie"


@pytest.fixture
def sign(world: World) -> Callable[[str], str]:
    """An authority signs our contract; its id."""

    def one(name: str = "ARS du Val") -> str:
        return world.do(lambda s: an_authority(s, world.ours.contract_id, name))

    return one


@pytest.fixture
def counted() -> Callable[[Callable[[], object]], int]:
    """How many questions an act asks the database, the second time."""

    def count(act: Callable[[], object]) -> int:
        act()
        with questions() as seen:
            act()
        return len(seen)

    return count
