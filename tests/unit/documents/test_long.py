"""A document of several levels: its table of contents, its numbers, what every sheet of a draft says."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path
from typing import Any

import docx as library
import pytest
from docx.oxml.ns import qn
from pypdf import PdfReader

from portal.documents import docx, pdf
from portal.documents.plain import Data, plain
from portal.domain.construction.blocks import Contents, Document, Heading, Paragraph, Seal, Section, Table
from portal.kernel.speech import say
from portal.languages import language
from tests.unit.documents.conftest import tags

MARK = "Projet du 23\u00a0novembre 2026"
LONG = "Un mot après l’autre. " * 400


def a_contract(mark: str = MARK) -> Data:
    table = Table(say("Le tableau"), (say("Groupe"), say("Nombre")), (("un", "deux"),), (1, 3))
    document = Document(
        say("Le calendrier"),
        "Contrat",
        say("Tout le contrat"),
        date(2026, 11, 23),
        (
            Section("sommaire", say("Sommaire"), (Contents(),)),
            Section("titre", "Titre 1", ()),
            Section("article", "Article 1", (Paragraph(LONG), Heading("1.1"), Heading("1.1.1", 1), table), 2),
            Section("annexe", "Annexe 1", (Heading("A"),)),
        ),
        Seal(12, "ab" * 32),
        mark=mark,
    )
    return plain(document, language("fr"))


@pytest.fixture(scope="module")
def paper(folder: Path) -> PdfReader:
    return PdfReader(io.BytesIO(pdf.pdf(a_contract(), folder)))


@pytest.fixture(scope="module")
def file(folder: Path) -> Any:
    return library.Document(io.BytesIO(docx.docx(a_contract(), lambda _bars: b"")))


def found(paper: PdfReader) -> list[tuple[str, Any]]:
    root: Any = paper.trailer["/Root"]
    return list(tags(root["/StructTreeRoot"]))


def test_headings_go_down_one_level_at_a_time(paper: PdfReader) -> None:
    headings = [kind for kind, _one in found(paper) if re.fullmatch(r"/H\d", kind)]
    assert headings == ["/H1", "/H1", "/H2", "/H3", "/H4", "/H1", "/H2"]


def test_the_table_of_contents_is_one_and_leads_to_the_pages(paper: PdfReader) -> None:
    kinds = [kind for kind, _one in found(paper)]
    assert kinds.count("/TOC") >= 1
    assert "/TOCI" in kinds
    first = paper.pages[0].extract_text()
    assert "Article 1" in first
    assert "1.1.1" not in first.split("Titre 1", 2)[1], "no heading of the third level"
    assert any(note.get_object().get("/Subtype") == "/Link" for note in paper.pages[0]["/Annots"])


def test_a_draft_says_so_across_every_sheet_and_nobody_hears_it_each_time(
    paper: PdfReader, folder: Path
) -> None:
    assert len(paper.pages) > 2
    assert all("Projet du 23" in " ".join(page.extract_text().split()) for page in paper.pages)
    content = paper.pages[1].get_contents()
    assert content is not None
    assert b"/Artifact" in content.get_data()
    signed = PdfReader(io.BytesIO(pdf.pdf(a_contract(""), folder)))
    assert not any("Projet" in page.extract_text() for page in signed.pages)


def test_the_text_file_has_the_same_levels_and_contents_that_lead_to_them(file: Any) -> None:
    named = [one.style.name for one in file.paragraphs if one.style.name.startswith("Heading")]
    assert named == [f"Heading {level}" for level in (1, 1, 2, 3, 4, 1, 2)]
    body = file.element.body
    anchors = [one.get(qn("w:anchor")) for one in body.iter(qn("w:hyperlink"))]
    names = [one.get(qn("w:name")) for one in body.iter(qn("w:bookmarkStart"))]
    assert len(anchors) == 5
    assert anchors == names
    kinds = [one.get(qn("w:fldCharType")) for one in body.iter(qn("w:fldChar"))]
    assert kinds == ["begin", "separate", "end"]


def test_each_sheet_of_the_text_file_says_its_number_and_that_it_is_a_draft(file: Any) -> None:
    (page,) = file.sections
    assert page.header.paragraphs[0].text == MARK
    codes = [one.get(qn("w:instr")) for one in page.footer._element.iter(qn("w:fldSimple"))]
    assert codes == ["PAGE", "NUMPAGES"]
    assert page.footer.paragraphs[0].text.startswith("Le calendrier")


def test_columns_are_as_wide_as_told(file: Any) -> None:
    (table,) = file.tables
    first, second = (cell.width for cell in table.rows[0].cells)
    assert second > 2 * first
