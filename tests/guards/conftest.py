"""The application, for the guards that look at it from above."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from portal.extensions import unit

from .route_list import build


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application whose database is empty and never read."""
    built = build(tmp_path_factory.mktemp("gardes"))
    yield built
    unit.bound.close()
