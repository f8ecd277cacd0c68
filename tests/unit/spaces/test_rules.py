"""The phase follows the dates at once, even before the job has written it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from portal.domain.spaces.rules import answer_due, check_dates, phase_at
from portal.kernel.errors import InvalidError
from portal.vocabulary import Phase

START = datetime(2026, 11, 1, 8, tzinfo=UTC)
END = START + timedelta(days=30)
BEFORE, DURING, LATER = START - timedelta(seconds=1), START, END


@pytest.mark.parametrize(
    ("phase", "at", "expected"),
    [
        (Phase.DRAFT, LATER, Phase.DRAFT),
        (Phase.ANNOUNCED, BEFORE, Phase.ANNOUNCED),
        (Phase.ANNOUNCED, DURING, Phase.OPEN),
        (Phase.ANNOUNCED, LATER, Phase.ANSWERING),
        (Phase.OPEN, END - timedelta(microseconds=1), Phase.OPEN),
        (Phase.OPEN, LATER, Phase.ANSWERING),
        (Phase.PAUSED, LATER, Phase.ANSWERING),
        (Phase.ANSWERING, DURING, Phase.ANSWERING),
        (Phase.CLOSED, DURING, Phase.CLOSED),
    ],
)
def test_the_phase_at_an_instant(phase: Phase, at: datetime, expected: Phase) -> None:
    assert phase_at(phase, START, END, at) is expected


def test_an_answer_is_due_after_the_announced_delay() -> None:
    assert answer_due(START, 30) == END


@pytest.mark.parametrize(("opens", "ends"), [(START, START), (START, BEFORE), (BEFORE, START)])
def test_an_end_must_come_after_the_opening_and_after_now(opens: datetime, ends: datetime) -> None:
    check_dates(opens, END, START)
    with pytest.raises(InvalidError):
        check_dates(opens, ends, START)
