"""Before words leave: the portal asks, never blocks, keeps nothing, and needs no script."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.domain.contracts.models import Contract
from portal.domain.contributions.caution import Care, cautions
from portal.domain.contributions.models import ContributionVersion
from portal.domain.organisations.models import Establishment, Organisation
from portal.domain.participants.models import Operation
from tests.conftest import World
from tests.factories.pages import Page
from tests.factories.world import a_contribution

RISKY = "Mme Pivert m’a dit d’appeler le 06 12 34 56 78."


def words(world: World) -> list[str]:
    return world.read(lambda s: list(s.scalars(select(ContributionVersion.source))))


def address(world: World, kind: str) -> str:
    if kind == "contribuer":
        return f"/espaces/{world.ours.space_id}/sujets/{world.ours.items[0]}/contribuer"
    said = world.do(
        lambda s: a_contribution(s, world.ours, "family" if kind == "corriger" else "family_0", "Un mot.")
    )
    return f"/contributions/{said}/{kind}"


@pytest.mark.parametrize("kind", ["contribuer", "repondre", "corriger"])
def test_it_asks_once_then_sends_what_was_typed(world, kind):
    client, here = world.client("family"), address(world, kind)
    form = client.see(here).form(here if kind != "contribuer" else f"{here}?seul=1") | {"body": RISKY}
    asked = client.post(here, data=form)
    page = Page(asked)
    assert asked.status_code == 200
    for told in ("Vous pouvez envoyer quand même", "Mme Pivert", "06 12 34 56 78", "n’est pas encore envoyé"):
        assert told in page.words
    assert RISKY not in words(world)
    kept = {field.get("name"): field.get("value") for field in page.tree.xpath("//form//input[@name]")}
    back = client.post(here, data=kept | {"sure": "non"})
    assert back.status_code == 200
    assert RISKY in Page(back).tree.xpath("//textarea[@name='body']")[0].text
    sent = client.post(here, data=kept | {"sure": "oui"})
    assert sent.status_code == 303
    assert RISKY in words(world)


def test_a_question_leaves_no_trace(world):
    client, here = world.client("family"), address(world, "contribuer")
    form = client.see(here).form(f"{here}?seul=1") | {"body": RISKY}
    before = world.read(lambda s: len(list(s.scalars(select(Operation)))))
    client.post(here, data=form)
    assert world.read(lambda s: len(list(s.scalars(select(Operation))))) == before


def test_a_name_without_a_title_is_asked_about_and_the_manager_of_the_houses_is_not(world):
    client, here = world.client("family"), address(world, "contribuer")

    def rename(session):
        contract = session.get_one(Contract, world.ours.contract_id)
        session.get_one(Organisation, contract.organisation_id).name = "Fondation Lucien Faure"

    world.do(rename)
    form = client.see(here).form(f"{here}?seul=1")
    asked = client.post(here, data=form | {"body": "Hier soir Jeanne Morel était triste, et Karim aussi."})
    assert asked.status_code == 200
    assert "Jeanne Morel" in Page(asked).words
    assert "Karim" in Page(asked).words
    sent = client.post(here, data=form | {"body": "La Fondation Lucien Faure et Lucien Faure sont loin."})
    assert sent.status_code == 200
    sent = client.post(here, data=form | {"body": "La fondation Lucien Faure est loin."})
    assert sent.status_code == 303


def test_ordinary_words_leave_at_once(world):
    client, here = world.client("family"), address(world, "contribuer")
    form = client.see(here).form(f"{here}?seul=1") | {"body": "M. le Maire est venu. Le 3977 est affiché."}
    assert client.post(here, data=form).status_code == 303


def test_a_house_of_the_contract_is_no_person(world):
    client, here = world.client("family"), address(world, "contribuer")

    def rename(session):
        session.get_one(Establishment, world.ours.establishment_id).name = "Résidence Madame Calas"

    world.do(rename)
    form = client.see(here).form(f"{here}?seul=1")
    said = "À la résidence Madame Calas, on dîne trop tôt."
    assert client.post(here, data=form | {"body": said}).status_code == 303
    form = client.see(here).form(f"{here}?seul=1") | {"body": "C’est madame Calas qui le dit."}
    assert client.post(here, data=form).status_code == 200


def test_what_a_house_is_called_hides_no_address():
    said = "Madame Martin, écrivez à contact@tilleuls.fr."
    assert Care.EMAIL in {one.care for one in cautions(said, known=["Tilleuls"])}
