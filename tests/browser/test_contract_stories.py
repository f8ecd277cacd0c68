"""Three stories about the contract itself: a director’s first day, an objective on a phone, an authority’s findings."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.checks import TOO_WIDE
from tests.browser.people import Person
from tests.factories import papers

pytestmark = pytest.mark.browser

DIRECTOR, SON = "Aude Ferrand-Guyot", "Gaspard"
NEXT = "La prochaine chose à faire"
HOUSES = ("Maison de la Fontaine", "Le Vieux-Lavoir", "Les Passerelles à domicile")
PHONE = {"width": 390, "height": 844}
KIND = "Ce que c’est"


def fits(page: Page) -> None:
    """Nothing sticks out of the screen."""
    page.wait_for_load_state("load")
    assert not page.evaluate(TOO_WIDE), page.url


def test_a_director_s_first_day_from_her_own_files_to_an_open_space(
    someone: Callable[..., Person],
) -> None:
    director = someone(DIRECTOR).enters()
    page = director.page
    page.get_by_role("link", name=re.compile("Source-Vive")).first.click()
    home = page.url

    begins(page, "Dire le périmètre")
    for house in HOUSES:
        page.get_by_role("link", name=f"Changer {house}").click()
        page.get_by_label("Sa catégorie").select_option("500")
        page.get_by_role("button", name="Enregistrer").click()
        expect(page.get_by_text("C’est enregistré")).to_be_visible()
    page.get_by_role("link", name="Écrire la portée et les compétences").click()
    page.get_by_label("un département").check()
    for box in page.get_by_label("hébergement", exact=True).all():
        box.check()
    page.get_by_role("button", name="Enregistrer").click()

    page.goto(home)
    begins(page, "Choisir la trame")
    page.locator("section[aria-labelledby=modeles] .button").first.click()
    page.get_by_role("button", name="Écrire le contrat dans cette trame").click()

    for name, content in (("diagnostic.docx", papers.diagnostic()), ("plan.xlsx", papers.plan())):
        page.goto(home)
        if name.startswith("diagnostic"):
            begins(page, "Partir de vos fichiers")
        else:
            page.get_by_role("link", name="Partir de vos fichiers").first.click()
        page.get_by_label("Votre fichier").set_input_files(
            {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        )
        page.get_by_role("button", name="Lire ce fichier").click()
        expect(director.heading("Ce qui est compris de votre fichier")).to_be_visible()
        fits(page)
        leaves_aside_what_waits(page)
        page.get_by_role("button", name="Écrire dans le contrat").click()
        expect(director.heading("Votre fichier est dans le contrat")).to_be_visible()

    # Her plan says how each objective is measured: indicators are not asked for, and she may choose some all the same.
    page.goto(home)
    page.get_by_role("link", name="Choisir les indicateurs").click()
    page.get_by_role("button", name="Suivre ces indicateurs").click()

    page.goto(home)
    begins(page, "Dire jusqu’où chaque groupe participe")
    for _step in ("le sujet", "les dates"):
        page.get_by_role("button", name="Continuer").click()
    page.get_by_role("button", name="Créer et ouvrir").click()
    expect(page).to_have_url(re.compile("/espaces/[a-z2-7]{26}$"))

    page.goto(home)
    expect(page.get_by_role("heading", name=NEXT)).to_have_count(0)
    son = someone(SON).enters()
    son.page.get_by_role("link", name=re.compile("Source-Vive")).first.click()
    expect(son.page.get_by_text("Un espace d’échange est ouvert")).to_be_visible()


def begins(page: Page, what: str) -> None:
    """Follow the next thing to do, which is this one."""
    expect(page.get_by_role("heading", name=NEXT)).to_be_visible()
    fits(page)
    page.get_by_role("link", name=f"Commencer\N{NO-BREAK SPACE}: {what}").click()


def leaves_aside_what_waits(page: Page) -> None:
    """What a file does not say well enough is left aside: she will come back to it."""
    for card in page.locator("li.card", has=page.locator(".badge--warning")).all():
        card.get_by_label(KIND).select_option("de-cote")


def test_a_family_reads_the_third_objective_on_a_phone(someone: Callable[..., Person]) -> None:
    daughter = someone("Claire, fille de Madame Morel", viewport=PHONE, has_touch=True).enters()
    page = daughter.page
    page.get_by_role("link", name=re.compile("Les Rives")).first.click()
    fits(page)
    page.get_by_role("link", name="Ce qui va changer : les objectifs").click()
    fits(page)
    third = page.locator("li.card").filter(has_text="Prévenir les chutes et la perte de mobilité")
    expect(third).to_contain_text("Objectif 3")
    page.locator("details").filter(has=third).locator("summary").first.click()
    third.get_by_role("link").first.click()
    fits(page)
    first = page.locator("main section").first
    expect(first.get_by_role("heading").first).to_have_text("Ce qui va changer pour les personnes")
    plain, technical = (
        page.get_by_text(words).first for words in ("Ce qui va changer pour les personnes", "texte technique")
    )
    above = plain.bounding_box()
    assert above is not None
    assert above["y"] < PHONE["height"]
    if technical.count() and technical.is_visible():
        below = technical.bounding_box()
        assert below is not None
        assert below["y"] > above["y"]
    expect(page.get_by_text("Vient du contrat d’avant")).to_be_visible()
    page.get_by_role("link", name=re.compile("Faire baisser le nombre de chutes")).click()
    expect(page.get_by_text("pas encore assez aux Tilleuls")).to_be_visible()
    fits(page)


def test_an_authority_adds_its_findings(someone: Callable[..., Person]) -> None:
    agent = someone("Sophie Arnaud").enters()
    page = agent.page
    page.goto("/contrats")
    page.get_by_role("link", name=re.compile("Les Rives")).first.click()
    page.get_by_role("link", name="Où en sommes-nous : le diagnostic partagé").click()
    for number, title in enumerate(
        ("La nuit, deux maisons pour une infirmière", "Les bilans arrivent à l’heure")
    ):
        page.get_by_role("link", name="Ajouter un constat").first.click()
        page.get_by_label("Le constat, en mots simples").fill("La nuit, une seule infirmière est joignable.")
        page.get_by_label("Le même constat, avec les mots du métier").fill(
            "Une astreinte mutualisée couvre deux EHPAD."
        )
        page.get_by_label("Son titre, en une phrase courte").fill(title)
        page.get_by_label("Point à améliorer" if not number else "Point fort", exact=True).check()
        page.get_by_label("Sur quel axe").select_option(index=1)
        page.get_by_role("button", name=re.compile("Ajouter")).first.click()
        expect(page.get_by_text("C’est ajouté")).to_be_visible()
        expect(page.get_by_role("heading", name=title)).to_be_visible()
    resident = someone("Claire, fille de Madame Morel").enters()
    resident.page.goto(page.url.partition("&")[0])
    expect(resident.page.get_by_role("heading", name="Les bilans arrivent à l’heure")).to_be_visible()
