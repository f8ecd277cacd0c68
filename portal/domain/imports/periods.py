"""When something happens, as directors write it: « 31/12/27 », « T2 2027 », « fin 2026 », « de mars 2027 à juin 2028 ». Pure."""

from __future__ import annotations

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import date

FIRST_YEAR, LAST_YEAR = 2000, 2099
MONTHS = (
    ("janvier", "janv", "jan"),
    ("fevrier", "fevr", "fev"),
    ("mars",),
    ("avril", "avr"),
    ("mai",),
    ("juin",),
    ("juillet", "juil"),
    ("aout",),
    ("septembre", "sept", "sep"),
    ("octobre", "oct"),
    ("novembre", "nov"),
    ("decembre", "dec"),
)
NUMBERS = {word: number for number, words in enumerate(MONTHS, 1) for word in words}
SEASONS = {"printemps": (4, 6), "ete": (7, 9), "automne": (10, 12)}
_MONTH = "|".join(sorted(NUMBERS, key=len, reverse=True))
_YEAR = r"(20\d\d)"
_ORDER = r"(?:er|e|eme|nd|ere|de)?"
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[t ]00:00(?::00)?)?")
_DAY_IN_WORDS = re.compile(rf"(\d{{1,2}}){_ORDER} ?({_MONTH})\.? ?{_YEAR}")
_MONTH_ALONE = re.compile(rf"(?:(?:mi|debut|fin|courant)[ -])?(?:({_MONTH})\.?|(\d{{1,2}}))[ /.-]{_YEAR}")
_QUARTER = re.compile(rf"(?:t ?([1-4])|([1-4]){_ORDER} ?(?:trimestre|trim\.?|t))(?:[ /.-]|de|du)*{_YEAR}")
_HALF = re.compile(rf"(?:s ?([12])|([12]){_ORDER} ?(?:semestre|sem\.?|s))(?:[ /.-]|de|du)*{_YEAR}")
_PART = re.compile(
    rf"(debut|mi|milieu|courant|fin|fin d'annee|annee|printemps|ete|automne)[ -]*(?:de |d')?{_YEAR}"
)
_ALONE = re.compile(_YEAR)
# What stands before a date without changing it; « dès » and « à partir de » open a period.
_BEFORE = re.compile(
    r"^(?:d'ici(?: a| au| la)?|avant(?: le| la)?|au plus tard(?: le| en)?|jusqu'(?:au|en|a)|pour(?: le)?|echeance|en|le|au|a|"
    r"au cours de|courant|vers|realise en|prevu(?:e)? (?:en|pour|le))(?: |:)+"
)
_OPENS = re.compile(r"^(?:des|a partir d(?:e|u)|a compter d(?:e|u)|depuis|debut le|demarrage)(?: le| l')? ")
_BETWEEN = re.compile(r"\s*(?:->|→|–|—| - | a | au | jusqu'(?:au|en|a) | et )\s*")
_YEARS = re.compile(rf"{_YEAR} ?[-/–—] ?(20\d\d|\d\d)")


@dataclass(frozen=True, slots=True)
class Period:
    """Days; `starts` is None when only the end was told, `ends` when only the beginning was."""

    starts: date | None
    ends: date | None


def read(words: str) -> Period | None:
    """What the words of a deadline or of a calendar say; None when nobody could tell. A part of a year ends with its last day.

    One date alone is an end, unless its words say that it begins: « dès mars 2027 ».
    """
    bare = _bare(words)
    if not bare:
        return None
    several = _years(bare) or _between(bare)
    if several is not None:
        return several
    opens = _OPENS.match(bare)
    if opens:
        found = _one(bare[opens.end() :])
        return Period(found[0], None) if found else None
    found = _one(bare)
    return Period(None, found[1]) if found else None


def day(words: str) -> date | None:
    """One day: the end of what the words say."""
    found = read(words)
    return (found.ends or found.starts) if found else None


def first_day(words: str) -> date | None:
    """One day: the beginning of what the words say, as a column « Début » tells it."""
    bare = _bare(words)
    several = _years(bare) or _between(bare)
    if several is not None:
        return several.starts
    opens = _OPENS.match(bare)
    found = _one(bare[opens.end() :] if opens else bare)
    return found[0] if found else None


def _bare(words: str) -> str:
    apart = unicodedata.normalize("NFKD", words.casefold().replace("\u2019", "'"))
    plain = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return " ".join(plain.split()).strip(" .;,()")


def _years(bare: str) -> Period | None:
    found = _YEARS.fullmatch(bare)
    if found is None:
        return None
    first = int(found[1])
    last = int(found[2]) if len(found[2]) == len("2027") else first // 100 * 100 + int(found[2])
    # « 2027-03 » is a month, « 2027-29 » are years.
    if last <= first or not _holds(first, last):
        return None
    return Period(date(first, 1, 1), date(last, 12, 31))


def _between(bare: str) -> Period | None:
    text = re.sub(r"^(?:de|du|entre|d')(?: le| |)\s*", "", bare)
    parts = _BETWEEN.split(text)
    if len(parts) != 2:  # noqa: PLR2004 — from, to
        return None
    second = _one(parts[1])
    if second is None:
        return None
    # « de mars à juin 2027 »: the year is said once.
    first = _one(parts[0]) or _one(f"{parts[0]} {second[1].year}")
    if first is None or second[1] < first[0]:
        return None
    return Period(first[0], second[1])


def _one(words: str) -> tuple[date, date] | None:
    """The first and the last day of what is said once."""
    bare = words
    while True:
        shorter = _BEFORE.sub("", bare, count=1).strip()
        if shorter == bare or not shorter:
            break
        bare = shorter
    for reader in (_iso, _day, _day_in_words, _quarter, _half, _month, _part, _year):
        found = reader(bare)
        if found is not None:
            return found
    return None


def _iso(bare: str) -> tuple[date, date] | None:
    found = _ISO.fullmatch(bare)
    return _single(int(found[1]), int(found[2]), int(found[3])) if found else None


def _day(bare: str) -> tuple[date, date] | None:
    found = _DAY.fullmatch(bare)
    if found is None:
        return None
    year = int(found[3])
    return _single(year if year > 99 else 2000 + year, int(found[2]), int(found[1]))  # noqa: PLR2004 — two digits


def _day_in_words(bare: str) -> tuple[date, date] | None:
    found = _DAY_IN_WORDS.fullmatch(bare)
    return _single(int(found[3]), NUMBERS[found[2]], int(found[1])) if found else None


def _quarter(bare: str) -> tuple[date, date] | None:
    found = _QUARTER.fullmatch(bare)
    if found is None:
        return None
    first = 3 * int(found[1] or found[2]) - 2
    return _months(int(found[3]), first, first + 2)


def _half(bare: str) -> tuple[date, date] | None:
    found = _HALF.fullmatch(bare)
    if found is None:
        return None
    first = 6 * int(found[1] or found[2]) - 5
    return _months(int(found[3]), first, first + 5)


def _month(bare: str) -> tuple[date, date] | None:
    found = _MONTH_ALONE.fullmatch(bare)
    if found is None:
        return None
    number = NUMBERS[found[1]] if found[1] else int(found[2])
    return _months(int(found[3]), number, number)


def _part(bare: str) -> tuple[date, date] | None:
    found = _PART.fullmatch(bare)
    if found is None:
        return None
    year = int(found[2])
    first, last = SEASONS.get(found[1]) or {"debut": (1, 3), "mi": (1, 6), "milieu": (1, 6)}.get(
        found[1], (1, 12)
    )
    return _months(year, first, last)


def _year(bare: str) -> tuple[date, date] | None:
    found = _ALONE.fullmatch(bare)
    return _months(int(found[1]), 1, 12) if found else None


def _single(year: int, month: int, number: int) -> tuple[date, date] | None:
    if not _holds(year, year):
        return None
    try:
        found = date(year, month, number)
    except ValueError:
        return None
    return found, found


def _months(year: int, first: int, last: int) -> tuple[date, date] | None:
    if not _holds(year, year) or not 1 <= first <= last <= len(MONTHS):
        return None
    return date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1])


def _holds(first: int, last: int) -> bool:
    return FIRST_YEAR <= first <= last <= LAST_YEAR
