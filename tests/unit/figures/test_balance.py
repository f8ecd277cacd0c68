"""The balance of voices never lets a number about a few persons be found, and silence never says nought."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from portal.domain.figures.balance import Balance, Silence, alone, as_a_whole, assembled, quiet
from portal.domain.figures.fold import SMALL
from portal.domain.figures.participation import INSTITUTIONAL, PROTECTED, Cell, by_group
from portal.vocabulary import Group, Level

PERSONS = st.integers(0, 11)
Counts = Mapping[Group, tuple[int, int, int, int]]


@st.composite
def groups(draw: st.DrawFn) -> Counts:
    """Members of each group, of whom some spoke, of whom some were answered, of whom some changed a text."""
    found = {}
    for group in Group:
        size = draw(PERSONS)
        spoke = draw(st.integers(0, size))
        answered = draw(st.integers(0, spoke))
        found[group] = (size, spoke, answered, draw(st.integers(0, answered)))
    return found


def shown(counts: Counts) -> Balance:
    """What is told when each person who spoke spoke once: the worst case for whoever counts back."""
    size, spoke, answered, changed = (
        {group: Cell(one[part], one[part]) for group, one in counts.items()} for part in range(4)
    )
    whole = tuple(sum(one[part] for one in counts.values()) for part in (1, 2, 3))
    return assembled(
        members=by_group(size),
        spoke=by_group(spoke),
        said=by_group(spoke),
        answered=by_group(answered),
        changed=alone(changed),
        totals=(whole[0], whole[1], as_a_whole(changed)),
    )


@given(groups())
def test_no_number_of_a_group_to_protect_is_about_fewer_than_five(counts: Counts) -> None:
    for voice in shown(counts).voices:
        if voice.group.institutional:
            continue
        size, spoke, answered, changed = counts[voice.group]
        told = (voice.members, voice.spoke, voice.said, voice.answered, voice.changed)
        for number, persons in zip(told, (size, spoke, spoke, answered, changed), strict=True):
            assert number is None or (persons >= SMALL and number % SMALL == 0)


@given(groups())
def test_what_hides_who_spoke_hides_all_that_follows(counts: Counts) -> None:
    for voice in shown(counts).voices:
        if voice.spoke is None:
            assert (voice.said, voice.answered, voice.changed) == (None, None, None)


@given(groups(), st.sampled_from([1, 2]))
def test_whole_less_what_is_shown_is_never_about_a_few(counts: Counts, part: int) -> None:
    balance = shown(counts)
    whole = {1: balance.said, 2: balance.answered}[part]
    cells = {one.group: {1: one.said, 2: one.answered}[part] for one in balance.voices}
    hidden = [group for group in PROTECTED if cells[group] is None]
    if not hidden or any(cells[group] is None for group in INSTITUTIONAL):
        return
    # What a reader can subtract exactly: the bodies. Steps leave up to four unsaid in each group that is told.
    rest = whole - sum(cells[group] or 0 for group in INSTITUTIONAL)
    told = sum(cells[group] or 0 for group in PROTECTED)
    few = sum(counts[group][part] for group in hidden)
    assert len(hidden) > 1
    assert few == 0 or few >= SMALL
    assert rest >= told


TIGHT = {
    **dict.fromkeys(Group, (0, 0, 0, 0)),
    Group.RESIDENTS: (4, 4, 0, 0),
    Group.FAMILIES: (5, 4, 0, 0),
    Group.STAFF_REPS: (2, 2, 0, 0),
}


@settings(max_examples=150)
@given(groups(), st.sampled_from(PROTECTED))
@example(TIGHT, Group.FAMILIES)
def test_no_small_cell_can_be_found_from_all_that_is_told(counts: Counts, group: Group) -> None:
    """For each number of one to four, another world shows exactly the same: nobody can tell which is ours."""
    balance = shown(counts)
    for part in (1, 2, 3):
        if 0 < counts[group][part] < SMALL:
            assert any(shown(other) == balance for other in _neighbours(counts, group, part)), (part, counts)


def _neighbours(counts: Counts, group: Group, part: int) -> Iterator[Counts]:
    """Worlds where a few of those who did it are of another group, or some of another group are of this one.

    Who goes takes along all that they did, so that every whole number stays; a member who did nothing takes
    their place, or does not; so does one who did less. The sizes of two groups need not move together.
    """
    ways = product(PROTECTED, (1, -1, 2, -2, 3, -3, 4, -4), range(part, 4), range(part + 1), range(2))
    for other, step, last, first, joined in ways:
        moved = {one: list(values) for one, values in counts.items()}
        for did in range(max(first, joined), last + 1):
            moved[group][did] -= step
        for did in range(first, last + 1):
            moved[other][did] += step
        # Whoever changed a text was answered, whoever was answered spoke, whoever spoke is a member.
        fine = all(min(moved[one]) >= 0 and moved[one] == sorted(moved[one], reverse=True) for one in moved)
        if other is not group and fine:
            yield {one: (v[0], v[1], v[2], v[3]) for one, v in moved.items()}


FOUND = {
    Group.RESIDENTS: (8, 8, 0, 0),
    Group.FAMILIES: (2, 2, 0, 0),
    Group.PROFESSIONALS: (6, 6, 0, 0),
    Group.STAFF_REPS: (5, 5, 0, 0),
    **dict.fromkeys(INSTITUTIONAL, (0, 0, 0, 0)),
}


def hidden(counts: Counts, group: Group, part: int) -> bool:
    """Whether another world shows the same with another number there."""
    return any(shown(other) == shown(counts) for other in _neighbours(counts, group, part))


def test_control_a_split_without_its_second_folding_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    assert hidden(FOUND, Group.FAMILIES, 1)

    def naive(cells: Mapping[Group, Cell]) -> dict[Group, int | None]:
        return {group: cell.number if cell.persons >= SMALL else None for group, cell in cells.items()}

    monkeypatch.setattr(sys.modules[__name__], "by_group", naive)
    assert not hidden(FOUND, Group.FAMILIES, 1)


SIZES = dict.fromkeys(Group, 8)
INVITED = {Group.FAMILIES: Level.INFORMATION, Group.RESIDENTS: Level.CONCERTATION}


@pytest.mark.parametrize("spoke", range(SMALL))
def test_nought_and_four_read_alike(spoke: int) -> None:
    found = quiet(
        SIZES, INVITED, ["un", "deux"], {("un", Group.FAMILIES): spoke, ("deux", Group.FAMILIES): 5}
    )
    assert found[1] == Silence(Group.FAMILIES, ("un",))


def test_five_voices_end_the_silence() -> None:
    spoke = {("un", group): SMALL for group in INVITED}
    assert quiet(SIZES, INVITED, ["un"], spoke) == ()


@pytest.mark.parametrize("size", range(SMALL))
def test_nothing_is_told_of_a_small_group(size: int) -> None:
    assert quiet({**SIZES, Group.FAMILIES: size}, INVITED, ["un"], {}) == (Silence(Group.RESIDENTS, ("un",)),)


def test_a_group_without_a_level_or_an_institution_is_not_silent() -> None:
    everyone = dict.fromkeys((*INSTITUTIONAL, Group.RESIDENTS), Level.CONSULTATION)
    assert quiet(SIZES, everyone, ["un"], {}) == (Silence(Group.RESIDENTS, ("un",)),)
