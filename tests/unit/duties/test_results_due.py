"""The day of the results of a survey: announced, then moved by pauses and by more time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from portal.domain.duties.rules import Pause, results_due_on

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
