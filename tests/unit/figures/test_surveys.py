"""What is told of a survey lets nobody find a number about fewer than five persons to protect."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.domain.figures.surveys import QuestionFigures, folded, kept_groups
from portal.vocabulary import Group

R, F, P, S, B, M = (
    Group.RESIDENTS,
    Group.FAMILIES,
    Group.PROFESSIONALS,
    Group.STAFF_REPS,
    Group.BOARD,
    Group.MANAGEMENT,
)
World = dict[Group, tuple[int, ...]]


def told(world: Mapping[Group, tuple[int, ...]]) -> QuestionFigures:
    """The folded question of a world: how many of each group marked each option, and last how many none."""
    sheets = {group: sum(row) for group, row in world.items()}
    kept = kept_groups(world, {group: number for group, number in sheets.items() if number})
    options = len(next(iter(world.values()))) - 1
    marks: dict[int, dict[Group | None, int]] = {}
    for value in range(1, options + 1):
        cells: dict[Group | None, int] = defaultdict(int)
        for group, row in world.items():
            if row[value - 1]:
                cells[group if group in kept else None] += row[value - 1]
        if cells:
            marks[value] = dict(cells)
    # Groups that nobody answered for are on no sheet.
    named = frozenset(group for group in kept if sheets[group])
    return folded(marks, frozenset(world), named)


def seen(figures: QuestionFigures, options: int) -> tuple[object, ...]:
    """All that a reader sees."""
    values = range(1, options + 1)
    rows = [(group, *(figures.told_by(group, value) for value in values)) for group in figures.by_group]
    return (tuple(figures.told(value) for value in values), *rows)


def found_out(groups: Iterable[Group], options: int, most: int) -> list[str]:
    """Cells under five that the reader who knows the whole rule finds, whatever is told: by trying every world."""
    people = list(groups)
    worlds: dict[tuple[object, ...], list[tuple[int, ...]]] = defaultdict(list)
    for cells in product(range(most + 1), repeat=len(people) * (options + 1)):
        width = options + 1
        world = {group: cells[at * width : (at + 1) * width] for at, group in enumerate(people)}
        worlds[seen(told(world), options)].append(cells)
    return [
        f"{shown}: cell {place} is {next(iter(values))}"
        for shown, alike in worlds.items()
        for place in range(len(people) * (options + 1))
        if len(values := {cells[place] for cells in alike}) == 1 and min(values) < 5
    ]


@pytest.mark.parametrize(
    ("groups", "options", "most"),
    [((R,), 2, 9), ((R, F), 1, 8), ((R, F, P), 0, 12), ((R, F, B), 1, 5)],
    ids=["one-group", "two-groups", "three-groups-without-options", "with-an-institution"],
)
def test_whoever_tries_every_world_finds_no_small_cell(
    groups: tuple[Group, ...], options: int, most: int
) -> None:
    institutions = [at for at, group in enumerate(groups) if group.institutional]
    width = options + 1
    found = [
        line
        for line in found_out(groups, options, most)
        if not any(f"cell {at * width + column} is" in line for at in institutions for column in range(width))
    ]
    assert not found, found[:5]


def test_a_rule_that_forgets_the_rest_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: without complementary suppression the same search finds cells."""
    from portal.domain.figures import surveys
    from portal.domain.figures.fold import fold

    monkeypatch.setattr(surveys, "fold", lambda cells, **_options: fold(cells))
    assert found_out((R, F), 1, 8)


worlds = st.dictionaries(
    st.sampled_from([R, F, P, S, B, M]),
    st.tuples(*(st.integers(0, 11) for _ in range(5))),
    min_size=1,
)


@settings(max_examples=400, deadline=None)
@given(worlds)
def test_no_subtraction_of_what_is_told_is_about_a_few(world: World) -> None:
    """Whole less institutions less groups told apart: about nobody told, or about five persons in two groups."""
    figures, options = told(world), 4
    persons = [group for group in world if not group.institutional]
    for value in range(1, options + 1):
        bodies = sum(row[value - 1] for group, row in world.items() if group.institutional)
        whole = figures.told(value)
        if not persons:
            assert whole == bodies
            continue
        if whole is None:
            assert persons
            assert all(figures.told_by(group, value) is None for group in persons)
            continue
        assert whole - bodies == sum(world[group][value - 1] for group in persons) >= 5
        hidden = [group for group in persons if figures.told_by(group, value) is None]
        shown = [group for group in persons if group not in hidden]
        assert shown == persons or len(persons) == 1 or min(world[group][value - 1] for group in persons) < 5
        assert all(figures.told_by(group, value) == world[group][value - 1] >= 5 for group in shown)
        if hidden and len(persons) > 1:
            rest = whole - bodies - sum(world[group][value - 1] for group in shown)
            assert len(hidden) >= 2
            assert rest >= 5
    for group in world:
        if group.institutional:
            assert [figures.told_by(group, value) for value in range(1, options + 1)] == list(
                world[group][:options]
            )


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from([R, F, P, S, B]), st.integers(0, 14), min_size=1))
def test_what_sheets_keep_of_groups_names_no_small_group(sheets: dict[Group, int]) -> None:
    kept = kept_groups(sheets, {group: number for group, number in sheets.items() if number})
    lost = [group for group in sheets if group not in kept]
    assert all(group.institutional or sheets[group] >= 5 for group in kept)
    persons = [group for group in sheets if not group.institutional]
    assert all(group in kept for group in sheets if group.institutional and sheets[group])
    assert not lost or min(sheets.values()) < 5
    if lost and len(persons) > 1 and len(lost) < len(persons):
        assert len(lost) >= 2
        assert sum(sheets[group] for group in lost) >= 5


def test_a_story_of_a_small_house() -> None:
    """Seven residents, three families, two of the board: residents and families are only told together."""
    figures = told({R: (6, 1, 0), F: (3, 0, 0), B: (1, 1, 0)})
    assert figures.told(1) == 10
    assert figures.told(2) is None
    assert [group for group in figures.by_group if not group.institutional] == []
    assert figures.told_by(B, 1) == 1


ALIKE = """
from portal.domain.figures.surveys import folded, kept_groups
from portal.vocabulary import Group as G
people = frozenset({G.RESIDENTS, G.FAMILIES, G.PROFESSIONALS, G.STAFF_REPS})
alike = {G.RESIDENTS: 6, G.FAMILIES: 6, G.PROFESSIONALS: 6, G.STAFF_REPS: 2}
print(sorted(kept_groups(people, alike)), folded({1: alike}, people, people).by_group)
"""


def test_of_groups_alike_every_process_hides_the_same() -> None:
    """Two processes that hide one each would tell both: sets have another order in each process."""
    said = {
        subprocess.run(
            [sys.executable, "-c", ALIKE],
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in range(4)
    }
    assert len(said) == 1
