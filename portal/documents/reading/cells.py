"""What every spreadsheet shares: cells as words, merged ones, rows in their order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation

from portal.domain.imports.source import MAX_CELL, MAX_COLUMNS, MAX_ROWS, Loss, Missed, Place, Row, Table

DAY_ZERO, DAY_ZERO_1904 = date(1899, 12, 30), date(1904, 1, 1)
# Days of a spreadsheet, up to the year 9999 whichever day they are counted from.
MOST_DAYS = 2_900_000
LONGEST_NUMBER = 40
LARGEST = 10**15


class Grid:
    """Cells as they come, then a table; what does not fit is told once."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.missed: list[Missed] = []
        self._cells: dict[tuple[int, int], str] = {}
        self._cut = False

    def put(self, row: int, column: int, words: str) -> None:
        """Write a cell, both numbers from 0."""
        if row >= MAX_ROWS or column >= MAX_COLUMNS or len(words) > MAX_CELL:
            if words:
                self.cut(row)
            return
        if words:
            self._cells[row, column] = words

    def holds(self, row: int) -> bool:
        """Whether a row may still be written."""
        return row < MAX_ROWS

    def cut(self, row: int) -> None:
        """Say once that the rest is too long."""
        if not self._cut:
            self._cut = True
            self.miss(row, Loss.TOO_LONG)

    def miss(self, row: int, loss: Loss, column: int | None = None) -> None:
        """Say that something of a row was not read, or one cell of it; both numbers from 0."""
        self.missed.append(
            Missed(Place(self.name, row + 1, column=0 if column is None else column + 1), loss)
        )

    def merge(self, top: int, left: int, bottom: int, right: int) -> None:
        """Say in every merged cell what the first one says."""
        words = self._cells.get((top, left), "")
        if not words:
            return
        for row in range(top, min(bottom, MAX_ROWS - 1) + 1):
            for column in range(left, min(right, MAX_COLUMNS - 1) + 1):
                self._cells[row, column] = words

    def table(self) -> Table:
        """The rows that hold something, with their numbers."""
        rows: dict[int, dict[int, str]] = {}
        for (row, column), words in self._cells.items():
            rows.setdefault(row, {})[column] = words
        return Table(self.name, tuple(_row(number, rows[number]) for number in sorted(rows)))


def _row(number: int, cells: dict[int, str]) -> Row:
    return Row(number + 1, tuple(cells.get(column, "") for column in range(max(cells) + 1)))


def tidy(words: str) -> str:
    """Words of a cell: its lines without spaces at their ends."""
    lines = (
        line.strip(" \t\u00a0\u200b\ufeff")
        for line in words.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    )
    return "\n".join(lines).strip("\n")


def number(raw: str, *, percent: bool = False) -> str:
    """A number as one types it in French: « 12,5 », « 62 % »; the words themselves when it is none."""
    value = _decimal(raw)
    if value is None or not value.is_finite() or not -LARGEST < value < LARGEST:
        return raw
    # What a computer keeps of 0,1 + 0,2 is 0,3 for whoever typed it.
    value = round(value * 100 if percent else value, 10)
    whole = f"{value.normalize():f}"
    return f"{whole.replace('.', ',')} %" if percent else whole.replace(".", ",")


def serial_day(raw: str, *, since_1904: bool = False) -> str:
    """The day of a number of days, as people write it; the number itself when it is none."""
    days = _decimal(raw)
    if days is None or not days.is_finite() or not 0 <= days < MOST_DAYS:
        return raw
    return written((DAY_ZERO_1904 if since_1904 else DAY_ZERO) + timedelta(days=int(days)))


def _decimal(raw: str) -> Decimal | None:
    # Far longer is no number that a person typed, and slow to work out.
    if len(raw) > LONGEST_NUMBER:
        return None
    try:
        return Decimal(raw)
    except InvalidOperation:
        return None


def iso_day(raw: str) -> str:
    """The day of « 2027-12-31T00:00:00 », as people write it; the words themselves when it is none."""
    try:
        return written(datetime.fromisoformat(raw).date())
    except ValueError:
        return raw


def written(day: date) -> str:
    """« 31/12/2027 »."""
    return f"{day:%d/%m}/{day.year:04}"


def missed_of(grids: Iterable[Grid]) -> list[Missed]:
    """What several grids did not read."""
    return [one for grid in grids for one in grid.missed]
