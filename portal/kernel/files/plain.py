"""Plain text and tables of plain text: what they are, and the same in UTF-8 without a formula."""

from __future__ import annotations

import csv
import io
import re

from portal.kernel.files.kinds import FileKind, Refusal, RefusedFileError

MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
DELIMITERS = (";", ",", "\t", "|")
# Rows that must agree before lines are called a table.
LOOKED_AT, MIN_ROWS = 20, 2
CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
MARKUP = re.compile(r"^\s*<(?:!doctype|!--|\?|[a-z])|<(?:script|iframe|svg)\b", re.IGNORECASE)
# A number, a day or an amount may begin with a sign; anything else that does is read as a formula.
STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
BLANKS = ("\t", "\r")
NUMBER = re.compile(r"^[+-]\s?[\d\s\u00a0\u202f.,]+(?:\s?[%€])?$")
DASH = re.compile(r"^-+$")


def decoded(content: bytes) -> str:
    """The words of a plain file. Errors: RefusedFileError when it is something else."""
    mark = next((name for start, name in MARKS.items() if content.startswith(start)), None)
    for encoding in [mark] if mark else ["utf-8", "cp1252"]:
        try:
            words = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if CONTROL.search(words):
            break
        if MARKUP.search(words):
            raise RefusedFileError(Refusal.PAGE)
        return words
    raise RefusedFileError(Refusal.UNKNOWN)


def kind(words: str) -> tuple[FileKind, str]:
    """Whether these words are a table, and what stands between its cells."""
    head = "\n".join(words.splitlines()[:LOOKED_AT])
    for delimiter in DELIMITERS:
        rows = _rows(head, delimiter)
        if len(rows) >= MIN_ROWS and len(rows[0]) > 1 and len({len(row) for row in rows}) == 1:
            return FileKind.CSV, delimiter
    return FileKind.TXT, ""


def _rows(words: str, delimiter: str) -> list[list[str]]:
    """The rows of a table; none when it is not one."""
    try:
        return [row for row in csv.reader(io.StringIO(words), delimiter=delimiter) if row]
    except csv.Error:
        return []


def table(words: str, delimiter: str) -> tuple[str, bool]:
    """A table in which every formula is words, and whether there was one. Errors: RefusedFileError."""
    made, found = io.StringIO(), False
    writer = csv.writer(made, delimiter=delimiter, lineterminator="\n")
    try:
        for row in csv.reader(io.StringIO(words, newline=""), delimiter=delimiter):
            tame = [_tame(cell) for cell in row]
            found = found or tame != row
            writer.writerow(tame)
    except csv.Error as error:
        raise RefusedFileError(Refusal.BROKEN) from error
    return made.getvalue(), found


def _tame(cell: str) -> str:
    told = cell.strip()
    formula = told.startswith(STARTS) and not (NUMBER.match(told) or DASH.match(told))
    return f"'{cell}" if formula or cell.startswith(BLANKS) else cell
