"""Long sequences of acts: places only grow, the chain is valid, duties follow from levels, figures tell nobody.

`pytest tests/long/promise -m long`; the short forms are tests/unit/register/test_growth.py,
tests/functional/duties/test_consistent.py and tests/functional/figures/test_whoever_acts.py.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.functional.duties.test_consistent import Ground, People
from tests.functional.figures.test_whoever_acts import Twins
from tests.unit.register.test_growth import Growth

pytestmark = pytest.mark.long

LONG = settings(
    max_examples=80,
    stateful_step_count=60,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)


def test_any_long_sequence_keeps_places_and_the_chain() -> None:
    run_state_machine_as_test(Growth, settings=LONG)


def test_any_long_sequence_keeps_duties_consistent_with_levels(ground: Ground) -> None:
    run_state_machine_as_test(type("PeopleHere", (People,), {"ground": ground}), settings=LONG)


def test_no_figure_tells_whether_one_or_four_acted_in_any_long_sequence() -> None:
    run_state_machine_as_test(Twins, settings=LONG)
