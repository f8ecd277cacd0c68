"""Tables that go out as .xlsx, .ods, .csv or .docx: every cell is words, never a formula, and comes back the same."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

import docx
import xlsxwriter
from docx.enum.section import WD_ORIENT
from docx.shared import Cm, Pt

from portal.documents.reading.csv import SHIELD, SHIELDED
from portal.domain.imports.columns import Column
from portal.domain.imports.outgoing import ACTIONS, BRANCHES, LINES, SHEET, Out, Sheet
from portal.domain.imports.prose import UNPLACED
from portal.domain.imports.source import Format
from portal.kernel.text import holdable

MIMES = {
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.ODS: "application/vnd.oasis.opendocument.spreadsheet",
    Format.CSV: "text/csv; charset=utf-8",
    Format.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
MAX_WIDTH = 60
SPACES = ("office", "table", "text", "style", "fo")


def write(sheet: Sheet, form: Format, title: str) -> bytes:
    """A table as a file; `title` names its sheet, or stands above it."""
    held = Sheet(tuple(map(holdable, sheet.head)), tuple(tuple(map(holdable, row)) for row in sheet.rows))
    return _WRITERS[form](held, title)


def write_plan(out: Sequence[Out], title: str) -> bytes:
    """A plan as a document that one reads: a heading for each objective, its sheet, its actions, its indicators."""
    file = _document(title)
    above: tuple[str, ...] = ()
    for one in out:
        above = _headings(file, one, above)
        said = {name: one.branches[name] for name in (BRANCHES[1], BRANCHES[3]) if name in one.branches}
        rows = [(column.label, words) for column, words in {**said, **one.sheet}.items()]
        if one.sheet:
            _docx_table(file, (), [(str(label), words) for label, words in rows])
        for columns, several in ((ACTIONS, one.actions), (LINES, one.lines)):
            filled = [column for column in columns if any(column in words for words in several)]
            if several:
                _docx_table(
                    file,
                    [str(column.label) for column in filled],
                    [[words.get(column, "") for column in filled] for words in several],
                )
    return _saved(file)


def _headings(file: docx.document.Document, one: Out, above: tuple[str, ...]) -> tuple[str, ...]:
    here = tuple(one.branches.get(column, "") for column in (Column.ORIENTATION, Column.STRATEGIC))
    if not any(here) and above != ("", ""):
        file.add_heading(UNPLACED, 1)
    for level, column in enumerate((Column.ORIENTATION, Column.STRATEGIC)):
        if here[level] and here[: level + 1] != above[: level + 1]:
            file.add_heading(holdable(f"{column.label} : {here[level]}"), level + 1)
    if one.sheet:
        file.add_heading(holdable(f"Objectif : {one.sheet[SHEET[0]]}"), 3)
    return here


def _xlsx(sheet: Sheet, title: str) -> bytes:
    out = io.BytesIO()
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, {"in_memory": True, **plain})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    page = book.add_worksheet(_sheet_name(title))
    page.freeze_panes(1, 0)
    for number, row in enumerate((sheet.head, *sheet.rows)):
        for column, words in enumerate(row):
            if words:
                page.write_string(number, column, words, wrapped if number else bold)
    for column, words in enumerate(sheet.head):
        longest = max((len(row[column]) for row in sheet.rows), default=0)
        page.set_column(column, column, min(MAX_WIDTH, 2 + max(len(words), longest)))
    if sheet.rows:
        page.autofilter(0, 0, len(sheet.rows), len(sheet.head) - 1)
    book.close()
    return out.getvalue()


def _ods(sheet: Sheet, title: str) -> bytes:
    spaces = " ".join(
        f'xmlns:{one}="urn:oasis:names:tc:opendocument:xmlns:{"xsl-fo-compatible" if one == "fo" else one}:1.0"'
        for one in SPACES
    )
    rows = "".join(
        f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>"
        for row in (sheet.head, *sheet.rows)
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} office:version="1.2"><office:body>'
        f"<office:spreadsheet><table:table table:name={quoteattr(_sheet_name(title))}>{rows}</table:table>"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
        'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{MIMES[Format.ODS]}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        # The first part says what the file is, as it is: not compressed.
        archive.writestr(zipfile.ZipInfo("mimetype"), MIMES[Format.ODS])
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return out.getvalue()


def _ods_cell(words: str) -> str:
    if not words:
        return "<table:table-cell/>"
    lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in words.split("\n"))
    return f'<table:table-cell office:value-type="string">{lines}</table:table-cell>'


def _csv(sheet: Sheet, _title: str) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerows([_shielded(words) for words in row] for row in (sheet.head, *sheet.rows))
    return out.getvalue().encode("utf-8-sig")


def _shielded(words: str) -> str:
    """Words that a spreadsheet would take for a formula, behind a sign that says nothing itself."""
    return f"{SHIELD}{words}" if words.startswith((SHIELD, *SHIELDED)) else words


def _docx(sheet: Sheet, title: str) -> bytes:
    file = _document(title)
    _docx_table(file, sheet.head, sheet.rows)
    return _saved(file)


def _document(title: str) -> docx.document.Document:
    file = docx.Document()
    file.core_properties.title, file.core_properties.author, file.core_properties.language = (
        holdable(title),
        "",
        "fr-FR",
    )
    file.add_paragraph(holdable(title), style="Title")
    page = file.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = Cm(29.7), Cm(21)
    page.left_margin = page.right_margin = Cm(1.5)
    return file


def _docx_table(file: docx.document.Document, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    lines = [*([head] if head else []), *rows]
    table = file.add_table(rows=len(lines), cols=len(lines[0]), style="Table Grid")
    # By its cells in one go: the library looks each one up anew.
    cells = table._cells  # noqa: SLF001 — it has no faster name for them
    for number, line in enumerate(lines):
        for column, words in enumerate(line):
            paragraph, *_rest = cells[number * len(lines[0]) + column].paragraphs
            first, *others = holdable(words).split("\n")
            run = paragraph.add_run(first)
            run.font.size, run.bold = (
                Pt(9),
                True if (head and not number) or (not head and not column) else None,
            )
            for other in others:
                more = cells[number * len(lines[0]) + column].add_paragraph(other)
                for one in more.runs:
                    one.font.size = Pt(9)
    file.add_paragraph()


def _saved(file: docx.document.Document) -> bytes:
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def _sheet_name(title: str) -> str:
    """A title as a sheet may be called: few signs, none of those that mean something there."""
    return "".join(" " if sign in "[]:*?/\\'" else sign for sign in title)[:31].strip() or "Feuille 1"


_WRITERS: dict[Format, Callable[[Sheet, str], bytes]] = {
    Format.XLSX: _xlsx,
    Format.ODS: _ods,
    Format.CSV: _csv,
    Format.DOCX: _docx,
}
