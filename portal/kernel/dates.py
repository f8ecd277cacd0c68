"""Dates in words, as people read them."""

from __future__ import annotations

from datetime import date, datetime

from portal.kernel.clock import paris

_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_MONTHS = (
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
)


def day_label(day: date | datetime) -> str:
    """« mardi 24 novembre 2026 »; an instant is read on a clock in Paris."""
    if isinstance(day, datetime):
        day = paris(day).date()
    number = "1er" if day.day == 1 else str(day.day)
    return f"{_DAYS[day.weekday()]} {number} {_MONTHS[day.month - 1]} {day.year}"


def moment_label(moment: datetime) -> str:
    """« mardi 24 novembre 2026, 14 h 05 », in Paris."""
    local = paris(moment)
    minutes = f"\N{NO-BREAK SPACE}{local.minute:02d}" if local.minute else ""
    return f"{day_label(local.date())}, {local.hour}\N{NO-BREAK SPACE}h{minutes}"
