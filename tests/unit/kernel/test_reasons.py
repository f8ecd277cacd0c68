"""A reason that people will read is made of words."""

from __future__ import annotations

import pytest

from portal.kernel import lines, reasons
from portal.kernel.errors import InvalidError
from portal.kernel.speech import say


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


@pytest.mark.parametrize(
    ("typed", "taken"), [("", True), ("test A", True), ("Oui.", True), (".", False), ("12", False)]
)
def test_a_reason_that_nobody_owes_may_be_short(typed: str, taken: bool) -> None:
    if taken:
        assert reasons.offered(typed, "reason") == typed
        assert lines.check_reason(typed, "reason", 300, optional=True) == typed
        return
    with pytest.raises(InvalidError) as caught:
        reasons.offered(typed, "reason")
    assert "laissez ce champ vide" in caught.value.errors["reason"][0]


@pytest.mark.parametrize(
    ("typed", "told"), [("", "Dites pourquoi."), ("test A", "courte phrase"), ("Les travaux durent.", "")]
)
def test_a_reason_that_turns_out_to_be_owed_is_one(typed: str, told: str) -> None:
    if not told:
        reasons.owed(typed, "reason", say("Dites pourquoi."))
        return
    with pytest.raises(InvalidError) as caught:
        reasons.owed(typed, "reason", say("Dites pourquoi."))
    assert told in caught.value.errors["reason"][0]
