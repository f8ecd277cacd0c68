"""The money of objectives: what it adds up to, what is missing, how an amount is typed."""

from __future__ import annotations

from datetime import date

import pytest

from portal.domain.means import rules
from portal.domain.means.models import Lasting, Need
from portal.domain.means.rules import AmountError, Amounts, Gap, Sum, TooMuchError

AGAIN, ONCE = Lasting.RECURRENT, Lasting.ONE_OFF
YEARLY, SINGLE = Need.EVERY_YEAR, Need.ONCE


@pytest.mark.parametrize(
    ("typed", "euros"),
    [
        ("", None),
        ("   ", None),
        ("0", 0),
        ("12000", 12000),
        ("12 000", 12000),
        ("12\u00a0000\u00a0€", 12000),
        ("12\u202f000 €", 12000),
        ("12.000", 12000),
        ("1.250.000", 1250000),
        ("999 999 999", rules.MOST),
    ],
)
def test_an_amount_is_read_as_people_type_it(typed: str, euros: int | None) -> None:
    assert rules.read(typed) == euros


@pytest.mark.parametrize("typed", ["douze", "-5", "12,50", "12.5", "1e6", "1 000 000 000", "١٢", "12 000 k€"])
def test_what_is_no_whole_amount_is_refused(typed: str) -> None:
    with pytest.raises(AmountError):
        rules.read(typed)


@pytest.mark.parametrize("typed", ["1 000 000 000", "99999999999999999999", "9" * 6000])
def test_what_is_too_great_is_told_apart(typed: str) -> None:
    with pytest.raises(TooMuchError):
        rules.read(typed)


@pytest.mark.parametrize(
    ("planned", "given", "spent", "more"),
    [
        (1000, 1000, 1000, False),
        (1000, 1000, 1001, True),
        (1000, 500, 900, True),
        (500, 1000, 900, False),
        (1000, None, 1000, False),
        (1000, None, 1001, True),
        (None, None, 1, True),
        (None, None, None, False),
        (1000, 1000, None, False),
    ],
)
def test_more_spent_than_given_is_a_doubt(
    planned: int | None, given: int | None, spent: int | None, *, more: bool
) -> None:
    assert rules.overspent(Amounts(planned, given, spent)) is more


@pytest.mark.parametrize(
    ("typed", "cents"), [("12,50", True), ("12 000.5 €", True), ("12.000", False), ("x", False)]
)
def test_cents_have_their_own_explanation(typed: str, *, cents: bool) -> None:
    assert rules.has_cents(typed) is cents


@pytest.mark.parametrize(
    ("lasting", "need", "until", "gap"),
    [
        (AGAIN, YEARLY, 2031, None),
        (AGAIN, YEARLY, 2033, None),
        (AGAIN, YEARLY, 2029, Gap.STOPS),
        (ONCE, YEARLY, 2031, Gap.ONE_OFF),
        (ONCE, YEARLY, 2027, Gap.ONE_OFF),
        (ONCE, SINGLE, 2027, None),
        (AGAIN, SINGLE, 2028, None),
        (AGAIN, YEARLY, 0, Gap.NOTHING),
        (ONCE, SINGLE, 0, Gap.NOTHING),
    ],
)
def test_money_that_does_not_last_as_long_as_its_need_is_noticed(
    lasting: Lasting, need: Need, until: int, gap: Gap | None
) -> None:
    assert rules.gap_of(lasting, need, until, 2031) is gap


def test_what_nobody_told_is_no_zero() -> None:
    assert (Sum(10) + Sum(5)).given is None
    assert (Sum(10) + Sum(5, due=5, given=3)) == Sum(15, due=5, given=3)
    assert Sum(15, due=5, given=3).gap == -2
    assert Sum(15).gap is None
    assert rules.total([]) == Sum()
    assert rules.total([Sum(1, 1, 1, 0), Sum(2, 2, 2, None)]) == Sum(3, 3, 3, 0)


@pytest.mark.parametrize(
    ("amounts", "steady"),
    [
        ((5, 5, 5), True),
        ((5, 5, None), True),
        ((5, 4), False),
        ((0, 5, 5), False),
        ((5,), False),
        ((), False),
        ((5, None, 5), False),
    ],
)
def test_money_that_comes_back_the_same_is_said_in_one_go(
    amounts: tuple[int | None, ...], *, steady: bool
) -> None:
    assert rules.is_steady(amounts) is steady


def test_a_form_asks_for_the_years_of_the_contract_and_those_that_were_told() -> None:
    start, end = date(2027, 1, 1), date(2031, 12, 31)
    assert rules.years(start, end) == (2027, 2028, 2029, 2030, 2031)
    assert rules.years(start, end, {2032}) == (2027, 2028, 2029, 2030, 2031, 2032)
    assert rules.asked(start, end) == (2026, 2027, 2028, 2029, 2030, 2031)
    assert len(rules.years(start, date(2099, 1, 1))) == rules.MOST_YEARS
    assert rules.until({2027: Amounts(5), 2028: Amounts(0), 2029: Amounts(None, 4)}) == 2027
    assert rules.until({}) == 0
