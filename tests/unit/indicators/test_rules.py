"""Where a value stands, which small numbers fold, what a place costs."""

from __future__ import annotations

from decimal import Decimal

import pytest

from portal.domain.indicators import rules
from portal.domain.indicators.models import Direction, Unit
from portal.domain.indicators.rules import Quartiles

D = Decimal
Q = Quartiles(D(5), D(10), D(15))
UP, DOWN, FLAT = Direction.UP, Direction.DOWN, Direction.NEUTRAL


@pytest.mark.parametrize(
    ("value", "direction", "words"),
    [
        (D(4), DOWN, "mieux que dans les trois quarts"),
        (D(5), DOWN, "mieux que dans la moitié"),
        (D(9), DOWN, "mieux que dans la moitié"),
        (D(10), DOWN, "autant qu’au milieu"),
        (D(11), DOWN, "moins bien que dans la moitié"),
        (D(15), DOWN, "moins bien que dans la moitié"),
        (D(16), DOWN, "moins bien que dans les trois quarts"),
        (D(16), UP, "mieux que dans les trois quarts"),
        (D(11), UP, "mieux que dans la moitié"),
        (D(9), UP, "moins bien que dans la moitié"),
        (D(4), UP, "moins bien que dans les trois quarts"),
        (D(4), FLAT, "moins que dans les trois quarts"),
        (D(9), FLAT, "moins que dans la moitié"),
        (D(11), FLAT, "plus que dans la moitié"),
        (D(16), FLAT, "plus que dans les trois quarts"),
    ],
)
def test_where_a_value_stands(value: Decimal, direction: Direction, words: str) -> None:
    assert words in rules.compared(value, Q, direction)


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (D(4), Unit.PERSONS, True),
        (D(0), Unit.PERSONS, True),
        (D(5), Unit.PERSONS, False),
        (None, Unit.PERSONS, False),
        (D(4), Unit.NUMBER, False),
        (D(4), Unit.PERCENT, False),
    ],
)
def test_which_values_fold(value: Decimal | None, unit: Unit, expected: bool) -> None:
    assert rules.folds(value, unit) is expected


@pytest.mark.parametrize(
    ("values", "unit", "folded", "expected"),
    [
        ([D(4), D(40)], Unit.PERSONS, False, D(44)),
        ([D(4), D(40)], Unit.PERSONS, True, None),
        ([D(4), D(40)], Unit.NUMBER, True, D(44)),
        ([D(4), None], Unit.NUMBER, False, None),
        ([D(4), D(40)], Unit.PERCENT, False, None),
        ([], Unit.NUMBER, False, None),
        ([D("1.5"), D("2.25")], Unit.EUROS, False, D("3.75")),
    ],
)
def test_a_total_where_it_has_a_meaning(
    values: list[Decimal | None], unit: Unit, folded: bool, expected: Decimal | None
) -> None:
    assert rules.total(values, unit, folded=folded) == expected


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [
        (D(100), 3, D("33.33")),
        (D(200), 3, D("66.67")),
        (D(100), 0, None),
        (D(100), None, None),
        (None, 3, None),
    ],
)
def test_what_a_place_costs(value: Decimal | None, places: int | None, expected: Decimal | None) -> None:
    assert rules.per_place(value, places) == expected


@pytest.mark.parametrize(
    ("value", "others", "words"),
    [
        (D(1), [D(2), D(3)], "le moins cher"),
        (D(4), [D(2), D(3)], "le plus cher"),
        (D(2), [D(2)], "autant"),
        (D(2), [D(1), D(3)], "entre le moins cher et le plus cher"),
        (D(2), [D(2), D(3)], "entre le moins cher et le plus cher"),
    ],
)
def test_a_cost_among_comparable_services(value: Decimal, others: list[Decimal], words: str) -> None:
    assert words in (rules.among(value, others) or "")
    assert rules.among(value, []) is None


def test_quartiles_come_in_order() -> None:
    assert rules.in_order(Q)
    assert not rules.in_order(Quartiles(D(5), D(4), D(6)))
