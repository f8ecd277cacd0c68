"""Each planted hole must be seen; without a hole, the same proofs say nothing."""

from __future__ import annotations

import pytest

from ._arena import Arena
from ._holes import HOLES, Hole

NAMES = [hole.mistake for hole in HOLES]


def test_the_holes_are_of_different_kinds() -> None:
    assert len({hole.mistake for hole in HOLES}) >= 20


@pytest.mark.parametrize("hole", HOLES, ids=NAMES)
def test_without_the_hole_the_proof_is_silent_and_with_it_red(
    hole: Hole, arena: Arena, monkeypatch: pytest.MonkeyPatch
) -> None:
    arena.restore()
    assert hole.proof(arena) == []
    with monkeypatch.context() as patch:
        hole.plant(patch, arena)
        assert hole.proof(arena), f"nobody sees it: {hole.mistake}"
