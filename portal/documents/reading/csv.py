"""Reads tables in text: the letters and the separator are found out; what is pasted is read the same way."""

from __future__ import annotations

import codecs
import csv
import io
import re

from portal.documents.reading.cells import Grid, tidy
from portal.documents.reading.opening import UNKNOWN, ArchiveError
from portal.domain.imports.source import MAX_BLOCKS, MAX_CELL, Block, Format, Loss, Missed, Place, Source

SEPARATORS = (";", "\t", ",", "|")
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What a spreadsheet would take for a formula is written after this sign, which says nothing itself.
SHIELD, SHIELDED = "'", ("=", "+", "-", "@", "\t", "\r")
SAMPLE_LINES = 30
# Signs that nobody types: these bytes are no text.
_UNWRITTEN = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
BULLETS = ("- ", "• ", "– ", "* ", "▪ ", "· ", "● ", "○ ", "➢ ", "\uf0b7 ")


def read(content: bytes) -> Source:
    """A table. Errors: ArchiveError when these bytes are no text."""
    words = decoded(content)
    return _table(words, Format.CSV, _separator(words) or ";")


def pasted(words: str, form: Format) -> Source:
    """What was pasted: a table when most lines have the same columns, else paragraphs and lists."""
    # What is copied from a spreadsheet has tabs; anything else must look like a table to be taken for one.
    separator = "\t" if "\t" in words else _separator(words)
    if separator in ("\t", ";", "|"):
        return _table(words, form, separator)
    return _blocks(words, form)


def decoded(content: bytes) -> str:
    """The words of these bytes. Errors: ArchiveError when they are no text."""
    words = _guessed(content)
    if _UNWRITTEN.search(words):
        raise ArchiveError(UNKNOWN)
    return words


def _guessed(content: bytes) -> str:
    for bom, code in BOMS:
        if content.startswith(bom):
            return _decode(content, code)
    odd, even = content[1:400:2].count(0), content[0:400:2].count(0)
    if max(odd, even) > len(content[:400]) // 4:
        return _decode(content, "utf-16-le" if odd > even else "utf-16-be")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        # Five letters are at places where latin-1 has only signs that nobody types.
        return content.decode("cp1252", errors="replace")


def _decode(content: bytes, code: str) -> str:
    try:
        return content.decode(code)
    except UnicodeDecodeError as error:
        raise ArchiveError(UNKNOWN) from error


def _separator(words: str) -> str:
    """The sign that makes the same number of columns, more than one, in most lines; nothing when none does."""
    best, most = "", 0
    for sign in SEPARATORS:
        rows = _rows(words, sign, SAMPLE_LINES)
        widths = [len(row) for row in rows if any(row)]
        common = max(set(widths), key=widths.count, default=1)
        steady = widths.count(common)
        # A comma stands in sentences and in numbers: it separates only where it always does.
        if common < 2 or (sign == "," and steady < len(widths)) or 2 * steady < len(widths):  # noqa: PLR2004
            continue
        if common * steady > most:
            best, most = sign, common * steady
    return best


def _rows(words: str, sign: str, most: int | None = None) -> list[list[str]]:
    # Far more than a cell may hold: what is longer is told by the grid, not by the parser.
    csv.field_size_limit(16 * 1024 * 1024)
    found: list[list[str]] = []
    reader = csv.reader(io.StringIO(words, newline=""), delimiter=sign)
    try:
        for row in reader:
            found.append(row)
            if most is not None and len(found) >= most:
                break
    except csv.Error:
        return found
    return found


def _table(words: str, form: Format, sign: str) -> Source:
    grid = Grid("")
    for number, row in enumerate(_rows(words, sign)):
        if not grid.holds(number):
            grid.cut(number)
            break
        for column, cell in enumerate(row):
            grid.put(number, column, _unshielded(tidy(cell)))
    table = grid.table()
    return Source(form, [table] if table.rows else [], grid.missed)


def _unshielded(cell: str) -> str:
    return cell[1:] if cell.startswith(SHIELD) and cell[1:].startswith((SHIELD, *SHIELDED)) else cell


def _blocks(words: str, form: Format) -> Source:
    found: list[Block] = []
    missed: list[Missed] = []
    for number, line in enumerate(words.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        bare = line.strip(" \t\u00a0")
        if not bare:
            continue
        if len(found) >= MAX_BLOCKS or len(bare) > MAX_CELL:
            missed.append(Missed(Place(paragraph=number), Loss.TOO_LONG))
            break
        mark = next((one for one in BULLETS if bare.startswith(one)), "")
        found.append(Block(bare.removeprefix(mark).strip(), number, item=bool(mark)))
    return Source(form, found, missed)
