"""The register as files: sealed (JSON Lines), and for people (CSV, .ods); piece by piece, never whole.

No file names a person; all of them say what who asks may read on the page.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime
from typing import IO, Any
from xml.sax.saxutils import escape

from sqlalchemy.orm import Session

from portal.domain.register import canonical, queries
from portal.domain.register.canonical import Head
from portal.domain.register.queries import LineView
from portal.domain.register.sealing import Seal
from portal.kernel.speech import say
from portal.kernel.text import holdable

# A spreadsheet of more rows opens badly, and is not read.
ODS_ROWS = 50_000
COLUMNS = (
    say("Numéro"),
    say("Jour"),
    say("Ce qui a eu lieu"),
    say("Précision"),
    say("Groupe"),
    say("Sujet"),
    say("Espace d’échange"),
    say("Empreinte de la ligne"),
)
# A cell that begins so is a formula for a spreadsheet.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
PIECE = 200

_MIME = "application/vnd.oasis.opendocument.spreadsheet"
_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{what}:1.0"'
    for name, what in (("office", "office"), ("table", "table"), ("text", "text"))
)
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_CONTENT = (
    f'{_HEAD}<office:document-content {_SPACES} office:version="1.3"><office:body><office:spreadsheet>'
    '<table:table table:name="Registre">'
)
_END = "</table:table></office:spreadsheet></office:body></office:document-content>"
_MANIFEST = (
    f'{_HEAD}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
    f'manifest:version="1.3"><manifest:file-entry manifest:full-path="/" manifest:media-type="{_MIME}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)

Read = Callable[[], Session]
Say = Callable[[Any], str]


def sealed(
    read: Read, contract_id: str, head: Head, closed: Collection[str], seal: Seal, at: datetime
) -> Iterator[bytes]:
    """The sealed export to `head`: docs/registre.md says it byte by byte; `closed` as for the page."""
    lines = queries.exported(read, contract_id, head.seq, closed)
    return canonical.document(contract_id, queries.moment(at), head, lines, seal)


def table(
    read: Read, contract_id: str, head: Head, closed: Collection[str], spoken: Say
) -> Iterator[list[str]]:
    """Rows for people: the names of the columns, then a row a line."""
    yield [spoken(name) for name in COLUMNS]
    for line in queries.told(read, contract_id, head.seq, closed):
        yield _row(line, spoken)


def comma_separated(rows: Iterable[list[str]]) -> Iterator[bytes]:
    """A CSV as French spreadsheets open it: semicolons, and a mark for UTF-8."""
    page = io.StringIO()
    writer = csv.writer(page, delimiter=";", lineterminator="\r\n")
    page.write("\N{ZERO WIDTH NO-BREAK SPACE}")
    for number, row in enumerate(rows, start=1):
        writer.writerow([_plain(cell) for cell in row])
        if number % PIECE == 0:
            yield _taken(page)
    yield _taken(page)


def spreadsheet(rows: Iterable[list[str]], file: IO[bytes]) -> None:
    """Write an .ods of one sheet into `file`: text only, neither formula nor macro."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr(zipfile.ZipInfo("mimetype"), _MIME)
        book.writestr("META-INF/manifest.xml", _MANIFEST)
        with book.open("content.xml", "w") as content:
            content.write(_CONTENT.encode("utf-8"))
            for row in rows:
                content.write(_cells(row).encode("utf-8"))
            content.write(_END.encode("utf-8"))


def _row(line: LineView, spoken: Say) -> list[str]:
    return [
        str(line.seq),
        "" if line.sealed else line.day.isoformat(),
        spoken(line.sentence),
        spoken(line.detail) if line.detail is not None else "",
        spoken(line.group),
        line.item,
        line.question,
        line.hash,
    ]


def _cells(row: list[str]) -> str:
    cells = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{escape(holdable(cell))}</text:p></table:table-cell>'
        for cell in row
    )
    return f"<table:table-row>{cells}</table:table-row>"


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _taken(page: io.StringIO) -> bytes:
    piece = page.getvalue().encode("utf-8")
    page.seek(0)
    page.truncate()
    return piece
