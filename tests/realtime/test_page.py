"""An open page in a real browser: it learns what happens and never disturbs its reader."""

from __future__ import annotations

import re

import pytest
import server as running
import world as worlds
from playwright.sync_api import expect, sync_playwright

from portal.vocabulary import ModerationMode
from tests.browser._chromium import launch

pytestmark = [pytest.mark.live, pytest.mark.browser]
DRAFT = "Je voudrais dire que"


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser, live_server, world):
    """Open the page of the first item as somebody; faults of the page fail the test."""
    contexts, faults = [], []

    def open_as(name, path=None):
        context = browser.new_context(viewport={"width": 800, "height": 600}, locale="fr-FR")
        cookie = {"name": running.COOKIE, "value": world[name].token, "url": live_server.url}
        context.add_cookies([cookie])
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda line: faults.append(line.text) if "Security Policy" in line.text else None)
        contexts.append(context)
        page.goto(live_server.url + (path or f"/espaces/{world.space_id}/sujets/{world.items[0]}"))
        expect(page.locator("[data-live-space]")).to_have_attribute("data-live-now", "live")
        # Some browsers hold the page by themselves, others do not: what is proved is ours.
        page.evaluate("document.documentElement.style.overflowAnchor = 'none'")
        return page

    yield open_as
    for context in contexts:
        context.close()
    assert faults == []


def place_of(locator):
    """Where something stands in the window."""
    return locator.evaluate("element => element.getBoundingClientRect().top")


def publish(server, world, words, by="relative", **more):
    return server.act(
        "publish",
        world[by].participant_id,
        space=world.space_id,
        item=world.items[0],
        words=words,
        **more,
    )["id"]


def test_what_comes_waits_behind_the_bar_and_typing_goes_on(live_server, world, open_page):
    for n in range(12):
        publish(live_server, world, f"Avis d’avant, numéro {n}.")
    page = open_page("family")
    page.locator("textarea").first.click()
    page.keyboard.type(DRAFT)
    before = place_of(page.locator("textarea").first)
    ids = [publish(live_server, world, f"Nouvel avis, numéro {n}.") for n in range(3)]
    button = page.get_by_role("button", name="3 nouvelles contributions – Afficher")
    expect(button).to_be_visible()
    expect(page.locator(f"#c-{ids[0]}")).to_have_count(0)
    page.keyboard.type(" tout va bien.")
    assert page.locator("textarea").first.input_value() == f"{DRAFT} tout va bien."
    assert abs(place_of(page.locator("textarea").first) - before) <= 1
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    expect(page.locator("#annonces")).to_have_text(re.compile("nouvelle"))
    button.click()
    for shown in ids:
        expect(page.locator(f"#c-{shown}")).to_have_count(1)
    assert page.evaluate("document.activeElement.id") == f"c-{ids[0]}"
    expect(button).to_have_count(0)
    assert page.locator("textarea").first.input_value() == f"{DRAFT} tout va bien."


def test_a_reply_goes_under_the_words_it_answers(live_server, world, open_page):
    root = publish(live_server, world, "Le repas du soir est servi trop tôt.")
    page = open_page("nurse")
    reply = publish(live_server, world, "Pour moi aussi.", by="resident", parent=root)
    page.get_by_role("button", name="1 nouvelle contribution – Afficher").click()
    expect(page.locator(f"#c-{root} .contribution__replies #c-{reply}")).to_have_count(1)


def test_a_card_changes_in_place_without_moving_the_line_being_read(live_server, world, open_page):
    ids = [publish(live_server, world, f"Un avis assez long, numéro {n}. " * 12) for n in range(6)]
    page = open_page("family")
    page.locator(f"#c-{ids[3]}").scroll_into_view_if_needed()
    link = page.locator(f"#c-{ids[4]} > .contribution__body a:visible").last
    link.focus()
    key = link.get_attribute("href")
    page.evaluate("document.querySelector('#c-" + ids[3] + "').scrollIntoView()")
    before = place_of(page.locator(f"#c-{ids[3]}"))
    live_server.act("withdraw", world["relative"].participant_id, id=ids[0])
    expect(page.locator(f"#c-{ids[0]}")).to_have_class(re.compile("contribution--withdrawn"))
    assert abs(place_of(page.locator(f"#c-{ids[3]}")) - before) <= 1
    live_server.act("react", world["resident"].participant_id, id=ids[4], value="accord")
    live_server.act("withdraw", world["relative"].participant_id, id=ids[5])
    expect(page.locator(f"#c-{ids[5]}")).to_have_class(re.compile("contribution--withdrawn"))
    assert page.evaluate("document.activeElement.getAttribute('href')") == key


def test_on_a_thread_of_several_pages_the_bar_leads_to_the_words(live_server, world, open_page):
    for n in range(25):
        publish(live_server, world, f"Avis d’avant, numéro {n}.")
    page = open_page("family")
    new = publish(live_server, world, "Les mots tout nouveaux.")
    button = page.get_by_role("button", name="1 nouvelle contribution – Afficher")
    expect(button).to_be_visible()
    expect(page.locator(f"#c-{new}")).to_have_count(0)
    button.click()
    expect(page.locator(f"#c-{new}")).to_be_in_viewport()


def test_rights_that_change_change_the_page_and_keep_what_is_typed(live_server, world, open_page):
    page = open_page("family")
    thread = page.locator("[data-live-space]")
    expect(thread).to_have_class(re.compile("can-comment"))
    page.locator("textarea").first.fill(DRAFT)
    worlds.sql(
        live_server.database,
        "UPDATE involvement SET level = 1 WHERE group_ = 'families' AND contract_id = ?",
        world.contract_id,
    )
    expect(thread).not_to_have_class(re.compile("can-comment"), timeout=2000)
    expect(page.locator("[data-viewer-ladder]")).to_contain_text("information")
    assert page.locator("textarea").first.input_value() == DRAFT


def test_an_ended_session_leaves_nothing_to_read(live_server, world, open_page):
    page = open_page("family")
    worlds.sql(
        live_server.database, "DELETE FROM session_row WHERE token_hash = ?", world["family"].token_hash
    )
    expect(page).to_have_url(re.compile("/connexion"), timeout=2000)
    expect(page.locator("[data-contribution]")).to_have_count(0)


def test_what_happened_while_offline_comes_when_the_network_is_back(live_server, world, open_page):
    page = open_page("family")
    page.context.set_offline(True)
    expect(page.locator("[data-live-state]")).to_have_text("Hors ligne")
    for n in range(2):
        publish(live_server, world, f"Pendant l’absence, numéro {n}.")
    page.context.set_offline(False)
    expect(page.get_by_role("button", name="2 nouvelles contributions – Afficher")).to_be_visible(
        timeout=15000
    )
    expect(page.locator("[data-live-state]")).to_contain_text("En direct")


def test_the_page_of_a_space_counts_each_item(live_server, world, open_page):
    page = open_page("family", f"/espaces/{world.space_id}")
    publish(live_server, world, "Un avis.")
    expect(page.locator(f'[data-item-count="{world.items[0]}"]')).to_have_text("1")
    expect(page.locator(f'[data-item-count="{world.items[1]}"]')).to_have_text("0")
    expect(page.get_by_role("button", name="1 nouvelle contribution – Afficher")).to_be_visible()


def test_without_scripts_the_page_says_everything(browser, live_server, world):
    publish(live_server, world, "Un avis écrit avant.")
    context = browser.new_context(java_script_enabled=False, locale="fr-FR")
    context.add_cookies([{"name": running.COOKIE, "value": world["family"].token, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/espaces/{world.space_id}/sujets/{world.items[0]}")
    expect(page.get_by_text("Un avis écrit avant.")).to_be_visible()
    expect(page.locator("[data-live-state]")).to_be_hidden()
    context.close()


@pytest.mark.parametrize(
    "together",
    [
        [("refuse", 1), ("approve", 0)],
        [("refuse", 1), ("refuse", 2), ("approve", 0), ("refuse", 3)],
        [("refuse", 3), ("refuse", 1), ("approve", 0), ("approve", 2)],
        [("refuse", 2), ("refuse", 1), ("approve", 0), ("refuse", 3)],
    ],
    ids=lambda decisions: "-".join(f"{decision} {number}" for decision, number in decisions),
)
def test_a_place_told_before_the_card_it_follows_is_where_a_fresh_page_has_it(
    live_server, open_page, world, together
):
    director, space = world["director"].participant_id, world.space_id
    read_first = ModerationMode.BEFORE.value
    live_server.act("configure", director, space=space, moderation=read_first, reopen=False)
    waiting = [publish(live_server, world, f"Avis numéro {number}.") for number in range(5)]
    page = open_page("family")
    live_server.act("decide_together", director, space=space, decisions=[("approve", waiting[4])])
    page.get_by_role("button", name="1 nouvelle contribution – Afficher").click()
    expect(page.locator(f"#c-{waiting[4]}")).to_be_visible()

    decisions = [(decision, waiting[number]) for decision, number in together]
    live_server.act("decide_together", director, space=space, decisions=decisions)
    page.get_by_role("button", name="Afficher").click()

    shown = (
        "[...document.querySelectorAll('[data-thread-list] > [data-contribution]')].map((card) => card.id)"
    )
    decided = sorted({number for _, number in together} | {4})
    assert page.evaluate(shown) == [f"c-{waiting[number]}" for number in decided]
    page.reload()
    assert page.evaluate(shown) == [f"c-{waiting[number]}" for number in decided]


def test_words_that_change_while_they_wait_keep_their_place(live_server, open_page, world):
    director, space = world["director"].participant_id, world.space_id
    read_first = ModerationMode.BEFORE.value
    live_server.act("configure", director, space=space, moderation=read_first, reopen=False)
    waiting = [publish(live_server, world, f"Avis numéro {number}.") for number in range(3)]
    page = open_page("family")
    for number in (2, 0, 1):
        live_server.act("decide_together", director, space=space, decisions=[("approve", waiting[number])])
    live_server.act("withdraw", world["relative"].participant_id, id=waiting[0])
    # What was withdrawn is counted no more, and keeps its place.
    page.get_by_role("button", name="2 nouvelles contributions – Afficher").click()
    shown = (
        "[...document.querySelectorAll('[data-thread-list] > [data-contribution]')].map((card) => card.id)"
    )
    assert page.evaluate(shown) == [f"c-{one}" for one in waiting]
