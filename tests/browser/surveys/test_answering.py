"""Madame Morel answers a survey on a narrow telephone, with the keys alone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.keyboard import Hands
from tests.browser.people import Person

pytestmark = pytest.mark.browser

NARROW = {"width": 320, "height": 640}
SPACE = "Vers quoi voulons-nous aller"
WIDTHS = "() => [document.documentElement.scrollWidth, innerWidth]"
# What a thumb must reach: the label is the target.
LOW = "() => [...document.querySelectorAll('main .choice__label')].filter((one) => one.getBoundingClientRect().height < 44).length"


def test_a_survey_is_answered_with_the_keys_at_320_pixels(someone: Callable[..., Person]) -> None:
    person = someone("Madame Jeanne Morel", viewport=NARROW).enters()
    page, hands = person.page, Hands(person)
    page.goto(f"/espaces/{person.portal.space(SPACE)}")
    expect(person.heading("Questionnaire court : 3 minutes")).to_be_visible()
    hands.skip()
    hands.go("^Répondre au questionnaire")
    expect(person.heading("Sortir et recevoir")).to_be_visible()
    wide, window = page.evaluate(WIDTHS)
    assert wide <= window, f"the page is {wide} pixels wide in a window of {window}"
    assert page.evaluate(LOW) == 0
    assert page.locator("svg.face").count() == 10
    hands.skip()
    hands.choose("Plutôt non")
    hands.reach("^Un banc à mi-chemin", "input")
    page.keyboard.press("Space")
    hands.choose("L’après-midi")
    hands.choose("Je ne souhaite pas répondre")
    hands.reach("^Votre réponse", "textarea")
    hands.types("Un fauteuil dans l’entrée.")
    person.sees("le portail efface le lien entre vos réponses et vous")
    hands.go("^Envoyer mes réponses$", "button")
    person.sees("Vos réponses sont enregistrées")
    wide, window = page.evaluate(WIDTHS)
    assert wide <= window
    # What was sent comes back to be changed.
    hands.go("^Changer mes réponses$")
    expect(page.get_by_role("radio", name="Plutôt non").first).to_be_checked()
    expect(page.get_by_role("checkbox", name="Un banc à mi-chemin")).to_be_checked()
    expect(page.get_by_role("radio", name="Je ne souhaite pas répondre").last).to_be_checked()
    expect(page.get_by_role("textbox", name=re.compile("Votre réponse"))).to_have_value(
        "Un fauteuil dans l’entrée."
    )
