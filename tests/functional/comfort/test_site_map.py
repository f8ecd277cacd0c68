"""« Plan du site »: every page there is or the reason why not; what one may open, and nothing else."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.blueprints.home import site_map
from tests.conftest import World

SHOWN = {**site_map.PORTAL, **site_map.CONTRACT, **site_map.SPACE}


def pages(app: Flask) -> set[str]:
    """Every endpoint that answers GET."""
    return {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}


def test_every_page_is_shown_or_said_why_not(portal_app: Flask) -> None:
    assert pages(portal_app) - set(SHOWN) - set(site_map.EXCLUDED) == set(), (
        "name the page in portal/blueprints/home/site_map.py, or say there why it is not shown"
    )
    assert (set(SHOWN) | set(site_map.EXCLUDED)) - pages(portal_app) == set(), "these pages are gone"
    assert set(SHOWN) & set(site_map.EXCLUDED) == set()
    assert all(site_map.EXCLUDED.values())


def test_only_pages_reached_from_another_are_left_out(portal_app: Flask) -> None:
    """A page whose address names nothing cannot be left out for its words."""
    meant = {
        "home.door",
        "health.health",
        "components.gallery",
        "notifications.count",
        "portfolio.download",
        "register.keys",
        "register.verifier",
    }
    plain = {
        rule.endpoint
        for rule in portal_app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.arguments
    }
    assert plain & set(site_map.EXCLUDED) == meant


def every_address(world: World) -> list[str]:
    """Each page that the map may show, for both houses."""
    with world.app.test_request_context():
        from flask import url_for

        found = [url_for(name) for name in site_map.PORTAL]
        for house in (world.ours, world.other):
            found += [url_for(name, contract_id=house.contract_id) for name in site_map.CONTRACT]
            found += [url_for(name, space_id=house.space_id) for name in site_map.SPACE]
        return found


@pytest.mark.parametrize(
    "name",
    [None, "resident", "family", "professional", "board", "authority", "moderator", "deputy", "director"],
)
def test_the_map_shows_exactly_what_opens(world: World, name: str | None) -> None:
    client = world.client(name)
    shown = client.see("/plan-du-site").tree.xpath("//main//a/@href")
    assert len(shown) == len(set(shown))
    opens = {one for one in every_address(world) if client.get(one).status_code == 200}
    assert set(shown) == opens


def test_the_map_speaks_in_words(world: World) -> None:
    page = world.client("resident").see("/plan-du-site")
    labels = [" ".join(one.text_content().split()) for one in page.tree.xpath("//main//a")]
    assert all(label and "/" not in label for label in labels)
    headings = [" ".join(one.text_content().split()) for one in page.tree.xpath("//main//h2 | //main//h3")]
    assert headings[0] == "Le portail"
    assert any("Contrat Tilleuls" in one for one in headings)
