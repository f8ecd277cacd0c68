"""Whatever is promised, whenever, wherever: the last day is one on which people work."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.domain.duties import rules as duties
from portal.domain.duties.rules import Pause
from portal.domain.moderation.rules import appeal_due
from portal.domain.spaces.rules import promised_day
from portal.kernel import calendar
from portal.kernel.clock import PARIS, paris

YEARS = st.dates(date(2024, 1, 1), date(2040, 12, 31)).map(
    lambda day: datetime.combine(day, time(23, 59), PARIS)
)
DEPARTMENTS = st.sampled_from(["", "57", "67", "971", "972", "973", "974", "976"])
PAUSED = st.lists(st.tuples(st.integers(-30, 40), st.integers(0, 30)), max_size=3)


@settings(deadline=None)
@given(YEARS, st.integers(1, 180), DEPARTMENTS, PAUSED, st.none() | st.integers(1, 200))
def test_every_promise_ends_on_a_working_day(
    ends_at: datetime, days: int, department: str, paused: list[tuple[int, int]], more: int | None
) -> None:
    pauses = [
        Pause(ends_at + timedelta(days=start), ends_at + timedelta(days=start + long))
        for start, long in paused
    ]
    agreed = None if more is None else paris(ends_at).date() + timedelta(days=more)
    at = ends_at + timedelta(days=20)
    promised = paris(ends_at).date() + timedelta(days=days)
    for found in (
        duties.due_on(ends_at, days, pauses=pauses, agreed=agreed, department=department, at=at),
        duties.results_due_on(
            promised, ends_at, ends_at, pauses=pauses, agreed=agreed, department=department, at=at
        ),
        promised_day(ends_at, days, department),
        paris(appeal_due(ends_at, department)).date(),
    ):
        assert calendar.is_working(found, department)


def test_over_twenty_years_an_appeal_waits_no_longer_than_it_must() -> None:
    day = datetime(2024, 1, 1, 12, tzinfo=PARIS)
    while day.year < 2044:
        for department in ("", "57", "974"):
            due: date = paris(appeal_due(day, department)).date()
            assert due == calendar.next_working(paris(day).date() + timedelta(days=15), department)
        day += timedelta(days=1)
