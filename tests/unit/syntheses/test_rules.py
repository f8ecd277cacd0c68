"""Marks are taken apart and put together again; a quote is word for word or it is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.syntheses import rules
from portal.domain.syntheses.rules import Mark, Part
from portal.kernel import text
from portal.kernel.errors import InvalidError

ID = "k3f7m2qaabcdefghijklmnopqr"


def test_a_mark_is_kept_apart_from_the_words_around_it() -> None:
    source, marks = rules.taken_apart("Le soir [c:k3f7m2qa] et [c: k3f7m2qa « le dîner\nest tôt » ].")
    assert source == "Le soir ⟦1⟧ et ⟦2⟧."
    assert marks == (Mark("k3f7m2qa"), Mark("k3f7m2qa", "le dîner est tôt"))


def test_a_telephone_that_types_a_capital_or_a_space_cites_too() -> None:
    source, marks = rules.taken_apart("[C: K3f7m2qa] et [ c :k3f7m2qa]")
    assert (source, marks) == ("⟦1⟧ et ⟦2⟧", (Mark("k3f7m2qa"), Mark("k3f7m2qa")))
    assert rules.almost("[C:trop court]")


def test_a_title_cites_nothing() -> None:
    with pytest.raises(InvalidError) as refused:
        rules.check_parts([Part("Le dîner [c:k3f7m2qa]", "Des mots.")])
    assert "part-1-heading" in refused.value.errors


def test_who_reads_what_is_typed_sees_no_mark() -> None:
    typed = "Le soir [c:k3f7m2qa] et [c:k3f7m2qa «\u00a0trop tôt\u00a0»]."
    assert rules.as_read(typed) == "Le soir [1] et «\u00a0trop tôt\u00a0» [2]."


def test_nobody_types_a_token() -> None:
    assert rules.taken_apart("⟦1⟧ et [c:k3f7m2qa]")[0] == "[1] et ⟦1⟧"


@given(st.text("abc «»[]⟦⟧1:* \n", max_size=60), st.booleans())
def test_what_is_taken_apart_is_put_together_again(typed: str, cited: bool) -> None:
    written = f"{typed} {rules.mark(ID, 'le soir')}" if cited else typed
    source, marks = rules.taken_apart(written)
    again = rules.put_together(
        source, lambda number: rules.mark(marks[number - 1].ref + ID[8:], marks[number - 1].quote)
    )
    assert rules.taken_apart(again) == (source, marks)


@given(st.text("ab<>&*[]« »:/.@\n-", max_size=80))
def test_tokens_pass_the_two_cleaners_and_stay_outside_of_tags(typed: str) -> None:
    source, _marks = rules.taken_apart(f"{typed} {rules.mark(ID)} {typed}")
    parts = list(rules.pieces(text.render(source)))
    assert [number for html, number in parts if not html] == [1]
    assert all(html.count("<") == html.count(">") for html, _number in parts)


@pytest.mark.parametrize(
    ("quote", "said", "found"),
    [
        ("le dîner est tôt", "Pour moi, le dîner est tôt.", True),
        ("l'heure", "C’est l’heure du dîner.", True),
        ("Trop tôt !", "Trop tôt\u00a0!", True),
        ("le dîner  est\u00a0tôt", "le dîner est tôt", True),
        ("le dîner est tard", "le dîner est tôt", False),
        ("dîne", "le dîner est tôt", False),
        ("Le dîner", "le dîner est tôt", False),
        ("le tôt", "le dîner est tôt", False),
        ("", "le dîner", False),
        (".*", "le dîner", False),
    ],
)
def test_a_quote_is_word_for_word(quote: str, said: str, found: bool) -> None:
    assert rules.word_for_word(quote, said) is found


def test_what_looks_like_a_mark_and_is_none_is_told() -> None:
    assert rules.almost("voir [c:trop court] ici") == "[c:trop court]"
    assert rules.almost("voir [ceci]") == ""


def test_empty_parts_are_left_out_and_headings_are_asked_for() -> None:
    assert rules.check_parts([Part("", " "), Part("Les repas", "Le soir.")]) == [
        Part("Les repas", "Le soir.")
    ]
    with pytest.raises(InvalidError) as told:
        rules.check_parts([Part("", "Le soir.")])
    assert list(told.value.errors) == ["part-1-heading"]
    with pytest.raises(InvalidError):
        rules.check_parts([Part(f"Titre {number}", "Mots.") for number in range(13)])
