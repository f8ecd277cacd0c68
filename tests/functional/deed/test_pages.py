"""The page that says what the document holds, the contract on one page, and how it is shared."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from portal.domain.contracts.models import Item
from portal.domain.trames.catalogue import block_id
from tests.conftest import World
from tests.factories.objectives import an_action, an_objective
from tests.functional.pages.test_queries import questions

VISAS = block_id("visas")


@pytest.fixture
def here(world: World) -> str:
    return f"/contrats/{world.ours.contract_id}/document"


@pytest.mark.parametrize("who", ["resident", "family", "board", "authority", "director"])
def test_every_member_reads_what_it_holds_and_what_is_missing(
    world: World, here: str, full: dict[str, str], who: str
) -> None:
    page = world.client(who).see(here)
    contract = f"/contrats/{world.ours.contract_id}"
    for words in (
        "Article 3 : Objectifs stratégiques (en résumé ; le détail est dans : Annexe 4)",
        "Visas à écrire",
        "Les documents joints",
        "Tous les membres du contrat, et personne d’autre.",
        "Ce contrat est un projet",
    ):
        assert words in page.words, words
    links = page.tree.xpath("//section[h2/@id='manque']//a/@href")
    way = f"{contract}/trame/blocs/{VISAS}" if who == "director" else f"{contract}/trame#bloc-{VISAS}"
    assert way in links
    assert not [one for one in links if one.endswith(block_id("preambule"))], "it is written"
    assert page.tree.xpath(f"//code[contains(., '{contract}')]")
    assert here in world.client(who).see(contract).html


def test_the_form_leads_to_the_file_that_was_chosen(world: World, here: str, full: dict[str, str]) -> None:
    client = world.client("family")
    page = client.see(here)
    assert page.form(f"{here}/telecharger/pdf") == {"textes": "deux-textes", "annexes": "oui"}
    assert page.tree.xpath(f"//button[@formaction='{here}/telecharger/docx']")
    chosen = client.see(f"{here}?textes=pour-tous&annexes=non")
    assert chosen.form(f"{here}/telecharger/pdf") == {"textes": "pour-tous", "annexes": "non"}
    # What nobody offers is as if nothing was chosen.
    odd = client.see(f"{here}?textes=%3Cb%3E&annexes=2")
    assert odd.form(f"{here}/telecharger/pdf") == {"textes": "deux-textes", "annexes": "oui"}


def test_what_the_document_holds_is_folded_and_says_how_many_parts(world: World) -> None:
    page = world.client("family").see(f"/contrats/{world.ours.contract_id}/document")
    (fold,) = page.tree.xpath("//details[@id='contenu-document'][not(@open)]")
    parts = fold.xpath(".//ol[@class='list']/li")
    assert len(parts) > 5
    assert f"{len(parts)} parties, dans leur ordre" in fold.find("summary").text_content()


def test_without_a_trame_it_says_so_and_the_direction_may_choose_one(world: World, here: str) -> None:
    for who, may in (("family", False), ("director", True)):
        page = world.client(who).see(here)
        assert "ce document suit l’ordre habituel" in page.words
        assert ("Choisir une trame" in page.words) is may
        links = page.tree.xpath("//section[h2/@id='manque']//a/@href")
        assert f"/contrats/{world.ours.contract_id}/moyens" in links


def test_the_contract_in_short_says_what_when_who_and_how(
    world: World, here: str, full: dict[str, str]
) -> None:
    page = world.client("family").see(f"{here}/en-bref")
    order = [
        "Ce qui va changer pour les personnes",
        "La nuit, vous partirez moins souvent aux urgences.",
        "Quand",
        "Qui décide",
        "Association Tilleuls et ARS du Val",
        "Comment participer",
        "Sans écran, demandez ces pages",
    ]
    places = [page.words.index(words) for words in order]
    assert places == sorted(places)


def test_what_is_short_leads_to_all_objectives_and_promises_nothing_that_is_not_written(
    world: World, here: str, full: dict[str, str]
) -> None:
    page = world.client("family").see(f"{here}/en-bref")
    objectives = f"/contrats/{world.ours.contract_id}/objectifs"
    assert page.tree.xpath(f"//main//a[@href='{objectives}'][contains(., '{objectives}')]"), "on paper too"
    assert "Pour 2 objectifs, cette phrase est encore à écrire." in page.words
    assert "Un comité de suivi veille" in page.words
    (promises,) = page.tree.xpath(
        "//main//h2[.='Ce qui va changer pour les personnes']/following-sibling::ul[1]"
    )
    for objective in world.ours.objectives:
        title = world.read(lambda session, objective=objective: session.get_one(Item, objective).title)
        assert title not in promises.text_content()


def test_a_committee_that_nobody_wrote_does_not_watch(world: World, here: str) -> None:
    page = world.client("family").see(f"{here}/en-bref")
    assert "comité de suivi veille" not in page.words
    assert "Aucun objectif ne le dit encore en une phrase simple." in page.words


def test_nothing_is_there_outside_the_contract(world: World, here: str) -> None:
    for more in ("", "/en-bref"):
        assert world.client("director", world.other).get(f"{here}{more}").status_code == 404
        assert world.client(None).get(f"{here}{more}").status_code in (302, 303)


def test_as_many_questions_for_ten_objectives_as_for_sixty(
    world: World, here: str, full: dict[str, str]
) -> None:
    def more(session: Session, number: int) -> None:
        for one in range(number):
            objective = an_objective(session, world.ours, title=f"Un objectif de plus, {one}")
            an_action(session, world.ours, objective)

    asked = []
    for number in (10, 50):
        world.do(lambda session, number=number: more(session, number))
        counts = []
        for path in ("", "/en-bref", "/telecharger/docx"):
            client = world.client("family")
            client.get(here)
            with questions() as found:
                assert client.get(f"{here}{path}").status_code == 200
            counts.append(len(found))
        asked.append(counts)
    assert asked[0] == asked[1]
    assert asked[0][0] < 45
