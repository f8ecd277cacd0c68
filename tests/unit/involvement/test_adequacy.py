"""A level looked at against the stage, what is open, and promises kept: suggestions, in a table."""

from __future__ import annotations

from itertools import product

import pytest

from portal.domain.involvement import adequacy
from portal.domain.involvement.adequacy import Situation
from portal.vocabulary import Level, Stage

NONE, INFO, AVIS, DISC, ECR = None, *Level
EARLY, LATE, RUN = Stage.DIAGNOSTIC, Stage.SIGNATURE, Stage.EXECUTION


@pytest.mark.parametrize(
    ("level", "stage", "open_items", "late", "unkept", "codes"),
    [
        (AVIS, EARLY, 3, 0, 0, []),
        (DISC, EARLY, 1, 0, 0, []),
        (INFO, RUN, 2, 0, 0, []),
        (NONE, EARLY, 2, 0, 0, []),
        (INFO, EARLY, 2, 0, 0, ["etape-precoce"]),
        (INFO, EARLY, 3, 0, 0, ["beaucoup-d-ouvert", "etape-precoce"]),
        (INFO, RUN, 3, 0, 0, ["beaucoup-d-ouvert"]),
        (NONE, RUN, 3, 0, 0, ["beaucoup-d-ouvert"]),
        (DISC, RUN, 0, 0, 0, ["rien-d-ouvert"]),
        (AVIS, RUN, 0, 0, 0, []),
        (DISC, LATE, 3, 0, 0, ["etape-tardive"]),
        (AVIS, LATE, 3, 0, 0, []),
        (ECR, LATE, 0, 0, 0, ["rien-d-ouvert", "etape-tardive"]),
        (AVIS, RUN, 3, 1, 0, ["retards"]),
        (AVIS, RUN, 3, 1, 4, ["retards"]),
        (AVIS, RUN, 3, 0, 1, ["non-tenus"]),
        (INFO, RUN, 1, 4, 1, []),
        (ECR, LATE, 0, 2, 0, ["retards", "rien-d-ouvert"]),  # two at most, promises first
    ],
)
def test_what_is_suggested(
    level: Level | None, stage: Stage, open_items: int, late: int, unkept: int, codes: list[str]
) -> None:
    found = adequacy.advice(Situation(level, stage, open_items, 3, late, unkept))
    assert [one.code for one in found] == codes


@pytest.mark.parametrize(
    ("before", "level", "stage", "open_items", "late", "unkept", "codes"),
    [
        (ECR, DISC, EARLY, 0, 0, 0, ["rien-d-ouvert", "baisse-etape"]),
        (DISC, AVIS, EARLY, 0, 0, 0, ["baisse-etape"]),
        (DISC, AVIS, EARLY, 1, 0, 0, ["baisse-ouvert", "baisse-etape"]),
        (AVIS, INFO, EARLY, 0, 0, 0, ["baisse-etape"]),
        (AVIS, INFO, RUN, 3, 0, 0, ["beaucoup-d-ouvert"]),
        (INFO, NONE, EARLY, 0, 0, 0, ["baisse-etape"]),
        (INFO, NONE, RUN, 1, 0, 0, ["baisse-ouvert"]),
        (DISC, AVIS, RUN, 1, 2, 0, ["baisse-retards", "baisse-ouvert"]),
        (DISC, NONE, RUN, 0, 2, 0, ["baisse-retards"]),
        (DISC, AVIS, RUN, 0, 0, 1, ["baisse-non-tenus"]),
        (DISC, AVIS, RUN, 0, 0, 0, []),  # nothing is open any more: a lower level says so
        (DISC, DISC, EARLY, 1, 0, 0, []),
        (AVIS, DISC, EARLY, 1, 0, 0, []),
        (NONE, NONE, EARLY, 1, 0, 0, []),
    ],
)
def test_what_is_suggested_when_a_level_goes_down(
    before: Level | None,
    level: Level | None,
    stage: Stage,
    open_items: int,
    late: int,
    unkept: int,
    codes: list[str],
) -> None:
    found = adequacy.advice(Situation(level, stage, open_items, 3, late, unkept, before))
    assert [one.code for one in found] == codes


def test_no_item_says_nothing_of_what_is_open() -> None:
    assert adequacy.advice(Situation(Level.CONCERTATION, Stage.EXECUTION, 0, 0)) == ()


def test_a_suggestion_is_a_sentence_that_leaves_the_choice() -> None:
    for level, before in product((None, *Level), repeat=2):
        for stage, open_items, late in product(Stage, (0, 2), (0, 2)):
            for one in adequacy.advice(Situation(level, stage, open_items, 3, late, 1, before)):
                assert one.sentence.endswith(".")
                assert "devez" not in one.sentence
