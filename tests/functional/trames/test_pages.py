"""The pages of trames, as people read them and as forms are sent."""

from __future__ import annotations

import pytest

from portal.domain.trames import library, queries
from portal.domain.trames.catalogue import NAMES, block_id, models
from tests.conftest import World
from tests.factories.trames import a_sheet, a_trame, block, publish, signs, version_of
from tests.functional.pages.test_queries import questions

FREE = block_id("preambule")


@pytest.fixture
def here(world: World) -> str:
    return f"/contrats/{world.ours.contract_id}/trame"


def chosen(world: World, here: str, choice: str = "ehpad") -> None:
    client = world.client("director")
    form = client.see(f"{here}/choisir?trame={choice}").form(f"{here}/choisir")
    assert client.post(f"{here}/choisir", data=form).status_code == 303


@pytest.mark.parametrize("who", ["resident", "family", "director", "authority"])
def test_everybody_reads_what_is_filled_and_what_is_to_write(world: World, here: str, who: str) -> None:
    empty = world.client(who).see(here)
    assert "Aucune trame n’est choisie" in empty.words
    assert ("Choisir une trame" in empty.words) is (who == "director")
    chosen(world, here)
    page = world.client(who).see(here)
    assert "Il reste à écrire." in page.words
    assert "Article 5" in page.words
    assert "1 établissement ou service est dans le périmètre." in page.words
    assert ("Écrire le prochain bloc" in page.words) is (who == "director")


def test_the_direction_writes_a_block_and_a_family_reads_it(world: World, here: str) -> None:
    chosen(world, here)
    client = world.client("director")
    form = client.see(f"{here}/blocs/{FREE}").form(f"{here}/blocs/{FREE}")
    sent = client.post(f"{here}/blocs/{FREE}", data=form | {"source": "Des journées plus libres."})
    assert sent.status_code == 303
    assert "Des journées plus libres." in world.client("family").see(here).words
    # Somebody else had the page open: both are shown, nothing is lost.
    form |= {"op_id": "autre", "source": "Des repas plus longs."}
    late = client.post(f"{here}/blocs/{FREE}", data=form)
    assert late.status_code == 409
    assert "Des journées plus libres." in late.text
    assert "Des repas plus longs." in late.text
    empty = client.see(f"{here}/blocs/{FREE}").form(f"{here}/blocs/{FREE}")
    again = client.post(f"{here}/blocs/{FREE}", data=empty | {"source": "x" * 21_000})
    assert again.status_code == 422
    assert "trop long" in again.text


@pytest.mark.parametrize("name", NAMES)
def test_every_model_is_read_and_copied(world: World, here: str, name: str) -> None:
    world.do(lambda s: signs(s, world.ours))
    url = f"{here}s/modeles/{name}"
    assert "Copier cette trame" not in world.client("family").see(url).words
    agent = world.client("authority")
    form = agent.see(url).form(f"{url}/copier")
    assert agent.post(f"{url}/copier", data=form).status_code == 422
    assert agent.post(f"{url}/copier", data=form | {"title": "Trame du Val"}).status_code == 303
    mine = agent.see(f"{here}s")
    assert "Trame du Val" in mine.words
    (address,) = mine.tree.xpath("//a[contains(., 'Trame du Val')]/@href")
    title = str(models()[name].title)
    for place in (address, f"{address}/adapter"):
        assert f"Copiée du modèle : {title}" in agent.see(place).words.replace("\u00a0", " ")
        assert url in agent.see(place).tree.xpath("//main//a/@href")
    assert "Trame du Val" not in world.client("family").see(f"{here}s").words


def test_an_agent_adapts_and_publishes_and_the_contract_is_told(world: World, here: str) -> None:
    world.do(lambda s: signs(s, world.ours))
    trame = world.do(lambda s: a_trame(s, world.ours))
    first = world.do(lambda s: publish(s, world.ours, trame))
    chosen(world, here, first)
    url, agent = f"{here}s/{trame}", world.client("authority")
    form = agent.see(f"{url}/blocs/{FREE}").form(f"{url}/blocs/{FREE}")
    assert agent.post(f"{url}/blocs/{FREE}", data=form | {"title": "Pourquoi ce contrat"}).status_code == 303
    page = agent.see(f"{url}/adapter")
    assert "« Préambule » s’appelle maintenant « Pourquoi ce contrat »." in page.words
    place = f"{url}/blocs/{FREE}/place"
    assert agent.post(place, data=page.form(place)).status_code == 303
    page = agent.see(f"{url}/adapter")
    sent = agent.post(f"{url}/publier", data=page.form(f"{url}/publier") | {"told": "Un nom plus simple."})
    assert sent.status_code == 303
    assert "Une version plus récente existe" in world.client("family").see(here).words
    read = world.client("family").see(url)
    assert "Version 2" in read.words
    assert "Un nom plus simple." in read.words
    assert "Préambule" in world.client("family").see(f"{url}?version=1").words
    now = world.read(lambda s: queries.chosen(s, world.ours.contract_id))
    assert now is not None
    assert now.newer is not None
    newer = now.newer
    chosen(world, here, newer.id)
    assert "Une version plus récente existe" not in world.client("family").see(here).words


def test_the_second_to_adapt_sees_both_states(world: World, here: str) -> None:
    world.do(lambda s: signs(s, world.ours))
    trame = world.do(lambda s: a_trame(s, world.ours))
    url, agent = f"{here}s/{trame}", world.client("authority")
    form = agent.see(f"{url}/blocs/{FREE}").form(f"{url}/blocs/{FREE}")
    world.do(
        lambda s: library.add_block(
            s, world.ours["authority"].actor, world.ours.contract_id, trame, block(), version_of(s, trame)
        )
    )
    late = agent.post(f"{url}/blocs/{FREE}", data=form | {"title": "Pourquoi"})
    assert late.status_code == 409
    assert "Préambule" in late.text
    again = agent.post(f"{url}/blocs", data=agent.see(f"{url}/adapter").form(f"{url}/blocs"))
    assert again.status_code == 422


def test_outside_the_contract_nothing_exists(world: World, here: str) -> None:
    world.do(lambda s: signs(s, world.ours))
    ids = world.do(lambda s: a_sheet(s, world.ours))
    paths = ["", "/choisir", f"/blocs/{ids['block_id']}", "s", "s/modeles/ehpad", f"s/{ids['trame_id']}"]
    for path in paths:
        assert world.client("director").get(f"{here}{path}").status_code == 200
        assert world.client("director", world.other).get(f"{here}{path}").status_code == 404
    there = f"/contrats/{world.other.contract_id}/trames/{ids['trame_id']}"
    assert world.client("director", world.other).get(there).status_code == 404
    assert world.client("family").get(f"{here}s/{ids['trame_id']}/adapter").status_code == 403


def test_everything_is_read_in_english(world: World, here: str) -> None:
    world.do(lambda s: signs(s, world.ours))
    ids = world.do(lambda s: a_sheet(s, world.ours))
    for who, path in (
        ("director", ""),
        ("director", "/choisir"),
        ("director", "/choisir?trame=ehpad"),
        ("director", f"/blocs/{ids['block_id']}"),
        ("authority", "s"),
        ("authority", "s/modeles/chrs"),
        ("authority", f"s/{ids['trame_id']}"),
        ("authority", f"s/{ids['trame_id']}/adapter"),
        ("authority", f"s/{ids['trame_id']}/blocs/{ids['block_id']}"),
    ):
        client = world.client(who)
        client.send("/langue", langue="en", suite="/contrats")
        assert client.get(f"{here}{path}").status_code == 200


def test_the_page_asks_as_much_for_sixty_blocks_as_for_ten(world: World, here: str) -> None:
    world.do(lambda s: signs(s, world.ours))
    agent, contract = world.ours["authority"].actor, world.ours.contract_id
    trame = world.do(lambda s: a_trame(s, world.ours, "vide"))
    seen = []
    for number in (10, 50):
        for one in range(number):
            typed = block(title=f"Bloc {number} {one}")
            world.do(
                lambda s, typed=typed: library.add_block(
                    s, agent, contract, trame, typed, version_of(s, trame)
                )
            )
        choice = world.do(lambda s: publish(s, world.ours, trame))
        chosen(world, here, choice)
        client = world.client("family")
        client.see(here)
        with questions() as asked:
            client.see(here)
        seen.append(len(asked))
    assert seen[0] == seen[1]


def test_the_empty_trame_is_offered_last_and_says_what_it_is_for(world: World, here: str) -> None:
    client = world.client("director")
    page = client.see(f"{here}/choisir")
    offered = page.tree.xpath("//section[h2/@id='modeles']//li")
    assert [one.find("h3").text_content() for one in offered][-1] == "Trame vide"
    assert "Pour écrire sans blocs imposés" in offered[-1].text_content()
    assert offered[-1].xpath(f".//a[@href='{here}/choisir?trame=vide']")
    chosen(world, here, "vide")
    sheet = world.client("family").see(here)
    assert "Cette trame n’a aucun bloc" in sheet.words
    assert "0 bloc" not in sheet.words
    document = client.see(here.replace("/trame", "/document"))
    assert "La trame de ce contrat est vide" in document.words
    assert f"{here.replace('/trame', '/moyens')}" in document.tree.xpath(
        "//section[h2/@id='manque']//a/@href"
    )


def test_from_the_empty_trame_what_was_written_is_kept_aside_and_comes_back(world: World, here: str) -> None:
    chosen(world, here)
    client = world.client("director")
    form = client.see(f"{here}/blocs/{FREE}").form(f"{here}/blocs/{FREE}")
    client.post(f"{here}/blocs/{FREE}", data=form | {"source": "Des journées plus libres."})
    assert "Ces textes seraient gardés à part" in client.see(f"{here}/choisir?trame=vide").words
    chosen(world, here, "vide")
    assert "Gardés à part" in client.see(here).words
    chosen(world, here, "chrs")
    assert "Des journées plus libres." in client.see(here).words
