"""What is the same on both databases is tried on one; the tests that write an account name both."""

from __future__ import annotations

import pytest

from tests.stores import STORES


@pytest.fixture
def store_name() -> str:
    """The first of them."""
    return STORES[0]
