"""Open pages in Chromium behind a network of ours, and what stands on them."""

from __future__ import annotations

import random
import re
import threading
import time
from contextlib import contextmanager

import catchup
import proxy
import server as running
import world as worlds
from playwright.sync_api import Browser, Page, expect

from portal.vocabulary import ModerationMode

DRAFT = "Je n’ai pas fini ma phr"
# Every card in order: where it stands, how it looks, what it says.
SNAPSHOT = """
() => {
  const flat = (text) => text.replace(/\\s+/g, ' ').trim();
  const cards = [...document.querySelectorAll('[data-thread-list] [data-contribution]')].map((card) => [
    card.id, card.parentElement.closest('[data-contribution]')?.id ?? null,
    [...card.classList].filter((name) => name !== 'contribution--mine').sort().join(' '),
    flat(card.querySelector(':scope > .contribution__body').textContent)]);
  const rights = [...document.querySelector('[data-live-space]').classList].filter((name) => name.startsWith('can-')).sort();
  return { cards, rights, total: flat(document.querySelector('[data-item-total]').textContent) };
}
"""


@contextmanager
def behind(network: proxy.Network, instance, **environ: str):
    """A server whose public address is that of a relay in front of it."""
    relay = proxy.Relay(network, seed=str(instance.name))
    with running.serving(instance, PORTAL_URL=relay.url, **environ) as server:
        relay.target = server.port
        try:
            yield server, relay
        finally:
            relay.close()


def path_of(world) -> str:
    """The page of the first item."""
    return f"/espaces/{world.space_id}/sujets/{world.items[0]}"


def opened(browser: Browser, url: str, world, by: str) -> Page:
    """A page of somebody, in a browser of their own."""
    context = browser.new_context(viewport={"width": 800, "height": 700}, locale="fr-FR")
    context.add_cookies([{"name": running.COOKIE, "value": world[by].token, "url": url}])
    page = context.new_page()
    page.goto(url + path_of(world))
    return page


def live(page: Page, seconds: float = 20) -> None:
    """Wait until the page follows its space."""
    expect(page.locator("[data-live-space]")).to_have_attribute(
        "data-live-now", "live", timeout=seconds * 1000
    )


def snapshot_when_settled(page: Page) -> dict:
    """What stands on the page, beside the same page opened now; it has a while to become the same."""
    end = time.monotonic() + catchup.CONVERGED_WITHIN
    while True:
        show(page)
        seen = beside_a_fresh_one(page)
        if seen["open"] == seen["fresh"] or time.monotonic() > end:
            return seen
        page.wait_for_timeout(500)


def beside_a_fresh_one(page: Page) -> dict:
    """What stands on the page, and on the same page opened now by the same person."""
    other = page.context.new_page()
    try:
        other.goto(page.url)
        return {"open": page.evaluate(SNAPSHOT), "fresh": other.evaluate(SNAPSHOT)}
    finally:
        other.close()


def show(page: Page) -> None:
    """Press the bar « … – Afficher » when it is there."""
    button = page.locator("[data-live-bar] button")
    if button.count() and re.search("Afficher", button.inner_text()):
        button.click()


def type_a_draft(page: Page) -> None:
    """Begin to write."""
    page.locator("textarea").first.click()
    page.keyboard.type(DRAFT)


def check_draft(page: Page) -> None:
    """What was typed is there as it was."""
    assert page.locator("textarea").first.input_value() == DRAFT


def say(server: running.Running, world, words: str, by: str = "relative") -> str:
    """Somebody else speaks; the id of their words."""
    place = {"space": world.space_id, "item": world.items[0]}
    return server.act("publish", world[by].participant_id, words=words, **place)["id"]


def show_when_told(page: Page) -> None:
    """Wait for the bar, and press it."""
    page.locator("[data-live-bar] button").filter(has_text="Afficher").click(timeout=20_000)


def ordeal(browser: Browser, server: running.Running, relay: proxy.Relay, number: int) -> list[str]:
    """One schedule for three open pages; what is wrong with them afterwards."""
    before = number % 2 == 1
    world = worlds.build(server.database, ModerationMode.BEFORE if before else ModerationMode.AFTER)
    # My own words that were refused are shown to me aside, with the reason, until the page is opened again.
    people = ("family", "nurse" if before else "relative", "director")
    relay.rng = random.Random(f"page {number}")
    opened_pages = {by: opened(browser, relay.url, world, by) for by in people}
    try:
        for page in opened_pages.values():
            live(page)
        type_a_draft(opened_pages["family"])
        writers = catchup.Writers(server, world, random.Random(number), before)
        relay.storm()
        talking = threading.Thread(target=writers.write, args=(catchup.FACTS, 4.0))
        talking.start()
        while talking.is_alive():
            opened_pages["family"].wait_for_timeout(200)
        relay.calm()
        problems = []
        for by, page in opened_pages.items():
            end = snapshot_when_settled(page)
            if end["open"] != end["fresh"]:
                problems.append(f"{number} {by}: {catchup.difference(end['open'], end['fresh'])}")
        check_draft(opened_pages["family"])
        assert sum(writers.done.values()) >= catchup.FACTS, writers.done
        return problems
    finally:
        for page in opened_pages.values():
            page.context.close()
