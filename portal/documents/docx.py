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
from lxml.etree import SubElement

from portal.documents.plain import Data
from portal.kernel.text import holdable

REGIONS = {"fr": "fr-FR", "en": "en-GB"}
FONT = "Atkinson Hyperlegible Next"
WIDTH = Cm(16)
# The headings that a table of contents lists.
DEPTH = 2
Draw = Callable[[Data], bytes]


def docx(data: Data, draw: Draw) -> bytes:
    """The file; `draw` gives a picture of bars as PNG."""
    data = _anchored(_held(data))
    file = _begun(data)
    _styled(file, "Title").add_run(data["title"])
    _words(_styled(file, "Subtitle"), *data["subtitle"], between=" · ")
    file.add_paragraph(data["made"])
    for section in data["sections"]:
        _titled(file, section["title"], section)
        for one in section["blocks"]:
            _BLOCKS[one["kind"]](file, one, data, draw)
    written = io.BytesIO()
    file.save(written)
    return written.getvalue()


def _styled(file: File, style: str) -> Paragraph:
    """A paragraph in a style that the library's own model has, by its id: by its name it is looked for each time."""
    paragraph = file.add_paragraph()
    paragraph._p.style = style  # noqa: SLF001 — the library has no name for it
    return paragraph


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
    _edges(page, data)
    return file


def _anchored(data: Data) -> Data:
    """The same with a name for each heading that a table of contents leads to."""
    sections = []
    number = 0
    for section in data["sections"]:
        blocks = []
        anchor, number = f"_Toc{number:06}", number + 1
        for one in section["blocks"]:
            if one["kind"] == "heading" and one["level"] <= DEPTH:
                blocks.append({**one, "anchor": f"_Toc{number:06}"})
                number += 1
            else:
                blocks.append(one)
        sections.append({**section, "anchor": anchor, "blocks": blocks})
    return {**data, "sections": sections}


def _edges(page: Any, data: Data) -> None:
    """What every sheet says: above, that it is a draft if it is; below, what it is and its number."""
    if data["mark"]:
        page.header.paragraphs[0].text = data["mark"]
    foot = page.footer.paragraphs[0]
    foot.add_run(f"{data['title']} · {data['words']['page']} ")
    _field(foot, "PAGE")
    foot.add_run(f" {data['words']['of']} ")
    _field(foot, "NUMPAGES")


def _field(paragraph: Paragraph, code: str) -> None:
    """A number that the reader's program works out."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)  # noqa: SLF001 — the library has no name for it


def _titled(file: File, words: Data, one: Data) -> None:
    """A heading, with its name when a table of contents leads to it."""
    paragraph = _styled(file, f"Heading{one['level']}")
    anchor = one.get("anchor")
    if anchor:
        for kind in ("w:bookmarkStart", "w:bookmarkEnd"):
            element = OxmlElement(kind)
            element.set(qn("w:id"), str(int(anchor[4:])))
            if kind == "w:bookmarkStart":
                element.set(qn("w:name"), anchor)
            paragraph._p.append(element)  # noqa: SLF001 — the same
    _words(paragraph, words)


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
    _titled(file, one["words"], one)


def _contents(file: File, _one: Data, data: Data, _draw: Draw) -> None:
    """A table of contents that can be read as it is, and that a text program brings up to date with page numbers."""
    entries = [
        (level, words, anchor)
        for section in data["sections"]
        for level, words, anchor in (
            (section["level"], section["title"], section["anchor"]),
            *((one["level"], one["words"], one["anchor"]) for one in section["blocks"] if "anchor" in one),
        )
    ]
    for number, (level, words, anchor) in enumerate(entries):
        paragraph = file.add_paragraph()
        paragraph.paragraph_format.left_indent = Cm(0.8 * (level - 1))
        paragraph.paragraph_format.space_after = Pt(2)
        if not number:
            _part(paragraph, "begin")
            _code(paragraph, f'TOC \\o "1-{DEPTH}" \\h \\z \\u')
            _part(paragraph, "separate")
        link = OxmlElement("w:hyperlink")
        link.set(qn("w:anchor"), anchor)
        link.append(_run(paragraph, words["t"], words["l"])._r)  # noqa: SLF001 — the same
        paragraph._p.append(link)  # noqa: SLF001 — the same
        if number == len(entries) - 1:
            _part(paragraph, "end")


def _part(paragraph: Paragraph, kind: str) -> None:
    element = OxmlElement("w:fldChar")
    element.set(qn("w:fldCharType"), kind)
    paragraph.add_run()._r.append(element)  # noqa: SLF001 — the same


def _code(paragraph: Paragraph, code: str) -> None:
    element = OxmlElement("w:instrText")
    element.set(qn("xml:space"), "preserve")
    element.text = code
    paragraph.add_run()._r.append(element)  # noqa: SLF001 — the same


def _bullets(file: File, one: Data, _data: Data, _draw: Draw) -> None:
    for words in one["items"]:
        _words(_styled(file, "ListBullet"), words)


def _table(file: File, one: Data, _data: Data, _draw: Draw) -> None:
    caption = _styled(file, "Caption")
    _words(caption, one["caption"])
    caption.paragraph_format.keep_with_next = True
    table = file.add_table(rows=1, cols=len(one["head"]))
    table._tbl.tblStyle_val = "TableGrid"  # noqa: SLF001 — the same
    described = OxmlElement("w:tblCaption")
    described.set(qn("w:val"), one["caption"]["t"])
    table._tbl.tblPr.append(described)  # noqa: SLF001 — the same
    head = table.rows[0]
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    head._tr.get_or_add_trPr().append(repeated)  # noqa: SLF001 — the same
    for cell, words in zip(head.cells, one["head"], strict=True):
        _words(cell.paragraphs[0], words)
        for run in cell.paragraphs[0].runs:
            run.bold = True
    widths = _widths(one["shares"], len(one["head"]))
    if widths:
        table.autofit = False
        for column, cell, width in zip(table.columns, head.cells, widths, strict=True):
            column.width = cell.width = width
    for row in one["rows"]:
        _row(table._tbl, row, widths)  # noqa: SLF001 — the same
    file.add_paragraph()


def _widths(shares: list[int], across: int) -> list[Any]:
    """How wide each column is told to be; nothing when nobody tells."""
    return [Cm(17 * share / sum(shares)) for share in shares] if len(shares) == across else []


def _row(table: Any, several: list[Data], widths: list[Any]) -> None:
    """A row of words, without the library: it walks through the whole table for each of its cells."""
    row = SubElement(table, qn("w:tr"))
    for place, words in enumerate(several):
        cell = SubElement(row, qn("w:tc"))
        if widths:
            wide = SubElement(SubElement(cell, qn("w:tcPr")), qn("w:tcW"))
            wide.set(qn("w:w"), str(int(widths[place].twips)))
            wide.set(qn("w:type"), "dxa")
        run = SubElement(SubElement(cell, qn("w:p")), qn("w:r"))
        if words["l"] is not None:
            SubElement(SubElement(run, qn("w:rPr")), qn("w:lang")).set(qn("w:val"), REGIONS[words["l"]])
        for number, line in enumerate(words["t"].split("\n")):
            if number:
                SubElement(run, qn("w:br"))
            text = SubElement(run, qn("w:t"))
            text.set(qn("xml:space"), "preserve")
            text.text = line


def _bars(file: File, one: Data, _data: Data, draw: Draw) -> None:
    _words(_styled(file, "Caption"), one["title"])
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
    _words(_styled(file, "Quote"), one["words"])
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
    "contents": _contents,
}
