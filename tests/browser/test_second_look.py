"""A refusal, its appeal, its reversal: the author, the direction and a person of another college at their browsers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.people import Person

pytestmark = pytest.mark.browser

DIAGNOSTIC, SUPPER = "la vie de tous les jours", "Le repas du soir est servi trop tôt"
PASSAGE = "On nous prend pour des paquets."
WORDS = f"Le dîner arrive à dix-huit heures. {PASSAGE} Il faudrait nous demander."


def test_a_refusal_its_appeal_and_its_reversal(someone: Callable[..., Person]):
    author = someone("Claire, fille de Madame Morel").enters()
    author.goes_to(DIAGNOSTIC, SUPPER)
    author.writes(WORDS)
    author.sends()
    author.sees("Merci, votre texte est bien arrivé")
    said = author.page.locator("article[data-contribution]").first.get_attribute("data-contribution")

    nadia = someone("Nadia Cherif, responsable qualité, relit les avis").enters()
    nadia.page.goto(f"/contributions/{said}/moderer")
    nadia.page.get_by_label("Propos injurieux ou menaçants").check()
    nadia.page.get_by_label(PASSAGE).check()
    nadia.page.locator("textarea[name=sentence]").fill("Dites ce qui vous blesse, sans ces mots.")
    nadia.presses("Ne pas publier ces mots")
    nadia.sees("Ces mots ne sont pas publiés.")

    author.page.goto(f"/contributions/{said}/decision")
    for words in (PASSAGE, "On peut tout critiquer", "Dites ce qui vous blesse"):
        author.sees(words)
    expect(author.page.get_by_role("link", name="Corriger")).to_be_visible()
    author.page.locator("textarea[name=words]").fill("Ces mots ne visent personne.")
    author.presses("Demander un second regard")
    author.sees("Un second regard est demandé")

    reader = someone("Sandrine, déléguée du personnel").enters()
    mine = author.page.locator("a[href^='/contrats/'][href$='/mes-contributions']").first.get_attribute(
        "href"
    )
    assert mine is not None
    reader.page.goto(mine.replace("/mes-contributions", "/recours"))
    reader.presses("Je m’y engage")
    reader.page.locator("article").filter(has_text="Demandé le").filter(has_text=SUPPER).last.get_by_role(
        "link", name="Lire et décider"
    ).click()
    reader.sees(PASSAGE)
    reader.sees("Ces mots ne visent personne.")
    reader.page.get_by_label("Annuler la décision").check()
    reader.page.locator("textarea[name=reason]").fill("C’est une image, pas une insulte.")
    reader.presses("Enregistrer ma décision")
    reader.sees("Votre décision est enregistrée.")

    resident = someone("Madame Jeanne Morel").enters()
    resident.page.goto(f"/contributions/{said}")
    expect(resident.card(str(said))).to_contain_text(PASSAGE)
    author.page.goto(f"/contributions/{said}/decision")
    author.sees("C’est une image, pas une insulte.")
