"""The row of titles of a table that is read, and under what the table stands. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.domain.imports.columns import Column
from portal.domain.imports.pieces import MAX_QUOTE
from portal.domain.imports.source import Row


@dataclass(frozen=True, slots=True)
class Above:
    """Under what a table stands in a document: its headings said it."""

    axis: str = ""
    orientation: str = ""
    strategic: str = ""
    objective: str = ""


NOWHERE = Above()


@dataclass(frozen=True, slots=True)
class Head:
    """The row of titles of a table: its columns, its years, the rows below it."""

    columns: Mapping[Column, int]
    years: Mapping[int, str]
    titles: Row
    rows: Sequence[Row]

    def has(self, *columns: Column) -> bool:
        """Whether one of these columns is there."""
        return any(one in self.columns for one in columns)

    def of(self, row: Row, column: Column) -> str:
        """What a row says in a column; nothing where there is no such column."""
        number = self.columns.get(column)
        return "" if number is None else row.cell(number)


def quoted(row: Row) -> str:
    """What a row says, on a line; what merged cells say again is said once."""
    shown: list[str] = []
    for words in row.cells:
        short = words[:MAX_QUOTE]
        if short and short not in shown[-1:]:
            shown.append(short)
        if sum(map(len, shown)) > MAX_QUOTE:
            break
    return " | ".join(shown)
