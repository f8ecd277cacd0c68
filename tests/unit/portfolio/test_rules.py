"""Five contracts to look at: for a date or for something that is missing, never for a rank."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from portal.domain.portfolio.rules import (
    FIVE,
    Reason,
    Situation,
    Why,
    five,
    kept,
    plain,
    read,
    reasons,
    week_of,
)
from portal.vocabulary import ActKind, Stage

TODAY = date(2027, 3, 8)
QUIET = Situation("c", "Un contrat", Stage.EXECUTION, date(2026, 1, 1), date(2030, 12, 31), date(2025, 12, 1))
NEW = Situation("c", "Un contrat", Stage.NEGOTIATION, date(2027, 9, 1), date(2032, 8, 31))


def in_days(days: int) -> date:
    return TODAY + timedelta(days=days)


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (QUIET, []),
        (replace(QUIET, space_ends=(in_days(7),)), [Reason(Why.SPACE_ENDS, in_days(7))]),
        (replace(QUIET, space_ends=(in_days(9), in_days(3))), [Reason(Why.SPACE_ENDS, in_days(3))]),
        (replace(QUIET, space_ends=(in_days(8),)), []),
        (replace(QUIET, space_ends=(in_days(-1),)), []),
        (replace(NEW, starts_on=in_days(60)), [Reason(Why.STARTS, in_days(60))]),
        (replace(NEW, starts_on=in_days(61)), []),
        (replace(NEW, starts_on=in_days(60), signed_on=in_days(-3)), []),
        (replace(QUIET, ends_on=in_days(180)), [Reason(Why.ENDS, in_days(180))]),
        (replace(QUIET, ends_on=in_days(181)), []),
        # Six months before the end, until somebody decided.
        (replace(QUIET, ends_on=date(2027, 11, 7)), []),
        (
            replace(QUIET, ends_on=date(2027, 11, 7), end_decided=False),
            [Reason(Why.PROROGATION, date(2027, 5, 7))],
        ),
        (replace(QUIET, ends_on=date(2027, 11, 8), end_decided=False), []),
        (
            replace(QUIET, ends_on=date(2027, 9, 8), end_decided=False),
            [Reason(Why.PROROGATION, date(2027, 3, 8))],
        ),
        (replace(QUIET, starts_on=in_days(-900), ends_on=in_days(920)), [Reason(Why.MIDTERM, in_days(10))]),
        (replace(QUIET, starts_on=in_days(-900), ends_on=in_days(880)), []),
        (replace(QUIET, unkept_on=in_days(-14)), [Reason(Why.UNKEPT, in_days(-14))]),
        (replace(QUIET, unkept_on=in_days(-15)), []),
        (replace(NEW, users_have_level=False), [Reason(Why.NO_LEVEL)]),
        (replace(NEW, users_have_level=False, stage=Stage.PROGRAMMING), []),
        (replace(QUIET, users_have_level=False), []),
        (replace(NEW, stage=Stage.DIAGNOSTIC, findings_wait=True), [Reason(Why.FINDINGS)]),
        (replace(NEW, stage=Stage.OBJECTIVES, findings_wait=True), []),
        (replace(NEW, stage=Stage.SIGNATURE, acts=frozenset({ActKind.CVS})), [Reason(Why.ACT_MISSING)]),
        (replace(NEW, stage=Stage.SIGNATURE, acts=frozenset({ActKind.CVS, ActKind.CSE})), []),
        (replace(QUIET, acts=frozenset()), []),
    ],
)
def test_each_reason_begins_and_ends_on_its_day(found: Situation, told: list[Reason]) -> None:
    assert list(reasons(found, TODAY)) == told


def test_two_reasons_at_most_and_each_is_a_sentence_without_blame() -> None:
    busy = replace(
        NEW,
        stage=Stage.SIGNATURE,
        starts_on=in_days(5),
        space_ends=(in_days(2),),
        unkept_on=in_days(-1),
        acts=frozenset(),
    )
    found = reasons(busy, TODAY)
    assert [one.why for one in found] == [Why.SPACE_ENDS, Why.STARTS]
    for why in Why:
        words = Reason(why, TODAY).sentence
        assert words.endswith(".")
        assert not {"retard", "mauvais", "pire", "dernier"} & set(words.split())


def test_five_at_most_by_date_then_by_title() -> None:
    many = [
        replace(
            QUIET, contract_id=f"c{number}", title=f"Contrat {9 - number}", space_ends=(in_days(number % 3),)
        )
        for number in range(9)
    ]
    found = five([*many, QUIET], TODAY)
    assert len(found) == FIVE
    assert [one.contract_id for one in found] == ["c6", "c3", "c0", "c7", "c4"]
    assert five([QUIET], TODAY) == ()


def test_a_notice_gives_back_the_reasons_that_it_keeps() -> None:
    told = (Reason(Why.SPACE_ENDS, in_days(2)), Reason(Why.NO_LEVEL))
    assert read(kept(told)) == told
    assert len(f"regard:{TODAY.isoformat()}:{kept((Reason(Why.MIDTERM, TODAY),) * 2)}") <= 80
    assert read("autre=,") == ()


def test_a_week_begins_on_its_monday() -> None:
    assert [week_of(in_days(days)) for days in (-1, 0, 6, 7)] == [
        in_days(-7),
        in_days(0),
        in_days(0),
        in_days(7),
    ]


def test_words_are_looked_up_without_accents_or_capitals() -> None:
    assert plain("Résidence de l’Étang") == plain("residence de l'etang")
