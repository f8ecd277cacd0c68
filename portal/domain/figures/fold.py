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

    `total_shown` says that the sum of the cells can be read elsewhere: then what is hidden must not
    be the small rest of a subtraction, so the smallest others go too until it is about five persons
    in two cells at least.
    """
    shown: dict[K, int | None] = {key: (value if value >= SMALL else None) for key, value in cells.items()}
    if not total_shown:
        return shown
    others = sorted(
        (key for key in cells if shown[key] is not None), key=lambda key: cells[key], reverse=True
    )
    hidden = [key for key, value in shown.items() if value is None]
    while hidden and others and (len(hidden) == 1 or sum(cells[key] for key in hidden) < SMALL):
        hidden.append(others.pop())
        shown[hidden[-1]] = None
    return shown


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
