"""The main job with the keyboard alone: every stop is visible, nothing hides it, nothing traps."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.keyboard import Hands
from tests.browser.people import SEEN_WITHIN_MS, Person
from tests.browser.server import Portal

pytestmark = pytest.mark.browser

SUPPER, MEALS = "Le repas du soir est servi trop tôt", "Lutter contre la dénutrition"
OBJECTIVES = "Vers quoi voulons-nous aller"


def comes_in(person: Person) -> Hands:
    """Enter by « Entrer comme… » with Tab and Enter."""
    hands = Hands(person)
    person.page.goto("/connexion")
    hands.go(f"^{person.name}", "button")
    expect(person.heading("Mes contrats")).to_be_visible()
    return hands


def test_a_resident_gives_her_opinion(resident: Person):
    hands = comes_in(resident)
    hands.skip()
    hands.go("^Entrer dans l’espace")
    expect(resident.page).to_have_url(re.compile("/espaces/[a-z0-9]+$"))
    expect(resident.heading("Que faut-il changer")).to_be_visible()
    hands.skip()
    hands.go("^Lire les contributions et participer")
    expect(resident.page).to_have_url(re.compile("/sujets/"))
    expect(resident.page.locator("[data-thread-list]")).to_be_visible()
    hands.skip()
    hands.choose("Poser une question")
    hands.reach("^Votre texte", "textarea")
    hands.types("À quelle heure est le dîner ?")
    hands.choose("Avec mon nom")
    hands.go("^Envoyer ma question$", "button")
    resident.was_thanked()
    resident.sees("Jeanne Morel")
    resident.sees("À quelle heure est le dîner")

    hands.go("^Corriger", "a")
    expect(resident.heading("Corriger mes mots")).to_be_visible()
    hands.reach("^Votre texte", "textarea")
    resident.page.keyboard.press("Control+End")
    hands.types(" Et le samedi ?")
    hands.go("^Envoyer ma correction", "button")
    resident.was_thanked()
    hands.go("^Retirer", "a")
    # With scripts the question stands in a dialog: the focus is in it, Escape leaves it where it was.
    dialog_or_page = resident.page.get_by_role("button", name="Retirer mes mots")
    expect(dialog_or_page).to_be_visible()
    hands.go("^Retirer mes mots", "button")
    expect(dialog_or_page).to_have_count(0)
    hands.go("^Mes contributions", "a")
    resident.sees("Contribution retirée par la personne qui l’a écrite")


def test_a_family_reacts_replies_and_opens_what_came(
    family: Person, someone: Callable[..., Person], portal: Portal
):
    other = someone("Madame Jeanne Morel").enters().goes_to(OBJECTIVES, MEALS)
    first = other.gives_an_opinion("Une première chose sur les repas.")
    hands = comes_in(family)
    family.goes_to(OBJECTIVES, MEALS)
    family.page.evaluate("(id) => document.getElementById(id).focus()", f"c-{first}")
    hands.go("^D’accord")
    expect(family.card(first).locator("a[data-react=accord]")).to_have_attribute("aria-current", "true")
    here = hands.here()
    assert here is not None
    assert here.name.startswith("D’accord"), "the focus was lost"

    other.goes_to(OBJECTIVES, MEALS).gives_an_opinion("Une seconde chose sur les repas.")
    expect(family.bar).to_contain_text("Afficher", timeout=SEEN_WITHIN_MS)
    here = hands.here()
    assert here is not None
    assert here.name.startswith("D’accord"), "what came took the focus"
    hands.go("^1 nouvelle contribution – Afficher", "button")
    here = hands.here()
    assert here is not None
    assert here.tag == "article", "the focus goes to the first card that came"
    hands.tab(back=True)

    family.page.evaluate("(id) => document.getElementById(id).focus()", f"c-{first}")
    hands.go("^Répondre")
    expect(family.heading("Répondre à cette contribution")).to_be_visible()
    hands.reach("^Votre texte", "textarea")
    hands.types("Chez nous aussi.")
    hands.go("^Envoyer ma réponse", "button")
    family.was_thanked()


def test_a_director_publishes_refuses_and_answers(director: Person, resident: Person, portal: Portal):
    resident.enters().goes_to("la vie de tous les jours", SUPPER)
    mine = resident.gives_an_opinion("Le yaourt du soir me manque.")
    hands = comes_in(director)
    director.page.goto(f"/contributions/{mine}/moderer")
    hands.skip()
    hands.go("^Publier ces mots", "button")
    director.sees("C’est publié")
    hands.skip()
    hands.reach("^(Ne pas les publier|Publier ces mots|Répondre à la plus ancienne)")

    director.page.goto(f"/contributions/{mine}/reponse")
    hands.skip()
    hands.choose("Retenue en partie")
    hands.reach("^Votre réponse", "textarea")
    hands.types("Un yaourt, oui. Chaque soir, pas encore.")
    hands.go("^Publier la réponse", "button")
    resident.page.goto(f"/contributions/{mine}")
    expect(resident.card(mine)).to_contain_text("Un yaourt, oui.")
