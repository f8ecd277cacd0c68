"""The day of the results of a survey: announced, then moved by pauses and by more time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from portal.domain.duties.rules import Pause, open_until, results_due_on
from portal.kernel.clock import PARIS

ANNOUNCED, PROMISED = datetime(2026, 3, 2, 9, tzinfo=UTC), date(2026, 3, 18)
SPACE_ENDS, AT = datetime(2026, 4, 20, 21, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def pause(since: float, until: float | None) -> Pause:
    """In days after the announcement."""
    return Pause(ANNOUNCED + since * DAY, None if until is None else ANNOUNCED + until * DAY)


@pytest.mark.parametrize(
    ("pauses", "agreed", "due"),
    [
        ([], None, PROMISED),
        ([pause(1, 8)], None, date(2026, 3, 25)),
        ([pause(-10, -2)], None, PROMISED),
        ([pause(-10, 7)], None, date(2026, 3, 25)),
        ([pause(1, 1.3)], None, PROMISED),
        ([pause(1, 4)], None, date(2026, 3, 23)),
        ([pause(30, 37)], None, PROMISED),
        ([pause(20, 27), pause(1, 8)], None, date(2026, 4, 1)),
        ([pause(14, None)], None, date(2026, 4, 23)),
        ([], date(2026, 3, 27), date(2026, 3, 27)),
        ([pause(1, 8)], date(2026, 3, 20), date(2026, 3, 25)),
    ],
    ids=[
        "nothing",
        "a pause",
        "a pause before the announcement",
        "a pause that began before the announcement",
        "a few hours",
        "to a Saturday",
        "a pause after the day was missed",
        "the second pause comes within the moved day",
        "a pause that lasts until the space ends",
        "more time",
        "the later of both",
    ],
)
def test_the_day_moves_with_what_stops_work(pauses: list[Pause], agreed: date | None, due: date) -> None:
    assert results_due_on(PROMISED, ANNOUNCED, SPACE_ENDS, pauses=pauses, agreed=agreed, at=AT) == due


@pytest.mark.parametrize(
    ("paused", "at", "days"),
    [
        ([], 8, 0),
        ([(1, 4)], 8, 3),
        ([(1, 1.01)], 8, 1),  # a short one gives its whole day back
        ([(1, 1.3), (2, 2.3), (3, 3.3)], 8, 1),  # three short ones are one day together
        ([(1, 1.6), (2, 2.6)], 8, 2),  # a day and some hours
        ([(1, 1.3), (10.5, 10.6)], 20, 1),  # the second one comes within the day that the first one gave
        ([(1, None)], 3, 2),  # one that lasts
        ([(9, None)], 30, 21),  # it began before the end: nothing ends meanwhile
        ([(11, None)], 30, 0),  # it began after the end
        ([(1, 3), (11, 13)], 30, 4),  # the second one comes before the end that the first one moved
        ([(-5, -2)], 8, 0),  # over before it opened
        ([(-5, 2)], 8, 2),  # what counts is the time since it opened
        ([(1, 100)], 120, 50),  # the end of the space is the last one
    ],
)
def test_a_survey_is_open_longer_by_whole_days_of_pause(
    paused: list[tuple[float, float | None]], at: float, days: int
) -> None:
    """It opened on the first of March at noon for ten days; its space ends sixty days after that."""
    opened = datetime(2027, 3, 1, 12, tzinfo=PARIS)
    pauses = [
        Pause(opened + timedelta(days=start), None if end is None else opened + timedelta(days=end))
        for start, end in paused
    ]
    until = open_until(
        opened + timedelta(days=10),
        opened,
        opened + timedelta(days=60),
        pauses=pauses,
        at=opened + timedelta(days=at),
    )
    assert until == opened + timedelta(days=10 + days)
