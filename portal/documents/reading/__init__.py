"""Reads a person's own files: headings, paragraphs and tables with their places; nothing in them is ever run or fetched."""

from __future__ import annotations

from portal.documents.reading import csv, docx, ods, opening, xlsx
from portal.documents.reading.opening import ArchiveError, Office
from portal.domain.imports.source import Format, Source

READERS = {Office.DOCX: docx.read, Office.XLSX: xlsx.read, Office.ODS: ods.read}
# A text whose name says that it is another kind of file is not taken for a table.
TEXTS = ("csv", "txt", "tsv")


def read(name: str, content: bytes) -> Source:
    """What a file holds, known by its bytes; of its name only the extension counts, for a text.

    Errors: ArchiveError, whose sentence says how to mend it.
    """
    if len(content) > opening.MAX_BYTES:
        raise ArchiveError(opening.TOO_HEAVY)
    if opening.looks_zipped(content):
        archive = opening.opened(content)
        return READERS[archive.office](archive)
    if name.rpartition(".")[2].lower() not in TEXTS:
        raise ArchiveError(opening.UNKNOWN)
    return csv.read(content)


def pasted(words: str) -> Source:
    """What was pasted: a table when it has columns, else paragraphs."""
    return csv.pasted(words, Format.PASTED)
