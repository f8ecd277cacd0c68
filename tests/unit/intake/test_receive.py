"""A file is opened in a process of its own, and comes back without what tells of its author."""

from __future__ import annotations

import io
from collections.abc import Callable

import docx
import openpyxl
import pytest
from PIL import Image
from pypdf import PdfReader

from portal.domain.documents.rules import MEGABYTE, Received
from portal.intake.receive import received
from portal.kernel.files.kinds import FileKind, Left, Refusal, RefusedFileError, Told
from tests.factories import sent_files as sent
from tests.factories.documents import spent

LIMIT = 20 * MEGABYTE

SENT: dict[FileKind, Callable[[], bytes]] = {
    FileKind.PDF: sent.a_pdf,
    FileKind.PNG: sent.a_png,
    FileKind.JPEG: sent.a_jpeg,
    FileKind.WEBP: sent.a_webp,
    FileKind.DOCX: sent.a_docx,
    FileKind.XLSX: sent.an_xlsx,
    FileKind.PPTX: sent.a_pptx,
    FileKind.ODT: sent.an_odf,
}


def everything(one: Received) -> bytes:
    """All that the file holds, unpacked when it is an archive."""
    if one.content.startswith(b"PK"):
        return b"\n".join(name.encode() + content for name, content in sent.unpacked(one.content).items())
    return one.content


@pytest.mark.parametrize("kind", list(SENT))
def test_the_author_of_a_file_is_told_nowhere(kind: FileKind) -> None:
    before = SENT[kind]()
    found = received(before, LIMIT)
    assert found.kind is kind
    told = [sent.AUTHOR.encode(coded) for coded in ("utf-8", "cp1252", "utf-16-be", "utf-16-le")]
    assert any(one in everything(Received(kind, before)) for one in told)
    assert not any(one in everything(found) for one in told)
    assert b"humbnail" not in everything(found)
    again = received(found.content, LIMIT)
    assert (again.kind, again.left, again.told) == (kind, frozenset(), frozenset())


def test_a_text_and_a_table_still_open_once_cleaned() -> None:
    text = docx.Document(io.BytesIO(received(sent.a_docx(), LIMIT).content))
    assert [one.text for one in text.paragraphs] == [sent.WORDS]
    assert text.core_properties.author == ""
    book = openpyxl.load_workbook(io.BytesIO(received(sent.an_xlsx(), LIMIT).content))
    assert [cell.value for cell in book["Budget"]["A"]] == [sent.WORDS, "=1+1"]
    assert not book.properties.creator or book.properties.creator == "openpyxl"


def test_a_pdf_tells_neither_its_author_nor_its_tool() -> None:
    before, after = (
        PdfReader(io.BytesIO(one)) for one in (sent.a_pdf(), received(sent.a_pdf(), LIMIT).content)
    )
    assert before.metadata is not None
    assert before.metadata.author == sent.AUTHOR
    assert "/Metadata" in before.trailer["/Root"]
    assert not after.metadata
    assert "/Metadata" not in after.trailer["/Root"]
    assert sent.WORDS in after.pages[0].extract_text()


@pytest.mark.parametrize("kind", [FileKind.PDF, FileKind.DOCX, FileKind.XLSX, FileKind.PPTX, FileKind.ODT])
def test_the_first_words_are_read(kind: FileKind) -> None:
    assert sent.WORDS in received(SENT[kind](), LIMIT).words


@pytest.mark.parametrize("kind", [FileKind.PDF, FileKind.PNG, FileKind.JPEG, FileKind.WEBP])
def test_a_page_or_a_picture_is_shown_small(kind: FileKind) -> None:
    preview = received(SENT[kind](), LIMIT).preview
    with Image.open(io.BytesIO(preview)) as image:
        assert image.format == "JPEG"
        assert max(image.size) <= 1000
        assert min(image.convert("RGB").getpixel((0, 0))) >= 0  # type: ignore[type-var]


def test_a_photo_taken_sideways_stands_upright() -> None:
    found = received(sent.a_jpeg((40, 20), turned=True), LIMIT)
    with Image.open(io.BytesIO(found.content)) as image:
        assert image.size == (20, 40)
        assert not image.getexif()


def test_what_moves_stands_still_and_it_is_told() -> None:
    found = received(sent.a_gif(), LIMIT)
    assert (found.kind, found.told) == (FileKind.PNG, {Told.STILL})
    assert sent.AUTHOR.encode() not in found.content


def test_what_hides_behind_a_picture_is_not_kept() -> None:
    hidden = b"PK\x03\x04<script>alert(1)</script>"
    for made in (sent.a_png(), sent.a_jpeg()):
        assert hidden not in received(made + hidden, LIMIT).content


def test_the_formulas_of_a_table_are_words_and_it_is_told() -> None:
    found = received("Site;Valeur\nLes Tilleuls;=1+1\nÉtang;3\n".encode("cp1252"), LIMIT)
    assert (found.kind, found.told) == (FileKind.CSV, {Told.FORMULAS})
    assert found.content.decode() == "Site;Valeur\nLes Tilleuls;'=1+1\nÉtang;3\n"


def test_what_acts_in_a_pdf_is_taken_away_and_it_is_told() -> None:
    for spoiled in (sent.a_pdf(script="app.alert(1)"), sent.a_pdf(hidden=b"MZ programme")):
        found = received(spoiled, LIMIT)
        assert found.told == {Told.ACTIVE}
        assert b"app.alert" not in found.content
        assert b"MZ programme" not in found.content
        assert b"/JavaScript" not in found.content
        assert not received(found.content, LIMIT).told


def test_a_signed_pdf_is_kept_as_it_is_and_it_is_told() -> None:
    before = sent.a_pdf(signed=b"1")
    found = received(before, LIMIT)
    assert found.content == before
    assert Left.SIGNATURE in found.left


def test_what_is_left_in_an_office_file_is_told() -> None:
    comments = sent.with_parts(sent.a_docx(), {"word/comments.xml": "<c/>"})
    assert received(comments, LIMIT).left == {Left.COMMENTS}
    changes = sent.an_odf(more="<text:tracked-changes/>")
    assert received(changes, LIMIT).left == {Left.CHANGES}
    photo = sent.with_parts(sent.a_docx(), {"word/media/photo.tiff": b"II*\0"})
    assert received(photo, LIMIT).left == {Left.PICTURES}


def test_a_photo_inside_a_file_tells_nothing_either() -> None:
    text = sent.with_parts(sent.a_docx(), {"word/media/photo.jpg": sent.a_jpeg()})
    for before in (text, sent.a_pdf(photo=sent.a_jpeg())):
        found = received(before, LIMIT)
        assert sent.AUTHOR.encode() in everything(Received(found.kind, before))
        assert sent.AUTHOR.encode() not in everything(found)
        assert not found.left


def bomb_pdf() -> bytes:
    return sent.a_pdf(stream=sent.zeros(400 * MEGABYTE))


HOSTILE: dict[str, tuple[Callable[[], bytes], Refusal]] = {
    "too heavy": (lambda: b"%PDF-1.7" + b"\0" * (50 * MEGABYTE), Refusal.TOO_HEAVY),
    "an immense picture": (lambda: sent.declared_png(60_000, 60_000), Refusal.PIXELS),
    "a wide picture": (lambda: sent.declared_png(40_000, 10), Refusal.PIXELS),
    "half a picture": (lambda: sent.a_jpeg((400, 400))[:500], Refusal.BROKEN),
    "a locked pdf": (lambda: sent.a_pdf(password="secret"), Refusal.ENCRYPTED),
    "a pdf of zeros": (bomb_pdf, Refusal.BOMB),
    "a pdf of zeros that says so elsewhere": (
        lambda: sent.a_pdf(stream=sent.zeros(400 * MEGABYTE), packed="elsewhere"),
        Refusal.BOMB,
    ),
    "a pdf of zeros packed in two ways": (
        lambda: sent.a_pdf(stream=sent.zeros(200 * MEGABYTE).hex().encode() + b">", packed="twice"),
        Refusal.BOMB,
    ),
    "a pdf without pages": (lambda: b"%PDF-1.7\n%%EOF", Refusal.BROKEN),
    "a page that says it is a pdf": (
        lambda: b"%PDF-1.4\n<html><script>alert(1)</script></html>\n%%EOF",
        Refusal.BROKEN,
    ),
    "a signed pdf that acts": (lambda: sent.a_pdf(signed=b"1", script="app.alert(1)"), Refusal.SIGNED_ACTIVE),
    "a zip bomb": (
        lambda: sent.with_parts(sent.a_docx(), {"word/media/a.bin": b"\0" * (30 * MEGABYTE)}),
        Refusal.BOMB,
    ),
    "macros": (sent.docm, Refusal.MACROS),
}


@pytest.mark.parametrize("name", list(HOSTILE))
def test_a_hostile_file_is_refused_at_once(name: str) -> None:
    make, reason = HOSTILE[name]
    content, start = make(), spent()
    with pytest.raises(RefusedFileError) as refused:
        received(content, LIMIT)
    assert refused.value.refusal is reason
    assert spent() - start < 2


def test_the_process_is_told_nothing_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, object] = {}

    def run(*_command: object, **more: object) -> object:
        seen.update(more)
        raise RuntimeError

    monkeypatch.setenv("SECRET_KEY", "secret")
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    monkeypatch.setattr("portal.intake.receive.subprocess.run", run)
    with pytest.raises(RuntimeError):
        received(sent.a_png(), LIMIT)
    assert "secret" not in str(seen["env"])
    assert 0 < float(str(seen["timeout"])) <= 30
