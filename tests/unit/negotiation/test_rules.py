"""When a negotiation opens, where words go, who has agreed: each line of these tables is a sentence."""

from __future__ import annotations

from datetime import date

import pytest

from portal.domain.negotiation import rules
from portal.vocabulary import Stage

TEXT = (("a", "Le dîner est tôt."), ("b", "La nuit est calme."))
OURS, THEIRS = "organisation", "authority"


@pytest.mark.parametrize(
    ("stage", "signed_on", "alone", "told"),
    [
        (Stage.NEGOTIATION, None, False, None),
        (Stage.NEGOTIATION, None, True, "personne ne négocie seul"),
        (Stage.DIAGNOSTIC, None, False, "à l’étape «\u00a0%(stage)s\u00a0»"),
        (Stage.SIGNATURE, None, False, "à l’étape «\u00a0%(stage)s\u00a0»"),
        (Stage.NEGOTIATION, date(2026, 1, 1), False, "par un avenant"),
        (Stage.EXECUTION, None, False, "par un avenant"),
        (Stage.FINAL, None, False, "par un avenant"),
    ],
)
def test_when_the_door_is_closed(stage: Stage, signed_on: date | None, alone: bool, told: str | None) -> None:
    found = rules.closed_door(stage, signed_on, alone=alone)
    if told is None:
        assert found is None
    else:
        assert found is not None
        assert told.replace("%(stage)s", stage.label) in str(found)


@pytest.mark.parametrize(
    ("place", "before", "whole"),
    [
        ("a", "Le dîner est tôt.", "Autre chose.\n\nLa nuit est calme."),
        ("b", "La nuit est calme.", "Le dîner est tôt.\n\nAutre chose."),
        ("b", "La nuit était calme.", None),
        ("b", "Le dîner est tôt.", None),
        ("c", "La nuit est calme.", None),
    ],
)
def test_where_new_words_go(place: str, before: str, whole: str | None) -> None:
    assert rules.replaced(TEXT, place, before, "Autre chose.") == whole


@pytest.mark.parametrize(
    ("agreements", "missing"),
    [
        ({}, (OURS, THEIRS)),
        ({OURS: 2}, (THEIRS,)),
        ({OURS: 2, THEIRS: 1}, (THEIRS,)),
        ({OURS: 2, THEIRS: 2}, ()),
        ({OURS: 2, "somebody": 2}, (THEIRS,)),
    ],
)
def test_who_has_not_agreed_yet(agreements: dict[str, int], missing: tuple[str, ...]) -> None:
    parties = (OURS, THEIRS)
    assert rules.missing(parties, agreements, 2) == missing
    assert rules.is_agreed(parties, agreements, 2) is not bool(missing)


def test_nobody_agrees_alone() -> None:
    assert not rules.is_agreed((OURS,), {OURS: 1}, 1)
