"""Whatever a person can reach holds on both databases."""

from __future__ import annotations

import pytest

from tests.stores import STORES


@pytest.fixture(params=STORES)
def store_name(request: pytest.FixtureRequest) -> str:
    """Each test of this folder that has a portal runs on both."""
    return str(request.param)
