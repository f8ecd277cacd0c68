"""One arena for all the tests of a module."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ._arena import Arena
from ._arena import arena as building


@pytest.fixture(scope="module")
def arena(migrated_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arena]:
    """Two contracts and everybody, built once."""
    with building(migrated_database, tmp_path_factory.mktemp("droits") / "instance") as built:
        yield built
