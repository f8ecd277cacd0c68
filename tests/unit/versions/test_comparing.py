"""What is shown as a change between two states: words that differ, and nothing else."""

from __future__ import annotations

import pytest

from portal.domain.versions.comparing import differences
from portal.domain.versions.shapes import Field, Shape, Value

ROWS = Field("lines", "Lignes", Shape.ROWS)
PLACES = Field("places", "Lieux", Shape.SEVERAL, named="place")
NAMES = {"a": "Les Tilleuls", "b": "Les Tilleuls", "c": "La Rive"}


@pytest.mark.parametrize(
    ("field", "before", "after", "told"),
    [
        (ROWS, [["Chutes", "12 %", "8 %"]], [["Chutes", "12\u00a0%", "8\u202f%"]], []),
        (ROWS, [["Chutes", "12 %", "8 %"]], [["Chutes", "12 %", "8 %", ""]], []),
        (ROWS, [["Chutes", "12", "", "8"]], [["Chutes", "", "12", "8"]], []),
        (ROWS, [["Chutes", "12"], ["Repas", "1"]], [["Repas", "1"], ["Chutes", "12"]], []),
        (
            ROWS,
            [["Chutes", "12 %"], ["Repas", "1"]],
            [["Chutes", "12\u00a0%"], ["Repas", "2"]],
            ["removed Repas · 1", "added Repas · 2"],
        ),
        (PLACES, ["a"], ["b"], []),
        (PLACES, ["a"], ["a", "c"], ["added La Rive"]),
    ],
)
def test_the_same_words_are_no_change(field: Field, before: Value, after: Value, told: list[str]) -> None:
    found = differences([field], {field.name: before}, {field.name: after}, NAMES)
    changes = [one for each in found for paragraph in each.paragraphs for one in paragraph]
    assert [f"{one.kind} {one.words}" for one in changes] == told
    assert bool(found) is bool(told)
