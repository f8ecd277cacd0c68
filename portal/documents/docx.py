"""The same document as a text file that one can go on with (.docx), from plain data.

Built from code alone: headings are real styles, header rows repeat, the language is said.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime
from typing import Any

import docx as library
from docx.document import Document as File
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph

from portal.documents.plain import Data
from portal.kernel.text import holdable

REGIONS = {"fr": "fr-FR", "en": "en-GB"}
FONT = "Atkinson Hyperlegible Next"
WIDTH = Cm(16)
Draw = Callable[[Data], bytes]


def docx(data: Data, draw: Draw) -> bytes:
    """The file; `draw` gives a picture of bars as PNG."""
    data = _held(data)
    file = _begun(data)
    file.add_paragraph(data["title"], style="Title")
    _words(file.add_paragraph(style="Subtitle"), *data["subtitle"], between=" · ")
    file.add_paragraph(data["made"])
    for section in data["sections"]:
        _words(file.add_heading(level=1), section["title"])
        for one in section["blocks"]:
            _BLOCKS[one["kind"]](file, one, data, draw)
    written = io.BytesIO()
    file.save(written)
    return written.getvalue()


def _held(value: Any) -> Any:
    """Without what XML cannot hold: words that were accepted have none, and a file must not fail for it."""
    if isinstance(value, str):
        return holdable(value)
    if isinstance(value, dict):
        return {name: _held(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_held(one) for one in value]
    return value


def _begun(data: Data) -> File:
    file = library.Document()
    core = file.core_properties
    core.title, core.author, core.language = data["title"], data["author"], REGIONS[data["lang"]]
    core.subject = " · ".join(one["t"] for one in data["subtitle"])
    core.comments, core.last_modified_by = "", data["author"]
    core.created = core.modified = datetime(*data["day"])  # noqa: DTZ001 — the file keeps a day, without a zone
    normal: Any = file.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(11)
    _say_language(normal.element.get_or_add_rPr(), REGIONS[data["lang"]])
    page = file.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2)
    return file


def _say_language(properties: Any, region: str) -> None:
    for known in properties.findall(qn("w:lang")):
        properties.remove(known)
    element = OxmlElement("w:lang")
    element.set(qn("w:val"), region)
    properties.append(element)


def _words(paragraph: Paragraph, *several: Data, between: str = "") -> None:
    for number, one in enumerate(several):
        if number and between:
            paragraph.add_run(between)
        _run(paragraph, one["t"], one["l"])


def _run(paragraph: Paragraph, text: str, language: str | None) -> Any:
    run = paragraph.add_run(text)
    if language is not None:
        _say_language(run._r.get_or_add_rPr(), REGIONS[language])  # noqa: SLF001 — the library has no name for it
    return run


def _paragraph(file: File, one: Data, _data: Data, _draw: Draw) -> None:
    paragraph = file.add_paragraph()
    _words(paragraph, one["words"])
    for run in paragraph.runs:
        run.bold = one["strong"] or None
        if one["quiet"]:
            run.font.size = Pt(9.5)


def _heading(file: File, one: Data, _data: Data, _draw: Draw) -> None:
    _words(file.add_heading(level=2), one["words"])


def _bullets(file: File, one: Data, _data: Data, _draw: Draw) -> None:
    for words in one["items"]:
        _words(file.add_paragraph(style="List Bullet"), words)


def _table(file: File, one: Data, _data: Data, _draw: Draw) -> None:
    caption = file.add_paragraph(style="Caption")
    _words(caption, one["caption"])
    caption.paragraph_format.keep_with_next = True
    table = file.add_table(rows=1, cols=len(one["head"]), style="Table Grid")
    described = OxmlElement("w:tblCaption")
    described.set(qn("w:val"), one["caption"]["t"])
    table._tbl.tblPr.append(described)  # noqa: SLF001 — the same
    head = table.rows[0]
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    head._tr.get_or_add_trPr().append(repeated)  # noqa: SLF001 — the same
    _cells(head.cells, one["head"], bold=True)
    for row in one["rows"]:
        _cells(table.add_row().cells, row)
    file.add_paragraph()


def _cells(cells: Any, several: list[Data], *, bold: bool = False) -> None:
    for cell, words in zip(cells, several, strict=True):
        _words(cell.paragraphs[0], words)
        for run in cell.paragraphs[0].runs:
            run.bold = bold or None


def _bars(file: File, one: Data, _data: Data, draw: Draw) -> None:
    _words(file.add_paragraph(style="Caption"), one["title"])
    shape = file.add_picture(io.BytesIO(draw(one)), width=WIDTH)
    properties = shape._inline.docPr  # noqa: SLF001 — the same
    properties.set("descr", one["alt"]["t"])
    properties.set("title", one["title"]["t"])


def _difference(file: File, one: Data, data: Data, _draw: Draw) -> None:
    where = file.add_paragraph()
    _words(where, one["where"])
    where.runs[0].bold = True
    for paragraph in one["paragraphs"]:
        written = file.add_paragraph()
        for number, piece in enumerate(paragraph):
            _piece(written, piece, data, first=not number)


def _piece(paragraph: Paragraph, piece: Data, data: Data, *, first: bool) -> None:
    kind = piece["kind"]["t"]
    text, language = piece["words"]["t"], piece["words"]["l"]
    if kind in ("added", "removed"):
        text = f"[{data['words'][kind]} {text}]"
    if not first:
        paragraph.add_run(" ")
    run = _run(paragraph, text, language)
    run.underline = kind == "added" or None
    run.font.strike = kind == "removed" or None


def _quote(file: File, one: Data, _data: Data, _draw: Draw) -> None:
    _words(file.add_paragraph(style="Quote"), one["words"])
    _words(file.add_paragraph(), one["by"])


def _blank(file: File, one: Data, _data: Data, _draw: Draw) -> None:
    _words(file.add_paragraph(), one["label"])
    for _line in range(one["lines"]):
        file.add_paragraph("_" * 70)


def _break(file: File, _one: Data, _data: Data, _draw: Draw) -> None:
    file.add_page_break()


_BLOCKS: dict[str, Callable[[File, Data, Data, Draw], None]] = {
    "paragraph": _paragraph,
    "heading": _heading,
    "bullets": _bullets,
    "table": _table,
    "bars": _bars,
    "difference": _difference,
    "quote": _quote,
    "blank": _blank,
    "break": _break,
}
