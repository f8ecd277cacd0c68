"""French working days, pure: a promise that would end on a day off ends on the next working day.

The rule is that of article 642 of the code de procédure civile, taken as a model: « le délai qui
expirerait normalement un samedi, un dimanche ou un jour férié ou chômé est prorogé jusqu’au premier
jour ouvrable suivant ». Public holidays are those of article L3133-1 of the code du travail, with
those of Alsace-Moselle (L3134-13) and the days of the abolition of slavery overseas (L3422-2).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache

SATURDAY = 5
DAY = timedelta(days=1)
FIXED = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
# Easter Monday, Ascension, Whit Monday: days after Easter Sunday.
MOVABLE = (1, 39, 50)
ALSACE_MOSELLE = frozenset({"57", "67", "68"})
GOOD_FRIDAY, SAINT_STEPHEN = -2, (12, 26)
ABOLITION: Mapping[str, tuple[int, int]] = {
    "971": (5, 27),
    "972": (5, 22),
    "973": (6, 10),
    "974": (12, 20),
    "976": (4, 27),
}
# How FINESS numbers begin overseas.
OVERSEAS = {"9701": "971", "9702": "972", "9703": "973", "9704": "974", "9805": "976"}
METROPOLITAN = ""


def easter(year: int) -> date:
    """Easter Sunday of a year of the Gregorian calendar (Meeus, Jones and Butcher)."""
    golden, (century, rest) = year % 19, divmod(year, 100)
    leap, left = divmod(century, 4)
    shift = (century + 8) // 25
    epact = (19 * golden + century - leap - (century - shift + 1) // 3 + 15) % 30
    quarter, remainder = divmod(rest, 4)
    weekday = (32 + 2 * left + 2 * quarter - epact - remainder) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=256)
def holidays(year: int, department: str = METROPOLITAN) -> frozenset[date]:
    """The public holidays of a year, in a département; those of everywhere when it is not known."""
    sunday = easter(year)
    found = {date(year, month, day) for month, day in FIXED}
    found |= {sunday + days * DAY for days in MOVABLE}
    if department in ALSACE_MOSELLE:
        found |= {sunday + GOOD_FRIDAY * DAY, date(year, *SAINT_STEPHEN)}
    if department in ABOLITION:
        found.add(date(year, *ABOLITION[department]))
    return frozenset(found)


def is_working(day: date, department: str = METROPOLITAN) -> bool:
    """Whether a delay may end that day."""
    return day.weekday() < SATURDAY and day not in holidays(day.year, department)


def next_working(day: date, department: str = METROPOLITAN) -> date:
    """That day, or the first working day after it."""
    while not is_working(day, department):
        day += DAY
    return day


def working_days_after(day: date, number: int, department: str = METROPOLITAN) -> date:
    """The working day that comes so many working days after this one."""
    for _ in range(number):
        day = next_working(day + DAY, department)
    return day


def department_of(finess: str) -> str:
    """The département that a FINESS number begins with; empty when none is known."""
    if finess[:4] in OVERSEAS:
        return OVERSEAS[finess[:4]]
    return finess[:2] if finess[:2] in ALSACE_MOSELLE else METROPOLITAN


def shared_department(finess: list[str]) -> str:
    """The département of all these sites when they share its calendar, else none."""
    found = {department_of(one) for one in finess}
    return found.pop() if len(found) == 1 else METROPOLITAN
