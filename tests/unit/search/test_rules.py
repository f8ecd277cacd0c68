"""What one types, and what is shown of what is found: tables."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.search.rules import (
    LONGEST,
    MOST_TERMS,
    Part,
    beyond,
    folded,
    marked,
    parsed,
    snippet,
    weights,
)
from portal.kernel.text import stems
from portal.kernel.text.french import typography


@pytest.mark.parametrize(
    ("typed", "found", "exact"),
    [
        ("chutes", {"chut"}, ()),
        ("l’aide à la nuit", {"aid", "nuit"}, ()),
        ("« projet de soins » nuit", {"projet", "soin", "nuit"}, ("projet de soins",)),
        ('"chute"', {"chut"}, ("chute",)),
        ("de la et", set(), ()),
        ("« de la »", set(), ("de la",)),
        ("", set(), ()),
        ("% _ '); --", set(), ()),
        ("“chute", {"chut"}, ()),
    ],
)
def test_what_is_typed_becomes_words(typed: str, found: set[str], exact: tuple[str, ...]) -> None:
    asked = parsed(typed)
    assert {one.stem for one in asked.terms} == found
    assert asked.exact == exact
    assert asked.empty is not bool(found)


@pytest.mark.parametrize(
    ("typed", "prefix"), [("nuit chu", True), ("nuit chu ", False), ("nuit « chu »", False)]
)
def test_only_the_last_word_may_be_unfinished(typed: str, prefix: bool) -> None:
    last = next(one for one in parsed(typed).terms if one.word == "chu")
    assert last.prefix is prefix
    assert not any(one.prefix for one in parsed(typed).terms if one.word != "chu")


def test_what_is_too_long_is_cut_and_too_many_words_are_left_out() -> None:
    asked = parsed(" ".join(f"mot{number}" for number in range(200)))
    assert len(asked.terms) == MOST_TERMS
    assert len(asked.text) <= LONGEST


def test_a_word_of_the_title_weighs_more_than_any_number_in_the_text() -> None:
    found = weights("La chute", ["nuit " * 50, "chute"])
    assert found["chut"] > found["nuit"] > 0
    assert weights("Chute", [])["chut"] > weights("", ["chute " * 500])["chut"]


def test_words_of_two_texts_never_follow_one_another() -> None:
    kept = folded("Le plan", ["d’hôpital", "", "Nuit."])
    assert " plan . hopital . nuit " in kept


@pytest.mark.parametrize("prefix", ["chu", "az", "z", "zz", "a9", "9"])
def test_what_is_beyond_a_prefix_comes_after_all_that_begins_so(prefix: str) -> None:
    assert prefix < f"{prefix}zzz" < beyond(prefix)


@pytest.mark.parametrize(
    ("text", "typed", "found"),
    [
        ("Prévenir les chutes", "chute", ["chutes"]),
        ("Œuvrer pour l’HÔPITAL", "hopitaux", ["HÔPITAL"]),
        ("Rien ici", "chute", []),
        ("L’hospitalisation, les hospitalisés", "hospitalis", ["hospitalisation", "hospitalisés"]),
    ],
)
def test_what_was_looked_for_is_marked_as_it_is_written(text: str, typed: str, found: list[str]) -> None:
    parts = marked(text, parsed(typed))
    assert "".join(one.words for one in parts) == text
    assert [one.words for one in parts if one.found] == found


def test_a_snippet_stands_around_what_was_found_and_is_cut_between_words() -> None:
    text = "mot " * 200 + "une chute la nuit " + "fin " * 200
    parts = snippet(["autre chose", text], parsed("chute nuit"))
    assert [one.words for one in parts if one.found] == ["chute", "nuit"]
    assert parts[0] == Part("… ")
    assert parts[-1] == Part(" …")
    assert len("".join(one.words for one in parts)) < 260


def test_without_the_words_a_snippet_is_the_beginning() -> None:
    assert snippet(["Un texte."], parsed("chute")) == (Part("Un texte."),)
    assert snippet([], parsed("chute")) == ()


@given(st.text(max_size=600), st.text(min_size=1, max_size=20))
def test_a_snippet_invents_nothing(text: str, typed: str) -> None:
    parts = [one for one in snippet([text], parsed(typed)) if one.words not in ("… ", " …")]
    assert "".join(one.words for one in parts) in typography(" ".join(text.split()))
    for one in parts:
        if one.found:
            assert list(stems.tokens(one.words))
