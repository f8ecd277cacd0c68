"""The PDF is what PDF/UA-1 asks for, as far as a program can see it."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import typst
from pypdf import PdfReader

from portal.documents import fonts as letters_of
from portal.documents import pdf
from portal.documents.plain import Data, plain
from portal.languages import language
from tests.unit.documents.conftest import HOSTILE, a_document, tags


def root(paper: PdfReader) -> Any:
    return paper.trailer["/Root"]


def squeezed(words: str) -> str:
    return re.sub(r"\s+", "", words)


def text(paper: PdfReader) -> str:
    return squeezed("".join(page.extract_text() for page in paper.pages))


def structure(paper: PdfReader) -> list[tuple[str, Any]]:
    return list(tags(root(paper)["/StructTreeRoot"]))


def test_it_says_that_it_is_tagged_its_title_and_its_language(paper: PdfReader) -> None:
    assert root(paper)["/MarkInfo"]["/Marked"] is True or root(paper)["/MarkInfo"]["/Marked"].value is True
    assert root(paper)["/Lang"] == "fr"
    assert bool(root(paper)["/ViewerPreferences"]["/DisplayDocTitle"])
    assert paper.metadata is not None
    title = "Comment ce contrat a été construit"
    xmp = root(paper)["/Metadata"].get_data().decode()
    assert re.search(r"<pdfuaid:part>1</pdfuaid:part>", xmp)
    assert title in xmp
    assert paper.metadata.title in (title, None)


def test_its_headings_stand_in_order_under_one_title(paper: PdfReader) -> None:
    kinds = [kind for kind, _one in structure(paper)]
    headings = [kind for kind in kinds if re.fullmatch(r"/H\d|/Title", kind)]
    assert headings == ["/Title", "/H1", "/H2", "/H1", "/H2"]
    assert len(paper.outline) > 0


def test_every_table_has_headers_that_say_what_they_head(paper: PdfReader) -> None:
    found = structure(paper)
    headers = [one for kind, one in found if kind == "/TH"]
    assert len(headers) == 2
    for one in headers:
        scopes = [str(part["/Scope"]) for part in one["/A"] if "/Scope" in part]
        assert scopes == ["/Column"]
    assert sum(kind == "/TR" for kind, _one in found) == 81
    assert sum(kind == "/Table" for kind, _one in found) == 1


def test_every_picture_has_its_words(paper: PdfReader) -> None:
    figures = [one for kind, one in structure(paper) if kind == "/Figure"]
    assert [str(one["/Alt"]) for one in figures] == ["Une image, en mots."]


def test_it_is_read_in_the_order_of_the_page(paper: PdfReader) -> None:
    kinds = [kind for kind, _one in structure(paper)]
    first = {kind: kinds.index(kind) for kind in ("/Title", "/H1", "/Table", "/L", "/Figure")}
    assert list(first) == sorted(first, key=lambda kind: first[kind])
    everything = text(paper)
    assert everything.index("Premier") < everything.index("Letableau") < everything.index("Uneimage")


def test_a_table_that_goes_on_says_its_headers_again(paper: PdfReader) -> None:
    pages = [page.extract_text() for page in paper.pages]
    assert sum("Groupe" in page and "Nombre" in page for page in pages) >= 2


def test_every_font_is_in_the_file(paper: PdfReader) -> None:
    for page in paper.pages:
        for font in page["/Resources"]["/Font"].values():
            (inside,) = font.get_object()["/DescendantFonts"]
            described = inside.get_object()["/FontDescriptor"].get_object()
            assert {"/FontFile2", "/FontFile3"} & set(described), described


def test_words_of_people_are_never_read_as_marks(paper: PdfReader) -> None:
    assert squeezed(HOSTILE) in text(paper)
    assert text(paper).count(squeezed(HOSTILE)) >= 80


@pytest.mark.parametrize(
    "words", ["#set page(fill: red)", "*_`$", "]", ")", '"', '#read("/etc/passwd")', "\\u{1F600}", "= Titre"]
)
def test_no_word_breaks_the_file(words: str, folder: Path) -> None:
    made = pdf.pdf(plain(a_document(words, 2), language("fr")), folder)
    assert squeezed(words) in text(PdfReader(io.BytesIO(made)))


@pytest.mark.parametrize(
    "words", ["😀 bravo", "中文", "a\u0000b", "\u202eabc", "👨‍👩‍👧", "e\u0301", "ﬁn", "①"]
)
def test_signs_without_a_drawing_do_not_stop_it(words: str, folder: Path) -> None:
    assert pdf.pdf(plain(a_document(words, 2), language("fr")), folder).startswith(b"%PDF-")


def test_without_that_care_typst_would_refuse_the_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "all_printable", lambda value, _instead: value)
    with pytest.raises(typst.TypstError, match="PDF/UA-1"):
        pdf.pdf(plain(a_document("😀", 2), language("fr")), folder)


def test_the_standard_is_really_asked_for(data: Data, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: a document that does not say its title is refused."""
    nameless = pdf.PAPER.replace(b"  title: data.title,\n", b"").replace(b"  title()\n", b"")
    assert nameless.count(b"title") == pdf.PAPER.count(b"title") - 3
    monkeypatch.setattr(pdf, "PAPER", nameless)
    with pytest.raises(typst.TypstError, match="PDF/UA-1"):
        pdf.pdf(data, folder)


def test_a_picture_without_words_would_be_seen(
    data: Data, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the alternatives: Typst itself lets a drawing without words through."""
    mute = pdf.PAPER.replace(b"alt: one.alt.t, ", b"")
    assert mute != pdf.PAPER
    monkeypatch.setattr(pdf, "PAPER", mute)
    made = PdfReader(io.BytesIO(pdf.pdf(data, folder)))
    assert not [one for kind, one in structure(made) if kind == "/Figure" and "/Alt" in one]


def test_in_english_it_says_so_and_words_of_people_stay_french(folder: Path) -> None:
    made = PdfReader(io.BytesIO(pdf.pdf(plain(a_document("Bonjour", 2), language("en")), folder)))
    assert root(made)["/Lang"] == "en"
    assert any(str(one.get("/Lang", "")) == "fr" for _kind, one in structure(made))


def test_it_is_the_same_file_twice(data: Data, folder: Path) -> None:
    assert pdf.pdf(data, folder) == pdf.pdf(data, folder)


def test_without_the_built_pages_it_is_drawn_all_the_same(
    data: Data, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letters_of, "DIST", tmp_path / "rien")
    _known, names = letters_of.fonts(tmp_path)
    assert names == (letters_of.INSIDE,)
    assert pdf.pdf(data, tmp_path).startswith(b"%PDF-")


def test_it_counts_its_pages(data: Data, paper: PdfReader, folder: Path) -> None:
    assert pdf.pages(data, folder) == len(paper.pages)


def test_the_document_is_not_changed_by_the_file(data: Data, folder: Path) -> None:
    before = plain(replace(a_document()), language("fr"))
    pdf.pdf(data, folder)
    assert data == before
