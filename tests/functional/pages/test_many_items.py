"""A contract with many findings: lists come by pages, choices are folded by axis, and nothing asks more questions."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from portal.domain.diagnostic import axes
from portal.domain.diagnostic import queries as diagnostic
from portal.domain.texts import queries as texts
from portal.vocabulary import Register
from tests.conftest import World
from tests.factories.diagnostic import a_finding
from tests.factories.pages import Page
from tests.functional.pages.test_queries import questions

FEW, MANY = 10, 60
OFFERS = ("espaces/nouveau", "objectifs/ajouter")


def write(world: World, until: int) -> None:
    """Findings on two axes, until there are so many."""
    ours = world.ours

    def some(session: Session) -> None:
        known = {one.name: one.id for one in diagnostic.axes(session, ours.contract_id)}
        director = ours["director"].actor
        second = known.get("La nuit") or axes.add(
            session, director, ours.contract_id, "La nuit", "Et la nuit ?"
        )
        for number in range(len(ours.items), until):
            axis = second if number % 2 else ours.axis_id
            ours.items.append(a_finding(session, ours, axis_id=axis, title=f"Constat {number + 1}"))

    world.do(some)


def here(world: World, path: str) -> str:
    return f"/contrats/{world.ours.contract_id}/{path}"


def listed(page: Page) -> list[str]:
    """The items of a page, each by the address of its plain text."""
    return page.tree.xpath(
        "//main//a[contains(@href, '/texte/clair') and not(contains(@href, 'historique'))]/@href"
    )


@pytest.mark.parametrize("path", ["textes", *OFFERS])
def test_ten_and_sixty_findings_ask_the_same_questions(world: World, path: str) -> None:
    director, counts = world.client("director"), []
    for until in (FEW, MANY):
        write(world, until)
        director.see(here(world, path))
        with questions() as seen:
            director.see(here(world, path))
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_the_texts_come_by_pages_and_each_item_is_on_one_of_them(world: World) -> None:
    write(world, MANY)
    director, found = world.client("director"), []
    page = director.see(here(world, "textes"))
    assert len(listed(page)) == 20 + len(world.ours.objectives)
    found += listed(page)
    while links := page.tree.xpath("//main//a[@rel='next']/@href"):
        page = director.see(links[0])
        found += listed(page)
    assert len(found) == len(set(found)) == MANY + len(world.ours.objectives)
    assert "Revenir au début" in page.words


def test_the_page_after_a_correction_shows_the_item_that_was_corrected(world: World) -> None:
    write(world, MANY)
    item, director = world.ours.items[50], world.client("director")
    path = here(world, f"sujets/{item}/texte/clair")
    form = director.see(path).form()
    del form["csrf_token"]
    answer = director.send(path, **form | {"source": "Un autre premier paragraphe."})
    assert answer.status_code == 303
    page = director.see(answer.headers["Location"])
    card = page.tree.get_element_by_id(f"texte-{item}")
    assert "La nouvelle version est publiée" in card.text_content()
    kept = world.read(lambda session: texts.current(session, [item])[item, Register.PLAIN])
    assert kept.source == "Un autre premier paragraphe."


@pytest.mark.parametrize("path", OFFERS)
@pytest.mark.parametrize(("until", "folded"), [(FEW, False), (MANY, True)])
def test_choices_in_great_number_are_folded_by_axis(
    world: World, path: str, until: int, *, folded: bool
) -> None:
    write(world, until)
    tree = world.client("director").see(here(world, path)).tree
    boxes = tree.xpath("//fieldset[@id='findings']//input[@type='checkbox']/@value")
    assert sorted(boxes) == sorted(world.ours.items)
    heads = [
        " ".join(one.text_content().split()) for one in tree.xpath("//fieldset[@id='findings']//summary")
    ]
    assert heads == (["Vie quotidienne", "La nuit"] if folded else [])
