"""What a reader can work out from a table that is told in part: the exact bounds of each hidden cell and sum.

A table with bounds on its cells, its lines and its whole is a circulation: whole numbers exist within the
bounds exactly when the flow from `SOURCE` fills what the lower bounds ask for.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

Bounds = tuple[int, int]
Key = tuple[Hashable, Hashable]
SOURCE, SINK, ALL_ROWS, ALL_COLUMNS = "source", "sink", "rows", "columns"


@dataclass(frozen=True)
class Told:
    """What is read of a table: for each cell, row and column its least and its most; the same of the whole."""

    cells: Mapping[Key, Bounds]
    rows: Mapping[Hashable, Bounds]
    columns: Mapping[Hashable, Bounds]
    whole: Bounds

    def bounds(self, key: Key) -> Bounds:
        """The least and the most that one cell can be; each number in between is possible too."""
        return _narrowed(self.cells[key], lambda asked: self._with(key, asked))

    def row_bounds(self, row: Hashable) -> Bounds:
        """The least and the most that the sum of one row can be."""
        return _narrowed(self.rows[row], lambda asked: replace(self, rows={**self.rows, row: asked}))

    def column_bounds(self, column: Hashable) -> Bounds:
        """The least and the most that the sum of one column can be."""
        return _narrowed(
            self.columns[column], lambda asked: replace(self, columns={**self.columns, column: asked})
        )

    def possible(self) -> bool:
        """Whether some table of whole numbers keeps to all these bounds."""
        room: dict[tuple[Any, Any], int] = {}
        asked = 0
        for start, end, (low, high) in self._edges():
            if low > high:
                return False
            asked += low
            for one, other, most in ((start, end, high - low), (SOURCE, end, low), (start, SINK, low)):
                room[one, other] = room.get((one, other), 0) + most
                room.setdefault((other, one), 0)
        return _flow(room) == asked

    def _with(self, key: Key, bounds: Bounds) -> Told:
        return replace(self, cells={**self.cells, key: bounds})

    def _edges(self) -> Iterator[tuple[Any, Any, Bounds]]:
        for (row, column), bounds in self.cells.items():
            yield ("row", row), ("column", column), bounds
        for row, bounds in self.rows.items():
            yield ALL_ROWS, ("row", row), bounds
        for column, bounds in self.columns.items():
            yield ("column", column), ALL_COLUMNS, bounds
        yield ALL_COLUMNS, ALL_ROWS, self.whole


def _narrowed(told: Bounds, asking: Callable[[Bounds], Told]) -> Bounds:
    """The least and the most within what is told, when each of them is asked in turn."""
    low, high = told
    numbers = range(low, high + 1)
    return (
        next(one for one in numbers if asking((low, one)).possible()),
        next(one for one in reversed(numbers) if asking((one, high)).possible()),
    )


def _flow(room: dict[tuple[Any, Any], int]) -> int:
    """How much flows from the source to the sink at most; `room` is used up."""
    near: dict[Any, list[Any]] = {}
    for start, end in room:
        near.setdefault(start, []).append(end)
    sent = 0
    while path := _path(room, near):
        most = min(room[step] for step in path)
        for start, end in path:
            room[start, end] -= most
            room[end, start] += most
        sent += most
    return sent


def _path(room: Mapping[tuple[Any, Any], int], near: Mapping[Any, list[Any]]) -> list[tuple[Any, Any]]:
    """A shortest way on which something can flow; empty when there is none."""
    came: dict[Any, Any] = {SOURCE: None}
    waiting = deque([SOURCE])
    while waiting and SINK not in came:
        here = waiting.popleft()
        for there in near.get(here, ()):
            if there not in came and room[here, there] > 0:
                came[there] = here
                waiting.append(there)
    steps, at = [], SINK if SINK in came else SOURCE
    while came[at] is not None:
        steps.append((came[at], at))
        at = came[at]
    return steps
