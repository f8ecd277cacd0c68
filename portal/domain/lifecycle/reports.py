"""Who reports what, each year: the lines that are ready, and the day on which each is next due. Pure."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from portal.domain.lifecycle import laws
from portal.domain.lifecycle.laws import Law
from portal.domain.lifecycle.rules import YEAR, shifted
from portal.kernel.speech import Sentence, say

# A sending counts for the day that comes next when that day is nearer than this; else it was a late one.
EARLY = 6


@dataclass(frozen=True, slots=True)
class Due:
    """A day of each year. It first comes so many months after the contract begins, last so many after it ends."""

    day: int
    month: int
    first_after: int = 0
    last_after: int = 0

    def of(self, year: int) -> date:
        """The day in a year."""
        return date(year, self.month, min(self.day, calendar.monthrange(year, self.month)[1]))


@dataclass(frozen=True, slots=True)
class Ready:
    """A line that every contract begins with and may change."""

    code: str
    label: Sentence
    plain: Sentence
    reporter: Sentence
    recipient: Sentence
    due: Due
    law: Law


READY = (
    Ready(
        "objectifs",
        say("La revue annuelle des objectifs"),
        say("Ce qui a été fait cette année pour chaque objectif, et ce qui ne l’a pas été."),
        say("l’organisme gestionnaire"),
        say("les autorités du contrat"),
        Due(30, 4, first_after=YEAR, last_after=YEAR),
        laws.OBJECTIVES,
    ),
    Ready(
        "errd",
        say("L’état réalisé des recettes et des dépenses (ERRD)"),
        say("Les comptes de l’année passée : ce qui est entré et ce qui a été dépensé."),
        say("l’organisme gestionnaire"),
        say("les autorités du contrat"),
        Due(30, 4, first_after=YEAR, last_after=YEAR),
        laws.ERRD,
    ),
    Ready(
        "eprd",
        say("L’état des prévisions de recettes et de dépenses (EPRD)"),
        say("Le budget de l’année : ce que l’on pense recevoir et dépenser."),
        say("l’organisme gestionnaire"),
        say("les autorités du contrat"),
        Due(30, 6),
        laws.EPRD,
    ),
    Ready(
        "activite",
        say("L’annexe « activité prévisionnelle »"),
        say("Le nombre de journées et de places prévu pour l’année suivante."),
        say("l’organisme gestionnaire"),
        say("les autorités du contrat"),
        Due(31, 10),
        laws.ACTIVITY,
    ),
)
READY_BY_CODE: Mapping[str, Ready] = {one.code: one for one in READY}


def next_due(
    due: Due, today: date, starts_on: date, ends_on: date, *, last_sent_on: date | None = None
) -> date | None:
    """The next day on which a line is due, today included; None once the contract asks no more for it."""
    first, last = shifted(starts_on, due.first_after), shifted(ends_on, due.last_after)
    found = _from(due, max(today, first))
    if last_sent_on is not None and shifted(found, -EARLY) < last_sent_on <= found:
        found = due.of(found.year + 1)
    return found if found <= last else None


def _from(due: Due, day: date) -> date:
    found = due.of(day.year)
    return found if found >= day else due.of(day.year + 1)


def exists(day: int, month: int) -> bool:
    """Whether there is such a day each year."""
    return 1 <= month <= YEAR and 1 <= day <= calendar.monthrange(2001, month)[1]
