"""What a client holds at the end, beside the page that anybody opens afresh."""

from __future__ import annotations

import re
import urllib.request
from typing import Any

import lxml.html
import server as running
import world as worlds

# Which audience each person of the schedules hears.
CROWDS = {"family": "readers", "relative": "readers", "director": "moderators"}


def page_faults(server: running.Running, world: worlds.World, by: str, state: dict[str, Any]) -> list[str]:
    """The cards of the first item are those of the page, opened without sockets."""
    shown = page_of(server, world, by)
    cards = state["cards"].get(CROWDS.get(by, "readers"), {})
    mine = {id_: card for id_, card in cards.items() if card["item"] == world.items[0]}
    problems = []
    if set(shown) != set(mine):
        problems.append(f"page: other cards: {sorted(set(shown) ^ set(mine))[:3]}")
    for id_ in set(shown) & set(mine):
        words, figures = shown[id_]
        told = text_of(lxml.html.fromstring(mine[id_]["html"]))
        if told != words:
            problems.append(f"page: {id_}: {told} / {words}")
        if state["figures"].get(id_, []) != figures:
            problems.append(f"page: {id_}: {state['figures'].get(id_)} / {figures}")
    return problems


def page_of(server: running.Running, world: worlds.World, by: str) -> dict[str, tuple[str, list[Any]]]:
    """The cards of the first item's page by id, with their words and their figures."""
    asked = urllib.request.Request(
        f"{server.url}/espaces/{world.space_id}/sujets/{world.items[0]}",
        headers={"Cookie": f"{running.COOKIE}={world[by].token}", "Accept-Language": "fr"},
    )
    with urllib.request.urlopen(asked, timeout=20) as answer:
        page = lxml.html.fromstring(answer.read().decode())
    cards = page.xpath("//*[@data-thread-list]//*[@data-contribution]")
    shown = {}
    for card in cards:
        # Before the words: these are read without the figures.
        figures = figures_of(card)
        shown[card.get("data-contribution")] = (text_of(card), figures)
    return shown


def body_of(card: Any) -> Any:
    """What a card says itself, without its replies."""
    return card.xpath("descendant-or-self::*[@class='contribution__body']")[0]


def figures_of(card: Any) -> list[list[Any]]:
    """What a card counts, as frames of reactions tell it."""
    found = []
    for pill in body_of(card).xpath(".//a[@data-react]"):
        count = pill.xpath(".//*[@data-count]")
        found.append([pill.get("data-react"), int(count[0].text_content().split()[-1]) if count else None])
    return found


def text_of(card: Any) -> str:
    """The words of a card without its replies and its figures."""
    body = body_of(card)
    for figure in body.xpath(".//*[@data-count] | .//*[@class='reactions__counts']"):
        figure.drop_tree()
    return re.sub(r"(\s·)?\s+", " ", body.text_content()).strip()
