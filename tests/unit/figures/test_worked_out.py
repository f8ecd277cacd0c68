"""Nobody works out a small number from a folded table: every bound is computed, nothing is guessed."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.domain.figures import fold as folding
from portal.domain.figures.fold import SMALL, fold, fold_table, stepped
from tests.factories.worked_out import Bounds, Key, Told

NUMBERS = st.sampled_from((0, 0, 1, 2, 3, 4, 5, 6, 8, 13, 20))
TABLES = st.tuples(st.integers(1, 4), st.integers(1, 4)).flatmap(
    lambda size: st.fixed_dictionaries(
        # The last row is that of persons of no establishment: nobody reads it, nor its sum.
        dict.fromkeys(product((*range(size[0]), None), "abcd"[: size[1]]), NUMBERS)
    )
)


def published(cells: Mapping[Key, int], hidden: frozenset[Key]) -> Told:
    """What pages tell of a table: steps of five where nothing hides, and the whole exactly."""
    whole = sum(cells.values())

    def told(number: int | None) -> Bounds:
        return (0, whole) if number is None else (stepped(number), stepped(number) + SMALL - 1)

    rows, columns = (
        {one: told(number) for one, number in folded(sums).items()}
        for sums in (sums_of(cells, 0), sums_of(cells, 1))
    )
    return Told(
        {key: told(None if key in hidden or key[0] is None else number) for key, number in cells.items()},
        rows,
        columns,
        (whole, whole),
    )


def sums_of(cells: Mapping[Key, int], place: int) -> dict[Hashable, int]:
    """The sum of each row (0), or of each column (1)."""
    sums: dict[Hashable, int] = {}
    for key, number in cells.items():
        sums[key[place]] = sums.get(key[place], 0) + number
    return sums


def folded(sums: Mapping[Hashable, int]) -> dict[Hashable, int | None]:
    """The sums that pages tell; that of no establishment is told nowhere."""
    shown = fold(sums, total_shown=True, untold=[None])
    return {one: None if one is None else number for one, number in shown.items()}


def found_out(cells: Mapping[Key, int], hidden: frozenset[Key]) -> dict[Hashable, Bounds]:
    """The small cells and sums that a reader knows to be about fewer than five, or knows too closely."""
    told = published(cells, hidden)
    known: dict[Hashable, Bounds] = {
        key: told.bounds(key) for key in hidden if cells[key] < SMALL and key[0] is not None
    }
    for sums, bounds in ((sums_of(cells, 0), told.row_bounds), (sums_of(cells, 1), told.column_bounds)):
        shown = folded(sums)
        known |= {
            one: bounds(one)
            for one, number in sums.items()
            if one is not None and shown[one] is None and number < SMALL
        }
    return {one: (low, high) for one, (low, high) in known.items() if high < SMALL or high - low < SMALL - 1}


@settings(max_examples=80, deadline=None)
@given(TABLES)
def test_no_small_number_is_worked_out(cells: dict[Key, int]) -> None:
    if sum(cells.values()) < SMALL:
        return  # The whole is exact, and few: everybody reads it.
    assert found_out(cells, fold_table(cells, untold=[None])) == {}


def test_bounds_are_those_of_arithmetic() -> None:
    cells = {("r", "a"): (0, 9), ("r", "b"): (0, 9), ("s", "a"): (2, 2), ("s", "b"): (0, 9)}
    told = Told(cells, {"r": (7, 7), "s": (0, 9)}, {"a": (5, 5), "b": (6, 6)}, (11, 11))
    assert told.possible()
    assert {key: told.bounds(key) for key in cells} == {
        ("r", "a"): (3, 3),
        ("r", "b"): (4, 4),
        ("s", "a"): (2, 2),
        ("s", "b"): (2, 2),
    }
    assert not Told(cells, {"r": (7, 7), "s": (0, 9)}, {"a": (5, 5), "b": (3, 3)}, (8, 8)).possible()


def test_bounds_of_sums_are_those_of_arithmetic() -> None:
    cells = {(row, column): (0, 9) for row in "rs" for column in "ab"}
    told = Told(cells, {"r": (0, 9), "s": (5, 9)}, {"a": (0, 9), "b": (7, 7)}, (9, 9))
    assert (told.row_bounds("r"), told.row_bounds("s")) == ((0, 4), (5, 9))
    assert (told.column_bounds("a"), told.column_bounds("b")) == ((2, 2), (7, 7))


def test_control_a_sum_that_hides_alone_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: of the sums, only the small ones hide; the whole gives them away."""
    cells: dict[Key, int] = {
        (0, "a"): 3,
        (0, "b"): 0,
        (1, "a"): 20,
        (1, "b"): 20,
        (None, "a"): 0,
        (None, "b"): 0,
    }
    hidden = fold_table(cells, untold=[None])
    assert found_out(cells, hidden) == {}
    alone = {0: None, 1: 40, "a": 23, "b": 20, None: None}
    monkeypatch.setitem(globals(), "folded", lambda sums: {one: alone[one] for one in sums})
    assert 0 in found_out(cells, hidden)


def test_control_a_table_without_complementary_suppression_is_found() -> None:
    """Planted: small cells hide alone, and lines are told exactly."""
    cells: dict[Key, int] = {
        (0, "a"): 3,
        (0, "b"): 20,
        (1, "a"): 20,
        (1, "b"): 20,
        (None, "a"): 0,
        (None, "b"): 0,
    }
    alone = frozenset(key for key, number in cells.items() if number < SMALL)
    assert (0, "a") in found_out(cells, alone)
    assert found_out(cells, fold_table(cells, untold=[None])) == {}


def test_control_a_table_folded_by_its_rows_alone_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: columns are not folded."""
    hidden = folding._hidden
    monkeypatch.setattr(
        folding, "_hidden", lambda cells, lines, *more: hidden(cells, [one for one in lines if one[0][0] == one[-1][0]], *more)
    )  # fmt: skip
    found = 0
    for numbers in product((0, 3, 9, 20), repeat=4):
        cells: dict[Key, int] = dict(zip(product((0, 1), "ab"), numbers, strict=True)) | {
            (None, "a"): 0,
            (None, "b"): 0,
        }
        found += bool(sum(numbers) >= SMALL and found_out(cells, fold_table(cells, untold=[None])))
    assert found
