"""Folding of small numbers about persons, pure.

A cell about fewer than five persons is not shown; when what is shown would let one
hidden cell be recovered, a second one is hidden with it (complementary suppression).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

SMALL = 5

K = TypeVar("K", bound=Hashable)


def fold(cells: Mapping[K, int], *, total_shown: bool = False) -> dict[K, int | None]:
    """Each cell's number, or None when it must not be told.

    `total_shown` says that the sum of the cells can be read elsewhere: then a single
    hidden cell would be recovered by subtraction, so the smallest other one goes too.
    """
    shown: dict[K, int | None] = {key: (value if value >= SMALL else None) for key, value in cells.items()}
    hidden = [key for key, value in shown.items() if value is None]
    if total_shown and len(hidden) == 1 and len(cells) > 1:
        others = {key: value for key, value in cells.items() if key != hidden[0]}
        shown[min(others, key=lambda key: others[key])] = None
    return shown


def fold_mixed(protected: Mapping[K, int], institutional: Mapping[K, int]) -> dict[K, int | None]:
    """Fold the persons to protect, then add the institutional voices where they are shown.

    Fewer than five persons give None, however many the institutional voices: who knows
    the bodies that spoke would find the persons by subtraction.
    """
    persons = fold({key: protected.get(key, 0) for key in protected.keys() | institutional.keys()})
    return {
        key: None if number is None else number + institutional.get(key, 0) for key, number in persons.items()
    }
