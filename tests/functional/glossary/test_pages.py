"""Hard words are explained where they are read, on their own page, and where one looks for them."""

from __future__ import annotations

import pytest

from tests.conftest import World
from tests.factories.objectives import an_objective
from tests.factories.search import ask, look


def test_the_texts_of_an_objective_explain_their_words_once(world: World) -> None:
    objective = world.do(
        lambda s: an_objective(
            s,
            world.ours,
            plain="Le CVS en parle, puis le CVS répond.",
            technical="Selon le PRS, voir la CAF.",
        )
    )
    page = world.client("family").see(f"/contrats/{world.ours.contract_id}/objectifs/{objective}")
    box = page.tree.xpath("//details[@class='hard-words']")
    assert len(box) == 1
    assert [one.text_content() for one in box[0].xpath(".//dt")] == ["CVS", "PRS", "CAF"]


def test_texts_without_a_hard_word_show_no_box(world: World) -> None:
    objective = world.do(
        lambda s: an_objective(s, world.ours, title="Le jardin", plain="Un banc.", technical="Deux bancs.")
    )
    page = world.client("family").see(f"/contrats/{world.ours.contract_id}/objectifs/{objective}")
    assert not page.tree.xpath("//details[@class='hard-words']")


@pytest.mark.parametrize("typed", ["cpom", "CPOM", "pluriannuel"])
def test_a_word_is_explained_where_one_looks_for_it(world: World, typed: str) -> None:
    look(world)
    page = ask(world, "resident", typed)
    assert "Contrat pluriannuel d’objectifs et de moyens." in page.words
    (link,) = page.tree.xpath("//main//dt/a[.='CPOM']/@href")
    assert link == "/glossaire#mot-cpom"
    assert world.client("resident").see("/glossaire").tree.xpath("//dt[@id='mot-cpom']")


def test_only_explained_words_may_be_looked_for(world: World) -> None:
    world.do(lambda s: an_objective(s, world.ours, title="Écrire le CPOM"))
    look(world)
    page = ask(world, "resident", "cpom", sur="glossaire")
    assert "Écrire le CPOM" not in page.words
    assert "Ce que ce mot veut dire" in page.words
    assert "Aucun résultat" not in page.words
