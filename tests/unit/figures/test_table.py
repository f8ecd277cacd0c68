"""A table of establishments and groups: what hides in a row is not found by its column, nor the other way round."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.figures import fold as folding
from portal.domain.figures.fold import SMALL, fold, fold_table, stepped

Key = tuple[str | None, str]
ROWS, COLUMNS = ("ici", "là", "là-bas"), ("a", "b", "c")
NUMBERS = st.sampled_from((0, 0, 1, 2, 3, 4, 5, 6, 8, 13))
NOWHERE: tuple[str | None, ...] = (None,)  # those of no establishment: nobody reads their row
TABLES = st.tuples(st.integers(1, 3), st.integers(1, 3), st.sampled_from(((), NOWHERE))).flatmap(
    lambda drawn: st.fixed_dictionaries(
        dict.fromkeys(product(ROWS[: drawn[0]] + drawn[2], COLUMNS[: drawn[1]]), NUMBERS)
    )
)


def lines(cells: Mapping[Key, int]) -> Iterator[list[Key]]:
    """The lines of which the sum can be read: each column, each row but that of no establishment."""
    for place in (0, 1):
        for name in {key[place] for key in cells} - {None}:
            yield [key for key in cells if key[place] == name]


@given(TABLES)
def test_no_line_leaves_a_rest_about_a_few(cells: dict[Key, int]) -> None:
    hidden = fold_table(cells, untold=NOWHERE)
    assert hidden >= {key for key, number in cells.items() if number < SMALL}
    for line in lines(cells):
        gone = [key for key in line if key in hidden]
        assert len(gone) in (0, len(line)) or (len(gone) > 1 and sum(cells[key] for key in gone) >= SMALL)


@given(st.lists(st.integers(0, 30), min_size=2, max_size=5), st.integers(0, 9))
def test_the_missing_establishment_is_not_found_within_its_step(numbers: list[int], nowhere: int) -> None:
    """The whole is told exactly, the others by steps: what is left may be nought, or five and more."""
    cells: dict[str | None, int] = {str(place): number for place, number in enumerate(numbers)}
    if nowhere:
        cells[None] = nowhere
    shown = fold(cells, total_shown=True, untold=[None])
    told = [stepped(number) for place, number in shown.items() if number is not None and place is not None]
    missing = [place for place in cells if place is None or shown[place] is None]
    if len(told) == len(cells) or sum(numbers) + nowhere < SMALL:
        return
    most = sum(cells.values()) - sum(told)
    least = sum(cells.values()) - sum(number + SMALL - 1 for number in told)
    if any(cells[place] < SMALL for place in missing):
        assert len(missing) > 1, "the only one missing would be what is left"
        assert most >= SMALL
        assert least <= most


def test_those_that_nobody_reads_go_first() -> None:
    cells = {("ici", "a"): 3, ("là", "a"): 9, (None, "a"): 20}
    assert fold_table(cells, untold=[None]) == {("ici", "a"), (None, "a")}


@pytest.mark.parametrize("cells", [{("ici", "a"): 9}, {("ici", "a"): 9, ("là", "a"): 5}])
def test_a_table_without_a_small_number_is_told_whole(cells: dict[Key, int]) -> None:
    assert fold_table(cells) == frozenset()


def test_control_a_table_folded_by_its_rows_alone_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: columns are not folded."""
    cells = {("ici", "a"): 3, ("ici", "b"): 9, ("là", "a"): 9, ("là", "b"): 20}
    assert ("là", "a") in fold_table(cells)
    hidden = folding._hidden
    monkeypatch.setattr(
        folding, "_hidden", lambda cells, lines, *more: hidden(cells, [one for one in lines if one[0][0] == one[-1][0]], *more)
    )  # fmt: skip
    assert ("là", "a") not in fold_table(cells)
