"""Dates in words, as people read them: French text that each language says its own way."""

from __future__ import annotations

from datetime import date, datetime

from portal.kernel.clock import paris
from portal.kernel.speech import Language, Sentence

_DAYS = {
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS = {
    "fr": (
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}


class Day(Sentence):
    """A day in words, or an instant on a clock in Paris."""

    __slots__ = ()

    @classmethod
    def of(cls, at: date) -> Day:
        """The words of a day; of its hour too when it is an instant."""
        return cls.made(_words(at, "fr"), at=at)

    def said(self, language: Language) -> str:
        """The same in a language; French where a language is not known here."""
        return _words(self._values["at"], language.code if language.code in _DAYS else "fr")


class Month(Sentence):
    """The name of a month."""

    __slots__ = ()

    def said(self, language: Language) -> str:
        """The same in a language; French where a language is not known here."""
        return _MONTHS[language.code if language.code in _MONTHS else "fr"][self._values["number"] - 1]


def month_label(number: int) -> Month:
    """« novembre » for 11."""
    return Month.made(_MONTHS["fr"][number - 1], number=number)


def day_label(day: date | datetime) -> Day:
    """« mardi 24 novembre 2026 »; an instant is read on a clock in Paris."""
    return Day.of(paris(day).date() if isinstance(day, datetime) else day)


def moment_label(moment: datetime) -> Day:
    """« mardi 24 novembre 2026, 14 h 05 », in Paris."""
    return Day.of(paris(moment))


def _words(at: date, code: str) -> str:
    first = "1er" if code == "fr" else "1"
    number = first if at.day == 1 else str(at.day)
    day = f"{_DAYS[code][at.weekday()]} {number} {_MONTHS[code][at.month - 1]} {at.year}"
    return f"{day}, {_hour(at, code)}" if isinstance(at, datetime) else day


def _hour(at: datetime, code: str) -> str:
    if code != "fr":
        return f"{at.hour}:{at.minute:02d}"
    minutes = f"\N{NO-BREAK SPACE}{at.minute:02d}" if at.minute else ""
    return f"{at.hour}\N{NO-BREAK SPACE}h{minutes}"
