"""When things come in the life of a contract: lengths, stages, reviews, the day to decide about its end. Pure."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from portal.kernel.speech import Sentence, plural, say
from portal.vocabulary import Stage

YEAR = 12
# CASF L313-11: five years at most, a sixth by an act. Longer contracts exist: they are told, never refused.
USUAL, WITH_SIXTH, SHORT = 5 * YEAR, 6 * YEAR, 3 * YEAR
# Model contract of the arrêté of 3 March 2017: prorogation is asked six months before the end.
DECIDE_BEFORE = 6
WARNED = timedelta(days=90)
REVIEW_NEAR = timedelta(days=60)
DAY = timedelta(days=1)
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)


class Length(Enum):
    """How long a contract lasts, as the law counts."""

    SHORT = 1
    USUAL = 2
    SIXTH = 3
    BEYOND = 4


class EndState(Enum):
    """Where the decision about the end of a contract stands."""

    FAR = 1
    NEAR = 2
    LATE = 3
    DECIDED = 4
    OVER = 5


@dataclass(frozen=True, slots=True)
class StageDates:
    """What is written of a stage, as far as it tells where the contract stands."""

    stage: Stage
    begun_on: date | None
    ended_on: date | None
    reopened_on: date | None = None

    @property
    def goes_on(self) -> bool:
        """Whether it began and did not end."""
        return self.begun_on is not None and self.ended_on is None


def shifted(day: date, months: int) -> date:
    """The same day so many months later (or earlier), or the last one of a shorter month."""
    year, month = divmod(day.year * YEAR + day.month - 1 + months, YEAR)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def length(starts_on: date, ends_on: date) -> Length:
    """How long a contract lasts, its last day in it (CASF L313-11)."""
    after = ends_on + DAY
    if after < shifted(starts_on, SHORT):
        return Length.SHORT
    if after <= shifted(starts_on, USUAL):
        return Length.USUAL
    return Length.SIXTH if after <= shifted(starts_on, WITH_SIXTH) else Length.BEYOND


def lasting(starts_on: date, ends_on: date) -> Sentence:
    """« 5 ans », « 4 ans et 6 mois »: whole months only."""
    after = ends_on + DAY
    months = (after.year - starts_on.year) * YEAR + after.month - starts_on.month
    years, months = divmod(months - (shifted(starts_on, months) > after), YEAR)
    told_years = plural("%(num)s an", "%(num)s ans", years)
    told_months = plural("%(num)s mois", "%(num)s mois", months)
    if not months:
        return told_years
    return say("%(years)s et %(months)s", years=told_years, months=told_months) if years else told_months


def prorogation_day(ends_on: date) -> date:
    """The last day on which a party asks for prorogation: six months before the end."""
    return shifted(ends_on, -DECIDE_BEFORE)


def end_state(ends_on: date, today: date, *, decided: bool) -> EndState:
    """Where the decision about the end stands today."""
    day = prorogation_day(ends_on)
    if today > ends_on:
        return EndState.OVER
    if decided:
        return EndState.DECIDED
    if today > day:
        return EndState.LATE
    return EndState.NEAR if today >= day - WARNED else EndState.FAR


def third_year(starts_on: date, ends_on: date) -> tuple[date, date] | None:
    """First and last day of the year of the mid-term review; None when the contract has no third year."""
    first = shifted(starts_on, 2 * YEAR)
    return (first, min(shifted(starts_on, 3 * YEAR) - DAY, ends_on)) if first <= ends_on else None


def last_year(ends_on: date) -> tuple[date, date]:
    """First and last day of the year of the final review."""
    return shifted(ends_on + DAY, -YEAR), ends_on


def review_expected(last_day: date, planned_on: date | None, today: date) -> date | None:
    """By when a review that is not made is expected, once that is near; `last_day` ends its year."""
    day = planned_on or last_day
    return day if today >= day - REVIEW_NEAR else None


def current(now: Stage, written: Iterable[StageDates], *, cleared: Stage | None = None) -> Stage:
    """The stage of a contract, from the dates of its stages; `now` is the one it had.

    The furthest stage that goes on; one that was opened again leads until it ends, or until a later one begins.
    The stage that a contract had counts as going on as long as no dates are written of it, but if they were just
    taken off it (`cleared`). When none goes on, the furthest one that took place.
    """
    rows = [one for one in written if one.begun_on is not None]
    known = {one.stage for one in rows}
    if now not in known and now is not cleared:
        rows.append(StageDates(now, EARLIEST, None))
    open_ = [one for one in rows if one.goes_on]
    if not open_:
        return max((one.stage for one in rows), key=rank, default=now)
    furthest = max(open_, key=lambda one: rank(one.stage))
    again = [one for one in open_ if one.reopened_on is not None]
    last = max(again, key=lambda one: (one.reopened_on or EARLIEST, rank(one.stage)), default=furthest)
    leads = (last.reopened_on or EARLIEST) >= (furthest.begun_on or EARLIEST)
    return last.stage if leads else furthest.stage


def rank(stage: Stage) -> int:
    """Where a stage stands in the life of a contract."""
    return list(Stage).index(stage)


def day_problem(day: date | None, *, today: date | None = None) -> Sentence | None:
    """What is wrong with a day that was typed: too far, or not yet there when it must be (`today`)."""
    if day is None:
        return None
    if not EARLIEST <= day <= LATEST:
        return say("Cette date est trop lointaine. Vérifiez l’année.")
    if today is not None and day > today:
        return say("Ce jour n’est pas encore venu. Écrivez-le quand cela aura eu lieu.")
    return None
