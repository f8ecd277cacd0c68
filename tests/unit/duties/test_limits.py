"""A delay beyond the dates of the contract is told, in a table."""

from __future__ import annotations

from datetime import date

import pytest

from portal.domain.duties.limits import beyond
from portal.kernel.dates import day_label

STARTS, ENDS = date(2027, 1, 1), date(2031, 12, 31)


@pytest.mark.parametrize(
    ("promised", "until", "told"),
    [
        (date(2026, 10, 1), date(2026, 12, 31), None),
        (date(2026, 10, 1), date(2027, 1, 1), "Le contrat aura commencé, le"),
        (date(2027, 1, 1), date(2027, 3, 1), None),  # it had begun already
        (date(2031, 11, 1), date(2031, 12, 31), None),
        (date(2031, 11, 1), date(2032, 1, 1), "la fin du contrat"),
        (date(2032, 1, 5), date(2032, 2, 1), "la fin du contrat"),
    ],
)
def test_what_is_told_of_a_day(promised: date, until: date, told: str | None) -> None:
    found = beyond(until, promised, STARTS, ENDS)
    assert (found is None) if told is None else (told in str(found))


def test_the_very_first_day_does_not_come_after_itself() -> None:
    told = str(beyond(STARTS, date(2026, 10, 1), STARTS, ENDS))
    assert told == f"Le contrat aura commencé, le {day_label(STARTS)}, quand le groupe lira la réponse."
