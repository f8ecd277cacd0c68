"""The level of a group changes while its pages are open: they follow at once, and lose nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.people import SEEN_WITHIN_MS, Person
from tests.browser.server import Portal

pytestmark = pytest.mark.browser

DIAGNOSTIC, OBJECTIVES = "la vie de tous les jours", "Vers quoi voulons-nous aller"
SUPPER, MEALS = "Le repas du soir est servi trop tôt", "Lutter contre la dénutrition"
HALF = "Je commence une phrase que je n’ai pas"
OTHER_WORDS = "Proposer d’autres mots pour ce texte"
REASON = "Vos propositions sont maintenant dans le texte. Nous y répondons d’abord."


def has_half_a_sentence(person: Person) -> dict[str, Any]:
    """Type without sending, choose to ask a question, put the caret in the middle; where the person is."""
    person.chooses("Poser une question")
    person.writes(HALF)
    person.page.evaluate("() => document.activeElement.setSelectionRange(3, 3)")
    return person.position()


def replies_offered(person: Person) -> int:
    links = person.page.locator("article .card__action--reply > a")
    return sum(link.is_visible() for link in links.all())


def assert_nothing_moved(person: Person, before: dict[str, Any]) -> None:
    """What is typed, the caret and the place of the field on the screen are as they were."""
    person.page.evaluate(
        "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )
    after = person.position()
    assert after["top"] is not None, "the field left the window"
    assert abs(after["top"] - before["top"]) <= 1
    assert {**after, "top": 0, "scroll": 0} == {**before, "top": 0, "scroll": 0}


def test_a_raised_level_opens_the_page_of_a_family_at_once(
    family: Person, director: Person, measured: Callable[[str, float], None]
):
    director.enters()
    family.enters().goes_to(DIAGNOSTIC, SUPPER)
    expect(family.heading("Vous pouvez donner votre avis")).to_be_visible()
    expect(family.page.get_by_role("link", name=OTHER_WORDS)).to_have_count(0)
    assert replies_offered(family) == 0
    before = has_half_a_sentence(family)
    ladder, kinds = family.awaits("Vous pouvez discuter et proposer", OTHER_WORDS)

    begun = time.time()
    director.records_a_level(DIAGNOSTIC, "families", "Discuter et proposer")

    for what, known in (("the ladder", ladder), ("the kinds", kinds)):
        measured(f"{what} after a level was raised", family.delay(known, begun))
    assert replies_offered(family) > 0
    family.sees(
        "Le niveau d’implication des familles et proches passe de « Donner son avis » à « Discuter et proposer »."
    )
    assert_nothing_moved(family, before)
    expect(family.page.get_by_label("Poser une question")).to_be_checked()

    # What the page now offers, the server accepts.
    family.page.get_by_role("link", name=OTHER_WORDS).click()
    family.writes("Le dîner est servi à 19 heures.")
    family.page.get_by_label("Pourquoi proposez-vous ces mots").fill("La nuit est trop longue sans manger.")
    family.presses("Envoyer ma proposition")
    family.was_thanked()


def test_a_lowering_waits_for_its_day_then_reaches_open_pages(
    family: Person,
    director: Person,
    someone: Callable[..., Person],
    portal: Portal,
    measured: Callable[[str, float], None],
):
    director.enters()
    early = someone("Claire, fille de Madame Morel").enters().goes_to(OBJECTIVES, MEALS)
    expect(early.heading("Vous pouvez discuter et proposer")).to_be_visible()
    director.records_a_level(OBJECTIVES, "families", "Donner son avis", REASON)
    early.sees(
        "Le niveau d’implication des familles et proches passera de « Discuter et proposer » à « Donner son avis »"
    )
    expect(early.heading("Vous pouvez discuter et proposer")).to_be_visible()
    early.page.goto(f"/contrats/{contract_of(portal)}/engagements")
    early.sees(REASON)

    portal.move_clock(days=7, minutes=-2)
    family.enters().goes_to(OBJECTIVES, MEALS)
    before = has_half_a_sentence(family)
    expect(family.heading("Vous pouvez discuter et proposer")).to_be_visible()
    lowered = family.awaits("Vous pouvez donner votre avis")
    begun = time.time()
    portal.move_clock(days=7, minutes=1)

    measured("the ladder after a level was lowered on its day", family.delay(lowered[0], begun))
    expect(family.page.get_by_role("link", name=OTHER_WORDS)).to_have_count(0)
    assert replies_offered(family) == 0
    assert_nothing_moved(family, before)
    family.sends()
    family.was_thanked()


def test_a_link_that_goes_with_its_right_takes_nobody_to_the_top(
    family: Person, director: Person, portal: Portal
):
    director.enters()
    family.enters().goes_to(OBJECTIVES, MEALS)
    mine = family.gives_an_opinion("Le repas de midi va bien.")
    family.page.goto(f"/contributions/{mine}")
    family.is_live()
    act = family.page.locator(f"[data-own] a[href='/contributions/{mine}/corriger']")
    act.focus()
    family.page.evaluate("() => scrollBy(0, 60)")
    before = family.page.evaluate("() => scrollY")
    assert before > 0

    director.hides(mine, "Sans lien avec le sujet", "Écrivez-le sur la page des repas.")

    expect(act).to_be_hidden(timeout=SEEN_WITHIN_MS)
    # The stone that takes the place of the words has other lines, with whom to alert among them.
    assert abs(family.page.evaluate("() => scrollY") - before) < 150


def test_a_membership_that_ends_is_told_on_the_open_page(family: Person, portal: Portal):
    family.enters().goes_to(OBJECTIVES, MEALS)
    family.writes(HALF)
    told = family.page.locator("[data-live-state]")

    portal.command("retirer-membre", "--email", email(portal, family), "--contrat", contract_of(portal))

    expect(told).to_have_attribute("data-state", "stopped", timeout=SEEN_WITHIN_MS)
    assert told.inner_text().strip().endswith(".")
    assert family.field.input_value() == HALF
    family.forgives("status of 404")
    family.page.reload()
    expect(family.heading("Cette page n’existe pas")).to_be_visible()


def email(portal: Portal, person: Person) -> str:
    return str(portal.one("SELECT email FROM account WHERE persona LIKE ?", f"{person.name}%"))


def contract_of(portal: Portal) -> str:
    return str(portal.one("SELECT contract_id FROM space WHERE id = ?", portal.space(OBJECTIVES)))
