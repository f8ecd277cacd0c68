"""Duties against the table written by hand; dates, warnings and who reads lateness."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from portal.domain.duties import rules
from portal.domain.duties.rules import Pause, Words
from portal.domain.involvement.rules import Record
from portal.vocabulary import (
    ORGANISER,
    ContributionKind,
    ContributionStatus,
    DutyKind,
    DutyState,
    Group,
    Level,
    Role,
)

TABLE = Path(__file__).with_name("expected.txt").read_text(encoding="utf-8")
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)
TODAY = date(2026, 3, 2)
LEVELS = {"aucun": None} | {level.name.lower(): level for level in Level}


def block(name: str) -> list[list[str]]:
    """The rows of one block of the table, its header first."""
    part = TABLE.split(f"\n[{name}]\n")[1].split("\n[")[0]
    return [line.split() for line in part.splitlines() if line.strip() and not line.startswith("#")]


def cells(name: str, keys: int) -> Iterator[tuple[list[str], str, str]]:
    """Each cell of a block: what stands left of it, its column, its word."""
    header, *lines = block(name)
    for line in lines:
        for column, word in zip(header[keys:], line[keys:], strict=True):
            yield line[:keys], column, word


@pytest.mark.parametrize(("row", "kind", "word"), list(cells("devoirs", 1)), ids=str)
def test_what_a_level_owes_for_each_kind(row: list[str], kind: str, word: str) -> None:
    level = LEVELS[row[0]]
    expected = None if word == "-" else DutyKind[word.upper()]
    for group in Group:
        found = rules.owed(level, ContributionKind(kind), group)
        assert found == (None if group is ORGANISER else expected), group


def test_what_a_level_promises_in_all() -> None:
    table = {LEVELS[name]: {DutyKind[word.upper()] for word in words} for name, *words in block("niveaux")}
    assert table == rules.PROMISED


@pytest.mark.parametrize(("row", "column", "word"), list(cells("etats", 3)), ids=str)
def test_the_state_of_a_duty(row: list[str], column: str, word: str) -> None:
    status, answered, explained = row
    today = TODAY + int(column.removeprefix("J") or 0) * DAY
    if ContributionStatus(status) is not ContributionStatus.PUBLISHED:
        assert word == "-"
        return
    found = rules.state(TODAY, today, answered=answered == "oui", explained=explained == "oui")
    assert found.value == word


@pytest.mark.parametrize(("row", "column", "word"), list(cells("regards", 2)), ids=str)
def test_who_reads_lateness(row: list[str], column: str, word: str) -> None:
    who, warned = row
    today = TODAY + int(column.removeprefix("J") or 0) * DAY
    state = rules.state(TODAY, today, answered=False, explained=False)
    assert rules.seen(state, keeps=who == "direction", warned=warned == "oui").value == word


def record(level: Level | None, day: int) -> Record:
    at = START + day * DAY
    return Record(Group.FAMILIES, level, at, at, for_space=True)


def words(sent: int, published: int | None = None, group: Group = Group.FAMILIES) -> Words:
    shown = START + (sent if published is None else published) * DAY
    return Words(ContributionKind.COMMENT, group, START + sent * DAY, shown)


@pytest.mark.parametrize(
    ("levels", "about", "expected"),
    [
        ([(2, 0)], words(1), 2),
        ([(3, 0), (1, 5)], words(1), 3),  # lowered later: nothing is taken away
        ([(3, 0), (1, 5)], words(6), 1),
        ([(1, 0), (3, 5)], words(1), 1),  # raised later: nothing is added either
        ([(1, 0), (3, 5)], words(1, 6), 3),  # raised before it was published
        ([(2, 0), (1, 5)], words(1, 9), 2),  # a review that waits takes nothing away
        ([(2, 0), (None, 5)], words(1, 9), 2),
        ([(2, 3)], words(1, 2), None),
        ([(2, 0)], words(1, group=Group.RESIDENTS), None),
    ],
)
def test_the_level_that_counts(
    levels: list[tuple[int | None, int]], about: Words, expected: int | None
) -> None:
    known = [record(None if level is None else Level(level), day) for level, day in levels]
    assert rules.level_that_counts(known, about) == (None if expected is None else Level(expected))


def due(**more: object) -> date:
    """Due thirty days after the 2nd of March 2026: the 1st of April, a Wednesday."""
    return rules.due_on(START, 30, at=START + 60 * DAY, **more)  # type: ignore[arg-type]  # by name


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, (2026, 4, 1)),
        ({"pauses": [Pause(START - 5 * DAY, START - 4 * DAY)]}, (2026, 4, 2)),
        ({"pauses": [Pause(START - 5 * DAY, START - 2 * DAY)]}, (2026, 4, 7)),  # Saturday, then Easter
        ({"pauses": [Pause(START - 9 * DAY, START - 8 * DAY)] * 2}, (2026, 4, 3)),
        ({"pauses": [Pause(START - 9 * DAY, START - 7 * DAY)], "department": "67"}, (2026, 4, 7)),
        ({"agreed": date(2026, 4, 10)}, (2026, 4, 10)),
        ({"agreed": date(2026, 4, 11)}, (2026, 4, 13)),
        ({"agreed": date(2026, 3, 10)}, (2026, 4, 1)),  # an agreement never takes time away
        ({"agreed": date(2026, 4, 2), "pauses": [Pause(START - 9 * DAY, START - 7 * DAY)]}, (2026, 4, 3)),
    ],
)
def test_the_day_on_which_an_answer_is_due(more: dict[str, object], expected: tuple[int, int, int]) -> None:
    assert due(**more) == date(*expected)


def test_a_pause_that_lasts_counts_until_now() -> None:
    since = [Pause(START, None)]
    assert rules.paused(since, START + 3 * DAY) == 3 * DAY
    assert rules.paused(since, START - DAY) == timedelta()


@pytest.mark.parametrize(
    ("left", "stage"),
    [(15, None), (14, 14), (8, 14), (7, 7), (4, 7), (3, 3), (2, 3), (1, 1), (0, 0), (-1, -1), (-30, -1)],
)
def test_warnings_come_before_lateness(left: int, stage: int | None) -> None:
    assert rules.warning(TODAY + left * DAY, TODAY) == stage


VOICES = [
    (Group.RESIDENTS, {Role.CVS_MEMBER}, {Group.RESIDENTS}),
    (Group.FAMILIES, {Role.CVS_MEMBER}, {Group.FAMILIES}),
    (Group.FAMILIES, set(), set()),
    (Group.STAFF_REPS, set(), {Group.PROFESSIONALS, Group.STAFF_REPS}),
    (Group.PROFESSIONALS, {Role.CVS_MEMBER}, set()),
    (Group.BOARD, set(), {Group.BOARD}),
    (Group.AUTHORITIES, set(), set()),
    (Group.AUTHORITIES, {Role.AUTHORITY_AGENT}, {Group.AUTHORITIES}),
    (Group.MANAGEMENT, {Role.DIRECTOR}, set()),
    (Group.RESIDENTS, {Role.CVS_MEMBER, Role.DIRECTOR}, set()),
    (Group.BOARD, {Role.DEPUTY}, set()),
]


@pytest.mark.parametrize(("group", "roles", "expected"), VOICES)
def test_who_agrees_to_more_time(group: Group, roles: set[Role], expected: set[Group]) -> None:
    owed_to = set(Group) - {ORGANISER}
    assert {one for one in owed_to if rules.may_decide(group, roles, one)} == expected


def test_the_worst_is_said_of_several() -> None:
    assert rules.worst([]) is None
    assert rules.worst([DutyState.KEPT, DutyState.TO_DO]) is DutyState.TO_DO
    assert rules.worst(DutyState) is DutyState.LATE
    assert rules.worst([DutyState.KEPT, DutyState.EXPLAINED]) is DutyState.EXPLAINED
