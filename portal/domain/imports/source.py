"""A file as it was read, before anything of it is understood: headings, paragraphs, tables, each with its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.kernel.speech import say
from portal.vocabulary import Labelled

# Beyond, a file is cut, and the page says so.
MAX_ROWS, MAX_COLUMNS, MAX_TABLES, MAX_BLOCKS = 2_000, 60, 60, 5_000
MAX_CELL = 20_000


class Format(Labelled):
    """In what form words came, or go out."""

    DOCX = "docx", say("document Word (.docx)")
    XLSX = "xlsx", say("tableur Excel (.xlsx)")
    ODS = "ods", say("tableur LibreOffice (.ods)")
    CSV = "csv", say("tableau en texte (.csv)")
    PASTED = "colle", say("texte collé")


class Loss(Labelled):
    """Why something of a file was not read at all."""

    HIDDEN_SHEET = "feuille-masquee", say("Cette feuille est masquée.")
    TOO_LONG = "trop-long", say("La suite est trop longue pour être lue en une fois.")
    NO_RESULT = "formule", say("Cette case contient une formule sans résultat enregistré.")
    ERROR = "erreur", say("Cette case contient une erreur de calcul.")


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: `inside` names a sheet or a table, `row`, `column` (from 1) and `paragraph` number them; each is empty when there is none."""

    inside: str = ""
    row: int = 0
    paragraph: int = 0
    column: int = 0

    @property
    def letters(self) -> str:
        """The column as a spreadsheet names it: 1 is A, 27 is AA; nothing when there is none."""
        found, left = "", self.column
        while left:
            left, sign = divmod(left - 1, 26)
            found = chr(ord("A") + sign) + found
        return found


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its number as one sees it, its cells as words."""

    number: int
    cells: tuple[str, ...]

    @property
    def filled(self) -> bool:
        """Whether anything is written in it."""
        return any(self.cells)

    def cell(self, column: int) -> str:
        """A cell; nothing where the row is shorter."""
        return self.cells[column] if column < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: merged cells all say what the first one says."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of a document: `level` is that of a heading, from 1; `item` says that it is one of a list."""

    text: str
    number: int
    level: int = 0
    item: bool = False


@dataclass(frozen=True, slots=True)
class Missed:
    """Something that was not read, where, why."""

    place: Place
    loss: Loss


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it was read, in its order."""

    format: Format
    parts: Sequence[Block | Table]
    missed: Sequence[Missed] = ()
