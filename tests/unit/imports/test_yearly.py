"""The values of an indicator by year: those that are taken, and those that somebody must look at, as a table."""

from __future__ import annotations

from decimal import Decimal

import pytest

from portal.domain.imports import yearly
from portal.domain.imports.pieces import Doubt, Piece, PieceKind
from portal.domain.imports.source import Place
from portal.domain.imports.standing import Followed
from portal.domain.indicators import catalogue
from portal.domain.indicators.models import Unit

PART = Followed("Taux de postes vacants", Unit.PERCENT, signed=False, most=Decimal(100))
OWN = Followed("Un taux à nous", Unit.PERCENT, signed=False)
COUNT = Followed("Équivalents par place", Unit.POSTS_PER_PLACE, signed=False)


def read(of, words, reading=""):
    said = {"year_2023": "96,2 %", "year_2024": words} | ({"reading": reading} if reading else {})
    piece = Piece(1, PieceKind.VALUES, "x", "=i", Place(), "", said)
    found = yearly.values(piece, of, 2026)
    return found.taken.get(2024), [one for one, _words in found.doubts], dict(found.small)


@pytest.mark.parametrize(
    ("of", "words", "reading", "taken", "doubts", "small"),
    [
        (PART, "97,1", "", "97,1", [], {}),
        (PART, "0,8 %", "", "0,8 %", [], {}),
        (PART, "0", "", "0", [], {}),
        (PART, "0,971", "", None, [], {2024: Decimal("0.971")}),
        (PART, "1", "", None, [], {2024: Decimal(1)}),
        (PART, "0,971", "part", "97,1", [], {}),
        (PART, "0,971 e", "part", "97,1 e", [], {}),
        (PART, "0,971", "tel", "0,971", [], {}),
        (PART, "0,971", "autre", None, [], {2024: Decimal("0.971")}),
        (PART, "950", "", None, [Doubt.ABOVE], {}),
        (PART, "100,1", "", None, [Doubt.ABOVE], {}),
        (PART, "100", "", "100", [], {}),
        (OWN, "950", "", "950", [Doubt.MUCH], {}),
        (COUNT, "0,62", "", "0,62", [], {}),
    ],
)
def test_a_number_is_taken_only_where_it_can_be_read_in_one_way(of, words, reading, taken, doubts, small):
    assert read(of, words, reading) == (taken, doubts, small)


def test_both_readings_are_told():
    told = yearly.readings({2024: Decimal("0.971")}, Unit.PERCENT)
    assert [(value, str(words).replace("\u00a0", " ")) for value, words in told] == [
        ("part", "97,1 %"),
        ("tel", "0,971 %"),
    ]


def test_a_part_is_no_more_than_the_whole_and_what_compares_two_things_may_be():
    most = {one.code: one.most for one in catalogue.entries()}
    assert most["etp-vacants"] == most["absenteisme"] == 100
    assert most["occupation"] == 200
    assert most["bfr-tresorerie"] is None
    assert most["cout-place"] is None
