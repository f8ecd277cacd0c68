"""To whom words are passed on: named once each, and never by an article alone."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.domain.answers import rules
from portal.domain.answers.models import Answer
from portal.kernel.errors import InvalidError
from portal.vocabulary import ContributionKind, Fate
from tests.conftest import World
from tests.factories.pages import Page
from tests.factories.world import a_contribution

WORDS = "Cela se décide ailleurs, et nous suivons la réponse."


def answer(world: World, to: str) -> tuple[str, TestResponse]:
    said = world.do(lambda s: a_contribution(s, world.ours, "family", "Le bus passe trop tôt."))
    client, path = world.client("director"), f"/contributions/{said}/reponse"
    form = client.see(path).form(path)
    return path, client.send(path, **form | {"fate": "transmise", "passed_to": to, "body": WORDS})


def proposed(world: World, path: str) -> list[str]:
    return world.client("director").see(path).tree.xpath("//datalist/option/@value")


def test_an_article_alone_is_refused_beside_its_field(world: World) -> None:
    _path, answered = answer(world, "le")
    assert answered.status_code == 422
    assert "Dites à qui vous transmettez cette contribution." in Page(answered).words


def test_one_recipient_typed_in_two_ways_is_proposed_once(world: World) -> None:
    assert answer(world, "le conseil départemental")[1].status_code == 303
    assert answer(world, "la commission des menus")[1].status_code == 303
    assert answer(world, "La commission des menus")[1].status_code == 303
    path, _refused = answer(world, "le")
    names = proposed(world, path)
    assert "Le conseil départemental" in names
    assert len({one.casefold() for one in names}) == len(names)


def test_who_words_were_passed_to_is_proposed_as_it_was_written_last(world: World) -> None:
    for written in ("LE SIÈGE", "Zoé, la psychologue", "Le siège"):
        assert answer(world, written)[1].status_code == 303
    path, _refused = answer(world, "le")
    names = proposed(world, path)
    assert "Le siège" in names
    assert "LE SIÈGE" not in names


def test_an_article_kept_from_before_is_not_proposed(world: World) -> None:
    assert answer(world, "La mairie")[1].status_code == 303
    world.do(lambda s: setattr(s.scalars(select(Answer)).one(), "passed_to", "le"))
    path, _refused = answer(world, "le")
    assert "le" not in proposed(world, path)


@pytest.mark.parametrize("typed", ["le", " La ", "l’", "L'", "les", "au", "à la", "A la", "…"])
def test_an_article_alone_names_nobody(typed: str) -> None:
    with pytest.raises(InvalidError) as refused:
        rules.check_answer(ContributionKind.COMMENT, WORDS, Fate.PASSED_ON, typed)
    assert [str(one) for one in refused.value.errors["passed_to"]] == [
        "Dites à qui vous transmettez cette contribution."
    ]


@pytest.mark.parametrize("typed", ["le maire", "L’ARS", "Léa", "Lassalle"])
def test_a_name_with_or_without_an_article_is_kept(typed: str) -> None:
    assert rules.check_answer(ContributionKind.COMMENT, WORDS, Fate.PASSED_ON, typed) == WORDS
