"""What a consultation promises, at the browsers of those who live it: a short survey, then the synthesis."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from portal.kernel import clock
from tests.browser.people import Person

pytestmark = pytest.mark.browser

KEPT = re.compile(r"^Enregistré sur cet appareil à \d{1,2}\sh\s\d\d\. Pas encore envoyé\.$")
SAID = "Le potage arrive tiède. J’aimerais choisir mon heure."
QUOTED = "J’aimerais choisir mon heure."
OVERFLOWS = "document.documentElement.scrollWidth > window.innerWidth"


def prepares_a_survey(director: Person, space: str) -> str:
    """A scale and free words, opened to those who are consulted; the address of the survey."""
    page = director.page
    page.goto(f"/espaces/{space}/questionnaires")
    page.get_by_role("link", name="Préparer un questionnaire").click()
    page.locator("[name=title]").fill("Les repas du soir")
    page.locator("[name=introduction]").fill("Pour choisir l’heure du dîner.")
    for name, days in (("ends_on", 5), ("promised_on", 15)):
        page.locator(f"[name={name}]").fill((clock.today() + timedelta(days=days)).isoformat())
    director.presses("Continuer vers les questions")
    for kind, body in (("une échelle", "Les repas vous plaisent-ils ?"), ("quelques mots", "Que changer ?")):
        page.get_by_role("link", name="Ajouter une question").click()
        page.locator("[name=body]").fill(body)
        director.chooses(kind)
        director.presses("Enregistrer cette question")
    director.presses("Ouvrir le questionnaire")
    director.sees("C’est fait")
    return page.url.partition("?")[0]


def adds_and_takes_away_a_part(director: Person) -> None:
    """With a second part, a button that moves it stands before the one that saves: the note of the draft does not."""
    page = director.page
    heading, source = (page.locator(one).nth(1) for one in ("input[name$=heading]", "textarea[name$=source]"))
    heading.fill("Une seconde partie")
    source.fill("Elle sera enlevée.")
    director.presses("Enregistrer")
    expect(page.get_by_role("button", name=re.compile("monter la partie 2"))).to_be_visible()
    heading.fill("")
    source.fill("")
    note = page.locator("form[data-synthesis] > * .draft-note:has(+ .button-row)")
    expect(note).to_have_text(KEPT)
    director.presses("Enregistrer")
    expect(page.get_by_role("button", name=re.compile("monter la partie 2"))).to_have_count(0)


def test_a_short_survey_and_its_synthesis(someone: Callable[..., Person]) -> None:
    director = someone("Hélène Delmas").enters()
    space = director.creates_a_space("Que pensez-vous du dîner ?", "Publier tout de suite")
    survey = prepares_a_survey(director, space)

    resident = someone("Madame Jeanne Morel", viewport={"width": 320, "height": 640}, has_touch=True).enters()
    page = resident.page
    page.goto(survey)
    page.get_by_role("link", name="Répondre", exact=True).tap()
    expect(resident.main.get_by_role("button", name="Envoyer mes réponses")).to_be_visible()
    assert not page.evaluate(OVERFLOWS)
    page.get_by_text("Tout à fait", exact=True).tap()
    page.get_by_role("checkbox", name="Je ne souhaite pas répondre").check()
    resident.presses("Envoyer mes réponses")
    resident.sees("Vous avez répondu.")

    director.page.goto(survey)
    director.page.locator("[name=reason]").fill("La commission des repas se réunit demain.")
    director.presses("Terminer maintenant")
    director.sees("Le questionnaire est terminé")
    director.main.get_by_role("button", name=re.compile("Publier")).click()
    director.sees("Les résultats sont publiés")
    page.goto(survey)
    resident.sees("Plus rien ne relie vos réponses à vous.")
    expect(resident.main).not_to_contain_text(re.compile(r"\b1 personne\b"))

    page.goto(f"/espaces/{space}")
    page.get_by_role("link", name="Lire les contributions et participer").first.tap()
    said = resident.gives_an_opinion(SAID)

    page = director.page
    page.goto(f"/espaces/{space}/fin")
    page.locator("textarea[name=reason]").fill("Tout le monde a parlé.")
    director.main.locator("form button[type=submit]").click()
    page.goto(f"/espaces/{space}/synthese/ecrire")
    page.locator("input[name$=heading]").first.fill("L’heure du dîner")
    text = page.locator("textarea[name$=source]").first
    text.fill("Une personne demande à choisir : ")
    page.get_by_role("button", name=re.compile("^Citer")).first.click()
    marked = re.sub(r"\[c:(\w+)\]", rf"[c:\1 « {QUOTED} »]", text.input_value())
    assert QUOTED in marked
    text.fill(marked)
    director.presses("Enregistrer")
    director.sees("Chaque contribution publiée est citée.")
    adds_and_takes_away_a_part(director)
    page.get_by_role("link", name="Relire et publier").click()
    director.presses("Publier la synthèse")

    page = resident.page
    page.goto(f"/espaces/{space}/synthese")
    assert not page.evaluate(OVERFLOWS)
    resident.sees(QUOTED)
    page.get_by_role("main").locator(f"a[href*='{said}']").first.tap()
    expect(resident.card(said)).to_contain_text(SAID)
