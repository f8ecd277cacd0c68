"""Back, cut, gone out elsewhere: what is sent stays sent, what is unsent stays here, and nobody reads over a shoulder."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.people import Person
from tests.browser.scripts import SPOKEN
from tests.browser.server import Portal

pytestmark = pytest.mark.browser

OBJECTIVES, MEALS = "Vers quoi voulons-nous aller", "Lutter contre la dénutrition"
KEPT = re.compile(r"^Enregistré sur cet appareil à \d{1,2}\sh\s\d\d\. Pas encore envoyé\.$")
CUT = "ERR_INTERNET_DISCONNECTED|ERR_CONNECTION|WebSocket connection|ERR_FAILED|status of 401"


def sent(portal: Portal, words: str) -> int:
    return len(portal.rows("SELECT 1 FROM contribution_version WHERE source = ?", words))


@pytest.mark.parametrize("typed", [True, False], ids=["typed", "pasted at once"])
def test_back_after_sending_finds_an_empty_box(family: Person, portal: Portal, *, typed: bool):
    words = f"Je ne veux le dire qu’une fois ({typed})."
    family.enters().goes_to(OBJECTIVES, MEALS)
    if typed:
        family.field.press_sequentially(words)
    else:
        family.writes(words)
    family.sends()
    family.was_thanked()

    family.page.go_back()
    expect(family.field).to_be_visible()
    expect(family.field).to_have_value("")
    family.page.wait_for_timeout(600)
    expect(family.field).to_have_value("")
    family.gives_an_opinion("Et maintenant autre chose.")

    assert sent(portal, words) == 1
    family.goes_to(OBJECTIVES, MEALS)
    expect(family.field).to_have_value("")


def test_without_javascript_back_and_send_again_is_one_contribution(
    someone: Callable[..., Person], portal: Portal
):
    words = "Sans script, une seule fois."
    family = someone("Claire, fille de Madame Morel", java_script_enabled=False).enters()
    family.page.goto(f"/espaces/{portal.space(OBJECTIVES)}/sujets/{portal.item(MEALS)}")
    family.gives_an_opinion(words)
    family.page.go_back()
    if family.field.input_value() == words:
        family.sends()
    assert sent(portal, words) == 1


def test_offline_the_page_stays_and_sends_only_when_asked(family: Person, portal: Portal):
    family.forgives(CUT)
    words = "Écrit dans le couloir, sans réseau."
    family.enters().goes_to(OBJECTIVES, MEALS)
    address = family.page.url
    family.writes(words)
    family.is_cut_off()
    family.sends()
    family.sees("Hors ligne : votre texte est enregistré sur cet appareil. Il n’est pas encore envoyé.")
    assert family.page.url == address
    expect(family.field).to_have_value(words)

    family.comes_back()
    button = family.main.get_by_role("button", name="Envoyer maintenant")
    expect(button).to_be_visible()
    family.page.wait_for_timeout(500)
    assert sent(portal, words) == 0
    button.click()
    family.was_thanked()
    assert sent(portal, words) == 1


def test_going_out_in_another_tab_empties_the_pages_left_open(family: Person):
    family.forgives(CUT)
    family.enters().goes_to(OBJECTIVES, MEALS)
    family.writes("Une phrase à moitié écrite.")
    left = family.page
    expect(left.locator(".draft-note")).to_have_text(KEPT)
    family.page = family.context.new_page()
    family.page.goto("/contrats")
    family.leaves(unsent=True)

    expect(left).to_have_url(re.compile("/connexion"), timeout=8000)
    assert left.evaluate("() => Object.keys(localStorage).length") == 0


def test_a_session_that_ends_elsewhere_takes_the_page_away_but_not_what_is_being_written(
    someone: Callable[..., Person], portal: Portal
):
    reader, writer = (someone("Claire, fille de Madame Morel") for _ in range(2))
    for person in (reader, writer):
        person.forgives(CUT)
        person.enters().goes_to(OBJECTIVES, MEALS)
    writer.writes("Une phrase à moitié écrite.")
    for person in (reader, writer):
        cookies = {one["name"]: one["value"] for one in person.context.cookies()}
        token = person.page.locator("input[name=csrf_token]").first.input_value()
        # Another device of the same person, with the same session: this page is not told by its own browser.
        answer = person.context.request.post("/deconnexion", form={"csrf_token": token})
        assert answer.ok, cookies.keys()

    expect(reader.page).to_have_url(re.compile("/connexion"), timeout=8000)
    expect(writer.main.get_by_role("link", name="Se connecter de nouveau")).to_be_visible(timeout=8000)
    expect(writer.field).to_have_value("Une phrase à moitié écrite.")
    expect(writer.page.locator("[data-contribution]")).to_have_count(0)
    expect(writer.page.get_by_text("Mes contributions")).to_have_count(0)


def test_the_page_of_a_space_opens_at_its_top(family: Person, portal: Portal):
    family.page.set_viewport_size({"width": 1280, "height": 900})
    family.enters()
    family.page.goto(f"/espaces/{portal.space(OBJECTIVES)}")
    family.is_live()
    family.page.wait_for_timeout(300)
    assert family.page.evaluate("() => scrollY") == 0


def test_every_arrival_is_heard_and_counted_right(family: Person, someone: Callable[..., Person]):
    other = someone("Madame Jeanne Morel").enters()
    family.enters().keeps_a_clock().goes_to(OBJECTIVES, MEALS)
    family.page.evaluate(SPOKEN)
    family.field.press_sequentially("Je commence")
    other.goes_to(OBJECTIVES, MEALS).gives_an_opinion("Pendant qu’elle écrit.")
    expect(family.bar).to_contain_text("1 nouvelle contribution")
    family.lets_pass(4500)
    heard = family.page.evaluate("() => globalThis.spoken")
    assert any(KEPT.match(one) for one in heard)
    assert "1 nouvelle contribution." in heard


def test_my_own_card_offers_what_i_may_do_and_no_reaction(family: Person):
    family.enters().goes_to(OBJECTIVES, MEALS)
    mine = family.gives_an_opinion("Ma propre carte.")
    family.goes_to(OBJECTIVES, MEALS)
    card = family.card(mine)
    expect(card.get_by_role("link", name="Corriger")).to_be_visible()
    expect(card.get_by_role("link", name="Retirer")).to_be_visible()
    expect(card.locator(".reactions")).to_be_hidden()
    expect(card.get_by_role("link", name="Ouvrir")).to_have_count(0)
