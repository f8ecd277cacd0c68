"""When a morning comes, when it is quiet, when a date is near."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from portal.domain.facts import FactKind
from portal.domain.notifications import rules
from portal.domain.notifications.rules import Quiet
from portal.domain.notifications.sentences import SENTENCES, sentence
from portal.kernel.clock import PARIS
from portal.vocabulary import NoticeKind

DAY = timedelta(days=1)


def at(hour: int, minute: int = 0, day: int = 23) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("quiet", "hour", "holds"),
    [
        (Quiet(20, 7), 19, False),
        (Quiet(20, 7), 20, True),
        (Quiet(20, 7), 0, True),
        (Quiet(20, 7), 6, True),
        (Quiet(20, 7), 7, False),
        (Quiet(9, 12), 9, True),
        (Quiet(9, 12), 12, False),
        (Quiet(5, 5), 5, False),
    ],
)
def test_quiet_hours(quiet: Quiet, hour: int, holds: bool) -> None:
    assert quiet.holds(at(hour)) is holds


@pytest.mark.parametrize(
    ("quiet", "first"),
    [(Quiet(), 8), (Quiet(20, 10), 10), (Quiet(7, 14), 14), (Quiet(22, 8), 8), (Quiet(8, 0), None)],
)
def test_the_morning_is_eight_or_the_first_hour_after_that_is_not_quiet(
    quiet: Quiet, first: int | None
) -> None:
    due = [hour for hour in range(24) if rules.is_due(quiet, at(hour))]
    assert (due[0] if due else None) == first
    assert not [hour for hour in due if quiet.covers(hour)]


def test_a_morning_tells_what_came_before_eight() -> None:
    assert rules.cutoff(at(7)) == at(8)
    assert rules.cutoff(at(23)) == at(8)
    assert rules.cutoff(at(0, day=24)) == at(8, day=24)


def test_patience_doubles_then_ends() -> None:
    waits = [rules.next_attempt(number, at(8)) - at(8) for number in (1, 2, 3, 4)]
    assert waits == [timedelta(minutes=minutes) for minutes in (5, 10, 20, 40)]
    assert [rules.given_up(number) for number in (1, 4, 5)] == [False, False, True]


def test_an_end_is_near_a_week_before_or_in_the_second_half() -> None:
    assert rules.closing_from(at(8), at(8) + 60 * DAY) == at(8) + 53 * DAY
    assert rules.closing_from(at(8), at(8) + 4 * DAY) == at(8) + 2 * DAY


def test_every_kind_is_told_read_and_said() -> None:
    told = {line.kind for lines in rules.TABLE.values() for line in lines}
    by_date = {rules.CLOSING.kind, rules.DUTY.kind, rules.REVIEW_LATE.kind, NoticeKind.TO_LOOK_AT}
    assert told | by_date == set(NoticeKind)
    assert set(rules.READING) == set(NoticeKind) == set(SENTENCES)
    assert set(rules.TABLE) <= set(FactKind)


@pytest.mark.parametrize("kind", NoticeKind)
def test_sentences_are_whole(kind: NoticeKind) -> None:
    for number in (1, 3):
        words = sentence(kind, number, at(8))
        assert words[0].isupper() or words[0].isdigit()
        assert words.endswith(".")
        assert "%" not in words
        assert "'" not in words


@pytest.mark.parametrize(
    ("written", "now", "told"),
    [
        ("2026-11-23", at(9), at(9)),
        ("2026-11-23", at(9, day=25), datetime(2026, 11, 23, 23, 59, 59, 999999, PARIS)),
        # A line of before tells its second, and keeps it.
        ("2026-11-23T07:05:00Z", at(9, day=25), at(8, 5)),
        ("2026-11-23T07:05:00Z", at(8), at(8)),
    ],
)
def test_what_a_line_tells_is_dated_as_finely_as_it_says_and_never_later_than_now(written, now, told):
    assert rules.told_at(written, now) == told
