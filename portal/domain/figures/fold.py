"""Folding of small numbers about persons, pure.

A cell about fewer than five persons is not shown; when what is shown would let one
hidden cell be recovered, a second one is hidden with it (complementary suppression).
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping
from typing import TypeVar

SMALL = 5

K = TypeVar("K", bound=Hashable)
Row = TypeVar("Row", bound=Hashable)
Column = TypeVar("Column", bound=Hashable)


def fold(
    cells: Mapping[K, int],
    *,
    total_shown: bool = False,
    hidden_already: Collection[K] = (),
    untold: Collection[K] = (),
) -> dict[K, int | None]:
    """Each cell's number, or None when it must not be told.

    `total_shown` says that the sum of the cells can be read elsewhere: then what is hidden must not
    be the small rest of a subtraction, so the smallest others go too until it is about five persons
    in two cells at least. Those `hidden_already` are hidden for another reason; those that are `untold`
    anyway go first.
    """
    shown: dict[K, int | None] = {
        key: (value if value >= SMALL and key not in hidden_already else None) for key, value in cells.items()
    }
    if not total_shown:
        return shown
    others = sorted(
        (key for key in cells if shown[key] is not None),
        key=lambda key: (key not in untold, cells[key]),
        reverse=True,
    )
    hidden = [key for key, value in shown.items() if value is None]
    while hidden and others and (len(hidden) == 1 or sum(cells[key] for key in hidden) < SMALL):
        hidden.append(others.pop())
        shown[hidden[-1]] = None
    return shown


def fold_table(
    cells: Mapping[tuple[Row, Column], int], untold: Collection[Row] = ()
) -> frozenset[tuple[Row, Column]]:
    """Which cells of a table must not be told, when the sum of each row and of each column can be read.

    What hides in a row must not be found by its column, nor the other way round: each line is folded
    again until nothing more hides. The rows that are `untold` are nobody's to read, nor is their sum.
    """
    rows = {row for row, _column in cells} - set(untold)
    columns = {column for _row, column in cells}
    lines = [[key for key in cells if key[0] == row] for row in rows]
    lines += [[key for key in cells if key[1] == column] for column in columns]
    apart = frozenset(key for key in cells if key[0] in untold)
    hidden: frozenset[tuple[Row, Column]] = frozenset()
    more = _hidden(cells, lines, hidden, apart)
    while more != hidden:
        hidden, more = more, _hidden(cells, lines, more, apart)
    return hidden


def _hidden(
    cells: Mapping[K, int], lines: Iterable[Iterable[K]], hidden: frozenset[K], untold: frozenset[K]
) -> frozenset[K]:
    for line in lines:
        shown = fold(
            {key: cells[key] for key in line}, total_shown=True, hidden_already=hidden, untold=untold
        )
        hidden |= {key for key, value in shown.items() if value is None}
    return hidden


def stepped(number: int) -> int:
    """The number by steps of five: « au moins dix ».

    Two readings of it, at two moments or of two places, differ by five persons or by nobody: no sum
    and no difference of such numbers is about fewer.
    """
    return number - number % SMALL


def fold_mixed(protected: Mapping[K, int], institutional: Mapping[K, int]) -> dict[K, int | None]:
    """Fold the persons to protect, then add the institutional voices where they are shown.

    Fewer than five persons give None, however many the institutional voices: who knows
    the bodies that spoke would find the persons by subtraction.
    """
    persons = fold({key: protected.get(key, 0) for key in protected.keys() | institutional.keys()})
    return {
        key: None if number is None else number + institutional.get(key, 0) for key, number in persons.items()
    }
