"""Two readers of one space, each in the language of their page: the same frames, their own words."""

from __future__ import annotations

import pytest
import server as running

pytestmark = pytest.mark.live


def enter(listener, world, **more):
    """Enter as a page does, with what it says of itself."""
    return listener.ask("enter", space=world.space_id, **more)


def publish(server, world, words):
    return server.act(
        "publish", world["relative"].participant_id, space=world.space_id, item=world.items[0], words=words
    )


def test_each_reads_in_the_language_of_their_page_and_nobody_misses_a_frame(live_server, world, listen):
    french, english = listen(world["family"].token), listen(world["resident"].token)
    for listener, lang in ((french, "fr"), (english, "en")):
        answer = enter(listener, world, lang=lang)
        assert answer["audiences"]["readers"] == {"cursor": 0}, answer
    publish(live_server, world, "Le repas du soir est servi trop tôt.")
    publish(live_server, world, "Le jardin est trop sec.")
    for listener in (french, english):
        assert running.until(lambda heard=listener: len(heard.of("readers")) >= 2), listener.frames
        running.check_frames(listener.of("readers"), 1, 2)
    (card, _), (card_en, _) = french.of("readers"), english.of("readers")
    assert {key: card[key] for key in card if key != "html"} == {
        key: card_en[key] for key in card_en if key != "html"
    }
    assert "Répondre" in card["html"]
    assert 'lang="fr"' not in card["html"]
    assert "Reply" in card_en["html"]
    assert "Répondre" not in card_en["html"]
    assert '<p lang="fr">Le repas du soir est servi trop tôt.</p>' in card_en["html"]


def test_what_was_missed_comes_in_the_same_language(live_server, world, listen):
    publish(live_server, world, "Le jardin est trop sec.")
    live_server.act("set_phase", world["director"].participant_id, space=world.space_id, phase="pause")
    told = {}
    for name, lang in (("family", "fr"), ("resident", "en")):
        listener = listen(world[name].token)
        assert enter(listener, world, lang=lang)["ok"]
        answer = listener.ask("catch_up", space=world.space_id, audience="readers", cursor=0)
        assert answer["cursor"] == 2
        told[lang] = [frame.get("html") or frame["sentence"] for frame in answer["frames"]]
    assert "Répondre" in told["fr"][0]
    assert "Reply" in told["en"][0]
    assert told["fr"][1] == "Cet espace d’échange est en pause. Votre texte est gardé sur cette page."
    assert told["en"][1] == "This discussion space is paused. Your text is kept on this page."


def test_the_author_hears_their_own_words_in_their_language(live_server, world, listen):
    author = listen(world["relative"].token)
    enter(author, world, lang="en")
    publish(live_server, world, "Le jardin est trop sec.")
    assert running.until(lambda: author.of("author"))
    assert "Reply" in author.of("author")[0]["html"]


def test_a_page_that_changes_language_hears_one_language_only(live_server, world, listen):
    reader = listen(world["family"].token)
    enter(reader, world, lang="fr")
    enter(reader, world, lang="en")
    publish(live_server, world, "Le jardin est trop sec.")
    assert running.until(lambda: reader.of("readers"))
    assert len(reader.of("readers")) == 1
    assert "Reply" in reader.of("readers")[0]["html"]


def test_refusals_are_said_in_the_language_of_the_page(live_server, world, listen):
    reader = listen(world["family"].token)
    nowhere = "a" * 26
    assert reader.ask("enter", space=nowhere, lang="en")["sentence"] == "This page does not exist."
    assert reader.ask("enter", space=nowhere, lang="fr")["sentence"] == "Cette page n’existe pas."


@pytest.mark.parametrize("lang", ["de", "", "EN", 1, None, ["en"], {"fr": "en"}])
def test_a_language_off_the_list_is_refused(live_server, world, listen, lang):
    reader = listen(world["family"].token)
    answer = enter(reader, world, lang=lang)
    assert (answer["ok"], answer["code"]) == (False, "demande")
    assert enter(reader, world)["ok"]
