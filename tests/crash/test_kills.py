"""Killed thirty times under load: nothing acknowledged is lost, nothing is there twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crash.harness import judge, ordeal

KILLS = 30
CONTROL_KILLS = 4


@pytest.mark.slow
@pytest.mark.live
def test_thirty_kills_lose_and_double_nothing(instance: Path) -> None:
    tally = ordeal(instance, KILLS)
    assert judge(instance / "polyphonie.sqlite", tally) == []
    assert tally.kills == KILLS
    assert tally.replayed > 0, "no kill fell on a word under way: the ordeal proves nothing"


@pytest.mark.slow
@pytest.mark.live
def test_control_an_answer_before_commit_is_found_losing_words(instance: Path) -> None:
    tally = ordeal(instance, CONTROL_KILLS, fault="early")
    faults = judge(instance / "polyphonie.sqlite", tally)
    assert any(fault.startswith("lost: ") for fault in faults)


@pytest.mark.slow
@pytest.mark.live
def test_control_a_server_that_remembers_no_form_is_found_doubling_words(instance: Path) -> None:
    tally = ordeal(instance, CONTROL_KILLS, fault="forgetful")
    faults = judge(instance / "polyphonie.sqlite", tally)
    assert any(fault.startswith("twice: ") for fault in faults)
