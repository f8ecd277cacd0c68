"""Who owes what to whom, what awaits a director, and links that lead somewhere."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from portal.domain.answers import service as answers
from portal.domain.spaces import service as spaces
from portal.vocabulary import ModerationMode
from tests.conftest import World
from tests.factories.world import a_contribution, a_space


def close(session: Session, world: World, space_id: str) -> None:
    """End a space and close it with what was not kept."""
    director = world.ours["director"].actor
    spaces.end(session, director, space_id, "Tout le monde a parlé.")
    answers.close(session, director, space_id, broken_promise="Nous avons manqué de temps.")


@pytest.mark.parametrize("name", ["director", "deputy", "manager"])
@pytest.mark.parametrize("path", ["/contrats", "/contrats/{contract}", "/espaces/{space}"])
def test_on_its_own_side_the_direction_reads_that_it_owes(world: World, name: str, path: str) -> None:
    address = path.format(contract=world.ours.contract_id, space=world.ours.space_id)
    page = world.client(name).see(address)
    assert "On vous doit" not in page.words
    assert "Vous devez la suite donnée à chaque avis" in page.words
    for other in ("resident", "moderator"):
        seen = world.client(other).see(address)
        assert "On vous doit" in seen.words
        assert "Vous devez" not in seen.words


def test_a_director_reads_what_awaits_in_each_space(world: World) -> None:
    held = world.do(lambda s: a_space(s, world.ours, moderation=ModerationMode.BEFORE))
    for _ in range(2):
        world.do(lambda s: a_contribution(s, world.ours, space_id=held))
    world.do(lambda s: a_contribution(s, world.ours))
    for path in ("/contrats", f"/contrats/{world.ours.contract_id}"):
        tree = world.client("director").see(path).tree
        links = {
            one.get("href"): one.text_content() for one in tree.xpath("//a[contains(@href, '/moderation')]")
        }
        assert links[f"/espaces/{held}/moderation"].startswith("2 à relire")
        assert "sans réponse" not in links[f"/espaces/{held}/moderation"]
        assert links[f"/espaces/{world.ours.space_id}/moderation"].startswith("1 sans réponse")
        for name in ("resident", "manager"):
            assert '/moderation"' not in world.client(name).see(path).html
    assert "à relire" in world.client("moderator").see("/contrats").words
    assert "sans réponse" not in world.client("moderator").see("/contrats").words


def test_a_closed_space_offers_nothing_to_do(world: World) -> None:
    world.do(lambda s: a_contribution(s, world.ours))
    world.do(lambda s: close(s, world, world.ours.space_id))
    director, space = world.client("director"), world.ours.space_id
    for path in ("/contrats", f"/contrats/{world.ours.contract_id}", f"/espaces/{space}"):
        assert f"/espaces/{space}/moderation" not in director.see(path).html
    queue = director.see(f"/espaces/{space}/moderation")
    assert "attend la réponse" not in queue.words
    assert "attend votre réponse" not in queue.words
    assert "Une contribution est restée sans réponse." in queue.words
    assert not queue.tree.xpath("//*[contains(@class, 'can-answer')]")


def test_levels_are_offered_to_change_only_where_they_may_be(world: World) -> None:
    closed, opened = world.ours.space_id, world.do(lambda s: a_space(s, world.ours))
    world.do(lambda s: close(s, world, closed))
    path = f"/contrats/{world.ours.contract_id}/engagements"
    links = world.client("director").see(path).tree.xpath("//main//a[contains(@href, '/niveaux')]/@href")
    assert links == [f"/espaces/{opened}/niveaux"]
    assert world.client("director").get(links[0]).status_code == 200
    for name in ("deputy", "moderator", "resident"):
        assert "/niveaux" not in world.client(name).see(path).html


def test_every_link_of_the_page_of_a_space_leads_somewhere(world: World) -> None:
    closed, opened = world.ours.space_id, world.do(lambda s: a_space(s, world.ours))
    world.do(lambda s: close(s, world, closed))
    for name in ("director", "deputy", "moderator", "resident", "manager"):
        client = world.client(name)
        for space in (closed, opened):
            page = client.see(f"/espaces/{space}")
            for link in page.tree.xpath(f"//main//a[starts-with(@href, '/espaces/{space}/')]/@href"):
                assert client.get(link).status_code == 200, f"{name} {link}"
