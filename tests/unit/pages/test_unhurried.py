"""A property is not broken by a machine that does something else."""

from __future__ import annotations

import time

from hypothesis import given, settings
from hypothesis import strategies as st


@settings(max_examples=1)
@given(st.just("slow"))
def test_an_example_may_take_its_time(pace: str) -> None:
    time.sleep(0.3)
    assert pace == "slow"
