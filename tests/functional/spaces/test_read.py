"""Reading a space: question, plain text first, leeway, ladder, the others' levels."""

from __future__ import annotations

from portal.domain.answers import service as answers
from portal.domain.spaces import service as spaces
from tests.conftest import World
from tests.factories.world import a_contribution


def test_a_resident_reads_the_question_the_plain_text_and_what_is_open(world: World) -> None:
    page = world.client("resident").see(f"/espaces/{world.ours.space_id}")
    assert page.title == "Que faut-il changer dans la vie de tous les jours ?"
    assert page.words.index("Premier paragraphe clair 1") < page.words.index("Premier paragraphe technique 1")
    assert "Ouvert à vos idées Les horaires." in page.words
    assert "Donner son avis (votre niveau)" in page.words
    assert "Familles et proches Discuter et proposer" in page.words


def test_an_item_shows_its_thread_and_the_form(world: World) -> None:
    sent = world.do(lambda s: a_contribution(s, world.ours))
    page = world.client("resident").see(f"/espaces/{world.ours.space_id}/sujets/{world.ours.items[0]}")
    assert page.tree.xpath(f"//article[@id='c-{sent}']")
    assert "1 contribution" in page.words
    assert page.tree.xpath("//textarea[@name='body']")


def test_outside_the_contract_nothing_exists(world: World) -> None:
    stranger = world.client("director", world.other)
    for path in (
        f"/espaces/{world.ours.space_id}",
        f"/contrats/{world.ours.contract_id}",
        f"/espaces/{world.ours.space_id}/sujets/{world.ours.items[0]}",
    ):
        assert stranger.get(path).status_code == 404
        assert world.client("resident").get(path).status_code == 200


def test_my_contracts_say_my_level_in_one_sentence(world: World) -> None:
    page = world.client("family").see("/contrats")
    assert "Vous pouvez donner votre avis, répondre aux autres et proposer d’autres mots." in page.words
    assert "On vous doit" in page.words
    assert "Contrat Ormeaux" not in page.words


def test_a_space_that_is_paused_ended_or_closed_promises_no_act(world: World) -> None:
    director = world.ours["director"].actor
    space = world.ours.space_id
    acts = (
        lambda s: spaces.pause(s, director, space, "Une réunion est prévue."),
        lambda s: spaces.end(s, director, space, "Tout le monde a parlé."),
        lambda s: answers.close(s, director, space),
    )
    open_words = "Vous pouvez donner votre avis, répondre aux autres"
    assert open_words in world.client("family").see("/contrats").words
    for move in acts:
        world.do(move)
        assert open_words not in world.client("family").see("/contrats").words
        page = world.client("family").see(f"/espaces/{space}")
        assert "Le niveau de votre groupe" in page.words
        assert "Vous pouvez discuter et proposer" not in page.words
