"""Small numbers about persons are folded, and cannot be recovered from what is shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.figures.fold import SMALL, fold, fold_mixed

CELLS = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 40), min_size=1)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"oui": 5, "non": 12}, {"oui": 5, "non": 12}),
        ({"oui": 4, "non": 12}, {"oui": None, "non": 12}),
        ({"oui": 0, "non": 12}, {"oui": None, "non": 12}),
    ],
)
def test_cells_under_five_are_not_told(cells: dict[str, int], expected: dict[str, int | None]) -> None:
    assert fold(cells) == expected


def test_a_total_beside_one_hidden_cell_hides_a_second_one() -> None:
    assert fold({"oui": 3, "non": 12, "autre": 7}, total_shown=True) == {
        "oui": None,
        "non": 12,
        "autre": None,
    }


@given(CELLS)
def test_no_hidden_cell_is_the_rest_of_a_subtraction(cells: dict[str, int]) -> None:
    shown = fold(cells, total_shown=True)
    hidden = [key for key, value in shown.items() if value is None]
    assert len(hidden) != 1 or len(cells) == 1
    assert all(value is None or (value == cells[key] and value >= SMALL) for key, value in shown.items())


def test_institutional_voices_are_added_only_where_the_persons_are_many() -> None:
    assert fold_mixed({"oui": 6, "non": 2}, {"oui": 1, "non": 9}) == {"oui": 7, "non": None}


@given(CELLS, CELLS)
def test_no_total_tells_a_small_number_of_persons(persons: dict[str, int], bodies: dict[str, int]) -> None:
    for key, value in fold_mixed(persons, bodies).items():
        assert value is None or persons.get(key, 0) >= SMALL
