"""Where a cell stands that could not be read, and the column that says whether a finding is strong or weak."""

from __future__ import annotations

import pytest

from portal.domain.imports import cells
from portal.domain.imports.pieces import PieceKind
from portal.domain.imports.source import Place
from tests.unit.imports.test_understanding import K, table


def test_a_formula_without_a_result_is_told_with_its_line_and_the_title_of_its_column() -> None:
    found = table(("Objectif", "Action", "Pilote"), ("Bien dormir", "Former", "=A1"))
    (aside,) = found.asides
    assert (aside.place.row, aside.place.letters, aside.quote) == (2, "C", "Pilote")


@pytest.mark.parametrize("column", [1, 26, 27, 60])
def test_a_column_has_the_letters_of_a_spreadsheet(column: int) -> None:
    assert Place(column=column).letters == {1: "A", 26: "Z", 27: "AA", 60: "BH"}[column]


@pytest.mark.parametrize(
    "title",
    ["Fort/faible", "Fort / faible", "Point fort ou faible", "Force/faiblesse", "Forces et faiblesses"],
)
@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("fort", K.STRENGTH),
        ("Faible", K.TO_IMPROVE),
        ("force", K.STRENGTH),
        ("ni l’un ni l’autre", K.FINDING),
    ],
)
def test_a_column_says_whether_a_finding_is_strong_or_weak(title: str, words: str, kind: PieceKind) -> None:
    found = table(("Axe", "Constat", title), ("Finances et budget", "La trésorerie", words))
    assert [one.kind for one in found.pieces] == [kind]
    assert not found.asides


def test_control_strong_begins_no_heading_of_findings() -> None:
    assert cells.names_kind("Fort absentéisme") is None
