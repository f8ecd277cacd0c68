"""What changed between two texts, in words: spaces alone are no change."""

from __future__ import annotations

import pytest

from portal.domain.texts.changes import Change, is_changed, same_words, word_changes

NO_BREAK, NARROW = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Ouvert à 8 h 30.", f"Ouvert à 8{NO_BREAK}h{NO_BREAK}30."),
        ("Tél. 01  23 45 67 89", "Tél. 01 23 45 67 89"),
        ("Pourquoi ?", f"Pourquoi{NARROW}?"),
        ("Pourquoi?", f"Pourquoi{NO_BREAK}?"),
        ("« Bien vivre »", f"«{NO_BREAK}Bien vivre{NO_BREAK}»"),
        ("Une ligne\nqui suit.", "Une ligne qui suit."),
        ("Un.\n\nDeux.", "Un. \n \n\nDeux. "),
        ("1 250 €", f"1{NARROW}250{NO_BREAK}€"),
    ],
)
def test_spaces_alone_change_nothing(old: str, new: str) -> None:
    assert same_words(old, new)
    assert not is_changed(word_changes(old, new))
    assert not is_changed(word_changes(new, old))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Ouvert à 8 h 30.", "Ouvert à 8 h 45."),
        ("les sots", "lessots"),
        ("Un. Deux.", "Un.\n\nDeux. Trois."),
        ("Pourquoi ?", "Pourquoi !"),
        ("", "Un mot."),
    ],
)
def test_a_word_or_a_sign_is_a_change(old: str, new: str) -> None:
    assert not same_words(old, new)
    assert is_changed(word_changes(old, new))


def test_the_spaces_of_the_new_text_are_shown() -> None:
    assert word_changes("À 8 h 30 : le dîner.", f"À 8{NO_BREAK}h{NO_BREAK}30{NO_BREAK}: le souper.") == [
        [
            Change("kept", f"À 8{NO_BREAK}h{NO_BREAK}30{NO_BREAK}: le"),
            Change("removed", "dîner."),
            Change("added", "souper."),
        ]
    ]
