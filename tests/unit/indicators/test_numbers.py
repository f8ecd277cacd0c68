"""Numbers of indicators, as people type and read them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from portal.domain.indicators import numbers
from portal.domain.indicators.models import Unit
from portal.domain.indicators.numbers import NumberError, Typed
from portal.languages import language

D = Decimal


@pytest.mark.parametrize(
    ("typed", "unit", "expected"),
    [
        ("12,5", Unit.PERCENT, Typed(D("12.5"))),
        ("12.5", Unit.PERCENT, Typed(D("12.5"))),
        (" 12,5 % ", Unit.PERCENT, Typed(D("12.5"))),
        ("1 234,5", Unit.EUROS, Typed(D("1234.5"))),
        ("1\u202f234\u00a0567 €", Unit.EUROS, Typed(D(1234567))),
        ("1,234.5", Unit.EUROS, Typed(D("1234.5"))),
        ("1.234,5", Unit.EUROS, Typed(D("1234.5"))),
        ("12,5 e", Unit.PERCENT, Typed(D("12.5"), estimated=True)),
        ("12,5e", Unit.PERCENT, Typed(D("12.5"), estimated=True)),
        ("≈ 12,5", Unit.PERCENT, Typed(D("12.5"), estimated=True)),
        ("~12", Unit.PERCENT, Typed(D(12), estimated=True)),
        ("-0", Unit.PERCENT, Typed(D(0))),
        ("", Unit.PERCENT, Typed(None)),
        ("   ", Unit.PERCENT, Typed(None)),
        ("Oui", Unit.YES_NO, Typed(D(1))),
        ("non", Unit.YES_NO, Typed(D(0))),
        ("1", Unit.YES_NO, Typed(D(1))),
        ("48", Unit.PERSONS, Typed(D(48))),
        ("2024", Unit.YEAR, Typed(D(2024))),
        ("3", Unit.STEPS, Typed(D(3))),
        ("0,0001", Unit.PERCENT, Typed(D("0.0001"))),
    ],
)
def test_what_is_typed_is_read(typed: str, unit: Unit, expected: Typed) -> None:
    assert numbers.read(typed, unit) == expected


@pytest.mark.parametrize(
    ("typed", "unit"),
    [
        ("abc", Unit.PERCENT),
        ("12,5,6", Unit.PERCENT),
        ("1e5x", Unit.PERCENT),
        ("=A1+2", Unit.PERCENT),
        ("NaN", Unit.PERCENT),
        ("inf", Unit.PERCENT),
        ("１２", Unit.PERCENT),
        ("0,00001", Unit.PERCENT),
        ("4,5", Unit.PERSONS),
        ("-2", Unit.PERSONS),
        ("peut-être", Unit.YES_NO),
        ("2", Unit.YES_NO),
        ("6", Unit.STEPS),
        ("0", Unit.STEPS),
        ("20244", Unit.YEAR),
    ],
)
def test_what_is_no_number_says_how_to_mend_it(typed: str, unit: Unit) -> None:
    with pytest.raises(NumberError, match="Écrivez"):
        numbers.read(typed, unit)


@pytest.mark.parametrize("unit", [Unit.PERCENT, Unit.EUROS, Unit.DAYS, Unit.POINTS])
def test_less_than_nothing_is_for_what_may_be_negative(unit: Unit) -> None:
    assert numbers.read("-3", unit, signed=True) == Typed(D(-3))
    assert numbers.read("-0", unit) == Typed(D(0))
    with pytest.raises(NumberError, match="ne descend pas sous zéro"):
        numbers.read("-3", unit)


@pytest.mark.parametrize(
    ("value", "unit", "french", "english"),
    [
        (D("12.5"), Unit.PERCENT, "12,5\u00a0%", "12.5\u00a0%"),
        (D("1234567.10"), Unit.EUROS, "1\u00a0234\u00a0567,1\u00a0€", "1,234,567.1\u00a0€"),
        (D("100.0000"), Unit.PERCENT, "100\u00a0%", "100\u00a0%"),
        (D(2024), Unit.YEAR, "2024", "2024"),
        (D(1), Unit.YES_NO, "oui", "yes"),
        (D(48), Unit.PERSONS, "48", "48"),
    ],
)
def test_a_number_is_said_in_each_language(value: Decimal, unit: Unit, french: str, english: str) -> None:
    words = numbers.worded(value, unit)
    assert (str(words), words.said(language("fr")), words.said(language("en"))) == (french, french, english)


@pytest.mark.parametrize("unit", list(Unit))
@pytest.mark.parametrize("estimated", [False, True])
def test_what_a_cell_shows_is_read_back_as_it_was(unit: Unit, estimated: bool) -> None:
    value = {Unit.YES_NO: D(1), Unit.YEAR: D(2024), Unit.STEPS: D(3)}.get(unit, D(1234))
    kept = estimated and unit is not Unit.YES_NO
    back = numbers.read(numbers.shown(value, unit, estimated=kept), unit, signed=True)
    assert back == Typed(value, kept)


@pytest.mark.parametrize(("typed", "most"), [("950", D(100)), ("100,1", D(100)), ("201", D(200))])
def test_more_than_an_indicator_can_be_is_refused_and_told(typed: str, most: Decimal) -> None:
    assert numbers.read(typed, Unit.PERCENT).value
    assert numbers.read(str(most), Unit.PERCENT, most=most) == Typed(most)
    with pytest.raises(NumberError, match=f"ne dépasse pas {most}"):
        numbers.read(typed, Unit.PERCENT, most=most)


@pytest.mark.parametrize("unit", [Unit.PERSONS, Unit.NUMBER, Unit.PERCENT, Unit.EUROS])
def test_a_number_that_is_too_great_says_so(unit: Unit) -> None:
    with pytest.raises(NumberError, match="C’est trop grand"):
        numbers.read("99999999999999999999", unit)
    assert numbers.read("48", unit).value == 48
