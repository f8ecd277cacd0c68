"""The hard words: forty of the field, each plain, each recognised where it stands and only there."""

from __future__ import annotations

import tomllib

import pytest

from portal.domain.glossary import words
from portal.domain.means import glossary as means


def test_forty_words_of_the_field_stand_beside_those_of_budgets_none_twice() -> None:
    field = tomllib.loads(words.FILE.read_text(encoding="utf-8"))["mot"]
    every = words.every()
    assert len(field) >= 40
    assert len(every) == len(field) + len(means.by_code())
    assert len({one.code for one in every}) == len({one.word.casefold() for one in every}) == len(every)


@pytest.mark.parametrize("one", words.every(), ids=lambda one: one.code)
def test_each_is_said_in_a_few_plain_words(one: words.Explained) -> None:
    assert one.plain.endswith(".")
    assert len(one.plain.split()) <= 32
    assert all(len(part.split()) <= 27 for part in one.plain.split(". "))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Le CPOM dit la CAF des EHPAD.", ["cpom", "caf", "ehpad"]),
        ("Les comités de suivi et les comités de suivi", ["comite-de-suivi"]),
        ("La marge de manœuvre, la prorogation", ["marge-de-manoeuvre", "prorogation"]),
        ("Il l’a mas, has been, caf\u00e9", []),
        ("Le suivi d’un comité", []),
        ("Un objectif et son indicateur", []),
        ("Les CRPA", ["crpp"]),
        ("", []),
    ],
)
def test_words_are_recognised_where_they_stand(text: str, found: list[str]) -> None:
    assert [one.code for one in words.explained([text])] == found


def test_a_page_explains_a_word_once_and_not_too_many() -> None:
    everything = " ".join(form for one in words.every() for form in one.forms)
    assert len(words.explained([everything, everything])) == words.MOST
