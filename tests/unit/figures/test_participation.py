"""A split by group never lets a number about a few persons be found, by sums nor differences."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from portal.domain.figures.fold import SMALL, fold, stepped
from portal.domain.figures.participation import INSTITUTIONAL, PROTECTED, Cell, by_group
from portal.vocabulary import Group

PERSONS = st.integers(0, 12)
CELLS = st.fixed_dictionaries(
    {
        group: st.tuples(PERSONS, st.integers(0, 3)).map(lambda two: Cell(two[0] + two[0] * two[1], two[0]))
        for group in Group
    }
)


@given(CELLS)
def test_what_is_shown_has_five_persons_and_goes_by_steps(cells: dict[Group, Cell]) -> None:
    for group, number in by_group(cells).items():
        if number is not None and not group.institutional:
            assert cells[group].persons >= SMALL
            assert number % SMALL == 0


@given(CELLS)
def test_the_rest_of_a_subtraction_is_never_about_a_few(cells: dict[Group, Cell]) -> None:
    shown = by_group(cells)
    hidden = [group for group in PROTECTED if shown[group] is None]
    bodies = [group for group in INSTITUTIONAL if shown[group] is None]
    rest = sum(cells[group].persons for group in hidden)
    if hidden and not bodies:
        assert rest == 0 or rest >= SMALL
        assert len(hidden) > 1


@given(CELLS, st.sampled_from(PROTECTED))
def test_one_more_person_moves_nothing_or_a_step(cells: dict[Group, Cell], group: Group) -> None:
    more = {**cells, group: Cell(cells[group].number + 1, cells[group].persons + 1)}
    before, after = by_group(cells), by_group(more)
    for one in PROTECTED:
        if before[one] is not None and after[one] is not None:
            assert (after[one] - before[one]) % SMALL == 0


def test_two_small_cells_beside_a_total_take_a_third_one_with_them() -> None:
    assert fold({"a": 1, "b": 1, "c": 9, "d": 12}, total_shown=True) == {
        "a": None,
        "b": None,
        "c": None,
        "d": 12,
    }


def test_a_number_by_steps() -> None:
    assert [stepped(number) for number in (0, 4, 5, 9, 10, 14)] == [0, 0, 5, 5, 10, 10]
