"""A level looked at against the stage, what is open, and promises kept: suggestions, in a table."""

from __future__ import annotations

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


def test_no_item_says_nothing_of_what_is_open() -> None:
    assert adequacy.advice(Situation(Level.CONCERTATION, Stage.EXECUTION, 0, 0)) == ()


def test_a_suggestion_is_a_sentence_that_leaves_the_choice() -> None:
    for level in (None, *Level):
        for stage in Stage:
            for one in adequacy.advice(Situation(level, stage, 0, 3, 2, 1)):
                assert one.sentence.endswith(".")
                assert "devez" not in one.sentence
