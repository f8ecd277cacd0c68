"""The catalogue of indicators: whole, well written, and few are proposed."""

from __future__ import annotations

import re

import pytest

from portal.domain.indicators import catalogue
from portal.domain.indicators.models import Axis, Direction, Unit
from portal.kernel.speech import plural

ENTRIES = catalogue.entries()


def test_every_indicator_has_its_own_code() -> None:
    codes = [entry.code for entry in ENTRIES]
    assert len(codes) == len(set(codes)) > 49
    assert all(len(code) <= 60 and re.fullmatch(r"[a-z0-9-]+", code) for code in codes)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.code)
def test_every_indicator_is_told_in_plain_words(entry: catalogue.Entry) -> None:
    assert entry.label
    assert entry.plain[0].isupper()
    assert entry.plain[-1] in ".?"
    assert entry.definition.endswith(".")
    assert entry.formula
    words = plural(entry.one, entry.many, 2, value="12,5", part="x")
    assert "12,5" in words
    assert "%(" not in words
    assert not re.search(r"[^\u00a0][;:!?»]", words)


def test_eight_are_proposed_over_the_four_axes_each_with_its_reason() -> None:
    few = catalogue.proposed()
    assert len(few) == catalogue.FEW
    assert {entry.axis for entry in few} == set(Axis)
    assert all(entry.why for entry in few)
    assert all(entry.concerns(code) for entry in few for code in ("500", "183"))


def test_what_was_not_read_in_its_source_is_marked() -> None:
    checked = {entry.code.split("-")[0] for entry in ENTRIES if entry.checked}
    assert checked == {"gmp", "pmp", "gmps", "provenance"}


def test_the_cost_of_a_place_is_an_amount_of_a_year() -> None:
    assert [entry.code for entry in ENTRIES if entry.cost] == ["cout-place"]
    assert catalogue.by_code()["cout-place"].unit is Unit.EUROS


def test_a_financial_balance_may_be_less_than_nothing_and_nothing_else() -> None:
    assert [entry.code for entry in ENTRIES if entry.signed] == ["caf", "frng-jours", "bfr-tresorerie"]


@pytest.mark.parametrize(
    ("code", "category", "expected"),
    [
        ("gmp", "500", True),
        ("gmp", "183", False),
        ("gmp", "", True),
        ("deficience-motrice", "500", False),
        ("deficience-motrice", "183", True),
        ("dotation-soins", "437", True),
        ("dotation-soins", "183", False),
        ("budget-repas", "202", False),
        ("absenteisme", "183", True),
    ],
)
def test_an_indicator_concerns_some_services(code: str, category: str, expected: bool) -> None:
    assert catalogue.by_code()[code].concerns(category) is expected


def test_a_direction_is_told() -> None:
    assert {entry.direction for entry in ENTRIES} == set(Direction)
    near, far = catalogue.of_axis(Axis.CARE, {"183"})
    assert "gmp" in {one.code for one in far}
    assert "occupation" in {one.code for one in near}
