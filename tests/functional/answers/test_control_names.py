"""Whoever listens to names one by one can tell them apart; what is needed for that is said once, and only then."""

from __future__ import annotations

from collections import defaultdict

from tests.conftest import World
from tests.factories.pages import Page
from tests.factories.world import a_contribution, a_space

NUMBER = "(contribution 1 de la liste)"


def flat(words: str) -> str:
    return " ".join(words.split())


def boxes(page: Page) -> list[str]:
    """The names of the boxes that choose a contribution."""
    found = page.tree.xpath("//main//input[@name='choix']/@id")
    return [flat(page.tree.xpath(f"//label[@for='{one}']")[0].text_content()) for one in found]


def links(page: Page) -> dict[str, set[str]]:
    """What each name of a link in the tables leads to."""
    found: dict[str, set[str]] = defaultdict(set)
    for link in page.tree.xpath("//main//table//a[@href]"):
        found[flat(link.text_content())].add(link.get("href"))
    return found


def test_each_box_of_the_desk_has_its_name(world: World) -> None:
    desk, director = f"/espaces/{world.ours.space_id}/reponses", world.client("director")
    world.do(lambda s: a_contribution(s, world.ours, "professional"))
    assert [NUMBER in one for one in boxes(director.see(desk))] == [False]
    for _again in range(3):
        world.do(lambda s: a_contribution(s, world.ours))
    named = boxes(director.see(desk))
    assert len(set(named)) == len(named) == 4
    # A name that is the only one of its kind needs no number.
    assert [("de la liste" in one) for one in named] == [False, True, True, True]
    assert (
        sum(flat(director.see(desk).words).count(f"(contribution {n} de la liste)") for n in (2, 3, 4)) == 3
    )


def test_the_duties_of_two_spaces_are_told_apart(world: World) -> None:
    second = world.do(lambda s: a_space(s, world.ours))
    page, path = world.client("director"), f"/contrats/{world.ours.contract_id}/devoirs"
    world.do(lambda s: a_contribution(s, world.ours))
    assert "de la liste" not in page.see(path).words
    for space in (world.ours.space_id, second, second):
        world.do(lambda s, space=space: a_contribution(s, world.ours, space_id=space))
    shown = page.see(path)
    assert len(shown.tree.xpath("//main//table")) == 2
    named = links(shown)
    assert len(named) == 12
    assert {name: every for name, every in named.items() if len(every) > 1} == {}
    assert flat(shown.words).count(NUMBER) == 1
