"""Reads the sheets of an .xlsx: what a person saw in each cell; a formula is never worked out, its last result is read."""

from __future__ import annotations

import io
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError, fromstring, iterparse

from portal.documents.reading.cells import Grid, iso_day, missed_of, number, serial_day, tidy
from portal.documents.reading.opening import BROKEN, Archive, ArchiveError
from portal.domain.imports.source import MAX_TABLES, Format, Loss, Missed, Place, Source

_REF = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
DATES = frozenset({*range(14, 18), 22, *range(27, 37), *range(50, 59)})
PERCENTS = frozenset({9, 10})
OFFICE_RELATIONS = "relationships}id"


@dataclass(frozen=True, slots=True)
class _Book:
    """What the sheets of a workbook share."""

    shared: tuple[str, ...] = ()
    dates: frozenset[int] = field(default_factory=frozenset)
    percents: frozenset[int] = field(default_factory=frozenset)
    since_1904: bool = False


def read(archive: Archive) -> Source:
    """The sheets that are shown, as tables. Errors: ArchiveError."""
    try:
        return _read(archive)
    except (ParseError, ValueError, KeyError, RecursionError) as error:
        if isinstance(error, ArchiveError):
            raise
        raise ArchiveError(BROKEN) from error


def _read(archive: Archive) -> Source:
    workbook = fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 — the archive refused what declares entities
    targets = _relations(archive, "xl/_rels/workbook.xml.rels")
    settings = next(_all(workbook, "workbookPr"), None)
    book = _Book(
        _shared(archive.read("xl/sharedStrings.xml")),
        *_styles(archive.read("xl/styles.xml")),
        since_1904=settings is not None and settings.get("date1904") in ("1", "true"),
    )
    grids, hidden = [], []
    for sheet in list(_all(workbook, "sheet"))[:MAX_TABLES]:
        name = sheet.get("name", "")
        if sheet.get("state", "visible") != "visible":
            hidden.append(Missed(Place(name), Loss.HIDDEN_SHEET))
            continue
        identity = next((value for key, value in sheet.attrib.items() if key.endswith(OFFICE_RELATIONS)), "")
        grids.append(_sheet(name, archive.read(targets.get(identity, "")), book))
    tables = [one.table() for one in grids]
    return Source(Format.XLSX, [one for one in tables if one.rows], [*hidden, *missed_of(grids)])


def _sheet(name: str, content: bytes, book: _Book) -> Grid:
    grid, row = Grid(name), -1
    if not content:
        return grid
    for event, one in iterparse(io.BytesIO(content), events=("start", "end")):  # noqa: S314 — the same
        tag = _tag(one)
        if event == "start":
            if tag == "row":
                row = int(one.get("r") or row + 2) - 1
                column = -1
            continue
        if tag == "c":
            row, column = _reference(one.get("r", ""), row, column + 1)
            grid.put(row, column, _cell(grid, one, (row, column), book))
        elif tag == "mergeCell":
            _merge(grid, one.get("ref", ""))
        if tag in ("row", "mergeCell"):
            one.clear()
    return grid


def _reference(words: str, row: int, column: int) -> tuple[int, int]:
    found = _REF.fullmatch(words)
    if found is None:
        return row, column
    across = 0
    for letter in found[1]:
        across = across * 26 + ord(letter) - ord("A") + 1
    return int(found[2]) - 1, across - 1


def _cell(grid: Grid, one: Element, at: tuple[int, int], book: _Book) -> str:
    kind = one.get("t", "n")
    if kind == "inlineStr":
        return tidy(_words(one))
    value = next((part.text or "" for part in one if _tag(part) == "v"), None)
    if value is None or kind == "e" or (kind == "n" and not value):
        if kind == "e" or any(_tag(part) == "f" for part in one):
            grid.miss(at[0], Loss.ERROR if kind == "e" else Loss.NO_RESULT, at[1])
        return ""
    if kind == "s":
        return book.shared[int(value)] if value.isdigit() and int(value) < len(book.shared) else ""
    return _value(kind, value, int(one.get("s", "0")), book)


def _value(kind: str, value: str, style: int, book: _Book) -> str:
    """What stands in the cell itself, as one sees it."""
    if kind == "b":
        return "oui" if value == "1" else "non"
    if kind != "n":
        return iso_day(value) if kind == "d" else tidy(value)
    if style in book.dates:
        return serial_day(value, since_1904=book.since_1904)
    return number(value, percent=style in book.percents)


def _merge(grid: Grid, area: str) -> None:
    first, _colon, last = area.partition(":")
    top, left = _reference(first, -1, -1)
    bottom, right = _reference(last or first, -1, -1)
    if 0 <= top <= bottom and 0 <= left <= right:
        grid.merge(top, left, bottom, right)


def _relations(archive: Archive, name: str) -> Mapping[str, str]:
    content = archive.read(name)
    if not content:
        return {}
    found = {}
    for one in _all(fromstring(content), "Relationship"):  # noqa: S314 — the same
        target = one.get("Target", "")
        # What stands outside the file is never fetched: only parts of it are read.
        found[one.get("Id", "")] = (
            target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        )
    return found


def _shared(content: bytes) -> tuple[str, ...]:
    if not content:
        return ()
    found = []
    for _event, one in iterparse(io.BytesIO(content)):  # noqa: S314 — the same
        if _tag(one) == "si":
            # Tidied once: a string that many cells share stays one string.
            found.append(tidy(_words(one)))
            one.clear()
    return tuple(found)


def _words(one: Element) -> str:
    """The words of a string, without the readings that stand above some of them."""
    if _tag(one) == "rPh":
        return ""
    if _tag(one) == "t":
        return one.text or ""
    return "".join(_words(part) for part in one)


def _styles(content: bytes) -> tuple[frozenset[int], frozenset[int]]:
    if not content:
        return frozenset(), frozenset()
    root = fromstring(content)  # noqa: S314 — the same
    own = {int(one.get("numFmtId", "0")): one.get("formatCode", "") for one in _all(root, "numFmt")}
    days = {known for known, code in own.items() if _is_day(code)} | DATES
    shares = {known for known, code in own.items() if "%" in _QUOTED.sub("", code)} | PERCENTS
    used = [int(one.get("numFmtId", "0")) for block in _all(root, "cellXfs") for one in block]
    return (
        frozenset(style for style, known in enumerate(used) if known in days),
        frozenset(style for style, known in enumerate(used) if known in shares),
    )


def _is_day(code: str) -> bool:
    bare = _QUOTED.sub("", code).casefold()
    return "%" not in bare and any(sign in bare for sign in ("d", "j", "yy", "aa", "mmm"))


def _all(root: Element, name: str) -> Iterator[Element]:
    return (one for one in root.iter() if _tag(one) == name)


def _tag(one: Element) -> str:
    return one.tag.rpartition("}")[2]
