"""Files as directors keep them, built with the libraries that write them: nothing is stored in the repository."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

import docx
from openpyxl import Workbook

MIME = "application/vnd.oasis.opendocument.spreadsheet"
PLAN_HEAD = (
    "Orientation stratégique",
    "Objectif stratégique",
    "Objectif opérationnel",
    "Actions",
    "Pilote",
    "Échéance",
    "Financement",
    "Indicateur",
    "Valeur initiale",
    "Valeur cible",
)
PLAN_ROWS = (
    (
        "Bien vivre aux Tilleuls",
        "Prévenir les hospitalisations",
        "Réduire les passages aux urgences",
        "- Former les équipes de nuit\n- Écrire un dossier de liaison",
        "Cadre de santé",
        "31/12/27",
        "sans surcoût",
        "Passages aux urgences pour 100 résidents",
        "38",
        "30",
    ),
    ("", "", "", "Ouvrir une astreinte infirmière", "Directrice", "T2 2028", "à financer", "", "", ""),
    (
        "",
        "",
        "Prévenir les chutes",
        "Revoir l’éclairage des couloirs",
        "Responsable technique",
        "fin 2026",
        "Enveloppe travaux 2026",
        "Chutes pour 1 000 journées",
        "5,8",
        "4,2",
    ),
)


def xlsx(
    rows: Iterable[Sequence[Any]], name: str = "Plan d’actions", merged: Iterable[str] = (), hidden: str = ""
) -> bytes:
    """A workbook of one sheet, and of a hidden one when it has a name."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = name
    for row in rows:
        sheet.append(list(row))
    for area in merged:
        sheet.merge_cells(area)
    if hidden:
        book.create_sheet(hidden).append(["Objectif", "Action"])
        book[hidden].sheet_state = "hidden"
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def plan(rows: Iterable[Sequence[Any]] = PLAN_ROWS) -> bytes:
    """A plan of actions as a workbook, under a title of its own."""
    return xlsx([["EHPAD Les Tilleuls : plan d’actions 2027-2031"], [], PLAN_HEAD, *rows])


def ods(
    rows: Iterable[Sequence[str]], spans: Mapping[tuple[int, int], tuple[int, int]] | None = None
) -> bytes:
    """An OpenDocument sheet; `spans` says how many rows and columns a cell covers."""
    known, lines = spans or {}, []
    for number, row in enumerate(rows):
        cells = []
        for column, words in enumerate(row):
            down, across = known.get((number, column), (1, 1))
            spanned = (
                f' table:number-rows-spanned="{down}" table:number-columns-spanned="{across}"'
                if down * across > 1
                else ""
            )
            paragraphs = "".join(f"<text:p>{escape(line)}</text:p>" for line in words.split("\n"))
            cells.append(
                f'<table:table-cell office:value-type="string"{spanned}>{paragraphs}</table:table-cell>'
            )
        lines.append(f"<table:table-row>{''.join(cells)}</table:table-row>")
    spaces = " ".join(
        f'xmlns:{one}="urn:oasis:names:tc:opendocument:xmlns:{one}:1.0"'
        for one in ("office", "table", "text", "style")
    )
    body = f'<office:body><office:spreadsheet><table:table table:name="Plan">{"".join(lines)}</table:table></office:spreadsheet></office:body>'
    return zipped(
        {
            "mimetype": MIME,
            "content.xml": f'<?xml version="1.0"?><office:document-content {spaces}>{body}</office:document-content>',
        }
    )


def diagnostic() -> bytes:
    """A diagnostic as a document: headings by axis, points as lists, a table at its end."""
    file = docx.Document()
    file.add_heading("Diagnostic partagé", 0)
    file.add_paragraph("Ce document a été préparé avec les équipes.")
    file.add_heading("1. Ressources humaines et qualité de vie au travail", 1)
    file.add_heading("Points forts", 2)
    file.add_paragraph("Une équipe de nuit stable depuis trois ans.", style="List Bullet")
    file.add_paragraph("Un tuteur pour chaque nouvel arrivant.", style="List Bullet")
    file.add_heading("Points à améliorer", 2)
    file.add_paragraph("12 % d’absentéisme en 2025.", style="List Bullet")
    file.add_heading("2. Finances et budget", 1)
    file.add_paragraph("Points de vigilance :")
    file.add_paragraph("Le déficit se creuse.", style="List Bullet")
    table = file.add_table(rows=2, cols=3)
    for row, words in zip(
        table.rows,
        (
            ("Axe", "Forces", "Faiblesses"),
            ("Finances et budget", "Un emprunt bientôt remboursé.", "Peu de réserves."),
        ),
        strict=True,
    ):
        for cell, word in zip(row.cells, words, strict=True):
            cell.text = word
    return saved(file)


def saved(file: Any) -> bytes:
    """The bytes of a document."""
    written = io.BytesIO()
    file.save(written)
    return written.getvalue()


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """An archive of these parts, in this order."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return written.getvalue()


def with_part(content: bytes, name: str, words: bytes) -> bytes:
    """The same archive where one part is another, or one more."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts: dict[str, str | bytes] = {one: archive.read(one) for one in archive.namelist()}
    return zipped(parts | {name: words})
