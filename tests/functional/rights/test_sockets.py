"""The rights over real sockets, and six holes planted on that side."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ._sockets import PROOFS, Stage, stage

pytestmark = pytest.mark.live
SEEN_BY = {
    "a room without decision": "by_pairs",
    "a room of another contract": "answers",
    "a catch-up without decision": "answers",
    "everybody in the room of the moderation": "frames",
    "a stale epoch": "lowered",
    "a session that ended": "lowered",
}


@pytest.fixture(scope="module")
def served(migrated_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The product's server with both contracts."""
    with stage(migrated_database, tmp_path_factory.mktemp("prises") / "instance") as built:
        yield built


@pytest.mark.parametrize("proof", PROOFS)
def test_sockets_follow_the_table(proof: str, served: Stage) -> None:
    assert PROOFS[proof](served) == []


@pytest.mark.parametrize("hole", SEEN_BY)
def test_a_hole_planted_in_the_server_is_seen(hole: str, migrated_database: Path, tmp_path: Path) -> None:
    with stage(migrated_database, tmp_path / "instance", hole) as built:
        assert PROOFS[SEEN_BY[hole]](built), f"nobody sees it: {hole}"
