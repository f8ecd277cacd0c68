"""What the money of objectives adds up to, what is missing, and amounts as people type them. Pure; amounts are whole euros."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from portal.domain.means.models import Lasting, Need

# More than any line of a contract, and what both databases keep.
MOST = 999_999_999
# The years that one form holds: a contract of five years, a sixth one, and what warns beyond.
MOST_YEARS = 10
# What spreadsheets put between thousands; « € » says nothing more than the number.
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009']+")
_WHOLE = re.compile(r"\d{1,3}(?:\.\d{3})+|\d+")
_CENTS = re.compile(r"[.,]\d{1,2}$")


class AmountError(ValueError):
    """What was typed is no amount of whole euros."""


class TooMuchError(AmountError):
    """What was typed is an amount, and greater than any that is kept."""


@dataclass(frozen=True, slots=True)
class Amounts:
    """The money of a year: planned, given, spent; None when nobody told."""

    planned: int | None = None
    given: int | None = None
    spent: int | None = None


@dataclass(frozen=True, slots=True)
class Sum:
    """Money added up. `due` is what was planned where somebody told what was given: the two compare."""

    planned: int = 0
    due: int = 0
    given: int | None = None
    spent: int | None = None

    @property
    def gap(self) -> int | None:
        """What was given beyond what was planned, negative when it is less; None when nobody told what was given."""
        return None if self.given is None else self.given - self.due

    def __add__(self, other: Sum) -> Sum:
        return Sum(
            self.planned + other.planned,
            self.due + other.due,
            _plus(self.given, other.given),
            _plus(self.spent, other.spent),
        )


class Gap(Enum):
    """Why the money of a line does not hold as long as what it pays for."""

    ONE_OFF = "one_off"
    STOPS = "stops"
    NOTHING = "nothing"


def total(sums: Iterable[Sum]) -> Sum:
    """All of them added up."""
    return sum(sums, Sum())


def again(by: Mapping[Lasting, Sum]) -> int:
    """How much of what is planned comes back every year."""
    return by.get(Lasting.RECURRENT, Sum()).planned


def years(starts_on: date, ends_on: date, told: Collection[int] = ()) -> tuple[int, ...]:
    """The years of a contract, ten at most, and those of which something is told."""
    last = min(ends_on.year, starts_on.year + MOST_YEARS - 1)
    return tuple(sorted({*range(starts_on.year, last + 1), *told}))


def asked(starts_on: date, ends_on: date, told: Collection[int] = ()) -> tuple[int, ...]:
    """The years that a form asks for: the same, and the one before, when what is paid for is prepared."""
    return years(starts_on, ends_on, {starts_on.year - 1, *told})


def until(amounts: Mapping[int, Amounts]) -> int:
    """The last year for which money is planned; 0 without any."""
    return max((year for year, one in amounts.items() if one.planned), default=0)


def gap_of(lasting: Lasting, need: Need, until_year: int, last_year: int) -> Gap | None:
    """Whether the money of a line stops before what it pays for, `last_year` being the last one of the contract."""
    if not until_year:
        return Gap.NOTHING
    if need is Need.ONCE:
        return None
    if lasting is Lasting.ONE_OFF:
        return Gap.ONE_OFF
    return Gap.STOPS if until_year < last_year else None


def overspent(one: Amounts) -> bool:
    """Whether more was spent in a year than what was given, or planned as long as nobody told what was given."""
    room = one.given if one.given is not None else one.planned
    return (one.spent or 0) > (room or 0)


def is_steady(amounts: Sequence[int | None]) -> bool:
    """Whether the same amount comes back, from the first year to the last one that has any."""
    told = [one or 0 for one in amounts]
    while told and not told[-1]:
        told.pop()
    return len(told) > 1 and told[0] > 0 and len(set(told)) == 1


def read(typed: str) -> int | None:
    """An amount as people type it: « 12 000 », « 12.000 € »; None for an empty field. Errors: AmountError, TooMuchError."""
    bare = _SPACES.sub("", typed).removesuffix("€")
    if not bare:
        return None
    if not (bare.isascii() and _WHOLE.fullmatch(bare)):
        raise AmountError
    digits = bare.replace(".", "").lstrip("0")
    if len(digits) > len(str(MOST)) or int(digits or "0") > MOST:
        raise TooMuchError
    return int(digits or "0")


def has_cents(typed: str) -> bool:
    """Whether what was typed is refused for its cents only."""
    bare = _SPACES.sub("", typed).removesuffix("€")
    return bool(_CENTS.search(bare)) and _WHOLE.fullmatch(_CENTS.sub("", bare)) is not None


def _plus(one: int | None, other: int | None) -> int | None:
    if one is None:
        return other
    return one if other is None else one + other
