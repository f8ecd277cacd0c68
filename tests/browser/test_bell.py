"""The number beside « Notifications » follows what happens while a page stays open."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.people import Person

pytestmark = pytest.mark.browser

DIAGNOSTIC, SUPPER = "la vie de tous les jours", "Le repas du soir est servi trop tôt"
OBJECTIVES, MEALS = "Vers quoi voulons-nous aller", "Lutter contre la dénutrition"
# A frame, then the notice written a second later at most, then one look.
FOLLOWED_MS = 30_000
# Far sooner than a page looks by itself.
AT_ONCE_MS = 3_000
HEARD = "document.dispatchEvent(new Event('portal:heard'))"


def test_a_reply_is_counted_on_the_open_page_without_a_word_said(resident: Person, family: Person):
    resident.enters()
    family.enters()
    resident.goes_to(OBJECTIVES, MEALS)
    mine = resident.gives_an_opinion("La soupe de midi arrive tiède.")
    resident.goes_to(OBJECTIVES, MEALS)
    resident.is_live()
    number = resident.page.locator(".nav__link [data-bell]")
    before = int(number.inner_text() or 0)
    resident.listens()

    family.replies_to(mine, "À l’étage aussi.")

    expect(number).to_have_text(str(before + 1), timeout=FOLLOWED_MS)
    expect(number).to_be_visible()
    words = resident.page.locator(".nav__link [data-bell-words]")
    expect(words).to_have_text(f"\u00a0: {before + 1} nouvelle{'s' if before else ''}")
    assert not [said for said in resident.heard if "nouvelle" in said and "contribution" not in said]


def test_opening_what_is_new_empties_the_number_of_the_other_pages(resident: Person, family: Person):
    resident.enters()
    family.enters()
    resident.goes_to(OBJECTIVES, MEALS)
    mine = resident.gives_an_opinion("Le café de quatre heures est froid.")
    number = resident.page.locator(".nav__link [data-bell]")
    before = number.inner_text() or "0"
    family.replies_to(mine, "Chez nous aussi.")
    resident.page.evaluate(HEARD)
    expect(number).to_have_text(str(int(before) + 1), timeout=FOLLOWED_MS)
    other = resident.page.context.new_page()
    other.goto("/notifications")
    other.get_by_role("button", name="Tout marquer comme lu").click()
    expect(other.locator(".nav__link [data-bell]")).to_be_hidden()
    expect(number).to_be_hidden(timeout=AT_ONCE_MS)


def test_a_level_that_changes_is_counted_on_the_open_page(family: Person, director: Person):
    director.enters()
    family.enters().goes_to(DIAGNOSTIC, SUPPER)
    number = family.page.locator(".nav__link [data-bell]")
    before = int(number.inner_text() or 0)
    director.records_a_level(DIAGNOSTIC, "families", "Discuter et proposer")
    expect(number).to_have_text(str(before + 1), timeout=FOLLOWED_MS)
