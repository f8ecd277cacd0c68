"""A reason that people will read is made of words."""

from __future__ import annotations

import pytest

from portal.kernel import reasons
from portal.kernel.errors import InvalidError


@pytest.mark.parametrize(
    "typed", [".", "…", "-", "ok", "Non.", "12 345 678 901 234", "aaaaaaaaaaaaaaa", "a b", "_ _"]
)
def test_no_reason_without_words(typed: str) -> None:
    with pytest.raises(InvalidError) as caught:
        reasons.check(typed, "reason")
    assert "courte phrase" in caught.value.errors["reason"][0]


@pytest.mark.parametrize("typed", ["", " ", "Les travaux durent.", "L’été est trop chaud.", "Η σκεπή έπεσε."])
def test_words_or_nothing_pass(typed: str) -> None:
    assert reasons.check(typed, "reason") == typed
