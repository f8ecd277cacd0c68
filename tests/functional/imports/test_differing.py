"""A plan that went out, was changed and comes back: what it says otherwise than the contract is told, with where to change it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.domain.contracts.models import Item
from portal.domain.objectives import told
from tests.conftest import World
from tests.factories import papers
from tests.functional.imports.test_pages import taken_up, write
from tests.functional.pages.test_queries import questions

SAME = "Ces mots sont déjà dans le contrat"
OTHERWISE = "Déjà dans le contrat, mais votre fichier dit autre chose"


def out(world: World, form: str = "csv") -> bytes:
    """The plan of the contract as it goes out."""
    return bytes(
        world.client("director").get(f"/contrats/{world.ours.contract_id}/objectifs/telecharger/{form}").data
    )


def objective(world: World, title: str) -> str:
    query = select(Item.id).where(Item.contract_id == world.ours.contract_id, Item.title == title)
    return world.read(lambda s: s.scalars(query).one())


@pytest.fixture
def plan(world: World) -> str:
    """A plan as it goes out of the contract."""
    assert write(world, taken_up(world, papers.plan())).status_code == 303
    return out(world).decode()


def cards(world: World, content: str) -> tuple[str, dict[str, str]]:
    """The words of the dry run, and its pieces that say otherwise, by their number."""
    page = world.client("director").see(taken_up(world, content.encode(), "plan.csv"))
    found = {
        one.get("id"): " ".join(" ".join(one.itertext()).replace("\u00a0", " ").split())
        for one in page.tree.xpath("//li[starts-with(@id, 'morceau-')]")
    }
    return page.words.replace("\u00a0", " "), {
        key: words for key, words in found.items() if OTHERWISE in words
    }


def test_a_plan_that_nobody_changed_says_nothing_otherwise(world: World, plan: str) -> None:
    words, other = cards(world, plan)
    assert SAME in words
    assert other == {}
    assert "autre chose" not in words


@pytest.mark.parametrize(
    ("was", "now", "told_here", "told_file", "field", "page"),
    [
        ("Cadre de santé", "Infirmière", "Cadre de santé", "Infirmière", "Pilote", "action"),
        ("31/12/2027", "31/12/2028", "vendredi 31 décembre 2027", "dimanche 31 décembre 2028", "Échéance", "action"),
        (";38;30", ";38;25", "30", "25", "Valeur cible", "objective"),
        ("non financé;", "financé;30/06/2029", "rien n’est écrit", "samedi 30 juin 2029", "Financé jusqu’au", "action"),
        ("Prévenir les chutes;;", "Prévenir les chutes;Vous tomberez moins.;", "rien n’est écrit", "Vous tomberez moins.",
         "Ce qui change pour les personnes", "objective"),
    ],
)  # fmt: skip
def test_each_cell_that_was_changed_is_told_beside_the_words_of_the_contract(
    world: World, plan: str, was: str, now: str, told_here: str, told_file: str, field: str, page: str
) -> None:
    assert was in plan, plan
    words, other = cards(world, plan.replace(was, now, 1))
    (card,) = other.values()
    assert SAME not in card
    assert f"{field} Dans le contrat : {told_here} Dans votre fichier : {told_file}" in card
    assert "1 morceau y est déjà, mais votre fichier dit autre chose" in words
    assert ("Changer cette action" if page == "action" else "Changer cet objectif") in card


def test_each_page_where_it_is_changed_is_one_link_away_and_nothing_is_written_from_here(
    world: World, plan: str
) -> None:
    changed = plan.replace("Cadre de santé", "Infirmière", 1).replace(";38;30", ";38;25", 1)
    address = taken_up(world, changed.encode(), "plan.csv")
    client = world.client("director")
    page = client.see(f"{address}?voir=autrement")
    links = page.tree.xpath("//li[starts-with(@id, 'morceau-')]//a/@href")
    urgent = objective(world, "Réduire les passages aux urgences")
    acting = world.read(lambda s: told.actions(s, urgent)[0])
    sheet = f"/contrats/{world.ours.contract_id}/objectifs/{urgent}"
    assert links == [f"{sheet}/actions/{acting[0].id}", f"{sheet}/recrire"]
    assert all(client.get(one).status_code == 200 for one in links)
    refused = write(world, address)
    assert refused.status_code == 422
    assert [one.lead for one in world.read(lambda s: told.actions(s, urgent)[0])] == [
        one.lead for one in acting
    ]
    mended = client.see(links[0])
    form = mended.form(links[0])
    assert client.post(links[0], data={**form, "lead": "Infirmière"}).status_code == 303
    words = client.see(f"{address}?voir=autrement").words
    assert "Infirmière" not in words


def test_what_is_told_costs_as_many_queries_with_ten_objectives_as_with_sixty(world: World) -> None:
    head = "Objectif;Action;Pilote;Indicateur;Valeur initiale;Valeur cible\n"
    asked = []
    for number in (10, 60):
        rows = "".join(f"But {one};Agir {one};Cadre;Chutes {one};3;2\n" for one in range(number))
        address = taken_up(world, (head + rows).encode(), "plan.csv")
        if write(world, address).status_code != 303:
            raise AssertionError(number)
        other = taken_up(world, (head + rows).replace("Cadre", "Directrice").encode(), "plan.csv")
        client = world.client("director")
        client.see(other)
        with questions() as seen:
            client.see(other)
        asked.append(len(seen))
    assert asked[0] == asked[1]


def test_what_is_there_already_is_offered_once_and_stays_chosen(world: World, plan: str) -> None:
    page = world.client("director").see(taken_up(world, plan.encode(), "plan.csv"))
    lists = page.tree.xpath("//select[starts-with(@name, 'parent-')]")
    offered = [[" ".join(one.text_content().split()) for one in each.xpath("option")] for each in lists]
    assert len(offered) > 4
    assert all(len(each) == len(set(each)) for each in offered), offered
    assert any(len(each.xpath("option[@selected]")) == 1 for each in lists)
    refs = page.tree.xpath("//select[@name='parent-4']/option[@selected]/@value")
    assert refs == ["p3"]


def test_a_piece_that_was_placed_under_the_one_of_the_contract_keeps_it_chosen(
    world: World, plan: str
) -> None:
    address, client = taken_up(world, plan.encode(), "plan.csv"), world.client("director")
    ref = f"={objective(world, 'Réduire les passages aux urgences')}"
    form = client.see(address).form(f"{address}?page=1")
    assert client.post(f"{address}?page=1", data={**form, "parent-4": ref}).status_code == 303
    page = client.see(address)
    (choice,) = page.tree.xpath("//select[@name='parent-4']")
    assert choice.xpath("option[@selected]/@value") == [ref]
    words = [" ".join(one.text_content().split()) for one in choice.xpath("option")]
    assert len(words) == len(set(words))


def test_a_formula_without_a_result_is_told_with_its_column(world: World) -> None:
    table = [("Objectif", "Action", "Pilote"), ("Bien dormir", "Former", "=A1")]
    words = world.client("director").see(taken_up(world, papers.xlsx(table))).words.replace("\u00a0", " ")
    assert "ligne 2, colonne C : « Pilote » Cette case contient une formule sans résultat" in words
