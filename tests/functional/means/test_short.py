"""The page of all the money on a small screen: what is long is folded, and says what is inside."""

from __future__ import annotations

import pytest

from portal.domain.means.models import Lasting, Need
from tests.conftest import World
from tests.factories.means import a_line, a_move, another_site, steady
from tests.factories.objectives import an_action, an_objective
from tests.functional.means.test_pages import grown


@pytest.fixture
def here(world: World) -> str:
    return f"/contrats/{world.ours.contract_id}/moyens"


def test_the_first_screen_leads_to_all_that_is_folded(world: World, here: str) -> None:
    world.do(lambda s: a_line(s, world.ours))
    move = world.do(lambda s: a_move(s, world.ours, another_site(s, world.ours, "Maison des Prés")))
    page = world.client("family").see(here)
    folds = {
        " ".join(one.find("summary").text_content().split()): one
        for one in page.tree.xpath("//main//details[not(@open)]")
    }
    assert any(name.startswith("L’argent du contrat, année par année") for name in folds)
    assert any(name.startswith("Qui paie, année par année") for name in folds)
    (words,) = [one for name, one in folds.items() if name.startswith("Les mots de l’argent, en clair")]
    assert "CNR" in words.find("summary").text_content(), "one knows which words before opening"
    assert words.xpath(".//dt")
    for target in page.tree.xpath("//nav[@aria-label='Sur cette page']//a/@href"):
        assert page.tree.get_element_by_id(target.removeprefix("#")) is not None
    told = page.tree.get_element_by_id("decisions")
    section = next(one for one in told.iterancestors() if one.tag == "section")
    assert f"{here}/reaffectations/{move}" in section.xpath(".//a/@href"), "the whole decision on its page"
    assert not section.xpath(".//dl")


def test_many_objectives_are_folded_and_few_are_read_at_once(world: World, here: str) -> None:
    def opened(path: str) -> list[bool]:
        tree = world.client("family").see(path).tree
        return ["open" in one.attrib for one in tree.xpath("//details[@id='par-objectif']")]

    assert opened(here) == [True]
    world.do(lambda s: grown(s, world, 25))
    assert opened(here) == [False]
    page = world.client("family").see(here)
    (fold,) = page.tree.xpath("//details[@id='par-objectif']/summary")
    assert "20 objectifs sur cette page" in fold.text_content()
    assert opened(page.tree.xpath("//a[@rel='next']/@href")[0].partition("#")[0]) == [True]


def test_cells_of_which_nobody_told_take_no_room_on_a_phone(world: World, here: str) -> None:
    world.do(lambda s: a_line(s, world.ours))
    page = world.client("family").see(here)
    row = page.tree.xpath("//tr[starts-with(@id, 'objectif-')]")[0]
    silent = [one.get("data-label") for one in row.xpath("td[contains(@class, 'number--none')]")]
    assert silent == ["Donné", "Donné à côté du prévu", "Dépensé"]


def test_the_words_of_what_is_not_funded_are_folded_too(world: World, here: str) -> None:
    page = world.client("family").see(f"{here}/non-finances")
    (words,) = page.tree.xpath("//details[@id='mots-argent'][not(@open)]")
    assert "CNR" in words.find("summary").text_content()
    assert words.xpath(".//a[contains(@href, '/moyens/mots')]")


def test_a_sign_stands_in_the_link_that_it_marks_and_never_alone_on_its_line(world: World, here: str) -> None:
    world.do(lambda s: a_line(s, world.ours, planned=steady("16 000", (2027,))))
    page = world.client("family").see(here)
    (link,) = page.tree.xpath(
        f"//section[.//h2[@id='en-mots']]/p[not(@class)]/a[@href='{here}/non-finances']"
    )
    assert link.xpath("./*[local-name()='svg']")
    table = page.tree.xpath("string(//main//table[contains(@class, 'table--lines')])")
    assert "\u00a0il manque de l’argent" in table


def test_the_letters_of_budgets_are_spelt_where_they_are_first_read(world: World, here: str) -> None:
    world.do(
        lambda s: a_line(
            s, world.ours, lasting=Lasting.ONE_OFF, need=Need.ONCE, planned=steady("9 000", (2027,))
        )
    )
    words = world.client("family").see(here).words
    assert words.index("crédits non reconductibles, CNR") <= words.index("CNR")


def test_what_an_objective_says_of_its_money_and_of_its_years_is_explained_in_place(world: World) -> None:
    line = {"label": "Chutes", "initial": "5,8", "target": "4,2", "yearly": "5,4 · 5,1"}
    objective = world.do(lambda s: an_objective(s, world.ours, lines=[line]))
    address = f"/contrats/{world.ours.contract_id}/objectifs/{objective}"
    family = world.client("family")
    before = family.see(address).words
    assert "Année par année : 5,4 · 5,1" in before.replace("\u00a0", " ")
    assert "le dernier jour pour lequel" not in before
    world.do(lambda s: an_action(s, world.ours, objective))
    assert "le dernier jour pour lequel l’argent d’une action est trouvé" in family.see(address).words


def test_a_body_that_decided_has_its_article(world: World, here: str) -> None:
    there = world.do(lambda s: another_site(s, world.ours))
    move = world.do(lambda s: a_move(s, world.ours, there, decided_by="Conseil d’administration"))
    assert (
        "par le conseil d’administration" in world.client("family").see(f"{here}/reaffectations/{move}").words
    )
