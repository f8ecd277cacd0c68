"""The minutes of the follow-up committee: when, which parties, what was decided; read where the committee is."""

from __future__ import annotations

import pytest

from portal.domain.acts.models import ActOutcome
from portal.kernel import clock
from portal.vocabulary import ActKind
from tests.conftest import World
from tests.factories.acts import an_act, new_act
from tests.factories.pages import Page
from tests.functional.deed.test_files import in_file, squeezed, text_file

KIND = "comite-de-suivi"
SAID = "Le comité lira les indicateurs chaque année, en mars."


@pytest.fixture
def here(world: World) -> str:
    return f"/contrats/{world.ours.contract_id}"


def sent(world: World, here: str, **fields: str) -> Page:
    client = world.client("director")
    form = client.see(f"{here}/actes/nouveau?sorte={KIND}").form(f"{here}/actes/nouveau")
    return Page(client.post(f"{here}/actes/nouveau", data=form | fields))


def test_the_direction_writes_them_and_everybody_reads_them(world: World, here: str) -> None:
    client = world.client("director")
    life = client.see(f"{here}/vie")
    assert "Aucune réunion du comité n’est encore racontée ici." in life.words
    assert life.tree.xpath(f"//a[@href='{here}/actes/nouveau?sorte={KIND}']")
    page = client.see(f"{here}/actes/nouveau?sorte={KIND}")
    assert "Les parties qui étaient là" in page.words
    assert "Association Tilleuls" in page.form(f"{here}/actes/nouveau")["body_name"]
    today = clock.today()
    answer = sent(world, here, held_on=today.strftime("%d/%m/%Y"), source=SAID)
    assert answer.response.status_code == 303
    for who in ("family", "authority"):
        life = world.client(who).see(f"{here}/vie")
        (link,) = life.tree.xpath("//section[@aria-labelledby='comite']//a[contains(., 'Réunion du')]/@href")
        assert "Association Tilleuls" in life.words
        assert SAID in world.client(who).see(link).words
        assert "Écrire le compte rendu" not in life.words
    told = in_file(text_file(world))
    assert squeezed(SAID) in told
    assert squeezed("Les réunions du comité de suivi") in told


def test_what_was_decided_is_asked_for(world: World, here: str) -> None:
    answer = sent(world, here, held_on=clock.today().strftime("%d/%m/%Y"), source="")
    assert answer.response.status_code == 422
    assert "Écrivez ce que le comité a décidé" in answer.words
    later = sent(world, here, held_on="31/12/2090", source=SAID)
    assert later.response.status_code == 422
    assert "après aujourd’hui" in later.words


@pytest.mark.parametrize("who", ["family", "authority", "board"])
def test_nobody_else_writes_them(world: World, here: str, who: str) -> None:
    client = world.client(who)
    assert "Les parties qui étaient là" not in client.get(f"{here}/actes/nouveau?sorte={KIND}").text
    refused = client.send(f"{here}/actes/nouveau", sorte=KIND, source=SAID)
    assert refused.status_code == 403


def test_the_page_shows_the_last_five(world: World, here: str) -> None:
    command = new_act(ActKind.COMMITTEE, outcome=ActOutcome.MET, body="Association Tilleuls", source=SAID)
    for _one in range(7):
        world.do(lambda s: an_act(s, world.ours, command=command))
    life = world.client("family").see(f"{here}/vie")
    assert len(life.tree.xpath("//section[@aria-labelledby='comite']//a[contains(., 'Réunion du')]")) == 5
    assert life.tree.xpath(f"//section[@aria-labelledby='comite']//a[@href='{here}/actes']")
