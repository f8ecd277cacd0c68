"""How far objectives are, when a reason is owed, when money runs short; and the ready models."""

from __future__ import annotations

from datetime import date

import pytest

from portal.domain.contracts.signed import is_promised
from portal.domain.objectives import ready, rules
from portal.domain.objectives.models import Financing, State
from portal.domain.objectives.typed import LINES, MAX_EXPECTED, MAX_TITLE
from portal.vocabulary import Stage

SOON, LATE = date(2028, 12, 31), date(2029, 12, 31)


@pytest.mark.parametrize(
    ("financing", "until", "ends", "short"),
    [
        (Financing.UNFUNDED, None, None, True),
        (Financing.FUNDED, SOON, LATE, True),
        (Financing.FUNDED, LATE, SOON, False),
        (Financing.FUNDED, SOON, None, False),
        (Financing.UNKNOWN, None, LATE, False),
        (Financing.NO_COST, None, LATE, False),
    ],
)
def test_money_runs_short(financing: Financing, until: date | None, ends: date | None, short: bool) -> None:
    assert rules.runs_short(financing, until, ends) is short


@pytest.mark.parametrize(
    ("before", "after", "owed"),
    [
        (State.RUNNING, State.LATE, True),
        (State.RUNNING, State.DROPPED, True),
        (State.LATE, State.LATE, False),
        (State.LATE, State.DONE, False),
        (State.NOT_STARTED, State.RUNNING, False),
    ],
)
def test_what_went_otherwise_is_explained(before: State, after: State, owed: bool) -> None:
    assert rules.must_explain(before, after) is owed


def test_what_is_planned_is_promised_from_the_signature_on() -> None:
    promised = {stage for stage in Stage if is_promised(stage, None)}
    assert promised == {Stage.SIGNATURE, Stage.EXECUTION, Stage.MIDTERM, Stage.FINAL}
    assert is_promised(Stage.OBJECTIVES, SOON)


def test_the_calendar_counts_the_actions_of_each_year_of_the_contract() -> None:
    plans = [(date(2026, 1, 1), SOON), (LATE, LATE), (None, LATE)]
    assert rules.calendar(plans, 2027, 2030) == {2027: 1, 2028: 1, 2029: 1, 2030: 0}


def test_states_are_read_what_is_done_first() -> None:
    counted = {State.DROPPED: 1, State.DONE: 2, State.LATE: 0}
    assert rules.in_order(counted) == [(State.DONE, 2), (State.DROPPED, 1)]


@pytest.mark.parametrize("model", ready.every(), ids=lambda one: one.code)
def test_a_model_fits_the_form(model: ready.Ready) -> None:
    assert 0 < len(model.expected) <= MAX_EXPECTED
    assert 0 < len(model.title) <= MAX_TITLE
    assert 1 <= len(model.lines) <= LINES
    assert all(one.label and one.initial and one.target for one in model.lines)
    assert ready.known(model.code) is model


def test_there_are_thirty_one_models_each_with_its_own_code() -> None:
    assert len({one.code for one in ready.every()}) == 31
