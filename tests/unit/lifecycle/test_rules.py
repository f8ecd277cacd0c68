"""The days and states of the life of a contract, as tables."""

from __future__ import annotations

from datetime import date

import pytest

from portal.domain.lifecycle import reports, rules
from portal.domain.lifecycle.rules import EndState, Length, StageDates
from portal.vocabulary import Stage

START, END = date(2027, 1, 1), date(2031, 12, 31)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2031, 12, 31), -6, date(2031, 6, 30)),
        (date(2031, 8, 31), -6, date(2031, 2, 28)),
        (date(2032, 8, 31), -6, date(2032, 2, 29)),
        (date(2027, 1, 1), 60, date(2032, 1, 1)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
    ],
)
def test_months_are_counted_on_the_calendar(day: date, months: int, expected: date) -> None:
    assert rules.shifted(day, months) == expected


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "length", "words"),
    [
        (START, date(2028, 6, 30), Length.SHORT, "1 an et 6 mois"),
        (START, date(2029, 12, 31), Length.USUAL, "3 ans"),
        (START, END, Length.USUAL, "5 ans"),
        (START, date(2032, 1, 1), Length.SIXTH, "5 ans"),
        (START, date(2032, 12, 31), Length.SIXTH, "6 ans"),
        (START, date(2033, 1, 1), Length.BEYOND, "6 ans"),
        (START, date(2033, 12, 31), Length.BEYOND, "7 ans"),
        (date(2027, 3, 15), date(2027, 9, 20), Length.SHORT, "6 mois"),
    ],
)
def test_how_long_a_contract_lasts(starts_on: date, ends_on: date, length: Length, words: str) -> None:
    assert rules.length(starts_on, ends_on) is length
    assert rules.lasting(starts_on, ends_on) == words


@pytest.mark.parametrize(
    ("today", "decided", "state"),
    [
        (date(2031, 3, 31), False, EndState.FAR),
        (date(2031, 4, 1), False, EndState.NEAR),
        (date(2031, 6, 30), False, EndState.NEAR),
        (date(2031, 7, 1), False, EndState.LATE),
        (date(2031, 12, 31), False, EndState.LATE),
        (date(2032, 1, 1), False, EndState.OVER),
        (date(2031, 7, 1), True, EndState.DECIDED),
        (date(2027, 7, 1), True, EndState.DECIDED),
        (date(2032, 1, 1), True, EndState.OVER),
    ],
)
def test_when_the_end_must_be_decided(today: date, *, decided: bool, state: EndState) -> None:
    assert rules.prorogation_day(END) == date(2031, 6, 30)
    assert rules.end_state(END, today, decided=decided) is state


def test_when_the_two_reviews_come() -> None:
    assert rules.third_year(START, END) == (date(2029, 1, 1), date(2029, 12, 31))
    assert rules.third_year(START, date(2029, 6, 30)) == (date(2029, 1, 1), date(2029, 6, 30))
    assert rules.third_year(START, date(2028, 12, 31)) is None
    assert rules.last_year(END) == (date(2031, 1, 1), date(2031, 12, 31))


SHARED, GOALS, TALKS = Stage.DIAGNOSTIC, Stage.OBJECTIVES, Stage.NEGOTIATION
FIRST, LATER, LAST = date(2026, 3, 1), date(2026, 6, 1), date(2026, 9, 1)


@pytest.mark.parametrize(
    ("now", "written", "expected", "sentence"),
    [
        (GOALS, [], GOALS, "nothing written changes nothing"),
        (
            GOALS,
            [StageDates(SHARED, FIRST, None)],
            GOALS,
            "an earlier stage told afterwards does not lead back",
        ),
        (GOALS, [StageDates(SHARED, FIRST, LATER)], GOALS, "nor when it is told to its end"),
        (
            SHARED,
            [StageDates(SHARED, FIRST, LATER), StageDates(GOALS, LATER, None)],
            GOALS,
            "the next one begins",
        ),
        (
            SHARED,
            [StageDates(SHARED, FIRST, None), StageDates(GOALS, LATER, None)],
            GOALS,
            "two at once: the further one",
        ),
        (
            GOALS,
            [StageDates(SHARED, FIRST, LATER), StageDates(GOALS, LATER, LAST)],
            GOALS,
            "between two: the last one",
        ),
        (
            GOALS,
            [StageDates(SHARED, FIRST, None, LAST), StageDates(GOALS, LATER, None)],
            SHARED,
            "a stage opened again leads",
        ),
        (GOALS, [StageDates(SHARED, FIRST, None, LAST)], SHARED, "also before a stage without dates"),
        (
            SHARED,
            [StageDates(SHARED, FIRST, LAST, None), StageDates(GOALS, LATER, None)],
            GOALS,
            "until it ends again",
        ),
        (
            SHARED,
            [StageDates(SHARED, FIRST, None, LATER), StageDates(TALKS, LAST, None)],
            TALKS,
            "or a later one begins",
        ),
        (
            TALKS,
            [StageDates(GOALS, FIRST, None), StageDates(TALKS, None, None)],
            TALKS,
            "planned dates move nothing",
        ),
    ],
)
def test_at_which_stage_a_contract_stands(
    now: Stage, written: list[StageDates], expected: Stage, sentence: str
) -> None:
    assert rules.current(now, written) is expected, sentence


def test_a_stage_written_wrongly_is_led_back_by_its_dates() -> None:
    taken_back = [StageDates(SHARED, FIRST, None), StageDates(GOALS, None, None)]
    assert rules.current(GOALS, taken_back, cleared=GOALS) is SHARED


@pytest.mark.parametrize(
    ("today", "sent", "expected"),
    [
        (date(2026, 11, 23), None, date(2028, 4, 30)),
        (date(2028, 4, 30), None, date(2028, 4, 30)),
        (date(2028, 5, 1), None, date(2029, 4, 30)),
        (date(2028, 4, 20), date(2028, 4, 15), date(2029, 4, 30)),
        (date(2028, 5, 10), date(2028, 5, 5), date(2029, 4, 30)),
        (date(2032, 4, 1), None, date(2032, 4, 30)),
        (date(2032, 5, 1), None, None),
        (date(2032, 4, 20), date(2032, 4, 18), None),
    ],
)
def test_the_accounts_of_a_year_are_due_the_year_after(
    today: date, sent: date | None, expected: date | None
) -> None:
    errd = reports.READY_BY_CODE["errd"]
    assert reports.next_due(errd.due, today, START, END, last_sent_on=sent) == expected


@pytest.mark.parametrize(
    ("code", "today", "expected"),
    [
        ("eprd", date(2026, 11, 23), date(2027, 6, 30)),
        ("eprd", date(2031, 7, 1), None),
        ("activite", date(2026, 11, 23), date(2027, 10, 31)),
        ("activite", date(2031, 1, 1), date(2031, 10, 31)),
        ("objectifs", date(2026, 11, 23), date(2028, 4, 30)),
    ],
)
def test_every_ready_line_has_its_next_day(code: str, today: date, expected: date | None) -> None:
    assert reports.next_due(reports.READY_BY_CODE[code].due, today, START, END) == expected


def test_the_end_of_february_comes_every_year() -> None:
    due = reports.Due(28, 2)
    assert reports.next_due(due, date(2027, 3, 1), START, END) == date(2028, 2, 28)
