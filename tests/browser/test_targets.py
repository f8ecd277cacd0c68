"""On a narrow telephone, a thumb reaches each target of the pages where one answers and decides, folded parts open."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser import checks
from tests.browser.people import Person
from tests.browser.server import Portal

pytestmark = pytest.mark.browser

OPENED = "() => { for (const one of document.querySelectorAll('details')) one.open = true; }"
# A box of 24 pixels is reached through its label: the label must lie under all of it.
OUTSIDE = """
() => [...document.querySelectorAll('.choice__input')].filter((one) => one.checkVisibility()).filter((one) => {
  const box = one.getBoundingClientRect();
  return ![...one.labels].some((label) => {
    const under = label.getBoundingClientRect();
    return under.left <= box.left && under.right >= box.right && under.top <= box.top && under.bottom >= box.bottom;
  });
}).map((one) => one.name)
"""
QUESTION, MANY = "la vie de tous", 9


def reached(person: Person, path: str) -> int:
    """Whether a thumb reaches every target once all is unfolded; how many there are."""
    page = person.page
    page.goto(path)
    page.wait_for_load_state("load")
    page.evaluate(OPENED)
    assert page.evaluate(checks.SMALL) == [], path
    assert page.evaluate(OUTSIDE) == [], path
    assert page.evaluate(checks.TOO_WIDE) == [], path
    return page.locator("main :is(a, button, input, select, textarea, summary):visible").count()


def test_answers_and_proposals_of_levels_at_320_pixels(
    portal: Portal, someone: Callable[..., Person]
) -> None:
    agent = someone("Sophie Arnaud", viewport=checks.NARROW).enters()
    director = someone("Hélène Delmas", viewport=checks.NARROW).enters()
    space = portal.space(QUESTION)
    proposals = f"/contrats/{portal.one('SELECT contract_id FROM space WHERE id = ?', space)}/propositions"
    assert reached(agent, proposals) > MANY
    agent.page.locator("label[for^=group]").first.click()
    agent.page.locator("label[for^=level]").last.click()
    agent.page.locator("[name=reason]").fill("Les familles demandent à proposer des mots.")
    agent.presses("Envoyer cette proposition")
    agent.sees("Votre proposition est envoyée à la direction")
    reached(director, proposals)
    director.presses("Refuser")
    director.page.wait_for_load_state("load")
    assert director.page.evaluate(checks.SMALL) == []
    reached(director, proposals)
    assert reached(director, f"/espaces/{space}/reponses") > MANY
    director.presses("Publier cette réponse")
    director.sees("Il reste quelque chose à corriger")
    assert director.page.evaluate(checks.SMALL) == []
    said = portal.one(
        "SELECT id FROM contribution WHERE space_id = ? AND status = 'published' AND id NOT IN "
        "(SELECT contribution_id FROM answer)",
        space,
    )
    for act in ("reponse", "explication", "moderer"):
        assert reached(director, f"/contributions/{said}/{act}") > 1


def test_control_a_target_that_is_too_small_is_found(someone: Callable[..., Person], portal: Portal) -> None:
    director = someone("Hélène Delmas", viewport=checks.NARROW).enters()
    path = f"/espaces/{portal.space(QUESTION)}/reponses"
    reached(director, path)
    director.page.evaluate(
        "() => { document.querySelector('main .choice__label').style.cssText = 'min-block-size: 0; padding: 0; line-height: 1'; }"
    )
    assert director.page.evaluate(checks.SMALL)
