"""What may be attached to an act: known by its bytes, whatever it says it is."""

from __future__ import annotations

import io
import zipfile

import pytest

from portal.domain.acts import documents
from portal.kernel.errors import InvalidError
from tests.factories import sent_files as sent

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
POLYGLOT = b"%PDF-1.4\n<html><script>alert(1)</script></html>\n%%EOF\n"


def archive(*parts: tuple[str, bytes], stored: bool = True) -> bytes:
    """A ZIP of these parts, in order."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as made:
        for name, content in parts:
            made.writestr(name, content)
    return kept.getvalue()


ODT = archive(("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", b"<x/>"))
DOCX = archive(("[Content_Types].xml", b"<x/>"), ("word/document.xml", b"<x/>"), stored=False)


@pytest.mark.parametrize(
    ("name", "content", "extension"),
    [
        ("Avis.pdf", PDF, "pdf"),
        ("AVIS.PDF", PDF, "pdf"),
        ("avis.php.pdf", PDF, "pdf"),
        ("../../etc/avis.pdf", PDF, "pdf"),
        ("C:\\chemin\\avis.odt", ODT, "odt"),
        ("délibération signée.docx", DOCX, "docx"),
        ("polyglotte.pdf", POLYGLOT, "pdf"),
    ],
)
def test_a_document_is_kept_under_its_kind_alone(name: str, content: bytes, extension: str) -> None:
    found = documents.checked(name, content)
    assert (found.extension, found.content) == (extension, content)
    assert len(found.sha256) == 64


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("avis.exe", b"MZ\x90"),
        ("avis.pdf.exe", PDF),
        ("avis.html", PDF),
        ("avis.svg", b"<svg/>"),
        ("avis", PDF),
        ("avis.pdf.", PDF),
        ("", PDF),
    ],
)
def test_another_kind_of_file_is_refused(name: str, content: bytes) -> None:
    with pytest.raises(InvalidError, match="PDF, ODT ou DOCX"):
        documents.checked(name, content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("avis.pdf", b"<html>%PDF-1.7"),
        ("avis.pdf", b" " + PDF),
        ("avis.pdf", b"%PDF-1.7 and no end"),
        ("avis.pdf", b""),
        ("avis.odt", DOCX),
        ("avis.docx", ODT),
        ("avis.odt", PDF),
        ("avis.docx", b"PK\x03\x04 nothing of an archive"),
        ("avis.odt", archive(("content.xml", b""), ("mimetype", b"application/vnd.oasis.opendocument.text"))),
        ("avis.odt", archive(("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"))),
        ("avis.docx", archive(("word/document.xml", b""))),
    ],
)
def test_what_is_not_what_its_name_says_is_refused(name: str, content: bytes) -> None:
    with pytest.raises(InvalidError, match="pas le document que son nom annonce"):
        documents.checked(name, content)


MACROS = '<Types><Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>'


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"word/vbaProject.bin": b"\0"}, "macros"),
        ({"[Content_Types].xml": MACROS}, "macros"),
        ({"word/media/a.bin": b"\0" * 30_000_000}, "énorme"),
        ({"word/document.xml": sent.LAUGHS}, "bloquer un ordinateur"),
        ({"word/embeddings/a.bin": b"MZ\x90"}, "programme est caché"),
    ],
    ids=["macros", "declared macros", "bomb", "words that multiply", "program"],
)
def test_a_document_that_may_harm_who_opens_it_is_refused(more: dict[str, bytes | str], words: str) -> None:
    assert documents.checked("avis.docx", sent.a_docx())
    with pytest.raises(InvalidError, match=words):
        documents.checked("avis.docx", sent.with_parts(sent.a_docx(), more))


def test_a_document_that_is_too_heavy_is_refused() -> None:
    heavy = PDF + b"\0" * documents.MAX_BYTES
    with pytest.raises(InvalidError, match="10\u00a0Mo"):
        documents.checked("avis.pdf", heavy)
    assert documents.checked("avis.pdf", b"%PDF-1.7" + b"\0" * (documents.MAX_BYTES - 14) + b"%%EOF\n").size


def test_an_archive_of_endless_parts_is_not_read() -> None:
    parts = [(f"{'x' * 200}{number}", b"") for number in range(6000)]
    crowded = archive(("[Content_Types].xml", b""), ("word/document.xml", b""), *parts)
    with pytest.raises(InvalidError, match="pas le document"):
        documents.checked("avis.docx", crowded)


def test_its_name_is_the_portal_s_own() -> None:
    from datetime import date

    from portal.vocabulary import ActKind

    assert documents.own_name(ActKind.CVS, date(2027, 3, 2), "pdf") == "avis-cvs-2027-03-02.pdf"
