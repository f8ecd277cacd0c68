"""Reads a .docx in its order: headings, paragraphs, lists, tables with their merged cells."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import docx as library
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph

from portal.documents.reading.cells import Grid, missed_of, tidy
from portal.documents.reading.csv import BULLETS
from portal.documents.reading.opening import BROKEN, Archive, ArchiveError
from portal.domain.imports.source import (
    MAX_BLOCKS,
    MAX_TABLES,
    Block,
    Format,
    Loss,
    Missed,
    Place,
    Source,
    Table,
)

_HEADING = re.compile(r"(?:heading|titre|berschrift|.berschrift) ?(\d)", re.IGNORECASE)
_LIST = re.compile(r"^(?:list|liste|puce|aufz)", re.IGNORECASE)
TITLES = ("title", "titre")
BODY = 9
# The same words once more, for older programs.
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# What was struck out by a reviewer is no word of the document any more; fields and notes are none either.
_LEFT_OUT = {qn("w:del"), qn("w:moveFrom"), qn("w:instrText"), qn("w:delText"), FALLBACK}
_BREAKS = {qn("w:br"), qn("w:cr")}


def read(archive: Archive) -> Source:
    """The document from its beginning to its end. Errors: ArchiveError."""
    for name in archive.parts:
        # Every part that the library opens is looked at first.
        if name.endswith((".xml", ".rels")):
            archive.read(name)
    try:
        file = library.Document(io.BytesIO(archive.content))
        return _read(file)
    except (
        OpcError,
        SyntaxError,
        KeyError,
        ValueError,
        AttributeError,
        zipfile.BadZipFile,
        IndexError,
    ) as error:
        if isinstance(error, ArchiveError):
            raise
        raise ArchiveError(BROKEN) from error


def _read(file: Any) -> Source:
    parts: list[Block | Table] = []
    grids: list[Grid] = []
    missed: list[Missed] = []
    number = 0
    for one in file.iter_inner_content():
        if number >= MAX_BLOCKS or len(grids) >= MAX_TABLES:
            missed.append(Missed(Place(paragraph=number), Loss.TOO_LONG))
            break
        if isinstance(one, WordTable):
            grid = _table(one, str(len(grids) + 1))
            grids.append(grid)
            if (table := grid.table()).rows:
                parts.append(table)
            continue
        number += 1
        block = _block(one, number)
        if block is not None:
            parts.append(block)
    return Source(Format.DOCX, parts, [*missed, *missed_of(grids)])


def _block(paragraph: Paragraph, number: int) -> Block | None:
    words = " ".join(tidy(_words(paragraph._p)).split())  # noqa: SLF001 — the library has no name for it
    if not words:
        return None
    level = _level(paragraph)
    mark = next((one for one in BULLETS if words.startswith(one)), "")
    item = not level and (bool(mark) or _is_item(paragraph))
    return Block(words.removeprefix(mark).strip(), number, level, item)


def _level(paragraph: Paragraph) -> int:
    """The level of a heading, from 1; 0 for anything else, the title of the document included."""
    properties: Any = paragraph._p.pPr  # noqa: SLF001 — the same
    outline = properties.find(qn("w:outlineLvl")) if properties is not None else None
    if outline is not None and int(outline.get(qn("w:val"), BODY)) < BODY:
        return int(outline.get(qn("w:val"))) + 1
    style: Any = paragraph.style
    while style is not None:
        found = _HEADING.fullmatch(style.name or "")
        if found:
            return int(found[1])
        style = style.base_style
    return 0


def _is_item(paragraph: Paragraph) -> bool:
    properties: Any = paragraph._p.pPr  # noqa: SLF001 — the same
    if properties is not None and properties.numPr is not None:
        return True
    style: Any = paragraph.style
    return style is not None and bool(_LIST.match(style.name or ""))


def _table(table: WordTable, name: str) -> Grid:
    grid = Grid(name)
    above: dict[int, str] = {}
    for row, line in enumerate(table._tbl.tr_lst):  # noqa: SLF001 — cells as they stand: the library repeats merged ones
        if not grid.holds(row):
            grid.cut(row)
            break
        column = int(line.grid_before)
        for cell in line.tc_lst:
            words = above.get(column, "") if cell.vMerge == "continue" else _cell(cell)
            for beside in range(int(cell.grid_span)):
                grid.put(row, column + beside, words)
                above[column + beside] = words
            column += int(cell.grid_span)
    return grid


def _cell(cell: Any) -> str:
    """A cell: one line for each of its paragraphs; those of a table inside it too."""
    lines = [tidy(_words(one)) for one in cell.iter(qn("w:p"))]
    return tidy("\n".join(lines))


def _words(element: Any) -> str:
    return "".join(_pieces(element))


def _pieces(element: Any) -> Iterator[str]:
    for one in element:
        if one.tag in _LEFT_OUT:
            continue
        if one.tag == qn("w:t"):
            yield one.text or ""
        elif one.tag == qn("w:tab"):
            yield " "
        elif one.tag in _BREAKS:
            yield "\n"
        elif one.tag == qn("w:noBreakHyphen"):
            yield "-"
        elif isinstance(one.tag, str):
            yield from _pieces(one)
