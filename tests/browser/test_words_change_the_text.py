"""A family's proposal, from sending to the words that it changed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.people import A_MOMENT_MS, Person
from tests.browser.server import Portal

pytestmark = pytest.mark.browser

OBJECTIVES, MEALS = "Vers quoi voulons-nous aller", "Lutter contre la dénutrition"
WORDS, REASON = "Servir une collation à vingt et une heures.", "La nuit est trop longue sans manger."
ANSWER = "Oui. Le texte le dira."
NEW = "Une collation est servie chaque soir à vingt et une heures."


def is_told(person: Person, words: str) -> None:
    """Find a notice; notices are written a moment after what they tell."""
    person.page.goto("/notifications")
    for _ in range(50):
        if words in person.main.inner_text():
            return
        person.page.wait_for_timeout(A_MOMENT_MS)
        person.page.reload()
    person.sees(words)


def test_a_familys_proposal_from_sending_to_the_changed_words(
    family: Person, director: Person, resident: Person, portal: Portal
) -> None:
    family.enters()
    family.opens_the_space(OBJECTIVES).opens_the_subject(MEALS)
    mine = family.proposes(WORDS, REASON)
    director.enters()
    contract, space = (
        portal.one("SELECT contract_id FROM contribution WHERE id = ?", mine),
        portal.space(OBJECTIVES),
    )

    # Thanks within days: one tap, and the family reads it where their words are.
    director.page.goto(f"/espaces/{space}/reponses")
    director.page.locator(f"label[for=choix-{mine}]").click()
    director.presses("Remercier seulement, et répondre plus tard")
    director.sees("Chaque personne sait que ses mots sont lus.")
    family.page.goto(f"/contrats/{contract}/mes-contributions")
    steps = (
        family.page.locator(".own")
        .filter(has=family.page.locator(f"#c-{mine}"))
        .get_by_role("list")
        .filter(has_text="Envoyée")
    )
    expect(steps).to_contain_text("Lue par la direction, qui vous dit merci")
    expect(steps).to_contain_text(re.compile("Réponse de la direction.*avant le"))

    # Kept: everybody reads that the text will change.
    resident.enters()
    resident.goes_to(OBJECTIVES, MEALS)
    director.answers(mine, "Retenue", ANSWER)
    resident.sees("Le texte sera changé.")

    # The text changes, and the answer shows the words.
    director.page.goto(f"/contrats/{contract}/sujets/{portal.item(MEALS)}/texte/clair")
    source = director.page.locator("textarea[name=source]")
    source.fill(source.input_value() + "\n\n" + NEW)
    director.page.locator("[name=reason]").fill("Une famille l’a proposé.")
    director.presses("Publier cette version")
    director.page.goto(f"/espaces/{space}/reponses")
    director.page.locator(f"a[href='/contributions/{mine}/mots-changes']").click()
    director.chooses("Lutter contre")
    director.presses("Montrer ces mots")
    added = resident.card(mine).locator("ins")
    expect(added).to_contain_text("Une collation est servie chaque soir")
    expect(resident.card(mine)).not_to_contain_text("Le texte sera changé.")

    family.page.reload()
    expect(steps).to_contain_text("Le texte a changé grâce à vos mots")
    is_told(family, "Vos mots ont changé le texte.")
