"""Files as people send them, and as nobody should: made by the tests, none is kept with the project."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

import xlsxwriter
from docx import Document
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pypdf import PdfWriter
from pypdf.actions import JavaScript
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    PdfObject,
    StreamObject,
    TextStringObject,
)

AUTHOR = "Jeanne Indiscrète"
WORDS = "Le plan des travaux de la maison."
MEGABYTE = 1024 * 1024


def packed(parts: Mapping[str, bytes | str], stored: tuple[str, ...] = ("mimetype",)) -> bytes:
    """An archive with these parts, in this order."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            kind = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(name, content, kind)
    return made.getvalue()


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {one.filename: archive.read(one) for one in archive.infolist()}


def with_parts(content: bytes, more: Mapping[str, bytes | str]) -> bytes:
    """The same archive with parts added or replaced."""
    return packed(unpacked(content) | more)


def a_docx(words: str = WORDS) -> bytes:
    document = Document()
    document.add_paragraph(words)
    document.core_properties.author = AUTHOR
    document.core_properties.last_modified_by = AUTHOR
    made = io.BytesIO()
    document.save(made)
    return with_parts(made.getvalue(), {"docProps/thumbnail.jpeg": a_jpeg()})


def an_xlsx() -> bytes:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    book.set_properties({"author": AUTHOR, "company": AUTHOR, "manager": AUTHOR})
    sheet = book.add_worksheet("Budget")
    sheet.write_string(0, 0, WORDS)
    sheet.write_formula(1, 0, "=1+1")
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "=Budget!$A$2:$A$2"})
    sheet.insert_chart("C3", chart)
    book.close()
    return made.getvalue()


PRESENTATION = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def a_pptx(main: str = PRESENTATION) -> bytes:
    types = (
        f'<Types xmlns="{TYPES}"><Override PartName="/ppt/presentation.xml" ContentType="{main}"/></Types>'
    )
    return packed(
        {
            "[Content_Types].xml": types,
            "_rels/.rels": f'<Relationships xmlns="{RELATIONS}"/>',
            "ppt/presentation.xml": "<presentation/>",
            "ppt/slides/slide1.xml": f'<s xmlns:a="a"><a:p><a:t>{WORDS}</a:t></a:p></s>',
            "docProps/core.xml": f"<core><creator>{AUTHOR}</creator></core>",
        }
    )


ODF = {"odt": "text", "ods": "spreadsheet", "odp": "presentation"}
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
MANIFEST = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"


def an_odf(ending: str = "odt", more: str = "", files: str = "") -> bytes:
    body = f'<o:d xmlns:o="{OFFICE}" xmlns:text="{TEXT}"><text:p>{WORDS}</text:p>{more}</o:d>'
    listed = (
        f'<manifest:manifest xmlns:manifest="{MANIFEST}"><manifest:file-entry manifest:full-path="/"/>'
        f'<manifest:file-entry manifest:full-path="Thumbnails/thumbnail.png"/>{files}</manifest:manifest>'
    )
    return packed(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{ODF[ending]}",
            "content.xml": body,
            "meta.xml": f"<meta><creator>{AUTHOR}</creator></meta>",
            "Thumbnails/thumbnail.png": a_png(),
            "META-INF/manifest.xml": listed,
        }
    )


def a_png(size: tuple[int, int] = (40, 20)) -> bytes:
    made, told = io.BytesIO(), PngInfo()
    told.add_text("Author", AUTHOR)
    Image.new("RGB", size, (40, 90, 60)).save(made, "PNG", pnginfo=told)
    return made.getvalue()


def a_jpeg(size: tuple[int, int] = (40, 20), *, turned: bool = False) -> bytes:
    made, exif = io.BytesIO(), Image.Exif()
    exif[0x013B] = AUTHOR
    if turned:
        exif[0x0112] = 6
    Image.new("RGB", size, (40, 90, 60)).save(made, "JPEG", exif=exif.tobytes(), comment=AUTHOR.encode())
    return made.getvalue()


def a_webp() -> bytes:
    made = io.BytesIO()
    Image.new("RGBA", (40, 20), (40, 90, 60, 128)).save(made, "WEBP", xmp=AUTHOR.encode())
    return made.getvalue()


def a_gif() -> bytes:
    made = io.BytesIO()
    frames = [Image.new("L", (40, 20), shade) for shade in (0, 200)]
    frames[0].save(made, "GIF", save_all=True, append_images=frames[1:], comment=AUTHOR.encode())
    return made.getvalue()


def declared_png(width: int, height: int) -> bytes:
    """A few bytes that say they are an immense picture."""

    def chunk(name: bytes, content: bytes) -> bytes:
        told = name + content
        return struct.pack(">I", len(content)) + told + struct.pack(">I", zlib.crc32(told))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def a_pdf(words: str = WORDS, pages: int = 1, **more: bytes | str) -> bytes:
    """A PDF with words on each page, its author told in two ways; `password`, `script`, `stream`, `hidden`, `signed`."""
    writer = PdfWriter()
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    for _ in range(pages):
        page = writer.add_blank_page(300, 400)
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
        )
        drawn = StreamObject()
        drawn.set_data(b"BT /F1 14 Tf 20 300 Td (" + words.encode("cp1252") + b") Tj ET")
        page[NameObject("/Contents")] = writer._add_object(drawn)
    writer.add_metadata({"/Author": AUTHOR, "/Title": AUTHOR})
    told = StreamObject()
    told.set_data(f"<x:xmpmeta>{AUTHOR}</x:xmpmeta>".encode())
    writer._root_object[NameObject("/Metadata")] = writer._add_object(told)
    _spoil(writer, more)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def _spoil(writer: PdfWriter, more: Mapping[str, bytes | str]) -> None:
    if "script" in more:
        writer.add_open_action(JavaScript(str(more["script"])))
    if "hidden" in more:
        writer.add_attachment("programme.exe", bytes(more["hidden"]))  # type: ignore[arg-type]
    if "stream" in more:
        bomb = StreamObject()
        bomb._data = bytes(more["stream"])  # type: ignore[arg-type]
        bomb[NameObject("/Filter")] = _filter(writer, str(more.get("packed", "")))
        writer.pages[0][NameObject("/Contents")] = writer._add_object(bomb)
    if "photo" in more:
        photo = StreamObject()
        photo._data = bytes(more["photo"])  # type: ignore[arg-type]
        photo[NameObject("/Subtype")] = NameObject("/Image")
        photo[NameObject("/Filter")] = NameObject("/DCTDecode")
        writer.pages[0]["/Resources"][NameObject("/XObject")] = DictionaryObject(
            {NameObject("/I1"): writer._add_object(photo)}
        )
    if "signed" in more:
        signature = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Sig"),
                NameObject("/ByteRange"): ArrayObject([NumberObject(0)] * 4),
                NameObject("/Contents"): TextStringObject("signature"),
            }
        )
        writer._root_object[NameObject("/Perms")] = DictionaryObject(
            {NameObject("/DocMDP"): writer._add_object(signature)}
        )
    if "password" in more:
        writer.encrypt(str(more["password"]))


def _filter(writer: PdfWriter, packed: str) -> PdfObject:
    """How a stream says that it is packed: plainly, elsewhere in the file, or in two ways."""
    flate = NameObject("/FlateDecode")
    if packed == "elsewhere":
        return writer._add_object(flate)
    return ArrayObject([NameObject("/ASCIIHexDecode"), flate]) if packed == "twice" else flate


def zeros(size: int) -> bytes:
    """As many zeros, packed."""
    packing = zlib.compressobj(9)
    made = [packing.compress(b"\0" * MEGABYTE) for _ in range(size // MEGABYTE)]
    return b"".join([*made, packing.flush()])


def docm() -> bytes:
    main = "application/vnd.ms-word.document.macroEnabled.main+xml"
    types = f'<Types xmlns="{TYPES}"><Override PartName="/word/document.xml" ContentType="{main}"/></Types>'
    return with_parts(a_docx(), {"[Content_Types].xml": types})


def linked(kind: str = "attachedTemplate") -> bytes:
    """A text that fetches its model elsewhere as soon as it is opened."""
    link = (
        f'<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" TargetMode="External" '
        f'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
        'Target="https://exemple.fr/modele.dotm"/></Relationships>'
    )
    return with_parts(a_docx(), {"word/_rels/settings.xml.rels": link})


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><d>&c;</d>'
)
