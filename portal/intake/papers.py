"""PDF files: written anew without their author, their scripts and their attachments; their first page as a picture."""

from __future__ import annotations

import io
import logging
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typst
from pypdf import PdfReader, PdfWriter
from pypdf.errors import LimitReachedError, PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject

from portal.intake import pictures
from portal.kernel.files import photos
from portal.kernel.files.kinds import FileKind, Left, Refusal, RefusedFileError, Told

MAX_PAGES, MAX_OBJECTS, MAX_STREAM, MAX_STREAMS = 2000, 300_000, 64 * 1024 * 1024, 512 * 1024 * 1024
MAX_RATIO, RATIO_FROM = 500, 16 * 1024 * 1024
FLATE = ("/FlateDecode", "/Fl")
EXPANDING = (*FLATE, "/LZWDecode", "/LZW", "/RunLengthDecode", "/RL")
# What runs, calls or carries something when the file is opened; and what tells of who made it.
ACTIONS = frozenset(
    {
        "/JavaScript",
        "/Launch",
        "/SubmitForm",
        "/ImportData",
        "/RichMediaExecute",
        "/Rendition",
        "/Movie",
        "/Sound",
        "/GoToE",
        "/GoToR",
    }
)
ACTIVE_KEYS = frozenset(
    {"/JS", "/JavaScript", "/AA", "/OpenAction", "/EmbeddedFiles", "/EF", "/AF", "/XFA", "/RichMedia"}
)
# An address to open at the first page acts on nothing: it goes with the others, and nobody is told of it.
QUIET_KEYS = frozenset({"/OpenAction"})
TELLING_KEYS = frozenset({"/Metadata", "/PieceInfo", "/LastModified"})
CARRIERS = frozenset({"/FileAttachment", "/RichMedia", "/Movie", "/Screen", "/3D", "/Sound"})
PAGE = '#set page(width: auto, height: auto, margin: 0pt)\n#image("page.pdf", page: 1, width: 600pt)\n'
POINTS_PER_INCH = 110.0
FAULTS = (
    PyPdfError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    OSError,
    RecursionError,
    zlib.error,
)


def cleaned(content: bytes) -> tuple[bytes, frozenset[Left], frozenset[Told]]:
    """The same pages; a signed file is kept byte for byte, for its signature to hold. Errors: RefusedFileError."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted:
            raise RefusedFileError(Refusal.ENCRYPTED)
        if not 0 < len(reader.pages) <= MAX_PAGES:
            raise RefusedFileError(Refusal.BROKEN if not reader.pages else Refusal.TOO_LONG)
        writer = PdfWriter(clone_from=reader)
        everything = list(_everything(writer))
        _weigh(everything)
        signed = any(_is_signature(one) for one in everything)
        active = sum([_tamed(one) for one in everything]) > 0
        if signed and active:
            raise RefusedFileError(Refusal.SIGNED_ACTIVE)
        if signed:
            return content, frozenset({Left.SIGNATURE, *_left(everything)}), frozenset()
        _strip_photos(everything)
        return _written(writer), _left(everything), frozenset({Told.ACTIVE} if active else ())
    except FAULTS as error:
        raise RefusedFileError(Refusal.BROKEN) from error


def first_page(content: bytes) -> bytes:
    """The first page as a small picture. Errors: RefusedFileError, those of Typst."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "page.pdf").write_bytes(content)
        source = Path(folder) / "page.typ"
        source.write_text(PAGE, encoding="utf-8")
        drawn: Any = typst.compile(
            str(source), root=folder, format="png", ppi=POINTS_PER_INCH, ignore_system_fonts=True
        )
    return pictures.small(FileKind.PNG, drawn)


def words(content: bytes, limit: int, pages: int = 3) -> str:
    """The first words of the file, when it has words and not only pictures of them; `limit` in signs."""
    found = ""
    try:
        for page in PdfReader(io.BytesIO(content), strict=False).pages[:pages]:
            found += page.extract_text() + "\n"
            if len(found) > limit:
                break
    except FAULTS:
        pass
    return found.strip()[:limit]


def _everything(writer: PdfWriter) -> Iterator[DictionaryObject]:
    """Every dictionary of the file, each once, those inside others too. Errors: RefusedFileError."""
    waiting: list[Any] = [one for one in writer._objects if one is not None]  # noqa: SLF001 — the only list of all there is
    count = 0
    while waiting:
        one = waiting.pop()
        count += 1
        if count > MAX_OBJECTS:
            raise RefusedFileError(Refusal.BOMB)
        if isinstance(one, DictionaryObject):
            yield one
            waiting += [
                inside for inside in one.values() if isinstance(inside, (DictionaryObject, ArrayObject))
            ]
        elif isinstance(one, ArrayObject):
            waiting += [inside for inside in one if isinstance(inside, (DictionaryObject, ArrayObject))]


def _weigh(everything: list[DictionaryObject]) -> None:
    """What the streams weigh unpacked, without keeping any of it. Errors: RefusedFileError."""
    whole = 0
    for one in everything:
        if not isinstance(one, StreamObject):
            continue
        if _number(one, "/Width") * _number(one, "/Height") > 2 * pictures.MAX_PIXELS:
            raise RefusedFileError(Refusal.PIXELS)
        filters = _value(one, "/Filter")
        names = [str(name) for name in (filters if isinstance(filters, ArrayObject) else [filters])]
        if len([name for name in names if name in FLATE]) > 1:
            raise RefusedFileError(Refusal.BOMB)
        if len(names) == 1 and names[0] in FLATE:
            whole += _inflated(one._data)  # noqa: SLF001 — as it was sent, not yet unpacked
        elif any(name in EXPANDING for name in names):
            whole += _decoded(one)
        if whole > MAX_STREAMS:
            raise RefusedFileError(Refusal.BOMB)


def _value(one: DictionaryObject, key: str) -> Any:
    """What stands under a key, wherever in the file it is written."""
    try:
        return one[key]
    except KeyError:
        return None


def _decoded(one: StreamObject) -> int:
    """How many bytes a stream gives that is packed in several ways; the library stops by itself. Errors: RefusedFileError."""
    try:
        return len(one.get_data())
    except LimitReachedError as error:
        raise RefusedFileError(Refusal.BOMB) from error
    except FAULTS:
        return 0


def _inflated(packed: bytes) -> int:
    """How many bytes a stream gives. Errors: RefusedFileError when it gives far too many."""
    opened, size, rest = zlib.decompressobj(), 0, packed
    while rest:
        try:
            size += len(opened.decompress(rest, 1024 * 1024))
        except zlib.error:
            return size
        if size > RATIO_FROM and (size > MAX_STREAM * 2 or size > MAX_RATIO * len(packed)):
            raise RefusedFileError(Refusal.BOMB)
        rest = opened.unconsumed_tail
    return size


def _number(one: DictionaryObject, key: str) -> int:
    found = _value(one, key)
    return int(found) if isinstance(found, int) else 0


def _is_signature(one: DictionaryObject) -> bool:
    return "/ByteRange" in one and "/Contents" in one


def _tamed(one: DictionaryObject) -> bool:
    """Take away what acts and what tells of an author; whether something acted."""
    active = [key for key in ACTIVE_KEYS if key in one]
    for key in (*active, *TELLING_KEYS):
        one.pop(NameObject(key), None)
    if str(_value(one, "/S")) in ACTIONS:
        one.clear()
        active.append("/S")
    if "/Subtype" in one and "/Rect" in one:
        if str(one["/Subtype"]) in CARRIERS:
            one[NameObject("/Subtype")] = NameObject("/Text")
            one.pop(NameObject("/FS"), None)
            active.append("/FS")
        if str(one["/Subtype"]) != "/Widget":
            one.pop(NameObject("/T"), None)
    return any(key not in QUIET_KEYS for key in active)


def _strip_photos(everything: list[DictionaryObject]) -> None:
    for one in _photos(everything):
        one._data = photos.stripped(one._data)  # noqa: SLF001 — as it was sent, not drawn


def _left(everything: list[DictionaryObject]) -> frozenset[Left]:
    return frozenset({Left.PICTURES} if any(photos.tells(one._data) for one in _photos(everything)) else ())  # noqa: SLF001 — as above


def _photos(everything: list[DictionaryObject]) -> list[StreamObject]:
    found = (one for one in everything if isinstance(one, StreamObject))
    return [one for one in found if str(_value(one, "/Filter")) in ("/DCTDecode", "['/DCTDecode']")]


def _written(writer: PdfWriter) -> bytes:
    """The file, without what nothing leads to any more: what was taken away would still be in it."""
    writer.metadata = None
    made, again = io.BytesIO(), io.BytesIO()
    writer.write(made)
    last = PdfWriter(clone_from=PdfReader(made))
    last.metadata = None
    last.write(again)
    return again.getvalue()
