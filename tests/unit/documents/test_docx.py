"""The text file has real headings, a language, header rows that repeat and pictures with words."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import docx as library
import pytest
from docx.oxml.ns import qn

from portal.documents import pdf
from portal.documents.docx import docx
from portal.documents.plain import Data, plain
from portal.languages import language
from tests.unit.documents.conftest import HOSTILE, a_document


@pytest.fixture(scope="module")
def file(data: Data, folder: Path) -> Any:
    return library.Document(io.BytesIO(docx(data, lambda bars: pdf.picture(data, bars, folder))))


def test_headings_are_styles(file: Any) -> None:
    named = [one.style.name for one in file.paragraphs if one.style.name.startswith(("Title", "Heading"))]
    assert named == ["Title", "Heading 1", "Heading 2", "Heading 1", "Heading 2"]


def test_it_says_its_title_and_its_language(file: Any) -> None:
    assert file.core_properties.title == "Comment ce contrat a été construit"
    assert file.core_properties.language == "fr-FR"
    assert file.styles["Normal"].element.rPr.find(qn("w:lang")).get(qn("w:val")) == "fr-FR"


def test_header_rows_repeat_and_tables_say_what_they_are(file: Any) -> None:
    (table,) = file.tables
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")).get(qn("w:val")) == "true"
    assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")) == "Le tableau"
    assert [cell.text for cell in table.rows[0].cells] == ["Groupe", "Nombre"]
    assert len(table.rows) == 81


def test_pictures_have_words(file: Any) -> None:
    (shape,) = file.inline_shapes
    assert shape._inline.docPr.get("descr") == "Une image, en mots."


def test_words_of_people_are_words(file: Any) -> None:
    told = [one.text for one in file.paragraphs]
    assert HOSTILE in told
    assert f"un [ajouté\u00a0: {HOSTILE}] [retiré\u00a0: trois]" in told


def test_what_xml_cannot_hold_does_not_stop_it(folder: Path) -> None:
    strange = plain(a_document("a\u0000b\u000bc\ufffe ]]> <w:p/>", 2), language("fr"))
    made = library.Document(io.BytesIO(docx(strange, lambda bars: pdf.picture(strange, bars, folder))))
    assert "abc ]]> <w:p/>" in [one.text for one in made.paragraphs]


def test_in_english_words_of_people_stay_french(folder: Path) -> None:
    english = plain(a_document("Bonjour", 2), language("en"))
    made = library.Document(io.BytesIO(docx(english, lambda bars: pdf.picture(english, bars, folder))))
    said = [one for one in made.paragraphs if one.text == "Bonjour"]
    assert len(said) > 2
    for one in said:
        assert one.runs[0]._r.rPr.find(qn("w:lang")).get(qn("w:val")) == "fr-FR"
