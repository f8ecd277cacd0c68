"""Reads the sheets of an .ods: what a person saw in each cell."""

from __future__ import annotations

import io
from itertools import accumulate
from xml.etree.ElementTree import Element, ParseError, iterparse

from portal.documents.reading.cells import Grid, iso_day, missed_of, number, tidy
from portal.documents.reading.opening import BROKEN, Archive, ArchiveError
from portal.domain.imports.source import (
    MAX_COLUMNS,
    MAX_ROWS,
    MAX_TABLES,
    Format,
    Loss,
    Missed,
    Place,
    Source,
)

OFFICE, TABLE, TEXT, STYLE = (
    f"{{urn:oasis:names:tc:opendocument:xmlns:{one}:1.0}}" for one in ("office", "table", "text", "style")
)
CELLS = (f"{TABLE}table-cell", f"{TABLE}covered-table-cell")


def read(archive: Archive) -> Source:
    """The sheets that are shown, as tables. Errors: ArchiveError."""
    try:
        return _read(archive.read("content.xml"))
    except (ParseError, ValueError, RecursionError) as error:
        if isinstance(error, ArchiveError):
            raise
        raise ArchiveError(BROKEN) from error


def _read(content: bytes) -> Source:
    hidden_styles: set[str] = set()
    grids: list[Grid] = []
    hidden: list[Missed] = []
    merges: list[tuple[int, int, int, int]] = []
    row, depth = 0, 0
    for event, one in iterparse(io.BytesIO(content), events=("start", "end")):  # noqa: S314 — entities were refused
        if event == "start":
            if one.tag == f"{TABLE}table":
                depth += 1
                if depth == 1:
                    grids.append(Grid(one.get(f"{TABLE}name", "")))
                    merges, row = [], 0
                    if one.get(f"{TABLE}style-name") in hidden_styles:
                        hidden.append(Missed(Place(grids[-1].name), Loss.HIDDEN_SHEET))
            continue
        if one.tag == f"{STYLE}style":
            _note_hidden(one, hidden_styles)
        elif one.tag == f"{TABLE}table-row" and depth == 1:
            row = _row(grids[-1], one, row, merges)
            one.clear()
        elif one.tag == f"{TABLE}table":
            depth -= 1
            for area in merges:
                grids[-1].merge(*area)
            merges = []
            one.clear()
    names = {one.place.inside for one in hidden}
    shown = [one for one in grids if one.name not in names][:MAX_TABLES]
    tables = [one.table() for one in shown]
    return Source(Format.ODS, [one for one in tables if one.rows], [*hidden, *missed_of(shown)])


def _note_hidden(style: Element, hidden: set[str]) -> None:
    for one in style.iter(f"{STYLE}table-properties"):
        if one.get(f"{TABLE}display") == "false":
            hidden.add(style.get(f"{STYLE}name", ""))


def _row(grid: Grid, one: Element, row: int, merges: list[tuple[int, int, int, int]]) -> int:
    """Write a row; the number of the next one."""
    times = _times(one, "number-rows-repeated", MAX_ROWS)
    parts = [part for part in one if part.tag in CELLS]
    first = accumulate((_times(part, "number-columns-repeated", MAX_COLUMNS) for part in parts), initial=0)
    cells = [(part, _words(grid, part, row, column)) for part, column in zip(parts, first, strict=False)]
    if not any(words for _part, words in cells):
        return row + times
    for again in range(min(times, max(MAX_ROWS - row, 1))):
        column = 0
        for part, words in cells:
            wide = _times(part, "number-columns-repeated", MAX_COLUMNS)
            for beside in range(wide if words else 0):
                grid.put(row + again, column + beside, words)
            down, across = (
                _times(part, "number-rows-spanned", MAX_ROWS),
                _times(part, "number-columns-spanned", MAX_COLUMNS),
            )
            if down > 1 or across > 1:
                merges.append((row + again, column, row + again + down - 1, column + across - 1))
            column += wide
    return row + times


def _times(one: Element, name: str, most: int) -> int:
    words = one.get(f"{TABLE}{name}", "1")
    return max(1, min(int(words), most)) if words.isdigit() else 1


def _words(grid: Grid, one: Element, row: int, column: int) -> str:
    """What the cell says: dates and numbers from their values, all else from its paragraphs."""
    kind = one.get(f"{OFFICE}value-type", "")
    if kind == "date":
        return iso_day(one.get(f"{OFFICE}date-value", ""))
    if kind in ("float", "percentage", "currency"):
        return number(one.get(f"{OFFICE}value", ""), percent=kind == "percentage")
    if kind == "boolean":
        return "oui" if one.get(f"{OFFICE}boolean-value") == "true" else "non"
    words = tidy("\n".join(_paragraph(part) for part in one if part.tag == f"{TEXT}p"))
    if one.get(f"{TABLE}formula") and words.startswith(("#", "Err:")):
        grid.miss(row, Loss.ERROR, column)
        return ""
    return words


def _paragraph(one: Element) -> str:
    """The words of a paragraph; notes and marks of a reviewer beside it are not its words."""
    found = one.text or ""
    for part in one:
        if part.tag == f"{TEXT}s":
            found += " " * _times_of_space(part)
        elif part.tag == f"{TEXT}tab":
            found += " "
        elif part.tag == f"{TEXT}line-break":
            found += "\n"
        elif part.tag.startswith(TEXT) and part.tag != f"{TEXT}note":
            found += _paragraph(part)
        found += part.tail or ""
    return found


def _times_of_space(one: Element) -> int:
    words = one.get(f"{TEXT}c", "1")
    return min(int(words), 100) if words.isdigit() else 1
