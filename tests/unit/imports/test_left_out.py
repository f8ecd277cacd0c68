"""What stands in a file beside its words: numbers of titles, conclusions, cells without a result, signs of a sort."""

from __future__ import annotations

import docx
import pytest

from portal.domain.imports import cells
from portal.domain.imports.pieces import PieceKind, Why
from portal.domain.imports.source import Place
from tests.factories import papers
from tests.unit.imports.test_understanding import of, table, told

K = PieceKind


@pytest.mark.parametrize(
    "words", ["Conclusion : il faut agir vite.", "En conclusion, il faut agir.", "Conclusion"]
)
@pytest.mark.parametrize("level", [0, 1])
def test_what_concludes_a_document_is_no_finding_and_is_told(words: str, level: int) -> None:
    file = docx.Document()
    file.add_heading("Finances et budget", 1)
    file.add_heading("Points de vigilance", 2)
    file.add_paragraph("Le déficit se creuse.", style="List Bullet")
    if level:
        file.add_heading(words, level)
    else:
        file.add_paragraph(words)
    file.add_paragraph("Les parties se reverront en mars.")
    found = of("diagnostic.docx", papers.saved(file))
    assert told(found) == [(K.VIGILANCE, "Le déficit se creuse.", "=a5")]
    assert [(one.why, one.quote) for one in found.asides] == [
        (Why.CLOSING, words),
        (Why.LONE, "Les parties se reverront en mars."),
    ]


@pytest.mark.parametrize(
    ("title", "kept_title"),
    [
        ("1. Bien manger", "Bien manger"),
        ("2.3 Bien manger", "Bien manger"),
        ("1.1. À table ensemble", "À table ensemble"),
        ("IV) L’eau", "L’eau"),
        ("3 – Bien manger", "Bien manger"),
        ("12 places de plus", "12 places de plus"),
        ("1.2 ETP de plus", "1.2 ETP de plus"),
        ("24 h sur 24", "24 h sur 24"),
        ("100. manger", "100. manger"),
        ("1.", "1."),
    ],
)
def test_the_number_of_a_title_is_not_written_twice(title: str, kept_title: str) -> None:
    found = table(
        ("Orientation", "Objectif stratégique", "Objectif", "Action"), *[(title, title, title, "Goûter")] * 2
    )
    assert [one.text for one in found.pieces if one.kind is not K.ACTION] == [kept_title] * 3


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
