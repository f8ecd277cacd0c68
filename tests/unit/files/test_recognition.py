"""What a file is, told by its bytes; what is never taken, each with its reason."""

from __future__ import annotations

import contextlib
import io
import time
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel.files import archives, office, plain, recognition
from portal.kernel.files.kinds import FileKind, Refusal, RefusedFileError
from tests.factories import sent_files as sent

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
CSV = "Site;Places\nLes Tilleuls;84\nLes Mélèzes;40\n"

KNOWN = {
    FileKind.PDF: sent.a_pdf,
    FileKind.PNG: sent.a_png,
    FileKind.JPEG: sent.a_jpeg,
    FileKind.WEBP: sent.a_webp,
    FileKind.GIF: sent.a_gif,
    FileKind.DOCX: sent.a_docx,
    FileKind.XLSX: sent.an_xlsx,
    FileKind.PPTX: sent.a_pptx,
    FileKind.ODT: lambda: sent.an_odf("odt"),
    FileKind.ODS: lambda: sent.an_odf("ods"),
    FileKind.ODP: lambda: sent.an_odf("odp"),
    FileKind.CSV: lambda: CSV.encode("cp1252"),
    FileKind.TXT: "Bonjour à tous, voici l’ordre du jour.".encode,
}


@pytest.mark.parametrize("kind", list(FileKind))
def test_a_file_is_what_its_bytes_say(kind: FileKind) -> None:
    assert recognition.recognised(KNOWN[kind]()) is kind


def nested(depth: int) -> bytes:
    inside = sent.an_xlsx()
    for _ in range(depth):
        inside = sent.with_parts(sent.a_docx(), {"word/embeddings/tableau.xlsx": inside})
    return inside


def many(count: int) -> bytes:
    return sent.with_parts(sent.a_docx(), {f"word/media/{number}.txt": b"" for number in range(count)})


def lying(content: bytes) -> bytes:
    """The same archive, one part of which says that it weighs ten bytes."""
    infos = archives.listing(content)
    size = max(infos, key=lambda one: one.file_size).file_size
    return content.replace(size.to_bytes(4, "little"), (10).to_bytes(4, "little"))


def overlapping() -> bytes:
    """Many names for the same packed zeros: each of them unpacks all of them."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"\0" * (10 * sent.MEGABYTE))
        first = archive.infolist()[0]
        for number in range(200):
            info = zipfile.ZipInfo(f"{number}.xml")
            for name in ("compress_type", "CRC", "compress_size", "file_size", "header_offset", "flag_bits"):
                setattr(info, name, getattr(first, name))
            archive.filelist.append(info)
            archive.NameToInfo[info.filename] = info
    return made.getvalue()


def locked() -> bytes:
    content = bytearray(sent.a_docx())
    central = content.find(b"PK\x01\x02")
    content[central + 8] |= 1
    return bytes(content)


REFUSED = {
    "nothing": (lambda: b"", Refusal.EMPTY),
    "blanks": (lambda: b" \r\n\0\0", Refusal.EMPTY),
    "a program": (lambda: b"MZ\x90\0" + b"\0" * 100, Refusal.PROGRAM),
    "another program": (lambda: b"\x7fELF\x02\x01", Refusal.PROGRAM),
    "a script": (lambda: b"#!/bin/sh\nrm -rf /\n", Refusal.PROGRAM),
    "a page": (lambda: b"<!doctype html><script>alert(1)</script>", Refusal.PAGE),
    "a page that hides": (lambda: b"Bonjour\n<script>alert(1)</script>", Refusal.PAGE),
    "a drawing that acts": (lambda: b"<?xml version='1.0'?><svg onload='alert(1)'/>", Refusal.PAGE),
    "bytes": (lambda: bytes(range(256)), Refusal.UNKNOWN),
    "an old text": (lambda: OLE + b"\0" * 600, Refusal.OLD),
    "rich text": (lambda: b"{\\rtf1 bonjour}", Refusal.OLD),
    "a locked text": (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), Refusal.ENCRYPTED),
    "a locked archive": (locked, Refusal.ENCRYPTED),
    "a locked open text": (
        lambda: sent.an_odf(files="<manifest:encryption-data/>"),
        Refusal.ENCRYPTED,
    ),
    "an archive": (lambda: sent.packed({"a.txt": b"a"}), Refusal.ARCHIVE),
    "another archive": (lambda: b"7z\xbc\xaf\x27\x1c", Refusal.ARCHIVE),
    "half a text": (lambda: sent.a_docx()[:2000], Refusal.BROKEN),
    "a text with macros by its type": (sent.docm, Refusal.MACROS),
    "a text with macros under a plain type": (
        lambda: sent.with_parts(sent.a_docx(), {"word/vbaProject.bin": b"macro"}),
        Refusal.MACROS,
    ),
    "an open text with macros": (
        lambda: sent.with_parts(sent.an_odf(), {"Basic/Standard/Module1.xml": "<m/>"}),
        Refusal.MACROS,
    ),
    "a presentation with macros": (
        lambda: sent.a_pptx("application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml"),
        Refusal.MACROS,
    ),
    "a hidden program": (
        lambda: sent.with_parts(sent.a_docx(), {"word/media/image1.png": b"MZ\x90\0"}),
        Refusal.OBJECT,
    ),
    "a hidden object": (
        lambda: sent.with_parts(sent.a_docx(), {"word/embeddings/oleObject1.bin": OLE}),
        Refusal.OBJECT,
    ),
    "a button that acts": (
        lambda: sent.with_parts(sent.a_docx(), {"word/activeX/activeX1.xml": "<a/>"}),
        Refusal.OBJECT,
    ),
    "a model fetched elsewhere": (sent.linked, Refusal.LINKED),
    "a workbook that asks a program": (
        lambda: sent.with_parts(sent.an_xlsx(), {"xl/externalLinks/externalLink1.xml": "<x><ddeLink/></x>"}),
        Refusal.LINKED,
    ),
    "a bomb": (
        lambda: sent.with_parts(sent.a_docx(), {"word/media/a.bin": b"\0" * (30 * sent.MEGABYTE)}),
        Refusal.BOMB,
    ),
    "a bomb of many parts": (lambda: many(1001), Refusal.BOMB),
    "a bomb of one part under many names": (overlapping, Refusal.BOMB),
    "a bomb in a text in a text": (lambda: nested(3), Refusal.BOMB),
    "a part that lies on its weight": (lambda: lying(sent.a_docx()), Refusal.BROKEN),
    "words that unfold": (
        lambda: sent.with_parts(sent.a_docx(), {"word/document.xml": sent.LAUGHS}),
        Refusal.ENTITIES,
    ),
    "words that unfold, in another alphabet": (
        lambda: sent.with_parts(sent.a_docx(), {"word/document.xml": sent.LAUGHS.encode("utf-16")}),
        Refusal.ENTITIES,
    ),
    "words in an alphabet that hides": (
        lambda: sent.with_parts(
            sent.a_docx(), {"word/styles.xml": "<?xml version='1.0' encoding='utf-7'?><a/>"}
        ),
        Refusal.BROKEN,
    ),
    "a name that leaves the archive": (
        lambda: sent.with_parts(sent.a_docx(), {"../../etc/passwd": b"a"}),
        Refusal.BROKEN,
    ),
}


@pytest.mark.parametrize("name", list(REFUSED))
def test_what_is_never_taken_is_refused_with_its_reason(name: str) -> None:
    make, reason = REFUSED[name]
    content = make()
    start = time.process_time()
    with pytest.raises(RefusedFileError) as refused:
        recognition.recognised(content)
    assert refused.value.refusal is reason
    assert time.process_time() - start < 2


def test_control_a_bomb_that_is_not_weighed_would_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "_weigh", lambda *_a: None)
    assert recognition.recognised(REFUSED["a bomb"][0]()) is FileKind.DOCX


def test_control_an_author_left_in_place_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    for blank, seen in ((office.BLANK, False), ({}, True)):
        monkeypatch.setattr(office, "BLANK", blank)
        content, _left = office.cleaned(*office.looked_at(sent.a_docx()))
        assert any(sent.AUTHOR.encode() in one for one in sent.unpacked(content).values()) is seen


def test_one_long_line_is_a_text() -> None:
    assert recognition.recognised(b"a;b " * 100_000) is FileKind.TXT


def test_a_table_inside_a_text_is_taken() -> None:
    assert recognition.recognised(nested(1)) is FileKind.DOCX


def test_the_archives_inside_a_file_share_one_allowance() -> None:
    inside = sent.with_parts(sent.an_xlsx(), {f"xl/media/{n}.bin": bytes([n]) * 900_000 for n in range(20)})
    whole = sent.with_parts(sent.a_docx(), {f"word/embeddings/{n}.xlsx": inside for n in range(12)})
    assert len(whole) < sent.MEGABYTE
    with pytest.raises(RefusedFileError) as refused:
        recognition.recognised(whole)
    assert refused.value.refusal is Refusal.BOMB


@pytest.mark.parametrize(
    ("cell", "tame"),
    [
        ("=1+1", "'=1+1"),
        ("  =cmd|' /C calc'!A0", "'  =cmd|' /C calc'!A0"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+33 1 99 00 00 00", "+33 1 99 00 00 00"),
        ("-12,5 %", "-12,5 %"),
        ("--", "--"),
        ("-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"),
        ("＝1+1", "'＝1+1"),
        ("Les Tilleuls", "Les Tilleuls"),
        ("\tLes Tilleuls", "'\tLes Tilleuls"),
    ],
)
def test_a_formula_becomes_words(cell: str, tame: str) -> None:
    words, found = plain.table(f"Site;Valeur\nA;{cell}\n", ";")
    assert words.splitlines()[1].split(";")[1].strip('"').replace('""', '"') == tame
    assert found is (cell != tame)


@given(st.binary(max_size=400))
def test_any_bytes_are_known_or_refused(content: bytes) -> None:
    for start in (b"", b"PK\x03\x04", b"%PDF-"):
        try:
            recognition.recognised(start + content)
        except RefusedFileError:
            continue


@given(st.integers(0, 5000), st.binary(min_size=1, max_size=8))
def test_a_spoiled_text_is_known_or_refused(place: int, spoil: bytes) -> None:
    content = bytearray(_DOCX)
    place %= len(content)
    content[place : place + len(spoil)] = spoil
    with contextlib.suppress(RefusedFileError):
        recognition.recognised(bytes(content))


_DOCX = sent.a_docx()
