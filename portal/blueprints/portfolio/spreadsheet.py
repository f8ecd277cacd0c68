"""The followed contracts as a spreadsheet: dates are dates, numbers are numbers, words are only ever words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO

import xlsxwriter

from portal.domain.portfolio.queries import Followed
from portal.languages import gettext as _
from portal.languages import spoken
from portal.vocabulary import Group

Cell = str | int | date | None
DATE_FORMATS = {"fr": "dd/mm/yyyy", "en": "yyyy-mm-dd"}
MAX_WIDTH = 60
SEPARATOR = ", "


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name, its first row, its rows."""

    name: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def words(contracts: Sequence[Followed]) -> tuple[Sheet, Sheet]:
    """Both sheets in the language of the request: the contracts, then their establishments."""
    return _contracts(contracts), _establishments(contracts)


def write(sheets: Iterable[Sheet], language: str) -> bytes:
    """The file. Nothing that a person typed is ever taken for a formula or for a link."""
    out = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(out, options)
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    day = book.add_format({"num_format": DATE_FORMATS.get(language, DATE_FORMATS["fr"])})
    for sheet in sheets:
        page = book.add_worksheet(sheet.name)
        page.freeze_panes(1, 1)
        for column, word in enumerate(sheet.head):
            page.write_string(0, column, word, bold)
            page.set_column(column, column, _width(sheet, column))
        for number, row in enumerate(sheet.rows, start=1):
            for column, cell in enumerate(row):
                _put(page, number, column, cell, day)
        page.autofilter(0, 0, max(1, len(sheet.rows)), len(sheet.head) - 1)
    book.close()
    return out.getvalue()


def _put(page: xlsxwriter.worksheet.Worksheet, row: int, column: int, cell: Cell, day: object) -> None:
    if isinstance(cell, date):
        page.write_datetime(row, column, cell, day)
    elif isinstance(cell, int):
        page.write_number(row, column, cell)
    elif cell:
        page.write_string(row, column, cell)


def _width(sheet: Sheet, column: int) -> int:
    cells = (row[column] for row in sheet.rows)
    return min(MAX_WIDTH, 2 + max(len(sheet.head[column]), *(len(str(cell or "")) for cell in cells), 10))


def _contracts(contracts: Sequence[Followed]) -> Sheet:
    levels = tuple(_("Niveau : %(group)s", group=group.label) for group in Group)
    head = (
        _("Contrat"),
        _("Organisme gestionnaire"),
        _("FINESS EJ"),
        _("Étape"),
        _("Début"),
        _("Fin"),
        _("Signé le"),
        _("Prochaine fin d’espace"),
        _("Prochaine réponse promise"),
        _("Autorités"),
        _("Délégations"),
        _("Référents"),
        *levels,
        _("Contributions publiées"),
        _("Personnes qui ont écrit, au moins"),
        _("Engagements"),
    )
    return Sheet(_("Contrats"), head, tuple(_row(one) for one in contracts))


def _row(one: Followed) -> tuple[Cell, ...]:
    return (
        one.title,
        one.organisation,
        one.finess_ej,
        str(spoken(one.stage.label)),
        one.starts_on,
        one.ends_on,
        one.signed_on,
        one.next_end,
        one.next_answer,
        SEPARATOR.join(party.name for party in one.parties),
        SEPARATOR.join(party.delegation for party in one.parties if party.delegation),
        SEPARATOR.join(
            " – ".join(filter(None, (party.referent_function, party.referent_contact)))
            for party in one.parties
            if party.referent_function
        ),
        *(str(spoken(one.levels[group].plain)) if group in one.levels else None for group in Group),
        one.said.contributions,
        one.said.persons if one.said.persons is not None else _few(one),
        str(spoken(one.duties)),
    )


def _few(one: Followed) -> Cell:
    return _("moins de 5") if one.said.contributions else None


def _establishments(contracts: Sequence[Followed]) -> Sheet:
    head = (
        _("Contrat"),
        _("FINESS EJ"),
        _("Établissement ou service"),
        _("FINESS ET"),
        _("Catégorie"),
        _("Département"),
        _("Places"),
    )
    rows = tuple(
        (one.title, one.finess_ej, site.name, site.finess_et, site.category, site.department, site.places)
        for one in contracts
        for site in one.sites
    )
    return Sheet(_("Établissements"), head, rows)
