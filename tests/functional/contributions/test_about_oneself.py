"""Who writes of one person only reads, before sending, whom to speak to; nothing is sent, nothing is blocked."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from portal.domain.moderation import settings
from portal.domain.organisations.models import Establishment
from portal.kernel.ids import new_id
from portal.vocabulary import Group
from tests.conftest import World
from tests.factories.pages import Page
from tests.factories.world import a_contribution, a_person

ASKED = "Votre message parle de votre situation, ou de celle d’une seule personne"
NOBODY_YET = "Vous pouvez en parler à la direction de votre établissement."
NURSE = "la cadre de santé, le matin"
FORMS = ("sujet", "contribuer", "repondre", "corriger")


def address(world: World, kind: str) -> str:
    item = f"/espaces/{world.ours.space_id}/sujets/{world.ours.items[0]}"
    if kind in ("sujet", "contribuer"):
        return item if kind == "sujet" else f"{item}/contribuer"
    author = "family" if kind == "corriger" else "family_0"
    return f"/contributions/{world.do(lambda s: a_contribution(s, world.ours, author))}/{kind}"


def record(world: World, contact: str) -> None:
    director = world.ours["director"].actor
    wanted = settings.Settings(personal_contact=contact)
    world.do(lambda s: settings.settle(s, director, wanted, version=0))


def told(page: Page) -> str:
    """What the folded frame of the form says."""
    found = page.tree.xpath("//form//details[contains(@class, 'about-oneself')]")
    assert len(found) == 1
    assert not found[0].xpath(".//input|.//button|.//form")
    assert found[0].get("open") is None
    return " ".join(found[0].text_content().split())


@pytest.mark.parametrize("kind", FORMS)
def test_every_form_says_whom_to_speak_to(world: World, kind: str) -> None:
    record(world, NURSE)
    page = world.client("family").see(address(world, kind))
    words = told(page)
    for one in (
        ASKED,
        "toutes les personnes accompagnées",
        NURSE,
        "Maison",
        "01 99 00 00 00",
        "n’envoie rien",
    ):
        assert one in words
    assert "Le 3977 écoute et conseille" in words
    assert page.tree.xpath("//details//a[@href='tel:0199000000']")


def test_without_anybody_recorded_the_direction_is_named(world: World) -> None:
    words = told(world.client("family").see(address(world, "contribuer")))
    assert NOBODY_YET in words
    world.do(lambda s: s.execute(update(Establishment).values(phone=None)))
    words = told(world.client("family").see(address(world, "contribuer")))
    assert NOBODY_YET in words
    assert "téléphone" not in words


def test_who_has_no_house_reads_the_telephones_of_the_houses(world: World) -> None:
    def build(session):
        person = a_person(session, world.ours, "sans maison", Group.BOARD)
        world.ours.people["sans maison"] = person

    world.do(build)
    assert "01 99 00 00 00" in told(world.client("sans maison").see(address(world, "contribuer")))


@pytest.mark.parametrize(("said", "offered"), [("Mme Pivert le sait.", True), ("Écrivez à a@b.fr.", False)])
def test_the_question_before_sending_offers_it_too(world: World, said: str, offered: bool) -> None:
    record(world, NURSE)
    client, here = world.client("family"), address(world, "contribuer")
    form = client.see(f"{here}?type=comment").form() | {"body": said, "op_id": new_id()}
    page = Page(client.post(here, data=form))
    assert (NURSE in page.words) is offered
    assert "3977" not in page.words


def test_in_english_too(world: World) -> None:
    client = world.client("family")
    client.send("/langue", langue="en", suite="/contrats")
    words = told(client.see(address(world, "contribuer")))
    assert "Is your message about your own situation" in words
    assert "the management of your establishment" in words
