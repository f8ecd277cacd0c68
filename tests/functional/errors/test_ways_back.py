"""A page that says no leads back to where one was, never further than one may go."""

from __future__ import annotations

from portal.domain.spaces import service as spaces
from portal.vocabulary import Group, Level
from tests.conftest import World
from tests.factories.pages import Page
from tests.factories.world import LEVELS, a_contribution, a_space


def links(page: Page) -> list[str]:
    return page.tree.xpath("//main//a/@href")


def test_a_refusal_about_a_contribution_leads_back_to_it(world: World) -> None:
    sent = world.do(lambda s: a_contribution(s, world.ours))
    page = Page(world.client("resident").get(f"/contributions/{sent}/reponse"))
    assert page.response.status_code == 403
    assert links(page) == [f"/contributions/{sent}", f"/espaces/{world.ours.space_id}", "/contrats"]
    assert "Mes contributions" in page.words


def test_a_refusal_about_a_space_leads_back_to_it(world: World) -> None:
    page = Page(world.client("resident").get(f"/espaces/{world.ours.space_id}/reglages"))
    assert links(page) == [f"/espaces/{world.ours.space_id}", "/contrats"]


def test_a_refusal_met_while_acting_leads_back_too(world: World) -> None:
    director, space = world.ours["director"].actor, world.ours.space_id
    world.do(lambda s: spaces.pause(s, director, space, "Nous relisons ensemble les règles."))
    path = f"/espaces/{space}/sujets/{world.ours.items[0]}/contribuer"
    page = Page(world.client("family").send(path, kind="comment", body="Un mot.", op_id="a" * 26))
    assert page.response.status_code == 403
    assert links(page) == [f"/espaces/{space}", "/contrats"]


def test_who_may_not_read_the_space_is_led_to_the_contract(world: World) -> None:
    without: dict[Group, Level] = {
        group: level for group, level in LEVELS.items() if group is not Group.BOARD
    }
    space = world.do(lambda s: a_space(s, world.ours, levels=without))
    page = Page(world.client("board").get(f"/espaces/{space}"))
    assert page.response.status_code == 403
    assert links(page) == [f"/contrats/{world.ours.contract_id}", "/contrats"]


def test_an_absent_page_leads_to_my_contracts_and_to_the_door(world: World) -> None:
    for name, ways in (("resident", {"/contrats"}), (None, {"/contrats", "/connexion"})):
        page = Page(world.client(name).get("/nulle-part"))
        assert page.response.status_code == 404
        assert ways == set(links(page)) - {"/"}
