"""Whatever a person can reach holds on both databases."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.stores import EVERY_TEST, STORES, spared

HERE = Path(__file__).parent


@pytest.fixture(params=STORES)
def store_name(request: pytest.FixtureRequest) -> str:
    """Each test of this folder that has a portal runs on both; some of them on both in the long form alone."""
    return str(request.param)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the tests out that the short form spares; pytest counts them as deselected."""
    if os.environ.get(EVERY_TEST) or any("::" in one for one in config.args):
        return
    here = [item for item in items if HERE in item.path.parents]
    named = [
        (str(item.path), _store(item)) for item in here if item.get_closest_marker("both_stores") is None
    ]
    free = [item for item in here if item.get_closest_marker("both_stores") is None]
    left_out = {id(free[at]) for at in spared(named)}
    config.hook.pytest_deselected(items=[item for item in items if id(item) in left_out])
    items[:] = [item for item in items if id(item) not in left_out]


def _store(item: pytest.Item) -> str:
    params: dict[str, object] = getattr(getattr(item, "callspec", None), "params", {})
    return str(params.get("store_name", ""))
