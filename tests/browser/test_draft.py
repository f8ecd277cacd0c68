"""Words that were not sent stay on the device; words that were sent are sent once."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.people import SEEN_WITHIN_MS, Person
from tests.browser.server import Portal

pytestmark = pytest.mark.browser

OBJECTIVES, MEALS = "Vers quoi voulons-nous aller", "Lutter contre la dénutrition"
HALF = "Je n’ai pas fini ma phrase sur les repas"
SECRET = "Ce que Claire n’a pas encore osé envoyer"
KEPT = re.compile(r"^Enregistré sur cet appareil à \d{1,2}\sh\s\d\d\. Pas encore envoyé\.$")
CUT = "ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|WebSocket connection"


def test_unsent_words_survive_a_reload(family: Person):
    family.enters().goes_to(OBJECTIVES, MEALS)
    family.field.press_sequentially(HALF)
    family.sees("Enregistré sur cet appareil à")

    family.page.reload()

    expect(family.field).to_have_value(HALF)
    family.sees("Votre texte non envoyé a été retrouvé sur cet appareil.")
    family.sends()
    family.was_thanked()
    family.goes_to(OBJECTIVES, MEALS)
    expect(family.field).to_have_value("")


def test_unsent_words_and_the_session_survive_a_killed_server(family: Person, portal: Portal):
    family.forgives(CUT)
    family.enters().goes_to(OBJECTIVES, MEALS)
    family.field.press_sequentially(HALF)
    family.sees("Enregistré sur cet appareil à")

    portal.kill()
    expect(family.page.locator("[data-live-state]")).to_have_attribute("data-state", "waiting")
    expect(family.field).to_have_value(HALF)
    portal.start()

    expect(family.page.locator("[data-live-state]")).to_have_attribute("data-state", "live", timeout=20_000)
    expect(family.field).to_have_value(HALF)
    family.page.reload()
    family.is_live()
    expect(family.field).to_have_value(HALF)
    family.sends()
    family.was_thanked()


def test_after_a_cut_exactly_what_was_missed_arrives(family: Person, someone: Callable[..., Person]):
    family.forgives(CUT)
    other = someone("Madame Jeanne Morel").enters()
    family.enters().goes_to(OBJECTIVES, MEALS)
    kept = other.goes_to(OBJECTIVES, MEALS).gives_an_opinion("Avant la coupure.")
    expect(family.bar).to_contain_text("1 nouvelle contribution", timeout=SEEN_WITHIN_MS)
    family.shows_what_came()
    family.writes(HALF)

    family.is_cut_off()
    expect(family.page.locator("[data-live-state]")).to_contain_text("Hors ligne")
    expect(family.page.locator(".draft-note")).to_contain_text("Enregistré sur cet appareil à")
    missed = [
        other.goes_to(OBJECTIVES, MEALS).gives_an_opinion(f"Pendant la coupure, {word}.")
        for word in ("un", "deux")
    ]
    other.corrects(kept, "Avant la coupure, et corrigé pendant.")
    family.page.wait_for_timeout(300)
    expect(family.bar).to_be_hidden()
    expect(family.card(kept)).not_to_contain_text("et corrigé pendant.")

    family.comes_back()

    expect(family.bar).to_contain_text("2 nouvelles contributions – Afficher", timeout=15_000)
    expect(family.card(kept)).to_contain_text("et corrigé pendant.")
    expect(family.field).to_have_value(HALF)
    family.shows_what_came()
    for one in missed:
        expect(family.card(one)).to_have_count(1)
    expect(family.page.locator("[data-contribution]")).to_have_count(family.on_the_server(OBJECTIVES, MEALS))


def test_a_trembling_hand_sends_once(family: Person, portal: Portal):
    family.enters().goes_to(OBJECTIVES, MEALS)
    words = "Deux fois appuyé, une fois envoyé."
    family.writes(words)
    family.send_button.dblclick()
    family.was_thanked()

    assert sent(portal, words) == 1


def test_words_sent_just_before_a_cut_and_sent_again_are_one_contribution(family: Person, portal: Portal):
    family.forgives(CUT + "|ERR_FAILED")
    family.enters().goes_to(OBJECTIVES, MEALS)
    words = "La réponse du serveur s’est perdue en route."
    family.field.press_sequentially(words)
    family.sees("Enregistré sur cet appareil à")
    family.loses_the_answer("**/contribuer")
    family.send_button.click(no_wait_after=True)
    family.waits_until(lambda: sent(portal, words) == 1)
    family.finds_the_answers_again()

    family.goes_to(OBJECTIVES, MEALS)
    expect(family.field).to_have_value(words)
    family.sends()
    family.was_thanked()

    assert sent(portal, words) == 1


def test_the_next_person_on_the_tablet_does_not_see_them(family: Person):
    family.enters().goes_to(OBJECTIVES, MEALS)
    family.field.press_sequentially(SECRET)
    family.sees("Enregistré sur cet appareil à")
    family.leaves(unsent=True)
    assert family.page.evaluate("() => ({ ...localStorage })") == {}

    family.enters("Madame Jeanne Morel").goes_to(OBJECTIVES, MEALS)
    expect(family.field).to_have_value("")
    family.does_not_see(SECRET)


def test_a_person_who_takes_the_place_without_going_out_does_not_see_them_either(family: Person):
    family.enters().goes_to(OBJECTIVES, MEALS)
    family.field.press_sequentially(HALF)
    family.sees("Enregistré sur cet appareil à")
    family.context.clear_cookies()

    family.enters("Madame Jeanne Morel").goes_to(OBJECTIVES, MEALS)

    expect(family.field).to_have_value("")


def sent(portal: Portal, words: str) -> int:
    return len(portal.rows("SELECT 1 FROM contribution_version WHERE source LIKE ?", f"%{words[:20]}%"))


def test_a_page_of_thanks_opened_again_leaves_what_was_typed_since(family: Person):
    family.enters().goes_to(OBJECTIVES, MEALS)
    mine = family.gives_an_opinion("Un premier avis, envoyé.")
    thanks = family.page.url
    family.goes_to(OBJECTIVES, MEALS)
    family.writes(HALF)
    expect(family.page.locator(".draft-note")).to_contain_text("Enregistré sur cet appareil à")

    family.page.goto(thanks)
    expect(family.page.get_by_role("main")).to_contain_text("Un premier avis, envoyé.")
    family.goes_to(OBJECTIVES, MEALS)

    expect(family.field).to_have_value(HALF)
    assert mine in thanks


def test_a_level_that_was_saved_leaves_no_draft_behind(director: Person):
    director.enters()
    form = f"/espaces/{director.portal.space(OBJECTIVES)}/niveaux?groupe=staff_reps"
    kept = "Object.keys(localStorage).filter((key) => key.includes('niveau-')).length"
    director.page.goto(form)
    director.chooses("Donner son avis")
    director.page.locator("textarea[name=reason]").press_sequentially("Le temps manque.")
    director.waits_until(lambda: director.page.evaluate(kept) == 1)

    director.presses("Enregistrer ce niveau")

    expect(director.page.get_by_text("Le niveau est enregistré")).to_be_visible()
    director.page.goto(form)
    assert director.page.evaluate(kept) == 0
    expect(director.page.locator("textarea[name=reason]")).to_have_value("")


def test_saved_is_said_of_what_the_device_keeps_and_of_nothing_else(family: Person):
    note = family.page.locator(".draft-note")
    family.enters().goes_to(OBJECTIVES, MEALS)
    family.field.press_sequentially(HALF)
    expect(note).to_have_text(KEPT)
    family.field.press("Control+a")
    family.field.press("Delete")
    expect(note).to_have_text("")
    family.page.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('full'); }; }")
    family.field.press_sequentially("Un mot de plus")
    family.page.wait_for_timeout(600)
    expect(note).to_have_text("")
