"""Five hundred kills: the long form of tests/crash. `pytest tests/long/crash -m long`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crash.harness import judge, ordeal

KILLS = 500


@pytest.mark.long
def test_five_hundred_kills_lose_and_double_nothing(instance: Path) -> None:
    tally = ordeal(instance, KILLS, seed=1)
    assert judge(instance / "polyphonie.sqlite", tally) == []
    assert tally.kills == KILLS
    assert tally.replayed > KILLS // 10
