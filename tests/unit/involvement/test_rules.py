"""Levels: which record counts, from when, and what must be said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.involvement.rules import (
    PRESETS,
    Record,
    check_record,
    coming,
    effective_date,
    in_force,
)
from portal.kernel.errors import InvalidError
from portal.vocabulary import Group, Level

DAY = timedelta(days=1)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
F = Group.FAMILIES


def record(level: Level, since: int, *, space: bool = False, recorded: int | None = None) -> Record:
    return Record(F, level, NOW + since * DAY, NOW + (since if recorded is None else recorded) * DAY, space)


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        pytest.param([], None, id="no record, no access"),
        pytest.param([record(Level.INFORMATION, -3)], Level.INFORMATION, id="the contract's default"),
        pytest.param(
            [record(Level.INFORMATION, -3), record(Level.CONCERTATION, -5, space=True)],
            Level.CONCERTATION,
            id="the space's own record wins, however old",
        ),
        pytest.param(
            [record(Level.CONCERTATION, -3), record(Level.INFORMATION, 7)],
            Level.CONCERTATION,
            id="a record to come does not count yet",
        ),
        pytest.param(
            [record(Level.CONCERTATION, -3), record(Level.INFORMATION, 0)],
            Level.INFORMATION,
            id="a record counts from the instant it takes effect",
        ),
        pytest.param(
            [record(Level.INFORMATION, -1, recorded=-1), record(Level.CONSULTATION, -1, recorded=0)],
            Level.CONSULTATION,
            id="of two for the same instant, the last recorded",
        ),
    ],
)
def test_the_level_in_force(records: list[Record], expected: Level | None) -> None:
    assert in_force(records, NOW).get(F) == expected
    assert in_force(list(reversed(records)), NOW).get(F) == expected


@pytest.mark.parametrize(
    ("current", "wanted", "asked", "expected"),
    [
        pytest.param(None, Level.INFORMATION, None, NOW, id="a first level counts now"),
        pytest.param(Level.INFORMATION, Level.CONCERTATION, None, NOW, id="raising counts now"),
        pytest.param(
            Level.INFORMATION, Level.CONSULTATION, NOW + 3 * DAY, NOW + 3 * DAY, id="raising may wait"
        ),
        pytest.param(
            Level.CONCERTATION, Level.INFORMATION, None, NOW + 7 * DAY, id="lowering waits seven days"
        ),
        pytest.param(Level.CONCERTATION, Level.INFORMATION, NOW + DAY, NOW + 7 * DAY, id="never sooner"),
        pytest.param(
            Level.CONCERTATION, Level.INFORMATION, NOW + 9 * DAY, NOW + 9 * DAY, id="later if asked"
        ),
        pytest.param(Level.INFORMATION, Level.CONSULTATION, NOW - DAY, NOW, id="nothing counts in the past"),
    ],
)
def test_from_when_a_record_counts(
    current: Level | None, wanted: Level, asked: datetime | None, expected: datetime
) -> None:
    assert effective_date(current, wanted, asked, NOW) == expected


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        pytest.param(
            [
                record(Level.CONCERTATION, -30),
                record(Level.CONSULTATION, -1, recorded=-8),
                record(Level.INFORMATION, 2, recorded=-5),
            ],
            Level.CONCERTATION,
            id="what was planned is given up by a later decision, even one that waits longer",
        ),
        pytest.param(
            [
                record(Level.CONCERTATION, -30),
                record(Level.CONSULTATION, -6, recorded=-13),
                record(Level.INFORMATION, 2, recorded=-5),
            ],
            Level.CONSULTATION,
            id="what took effect before the later decision stays",
        ),
        pytest.param(
            [
                record(Level.CONCERTATION, -30),
                record(Level.CONSULTATION, -1, recorded=-8),
                record(Level.INFORMATION, 2, recorded=-5, space=True),
            ],
            Level.CONCERTATION,
            id="a decision of the space gives up what the contract planned for it",
        ),
        pytest.param(
            [
                record(Level.CONCERTATION, -30),
                record(Level.CONSULTATION, -1, recorded=-8, space=True),
                record(Level.INFORMATION, 2, recorded=-5),
            ],
            Level.CONSULTATION,
            id="a decision of the contract leaves what a space planned",
        ),
    ],
)
def test_a_decision_takes_the_place_of_what_was_planned(
    records: list[Record], expected: Level | None
) -> None:
    assert in_force(records, NOW).get(F) == expected
    assert in_force(list(reversed(records)), NOW).get(F) == expected


def test_only_the_last_plan_is_coming() -> None:
    last = record(Level.INFORMATION, 9, recorded=-1)
    known = [record(Level.CONCERTATION, -30), record(Level.CONSULTATION, 5, recorded=-2), last]
    assert coming(known, NOW) == {F: last}
    assert coming(known, NOW + 6 * DAY) == {F: last}
    assert coming(known, NOW + 9 * DAY) == {}


def test_lowering_needs_a_reason_and_raising_does_not() -> None:
    check_record(Level.CONCERTATION, Level.INFORMATION, "Le budget est voté.")
    check_record(Level.INFORMATION, Level.CONCERTATION, "")
    with pytest.raises(InvalidError) as refused:
        check_record(Level.CONCERTATION, Level.INFORMATION, "  ")
    assert list(refused.value.errors) == ["reason"]
    with pytest.raises(InvalidError):
        check_record(Level.INFORMATION, Level.INFORMATION, "Parce que.")


def test_presets_name_every_group_and_never_promise_the_fourth_level() -> None:
    for _label, sentence, levels in PRESETS.values():
        assert sentence.endswith(".")
        assert set(levels) == set(Group)
        assert Level.COCONSTRUCTION not in levels.values()


@given(st.lists(st.builds(record, st.sampled_from(Level), st.integers(-30, 30), space=st.booleans())))
def test_adding_a_record_to_come_changes_nothing_today(records: list[Record]) -> None:
    assert in_force([*records, record(Level.INFORMATION, 31, space=True)], NOW) == in_force(records, NOW)
