"""Files are read as their authors see them, and hostile ones are refused before they grow."""

from __future__ import annotations

import io
import time
import zipfile
from datetime import datetime

import docx
import pytest
from openpyxl import Workbook

from portal.documents import reading
from portal.documents.reading import cells, opening
from portal.documents.reading.opening import ArchiveError
from portal.domain.imports.source import MAX_ROWS, Block, Loss, Table
from portal.kernel.files import archives
from tests.factories import papers

SECONDS = 2.0
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;">]><worksheet>&c;</worksheet>'


def table(name: str, content: bytes) -> Table:
    (found,) = reading.read(name, content).parts
    assert isinstance(found, Table)
    return found


def rows(found: Table) -> list[tuple[str, ...]]:
    return [one.cells for one in found.rows]


def test_a_workbook_says_what_a_person_sees() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Début", "Part", "Nombre", "Oui", "Somme"])
    sheet.append([datetime(2027, 3, 1), 0.125, 5.8, True, "=1+1"])  # noqa: DTZ001 — a cell has no zone
    sheet["B2"].number_format = "0.0%"
    written = io.BytesIO()
    book.save(written)
    source = reading.read("plan.xlsx", written.getvalue())
    assert [one.cells for one in source.parts[0].rows] == [  # type: ignore[union-attr]
        ("Début", "Part", "Nombre", "Oui", "Somme"),
        ("01/03/2027", "12,5 %", "5,8", "oui"),
    ]
    assert [(one.loss, one.place.row, one.place.letters) for one in source.missed] == [
        (Loss.NO_RESULT, 2, "E")
    ]


def test_merged_cells_say_what_the_first_one_says_and_hidden_sheets_are_told() -> None:
    content = papers.xlsx(
        [["Objectif", "Action"], ["Bien dormir", "Former"], ["", "Écouter"]],
        merged=["A2:A3"],
        hidden="Brouillon",
    )
    source = reading.read("plan.xlsx", content)
    assert rows(source.parts[0])[2] == ("Bien dormir", "Écouter")  # type: ignore[arg-type]
    assert [(one.place.inside, one.loss) for one in source.missed] == [("Brouillon", Loss.HIDDEN_SHEET)]


def test_an_open_document_sheet_is_read_with_its_merged_cells() -> None:
    content = papers.ods(
        [("Objectif", "Action"), ("Bien dormir", "Former\nÉcouter"), ("", "Relire")], {(1, 0): (2, 1)}
    )
    assert rows(table("plan.ods", content)) == [
        ("Objectif", "Action"),
        ("Bien dormir", "Former\nÉcouter"),
        ("Bien dormir", "Relire"),
    ]


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "latin-1", "cp1252"])
@pytest.mark.parametrize("sign", [";", ",", "\t"])
def test_a_table_in_text_is_read_whatever_its_letters_and_its_separator(code: str, sign: str) -> None:
    words = f'Objectif{sign}Échéance\r\n"Bien dormir, la nuit{sign} chaque nuit"{sign}été 2027\r\n'
    found = rows(table("plan.csv", words.encode(code)))
    assert found == [
        ("Objectif", "Échéance"),
        (f"Bien dormir, la nuit{sign} chaque nuit".replace("\t", "\t"), "été 2027"),
    ]


def test_what_was_shielded_from_formulas_says_its_words() -> None:
    assert rows(table("a.csv", b"Action;Pilote\n'=SOMME(A1);l'infirmier\n"))[1] == (
        "=SOMME(A1)",
        "l'infirmier",
    )


def test_a_document_is_read_in_its_order() -> None:
    source = reading.read("diagnostic.docx", papers.diagnostic())
    blocks = [one for one in source.parts if isinstance(one, Block)]
    assert [(one.text, one.level, one.item) for one in blocks][2:5] == [
        ("1. Ressources humaines et qualité de vie au travail", 1, False),
        ("Points forts", 2, False),
        ("Une équipe de nuit stable depuis trois ans.", 0, True),
    ]
    assert isinstance(source.parts[-1], Table)
    assert rows(source.parts[-1])[0] == ("Axe", "Forces", "Faiblesses")


def test_a_table_of_a_document_keeps_what_is_merged() -> None:
    file = docx.Document()
    found = file.add_table(rows=3, cols=2)
    for number, words in enumerate(("Objectif", "Action", "Bien dormir", "Former", "", "Écouter")):
        found.cell(number // 2, number % 2).text = words
    found.cell(1, 0).merge(found.cell(2, 0))
    assert rows(table("a.docx", papers.saved(file)))[2] == ("Bien dormir", "Écouter")


def test_pasted_words_are_a_table_or_paragraphs() -> None:
    assert isinstance(reading.pasted("Objectif\tAction\nDormir\tFormer").parts[0], Table)
    found = reading.pasted("Points forts\n- Une équipe stable, bien formée\n\nSuite").parts
    assert [(one.text, one.item) for one in found if isinstance(one, Block)] == [
        ("Points forts", False),
        ("Une équipe stable, bien formée", True),
        ("Suite", False),
    ]


def test_a_sheet_that_never_ends_is_cut_and_told() -> None:
    content = papers.xlsx(
        [["Objectif", "Action"], *(["Dormir", f"Action {one}"] for one in range(MAX_ROWS + 50))]
    )
    source = reading.read("a.xlsx", content)
    assert len(source.parts[0].rows) == MAX_ROWS  # type: ignore[union-attr]
    assert [one.loss for one in source.missed] == [Loss.TOO_LONG]


def bomb() -> bytes:
    return papers.with_part(papers.plan(), "xl/worksheets/sheet2.xml", b" " * (opening.MAX_EXPANDED + 1))


def liar() -> bytes:
    """An archive whose list says that a part is small."""
    content = papers.with_part(
        papers.plan(), "xl/worksheets/sheet1.xml", b"<a>" + b" " * 30_000_000 + b"</a>"
    )
    return content.replace((30_000_007).to_bytes(4, "little"), (100).to_bytes(4, "little"))


def closed() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("xl/workbook.xml", "<a/>")
        archive.writestr("[Content_Types].xml", "<a/>")
    content = bytearray(written.getvalue())
    at = content.find(b"PK\x01\x02")
    content[at + 8] |= 1
    return bytes(content)


def many() -> bytes:
    return papers.zipped(
        {f"part{one}": "" for one in range(archives.MAX_PARTS + 1)} | {"xl/workbook.xml": "<a/>"}
    )


def grains() -> bytes:
    """A sheet of countless empty cells."""
    return papers.with_part(
        papers.plan(), "xl/worksheets/sheet1.xml", b"<a>" + b"<c/>" * opening.MAX_TAGS + b"</a>"
    )


def deep() -> bytes:
    """A string that stands a hundred thousand levels deep."""
    nested = b"<r>" * 100_000 + b"</r>" * 100_000
    return papers.with_part(papers.plan(), "xl/sharedStrings.xml", b"<sst><si>" + nested + b"</si></sst>")


def test_numbers_that_nobody_typed_take_no_time() -> None:
    begun = time.monotonic()
    assert cells.serial_day("1E+999999999") == "1E+999999999"
    assert cells.number("1E+999999999") == "1E+999999999"
    assert cells.number("9" * 100_000) == "9" * 100_000
    assert time.monotonic() - begun < SECONDS


@pytest.mark.parametrize(
    ("name", "make", "sentence"),
    [
        ("plan.xlsx", lambda: b"PK\x03\x04" + b"0" * (50 * 1024 * 1024), opening.TOO_HEAVY),
        ("plan.xlsx", bomb, opening.TOO_BIG),
        ("plan.xlsx", liar, opening.BROKEN),
        ("plan.xlsx", grains, opening.TOO_BIG),
        ("plan.xlsx", deep, opening.BROKEN),
        ("plan.xlsx", many, opening.TOO_BIG),
        ("plan.xlsx", closed, opening.OLD_OR_CLOSED),
        ("plan.xls", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, opening.OLD_OR_CLOSED),
        ("plan.pdf", lambda: b"%PDF-1.7\n", opening.A_PDF),
        ("plan.xlsx", lambda: b"\x89PNG\r\n", opening.UNKNOWN),
        ("plan.exe", lambda: b"MZ\0\0", opening.UNKNOWN),
        ("plan.csv", lambda: b"MZ\0\0\0\1\2\3\0\0", opening.UNKNOWN),
        ("plan.xlsx", lambda: papers.zipped({"a.txt": "a"}), opening.UNKNOWN),
        ("plan.xlsx", lambda: papers.plan()[:-40], opening.BROKEN),
        (
            "plan.xlsx",
            lambda: papers.with_part(papers.plan(), "xl/worksheets/sheet1.xml", b"<worksheet><row"),
            opening.BROKEN,
        ),
        (
            "plan.xlsx",
            lambda: papers.with_part(papers.plan(), "xl/worksheets/sheet1.xml", LAUGHS),
            opening.UNSAFE,
        ),
        (
            "plan.docx",
            lambda: papers.with_part(papers.diagnostic(), "word/document.xml", LAUGHS),
            opening.UNSAFE,
        ),
        (
            "plan.docx",
            lambda: papers.with_part(
                papers.diagnostic(), "word/styles.xml", LAUGHS.decode().encode("utf-16")
            ),
            opening.UNSAFE,
        ),
        (
            "plan.xlsm",
            lambda: papers.with_part(papers.plan(), "xl/vbaProject.bin", b"\0"),
            opening.HAS_MACROS,
        ),
        (
            "plan.ods",
            lambda: papers.with_part(papers.ods([("a",)]), "Basic/Standard/Module1.xml", b"<a/>"),
            opening.HAS_MACROS,
        ),
        (
            "plan.docx",
            lambda: papers.with_part(papers.diagnostic(), "word/document.xml", b"<a/>"),
            opening.BROKEN,
        ),
    ],
)
def test_a_hostile_or_wrong_file_is_refused_in_words_and_at_once(
    name: str, make: object, sentence: str
) -> None:
    content = make()  # type: ignore[operator]
    begun = time.monotonic()
    with pytest.raises(ArchiveError) as refused:
        reading.read(name, content)
    assert refused.value.sentence == sentence
    assert time.monotonic() - begun < SECONDS
