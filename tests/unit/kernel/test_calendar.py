"""French working days from 2024 to 2035, against dates written by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from portal.kernel import calendar

# Easter Sunday, from the ephemerides.
EASTER = {
    2024: (3, 31),
    2025: (4, 20),
    2026: (4, 5),
    2027: (3, 28),
    2028: (4, 16),
    2029: (4, 1),
    2030: (4, 21),
    2031: (4, 13),
    2032: (3, 28),
    2033: (4, 17),
    2034: (4, 9),
    2035: (3, 25),
}
# Ascension and Whit Monday, as printed on calendars.
ASCENSION = {
    2024: (5, 9), 2025: (5, 29), 2026: (5, 14), 2027: (5, 6), 2028: (5, 25), 2029: (5, 10),
    2030: (5, 30), 2031: (5, 22), 2032: (5, 6), 2033: (5, 26), 2034: (5, 18), 2035: (5, 3),
}  # fmt: skip
WHIT_MONDAY = {
    2024: (5, 20), 2025: (6, 9), 2026: (5, 25), 2027: (5, 17), 2028: (6, 5), 2029: (5, 21),
    2030: (6, 10), 2031: (6, 2), 2032: (5, 17), 2033: (6, 6), 2034: (5, 29), 2035: (5, 14),
}  # fmt: skip


@pytest.mark.parametrize("year", EASTER)
def test_the_holidays_that_move(year: int) -> None:
    sunday = date(year, *EASTER[year])
    assert calendar.easter(year) == sunday
    assert {sunday + timedelta(days=1), date(year, *ASCENSION[year]), date(year, *WHIT_MONDAY[year])} < set(
        calendar.holidays(year)
    )


@pytest.mark.parametrize("year", EASTER)
def test_eleven_holidays_and_what_some_places_add(year: int) -> None:
    # Ascension fell on the 8th of May once in this list's century (2008), never in these years.
    assert len(calendar.holidays(year)) == 11
    assert len(calendar.holidays(year, "67")) == 13
    assert calendar.holidays(year, "75") == calendar.holidays(year)
    added = calendar.holidays(year, "68") - calendar.holidays(year)
    assert added == {date(year, *EASTER[year]) - timedelta(days=2), date(year, 12, 26)}


@pytest.mark.parametrize(
    ("department", "day"),
    [("971", (5, 27)), ("972", (5, 22)), ("973", (6, 10)), ("974", (12, 20)), ("976", (4, 27))],
)
def test_the_abolition_of_slavery(department: str, day: tuple[int, int]) -> None:
    for year in EASTER:
        assert date(year, *day) in calendar.holidays(year, department)


@pytest.mark.parametrize(
    ("asked", "department", "found"),
    [
        ((2026, 11, 24), "", (2026, 11, 24)),  # a Tuesday
        ((2026, 11, 28), "", (2026, 11, 30)),  # a Saturday
        ((2026, 11, 29), "", (2026, 11, 30)),  # a Sunday
        ((2026, 12, 25), "", (2026, 12, 28)),  # Christmas on a Friday
        ((2026, 12, 24), "", (2026, 12, 24)),
        ((2027, 1, 1), "", (2027, 1, 4)),  # New Year on a Friday
        ((2026, 4, 3), "", (2026, 4, 3)),  # Good Friday is worked in Paris
        ((2026, 4, 3), "57", (2026, 4, 7)),  # and not in Metz: the Monday is off too
        ((2026, 5, 14), "", (2026, 5, 15)),  # Ascension, a Thursday: the Friday is worked
        ((2024, 5, 8), "", (2024, 5, 10)),  # the 8th of May, then Ascension on the 9th
        ((2025, 12, 26), "", (2025, 12, 26)),
        ((2025, 12, 26), "67", (2025, 12, 29)),
        ((2027, 12, 20), "974", (2027, 12, 21)),
        ((2027, 12, 20), "", (2027, 12, 20)),
    ],
)
def test_a_delay_ends_on_a_working_day(
    asked: tuple[int, int, int], department: str, found: tuple[int, int, int]
) -> None:
    assert calendar.next_working(date(*asked), department) == date(*found)


def test_over_twelve_years_every_end_is_a_working_day_and_none_waits_long() -> None:
    day = date(2024, 1, 1)
    while day < date(2036, 1, 1):
        for department in ("", "57", "973"):
            moved = calendar.next_working(day, department)
            assert calendar.is_working(moved, department)
            assert timedelta() <= moved - day <= timedelta(days=5)
            assert not any(
                calendar.is_working(day + timedelta(days=n), department) for n in range((moved - day).days)
            )
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("sites", "department"),
    [
        (["570000001", "570000002"], "57"),
        (["570000001", "670000001"], ""),
        (["570000001", "750000001"], ""),
        (["970400024"], "974"),
        (["970211207"], "972"),
        (["980500003"], "976"),
        (["990000001"], ""),
        ([""], ""),
        ([], ""),
    ],
)
def test_the_departement_of_the_sites(sites: list[str], department: str) -> None:
    assert calendar.shared_department(sites) == department
