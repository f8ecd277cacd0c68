"""Who writes that somebody is hit reads whom to call, before sending and on the page of help; nothing is blocked."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from portal.domain.contracts.models import ContractEstablishment
from portal.domain.contributions.models import Contribution
from portal.domain.moderation import settings
from portal.domain.organisations.models import Establishment
from portal.domain.participants.models import Participant
from portal.kernel.ids import new_id
from portal.vocabulary import Group, ShownScope
from tests.conftest import World
from tests.factories.pages import Page
from tests.factories.world import a_contribution, a_person

WORDS = "On frappe ma mère la nuit, elle a des bleus."
CALLS = ("le 17 ou le 112", "Le 3977 écoute et conseille")


def test_words_of_violence_show_whom_to_call_and_are_sent_all_the_same(world: World) -> None:
    client = world.client("family")
    here = f"/espaces/{world.ours.space_id}/sujets/{world.ours.items[0]}/contribuer"
    form = client.see(f"{here}?type=comment").form() | {"body": WORDS, "op_id": new_id()}
    page = Page(client.post(here, data=form))
    for words in (*CALLS, "dites-le aussi à la direction", "Envoyer quand même"):
        assert words in page.words
    assert client.post(here, data=form | {"sure": "oui", "op_id": new_id()}).status_code == 303


@pytest.mark.parametrize("words", ["Le dîner vient trop tôt.", "Mme Pivert le sait."])
def test_other_words_alarm_nobody(world: World, words: str) -> None:
    client = world.client("family")
    here = f"/espaces/{world.ours.space_id}/sujets/{world.ours.items[0]}/contribuer"
    form = client.see(f"{here}?type=comment").form() | {"body": words, "op_id": new_id()}
    assert "3977" not in client.post(here, data=form).get_data(as_text=True)


def test_the_page_of_help_says_whom_to_call(world: World) -> None:
    words = world.client("family").see("/aide").words
    for told in CALLS:
        assert told in words


def whom(page: Page) -> str:
    """What the list of whom to tell says."""
    return " ".join(page.tree.xpath("//section[@aria-labelledby='qui']")[0].text_content().split())


def homeless(world: World) -> None:
    """A relative whom no house of the contract is recorded for."""

    def build(session):
        world.ours.people["proche"] = a_person(session, world.ours, "proche", Group.FAMILIES)
        row = session.get_one(Participant, world.ours["proche"].id)
        row.establishment_id = None

    world.do(build)


def test_who_has_no_house_reads_whom_to_call(world: World) -> None:
    homeless(world)
    said = world.do(lambda s: a_contribution(s, world.ours))
    page = world.client("proche").see(f"/contributions/{said}/danger")
    assert "La direction de l’établissement." in whom(page)
    assert page.tree.xpath("//section[@aria-labelledby='qui']//a[@href='tel:0199000000']")


ELSEWHERE = "//section[@aria-labelledby='qui']//details//a/@href"
FIRST = "//section[@aria-labelledby='qui']//a[not(ancestor::details)]/@href"
TILLEULS, AUBEPINES = "tel:0199000000", "tel:0199000011"


@pytest.fixture
def two_houses(world: World) -> str:
    """A second house, which comes first by name; returns its id."""

    def build(session):
        owner = session.get_one(Establishment, world.ours.establishment_id).organisation_id
        other = Establishment(
            organisation_id=owner, name="Aubépines", category="EHPAD", phone="01 99 00 00 11"
        )
        session.add(other)
        session.flush()
        session.add(ContractEstablishment(contract_id=world.ours.contract_id, establishment_id=other.id))
        return other.id

    return world.do(build)


@pytest.mark.parametrize("who", ["proche", "resident", "director"])
def test_the_house_that_the_words_name_comes_first(world: World, two_houses: str, who: str) -> None:
    homeless(world)
    said = world.do(lambda s: a_contribution(s, world.ours))
    page = world.client(who).see(f"/contributions/{said}/danger")
    assert page.tree.xpath(FIRST) == [TILLEULS]
    assert page.tree.xpath(ELSEWHERE) == [AUBEPINES]


def test_words_that_do_not_name_their_house_do_not_give_it_away(world: World, two_houses: str) -> None:
    homeless(world)
    said = world.do(lambda s: a_contribution(s, world.ours))
    folded = update(Contribution).where(Contribution.id == said).values(shown_scope=ShownScope.GROUP)
    world.do(lambda s: s.execute(folded))
    page = world.client("proche").see(f"/contributions/{said}/danger")
    assert page.tree.xpath(FIRST) == [AUBEPINES, TILLEULS]
    assert not page.tree.xpath(ELSEWHERE)
    # One's own house tells nothing of the words.
    page = world.client("resident").see(f"/contributions/{said}/danger")
    assert (page.tree.xpath(FIRST), page.tree.xpath(ELSEWHERE)) == ([TILLEULS], [AUBEPINES])


def test_where_the_house_that_is_named_has_no_telephone_ones_own_comes_first(
    world: World, two_houses: str
) -> None:
    def build(session):
        session.get_one(Participant, world.ours["professional"].id).establishment_id = two_houses
        third = Establishment(
            organisation_id=session.get_one(Establishment, two_houses).organisation_id,
            name="Acacias",
            category="EHPAD",
            phone="01 99 00 00 22",
        )
        session.add(third)
        session.flush()
        session.add(ContractEstablishment(contract_id=world.ours.contract_id, establishment_id=third.id))
        session.get_one(Establishment, world.ours.establishment_id).phone = None
        return a_contribution(session, world.ours)

    said = world.do(build)
    page = world.client("professional").see(f"/contributions/{said}/danger")
    assert page.tree.xpath(FIRST) == [AUBEPINES]
    assert page.tree.xpath(ELSEWHERE) == ["tel:0199000022"]


def test_where_no_telephone_is_recorded_somebody_is_named_all_the_same(world: World) -> None:
    homeless(world)
    director = world.ours["director"].actor
    said = world.do(lambda s: a_contribution(s, world.ours))
    world.do(lambda s: s.execute(update(Establishment).values(phone=None)))
    here = f"/contributions/{said}/danger"
    assert "Demandez-la à l’accueil" in whom(world.client("proche").see(here))
    wanted = settings.Settings(personal_contact="la cadre de santé")
    world.do(lambda s: settings.settle(s, director, wanted, version=0))
    words = whom(world.client("proche").see(here))
    assert "Vous pouvez aussi en parler à : la cadre de santé." in words.replace("\u00a0", " ")
    assert "Demandez-la à l’accueil" in words
