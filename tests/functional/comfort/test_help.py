"""Help: once, at the same place, on every page there is; with the establishment's telephone inside a contract."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from portal.domain.participants.models import Seat
from tests.conftest import World
from tests.factories.pages import Page
from tests.factories.world import a_contribution

# « perimeter.look_up » is a part of a page that is already open.
MACHINES = {"health.health", "static", "spaces.me", "home.door", "notifications.count", "perimeter.look_up"}
LINKS = ["/", "/glossaire", "/affichage", "/plan-du-site", "/accessibilite"]
GENERAL = "Demandez à l’accueil de votre établissement"
# Nobody’s desk invited who runs the contract.
OF_WHO_RUNS_IT = "Demandez à la personne qui gère le portail pour votre organisme."


def addresses(world: World, contribution: str) -> dict[str, str]:
    """Each page of the application, about our house."""
    known = {
        "contract_id": world.ours.contract_id,
        "space_id": world.ours.space_id,
        "item_id": world.ours.items[0],
        "contribution_id": contribution,
        "registre": "clair",
    }
    found = {}
    with world.app.test_request_context():
        adapter = world.app.create_url_adapter(None) or world.app.url_map.bind("localhost")
        for rule in world.app.url_map.iter_rules():
            named = {name: known[name] for name in rule.arguments if name in known}
            if (
                "GET" in (rule.methods or ())
                and set(named) == rule.arguments
                and rule.endpoint not in MACHINES
            ):
                found[rule.endpoint] = adapter.build(rule.endpoint, named)
    return found


def footer(page: Page) -> list[str]:
    """What stands in the footer, in order; « aide » for the block of help."""
    blocks = page.tree.xpath("//footer//*[@data-help] | //footer//ul[contains(@class, 'foot__links')]//a")
    return ["aide" if one.get("data-help") is not None else one.get("href") for one in blocks]


def wrong(page: Page, where: str, *, contact: bool, words: tuple[str, ...] = (GENERAL,)) -> list[str]:
    """What is amiss with the help of a page."""
    problems = []
    if len(page.tree.xpath("//*[@data-help]")) != 1:
        problems.append(f"{where}: not one block of help")
    # More links may follow; these come first, in this order.
    if footer(page)[: len(LINKS) + 2] != ["aide", "/aide", *LINKS] and footer(page)[: len(LINKS) + 1] != [
        "aide",
        *LINKS,
    ]:
        problems.append(f"{where}: another order: {footer(page)}")
    block = page.tree.xpath("//*[@data-help]")[0] if not problems else page.tree
    phones = block.xpath(".//a[starts-with(@href, 'tel:')]/@href")
    if phones != (["tel:0199000000"] if contact else []):
        problems.append(f"{where}: {phones}")
    if not contact and not any(one in page.words for one in words):
        problems.append(f"{where}: nobody to turn to")
    return problems


@pytest.mark.parametrize("name", [None, "resident", "director"])
def test_help_stands_once_at_the_same_place(world: World, name: str | None) -> None:
    said = world.do(lambda session: a_contribution(session, world.ours, "resident"))
    client, problems, seen = world.client(name), [], 0
    pages = addresses(world, said)
    for address in pages.values():
        answer = client.get(address, follow_redirects=True)
        if not answer.content_type.startswith("text/html"):
            continue
        seen += 1
        contact = name == "resident" and answer.status_code != 404
        runs_it = name == "director" and address.startswith(f"/contrats/{world.ours.contract_id}")
        # Outside a contract a page does not know what somebody does in each of theirs.
        words = (
            (OF_WHO_RUNS_IT,) if runs_it else (GENERAL, OF_WHO_RUNS_IT) if name == "director" else (GENERAL,)
        )
        problems += wrong(Page(answer), f"{address} {answer.status_code}", contact=contact, words=words)
    assert problems == []
    assert seen > 30


def test_an_address_that_leads_nowhere_has_help_too(world: World) -> None:
    assert wrong(Page(world.client("resident").get("/nulle-part")), "404", contact=False) == []


def test_control_help_that_moved_or_is_gone_is_seen(world: World) -> None:
    answer = world.client("resident").get("/glossaire")
    page = Page(answer)
    assert wrong(page, "here", contact=True) == []
    block = page.tree.xpath("//*[@data-help]")[0]
    block.getparent().append(block)
    assert wrong(page, "here", contact=True)
    block.drop_tree()
    assert wrong(page, "here", contact=True)


def test_the_page_of_help_is_short_and_open_to_everybody(world: World) -> None:
    page = world.client(None).see("/aide")
    assert len(page.words.split()) < 420
    for wanted in ("Lire", "Écrire", "Qui lit mes mots", "Retirer", "accueil"):
        assert wanted in page.words
    assert not page.tree.xpath("//main//form")


def test_with_seats_in_two_houses_the_help_outside_a_contract_is_general(world: World) -> None:
    account = world.ours["resident"].account_id
    assert wrong(world.client("resident").see("/contrats"), "one house", contact=True) == []
    elsewhere = world.other["resident"].actor.participant_id
    moved = update(Seat).where(Seat.participant_id == elsewhere).values(account_id=account)
    world.do(lambda session: session.execute(moved))
    assert wrong(world.client("resident").see("/contrats"), "two houses", contact=False) == []
