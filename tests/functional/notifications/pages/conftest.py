"""Pages say the same on both databases; what they are told of is tested on both beside this folder."""

from __future__ import annotations

import pytest


@pytest.fixture
def store_name() -> str:
    """One of them."""
    return "sqlite"
