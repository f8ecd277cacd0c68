"""What tests of the search share: everything that waits is read, as the process of the portal does it."""

from __future__ import annotations

from urllib.parse import urlencode

from portal.extensions import unit
from portal.jobs import search
from tests.conftest import World
from tests.factories.pages import Page
from tests.factories.world import House


def look(world: World) -> None:
    """Read all that waits."""
    with world.app.app_context():
        search.whole(unit)


def ask(world: World, who: str, words: str, house: House | None = None, **more: str) -> Page:
    """The page of results of somebody of a house, who looks in its contract."""
    there = house or world.ours
    query = {"q": words, **more}
    return world.client(who, there).see(f"/contrats/{there.contract_id}/recherche?{urlencode(query)}")


def titles(page: Page) -> list[str]:
    """What is found, by the words of each link."""
    return [" ".join(one.text_content().split()) for one in page.tree.xpath("//main//ol/li//h3/a")]


def links(page: Page) -> list[str]:
    """Where each result leads."""
    return page.tree.xpath("//main//ol/li//h3/a/@href")
