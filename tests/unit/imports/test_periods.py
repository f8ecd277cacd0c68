"""When something happens, as directors write it."""

from __future__ import annotations

from datetime import date

import pytest

from portal.domain.imports import periods
from portal.domain.imports.periods import Period


@pytest.mark.parametrize(
    ("words", "starts", "ends"),
    [
        ("31/12/2027", None, "2027-12-31"),
        ("31/12/27", None, "2027-12-31"),
        ("1.3.2027", None, "2027-03-01"),
        ("2027-12-31", None, "2027-12-31"),
        ("1er mars 2027", None, "2027-03-01"),
        ("31 décembre 2027", None, "2027-12-31"),
        ("T2 2027", None, "2027-06-30"),
        ("2e trimestre 2027", None, "2027-06-30"),
        ("2ème trimestre de 2027", None, "2027-06-30"),
        ("S1 2028", None, "2028-06-30"),
        ("1er semestre 2028", None, "2028-06-30"),
        ("fin 2026", None, "2026-12-31"),
        ("d’ici fin 2027", None, "2027-12-31"),
        ("au plus tard le 30 juin 2028", None, "2028-06-30"),
        ("début 2027", None, "2027-03-31"),
        ("mi-2027", None, "2027-06-30"),
        ("courant 2027", None, "2027-12-31"),
        ("2029", None, "2029-12-31"),
        ("en 2029", None, "2029-12-31"),
        ("févr. 2028", None, "2028-02-29"),
        ("03/2027", None, "2027-03-31"),
        ("Fin mars 2027", None, "2027-03-31"),
        ("été 2027", None, "2027-09-30"),
        ("2027-2029", "2027-01-01", "2029-12-31"),
        ("2027/29", "2027-01-01", "2029-12-31"),
        ("de mars 2027 à juin 2028", "2027-03-01", "2028-06-30"),
        ("de mars à juin 2027", "2027-03-01", "2027-06-30"),
        ("T1 2027 – T3 2028", "2027-01-01", "2028-09-30"),
        ("du 01/03/2027 au 30/06/2028", "2027-03-01", "2028-06-30"),
        ("dès mars 2027", "2027-03-01", None),
        ("à partir du 1er mars 2027", "2027-03-01", None),
        ("", None, None),
        ("en continu", None, None),
        ("32/13/2027", None, None),
        ("30/02/2027", None, None),
        ("1927", None, None),
        ("N+1", None, None),
        ("juin 2028 à mars 2027", None, None),
    ],
)
def test_a_deadline_is_read_as_it_is_written(words: str, starts: str | None, ends: str | None) -> None:
    found = periods.read(words)
    told = (starts and date.fromisoformat(starts), ends and date.fromisoformat(ends))
    assert found == (Period(*told) if any(told) else None)


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("T2 2027", "2027-04-01"),
        ("2027-2029", "2027-01-01"),
        ("1er mars 2027", "2027-03-01"),
        ("bientôt", None),
    ],
)
def test_a_beginning_is_the_first_day_of_what_is_said(words: str, first: str | None) -> None:
    assert periods.first_day(words) == (first and date.fromisoformat(first))
