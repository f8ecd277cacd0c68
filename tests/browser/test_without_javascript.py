"""Scripts off: forms and reloading are enough for the whole of the main job."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.people import Person
from tests.browser.server import Portal

pytestmark = pytest.mark.browser

DIAGNOSTIC, OBJECTIVES = "la vie de tous les jours", "Vers quoi voulons-nous aller"
SUPPER = "Le repas du soir est servi trop tôt"
NAMES = "Nomme ou désigne une personne"


@pytest.fixture
def plain(someone: Callable[..., Person]) -> Callable[[str], Person]:
    """Somebody whose browser runs no script."""

    def arrive(name: str) -> Person:
        person = someone(name, java_script_enabled=False)
        person.enters()
        return person

    return arrive


def opens(person: Person, contribution: str) -> Person:
    """Follow the link of a contribution to its place in the thread."""
    person.page.goto(f"/contributions/{contribution}")
    return person


def test_a_resident_sends_corrects_and_withdraws(plain: Callable[[str], Person]):
    resident, director = plain("Madame Jeanne Morel"), plain("Hélène Delmas")
    resident.opens_the_space("Que faut-il changer").opens_the_subject(SUPPER)
    mine = resident.gives_an_opinion("Je voudrais une tisane avant de dormir.")
    resident.sees("La direction relit votre texte avant de le publier")
    resident.page.get_by_role("link", name="Revenir au sujet").click()
    resident.sees("Vos mots en attente de relecture")
    resident.sees("Je voudrais une tisane avant de dormir.")

    director.approves(mine)
    opens(resident, mine).sees("Je voudrais une tisane avant de dormir.")
    resident.page.get_by_role("link", name=re.compile("^Corriger")).first.click()
    resident.writes("Je voudrais une tisane à 21 heures.")
    resident.presses("Envoyer ma correction")
    resident.was_thanked()
    opens(resident, mine).sees("avant de dormir.")
    director.approves(mine)
    opens(resident, mine).sees("Je voudrais une tisane à 21 heures.")
    resident.sees("Corrigée, version 2.")

    resident.page.get_by_role("link", name=re.compile("^Retirer")).first.click()
    expect(resident.heading("Retirer cette contribution")).to_be_visible()
    resident.presses("Retirer mes mots")
    expect(resident.card(mine)).to_contain_text("Contribution retirée par la personne qui l’a écrite")


def test_a_family_replies_reacts_and_proposes(plain: Callable[[str], Person], portal: Portal):
    family, director = plain("Claire, fille de Madame Morel"), plain("Hélène Delmas")
    family.opens_the_space("Vers quoi").opens_the_subject("Lutter contre la dénutrition")
    offer = family.proposes("Un cuisinier par maison.", "Les plats refroidissent en route.")
    opens(family, offer).sees("Un cuisinier par maison.")
    family.page.get_by_role("link", name=re.compile("^Répondre")).first.click()
    family.writes("Je suis d’accord avec ces mots.")
    family.presses("Envoyer ma réponse")
    reply = family.was_thanked()
    opens(family, reply)
    expect(family.card(reply)).to_contain_text("Je suis d’accord avec ces mots.")

    other = portal.one(
        "SELECT id FROM contribution WHERE status = 'published' AND item_id = ? AND root_id IS NULL LIMIT 1",
        portal.item("Lutter contre la dénutrition"),
    )
    opens(family, other).card(other).get_by_role("link", name="Ça dépend").click()
    expect(family.heading("Qu’en pensez-vous")).to_be_visible()
    expect(family.page.get_by_role("radio", name="Ça dépend")).to_be_checked()
    family.presses("Envoyer ma réaction")
    expect(family.card(other)).to_be_visible()
    given = portal.rows("SELECT value FROM reaction WHERE contribution_id = ?", other)
    assert ("depend",) in given

    director.hides(reply, NAMES, "Vous nommez quelqu’un. Dites « un proche ».")
    opens(family, reply)
    expect(family.card(reply)).to_contain_text("Contribution masquée")


def test_what_must_be_mended_is_said_and_what_was_typed_is_kept(plain: Callable[[str], Person]):
    family = plain("Claire, fille de Madame Morel")
    family.opens_the_space("Vers quoi").opens_the_subject("Lutter contre la dénutrition")
    family.page.get_by_role("link", name="Proposer d’autres mots pour ce texte").click()
    family.writes("Des repas choisis la veille.")
    family.presses("Envoyer ma proposition")

    expect(family.heading("Il reste quelque chose à corriger")).to_be_visible()
    family.page.get_by_role("link", name="Dites pourquoi vous proposez ces mots.").click()
    assert family.page.url.endswith("#reason")
    expect(family.field).to_have_value("Des repas choisis la veille.")
    family.page.get_by_label("Pourquoi proposez-vous ces mots").fill("On mange mieux ce qu’on choisit.")
    family.presses("Envoyer ma proposition")
    family.was_thanked()


def test_a_director_creates_opens_moderates_answers_and_closes(plain: Callable[[str], Person]):
    director, resident = plain("Hélène Delmas"), plain("Madame Jeanne Morel")
    question = "Comment voulez-vous être réveillés le matin ?"
    space = director.creates_a_space(question)
    director.sees("Personne n’a encore écrit")

    resident.opens_the_space(question)
    resident.page.get_by_role("link", name="Lire les contributions et participer").first.click()
    good = resident.gives_an_opinion("Je veux qu’on frappe avant d’entrer.")
    resident.page.go_back()
    resident.page.reload()
    bad = resident.gives_an_opinion("Untel entre sans frapper.")

    director.page.goto(f"/espaces/{space}")
    director.page.get_by_role("link", name="Relire et répondre").click()
    director.sees("Je veux qu’on frappe avant d’entrer.")
    director.presses("Publier ces mots")
    director.sees("Untel entre sans frapper.")
    director.refuses(bad, NAMES, "Vous désignez une personne. Dites « quelqu’un ».")
    resident.page.goto(f"/contributions/{bad}/envoyee")
    resident.sees("Vous désignez une personne.")

    director.page.get_by_role("link", name="Répondre à la plus ancienne").click()
    assert good in director.page.url
    director.answers(good, "Retenue", "On frappera, et on attendra la réponse.")
    opens(resident, good)
    expect(resident.card(good)).to_contain_text("On frappera, et on attendra la réponse.")

    director.ends_and_closes(space)
    resident.page.goto(f"/espaces/{space}")
    resident.sees("L’espace est clos")


def test_a_space_with_words_unanswered_closes_only_with_its_explanation(plain: Callable[[str], Person]):
    director, family = plain("Hélène Delmas"), plain("Claire, fille de Madame Morel")
    question = "Quelles sorties aimeriez-vous ?"
    space = director.creates_a_space(question, moderation="Publier tout de suite")
    family.opens_the_space(question)
    family.page.get_by_role("link", name="Lire les contributions et participer").first.click()
    family.gives_an_opinion("Le marché du samedi.")

    director.page.goto(f"/espaces/{space}/fin")
    director.page.locator("textarea[name=reason]").fill("Tout le monde a parlé.")
    director.page.get_by_role("main").locator("form button[type=submit]").click()
    director.page.goto(f"/espaces/{space}/cloture")
    director.presses("Clore et publier cette explication")
    expect(director.heading("Il reste quelque chose à corriger")).to_be_visible()
    director.page.locator("textarea[name=broken_promise]").fill(
        "Le car est en panne, nous répondrons au CVS."
    )
    director.presses("Clore et publier cette explication")

    family.page.goto(f"/espaces/{space}")
    family.sees("Engagement non tenu, expliqué")
    family.sees("Le car est en panne, nous répondrons au CVS.")


def test_a_director_pauses_resumes_and_raises_a_level(plain: Callable[[str], Person]):
    director, family = plain("Hélène Delmas"), plain("Claire, fille de Madame Morel")
    question = "Quelle musique voulez-vous l’après-midi ?"
    space = director.creates_a_space(question)

    director.page.goto(f"/espaces/{space}/pause")
    director.page.locator("textarea[name=reason]").fill("Nous relisons vos mots avec le CVS.")
    director.presses("Mettre en pause")
    family.page.goto(f"/espaces/{space}")
    family.sees("Nous relisons vos mots avec le CVS.")
    director.page.goto(f"/espaces/{space}/reprise")
    director.presses("Reprendre les échanges")
    family.page.goto(f"/espaces/{space}")
    family.does_not_see("Nous relisons vos mots avec le CVS.")

    director.page.goto(f"/espaces/{space}/niveaux?groupe=families")
    director.chooses("Discuter et proposer")
    director.presses("Enregistrer ce niveau")
    expect(director.page.get_by_text("Le niveau est enregistré")).to_be_visible()
    family.page.goto(f"/espaces/{space}")
    family.page.get_by_role("link", name="Lire les contributions et participer").first.click()
    family.sees("Proposer d’autres mots")


def test_a_director_corrects_what_was_announced_and_a_text(plain: Callable[[str], Person], portal: Portal):
    director, family = plain("Hélène Delmas"), plain("Claire, fille de Madame Morel")
    space = director.creates_a_space("Quels fruits au goûter ?")
    director.page.goto(f"/espaces/{space}/reglages")
    director.page.locator("[name=question]").fill("Quels fruits et quels gâteaux au goûter ?")
    director.presses("Enregistrer ces réglages")
    family.page.goto(f"/espaces/{space}")
    expect(family.heading("Quels fruits et quels gâteaux au goûter ?")).to_be_visible()

    item = portal.item("Lutter contre la dénutrition")
    contract = portal.one("SELECT contract_id FROM space WHERE id = ?", space)
    director.page.goto(f"/contrats/{contract}/sujets/{item}/texte/clair")
    director.page.locator("textarea[name=source]").fill("Chacun mange à sa faim, à son heure.")
    director.page.locator("[name=reason]").fill("Plus court.")
    director.page.get_by_role("button", name="Publier cette version").click()
    family.page.goto(f"/espaces/{portal.space('Vers quoi')}/sujets/{item}")
    family.sees("Chacun mange à sa faim, à son heure.")
