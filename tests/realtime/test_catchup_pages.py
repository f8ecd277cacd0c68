"""The same ordeal for real pages in Chromium: what stands on them is what a page opened now shows."""

from __future__ import annotations

import re

import pages
import proxy
import pytest
import world as worlds
from playwright.sync_api import expect, sync_playwright

from portal.vocabulary import ModerationMode
from tests.browser._chromium import launch

pytestmark = [pytest.mark.live, pytest.mark.browser, pytest.mark.slow]
SCHEDULES = 2


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def network():
    made = proxy.Network()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def behind(network, tmp_path_factory):
    """A server that notices a dead connection within four seconds, and the way to it."""
    with pages.behind(network, tmp_path_factory.mktemp("derriere") / "instance", PING_SECONDS="2") as both:
        yield both


@pytest.mark.parametrize("number", range(SCHEDULES))
def test_three_pages_live_through_faults_and_show_what_a_fresh_page_shows(behind, browser, number):
    assert pages.ordeal(browser, *behind, number) == []


def approved_the_other_way_round(server, url, browser):
    """Two persons write, the second is approved first; what stands on an open page beside one opened now."""
    world = worlds.build(server.database, ModerationMode.BEFORE)
    page = pages.opened(browser, url, world, "family")
    try:
        pages.live(page)
        for one in reversed([pages.say(server, world, words) for words in ("Un.", "Deux.")]):
            seen = {"version": 1, "status": "pending"}
            server.act("approve", world["director"].participant_id, id=one, **seen)
            pages.show_when_told(page)
            expect(page.locator(f"#c-{one}")).to_have_count(1)
        return pages.beside_a_fresh_one(page)
    finally:
        page.context.close()


def test_words_stand_in_the_order_of_their_arrival_whenever_they_are_approved(behind, browser):
    server, relay = behind
    seen = approved_the_other_way_round(server, relay.url, browser)
    assert len(seen["open"]["cards"]) == 2
    assert seen["open"] == seen["fresh"]


def test_the_comparison_of_pages_sees_a_card_in_the_wrong_place(network, browser, tmp_path):
    """Control: the server no longer says where cards stand."""
    with pages.behind(network, tmp_path / "instance", FAULT="no_places") as (server, relay):
        seen = approved_the_other_way_round(server, relay.url, browser)
        assert len(seen["open"]["cards"]) == 2
        assert seen["open"] != seen["fresh"]


@pytest.mark.parametrize("sockets", ["refuse", "swallow"])
def test_where_no_upgrade_passes_the_page_follows_by_polling(behind, browser, sockets):
    server, relay = behind
    world = worlds.build(server.database)
    relay.sockets = sockets
    page = pages.opened(browser, relay.url, world, "family")
    try:
        pages.live(page, 40)
        pages.type_a_draft(page)
        made = pages.say(server, world, "Mes mots passent quand même.")
        pages.show_when_told(page)
        expect(page.locator(f"#c-{made}")).to_contain_text("Mes mots passent quand même.")
        pages.check_draft(page)
    finally:
        page.context.close()
        relay.sockets = "pass"


def test_where_nothing_live_passes_the_page_says_so_and_the_main_job_goes_on(behind, browser):
    server, relay = behind
    world = worlds.build(server.database)
    relay.sockets = "none"
    page = pages.opened(browser, relay.url, world, "family")
    try:
        state = page.locator("[data-live-state]")
        expect(state).to_have_attribute("data-state", "alone", timeout=40_000)
        expect(state).to_contain_text(
            "Sur ce réseau, les nouvelles contributions n’arrivent pas toutes seules."
        )
        pages.type_a_draft(page)
        mine = pages.say(server, world, "Ce que dit une autre personne.")
        page.get_by_role("button", name="Recharger la page").click()
        expect(page.locator(f"#c-{mine}")).to_contain_text("Ce que dit une autre personne.")
        expect(page.locator("textarea").first).to_have_value(pages.DRAFT)
        page.locator("textarea").first.fill("Et voici mon avis.")
        page.get_by_role("main").get_by_role("button", name=re.compile("^Envoyer")).first.click()
        expect(page.get_by_role("heading", name=re.compile("bien arrivé"))).to_be_visible()
        page.goto(relay.url + pages.path_of(world))
        expect(page.locator("[data-thread-list]")).to_contain_text("Et voici mon avis.")
        expect(state).to_have_attribute("data-state", "alone", timeout=40_000)
        relay.sockets = "pass"
    finally:
        page.context.close()
        relay.sockets = "pass"
