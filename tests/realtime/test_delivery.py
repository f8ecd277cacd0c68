"""What each person receives: every frame of their audience, once, in order, and nothing else."""

from __future__ import annotations

import json

import pytest
import server as running
import world as worlds

from portal.vocabulary import ModerationMode

pytestmark = pytest.mark.live
WAYS = {"websocket": ["websocket"], "polling": ["polling"], "upgraded": None}
FRAMES = 12


def publish_many(server, world, number=FRAMES, by="relative"):
    words = [f"Le repas du soir est servi trop tôt, numéro {n}." for n in range(number)]
    for sentence in words:
        server.act(
            "publish", world[by].participant_id, space=world.space_id, item=world.items[0], words=sentence
        )
    return words


@pytest.mark.parametrize("way", WAYS)
def test_every_reader_receives_every_frame_once_and_in_order(live_server, world, listen, way):
    readers = [listen(world[name].token, WAYS[way]) for name in ("family", "resident", "nurse")]
    for reader in readers:
        answer = reader.enter(world.space_id)
        assert answer["ok"], answer
        assert answer["audiences"]["readers"] == {"cursor": 0}
    words = publish_many(live_server, world)
    for reader in readers:
        assert running.until(lambda heard=reader: len(heard.of("readers")) >= FRAMES), len(reader.frames)
        running.check_frames(reader.of("readers"), 1, FRAMES)
        for frame, sentence in zip(reader.of("readers"), words, strict=True):
            assert sentence in frame["html"]
            assert frame["item"] == world.items[0]
            assert frame["fresh"] is True
        running.check_audiences(reader, "readers")
    assert readers[0].frames == readers[1].frames == readers[2].frames
    assert [frame["total"] for frame in readers[0].frames][-1] == FRAMES


def test_the_author_hears_what_everybody_hears_and_their_own(live_server, world, listen):
    author = listen(world["relative"].token)
    author.enter(world.space_id)
    publish_many(live_server, world, 3)
    assert running.until(lambda: len(author.frames) >= 6)
    running.check_frames(author.of("readers"), 1, 3)
    running.check_frames(author.of("author"), 1, 3)


def test_words_that_wait_reach_their_author_and_the_moderation_only(live_server, listen):
    world = worlds.build(live_server.database, ModerationMode.BEFORE)
    people = {name: listen(world[name].token) for name in ("family", "relative", "director")}
    for person in people.values():
        assert person.enter(world.space_id)["ok"]
    publish_many(live_server, world, 1)
    assert running.until(lambda: people["director"].of("moderators") and people["relative"].of("author"))
    assert "numéro 0" in people["director"].of("moderators")[0]["html"]
    assert "numéro 0" in people["relative"].of("author")[0]["html"]
    sent = people["relative"].of("author")[0]["id"]
    live_server.act("approve", world["director"].participant_id, id=sent, version=1)
    assert running.until(lambda: people["family"].frames and len(people["director"].frames) >= 2)
    assert running.until(lambda: len(people["relative"].of("author")) >= 2)
    running.check_frames(people["family"].of("readers"), 1, 1)
    running.check_frames(people["director"].of("moderators"), 1, 2)
    running.check_frames(people["relative"].of("author"), 1, 2)
    running.check_audiences(people["director"], "moderators", "author")
    running.check_audiences(people["family"], "readers")
    running.check_audiences(people["relative"], "readers", "author")


def test_a_reply_names_its_root_and_reactions_carry_figures_only(live_server, world, listen):
    reader = listen(world["nurse"].token)
    reader.enter(world.space_id)
    place = {"space": world.space_id, "item": world.items[0]}
    root = live_server.act("publish", world["family"].participant_id, words="Le repas.", **place)["id"]
    live_server.act("publish", world["relative"].participant_id, words="Oui.", parent=root, **place)
    voters = ["resident", "relative", "cousin", "uncle", "aunt"]
    for name in voters[:4]:
        live_server.act("react", world[name].participant_id, id=root, value="accord")
    assert not running.until(lambda: len(reader.frames) >= 3, 1.5), "four frames would count four persons"
    live_server.act("react", world[voters[4]].participant_id, id=root, value="accord")
    assert running.until(lambda: len(reader.frames) >= 3)
    running.check_frames(reader.frames, 1, 3)
    assert [frame.get("root") for frame in reader.frames[:2]] == [None, root]
    reactions = reader.frames[2]
    assert set(reactions) == {"space", "audience", "prev", "cursor", "shape", "id", "item", "figures"}
    assert reactions["figures"] == [["accord", 5], ["depend", None], ["desaccord", None]]


def test_a_frame_holds_nothing_of_a_person(live_server, world, listen):
    author, reader = listen(world["relative"].token), listen(world["family"].token)
    author.enter(world.space_id)
    reader.enter(world.space_id)
    publish_many(live_server, world, 1)
    assert running.until(lambda: author.of("author") and reader.frames)
    for text in (json.dumps(author.frames), json.dumps(reader.frames)):
        for secret in (
            world["relative"].participant_id,
            world["relative"].account_id,
            world["relative"].token,
            "csrf",
            "<form",
        ):
            assert secret not in text


def test_another_contract_hears_nothing_and_learns_nothing(live_server, world, listen):
    other = worlds.build(live_server.database)
    curious = listen(other["family"].token)
    refused = curious.enter(world.space_id)
    assert refused["ok"] is False
    assert refused == curious.enter("a" * 26), "what exists elsewhere answers like what does not exist"
    asked = curious.ask("catch_up", space=world.space_id, audience="readers", cursor=0)
    assert asked == refused
    publish_many(live_server, world, 2)
    assert not running.until(lambda: curious.frames, 1.5)


def test_a_group_without_a_record_is_told_why(live_server, world, listen):
    worlds.sql(
        live_server.database,
        "DELETE FROM involvement WHERE group_ = 'professionals' AND contract_id = ?",
        world.contract_id,
    )
    answer = listen(world["nurse"].token).enter(world.space_id)
    assert answer["ok"] is False
    assert answer["sentence"]
    assert answer["code"] != "introuvable"


def test_leaving_a_space_is_silence(live_server, world, listen):
    reader = listen(world["family"].token)
    reader.enter(world.space_id)
    assert reader.ask("leave", space=world.space_id) == {"ok": True}
    publish_many(live_server, world, 1)
    assert not running.until(lambda: reader.frames, 1.5)


def test_what_was_missed_comes_again_page_by_page(live_server, world, listen):
    publish_many(live_server, world, 60)
    reader = listen(world["family"].token)
    assert reader.enter(world.space_id)["audiences"]["readers"] == {"cursor": 60}
    got, cursor, more = [], 0, True
    while more:
        answer = reader.ask("catch_up", space=world.space_id, audience="readers", cursor=cursor)
        assert answer["cursor"] > cursor
        got, cursor, more = got + answer["frames"], answer["cursor"], answer["more"]
    running.check_frames(got, 1, 60)
    assert reader.frames == [], "nothing is announced twice"


@pytest.mark.parametrize(
    ("audience", "cursor"),
    [("readers", 4), ("moderators", 0)],
    ids=["a cursor from the future", "an audience that is not mine"],
)
def test_a_page_that_cannot_catch_up_is_told_to_reload(world, listen, audience, cursor):
    reader = listen(world["family"].token)
    reader.enter(world.space_id)
    answer = reader.ask("catch_up", space=world.space_id, audience=audience, cursor=cursor)
    assert answer == {"reload": True}


def test_a_page_more_than_500_frames_behind_is_told_to_reload(live_server, world, listen):
    publish_many(live_server, world, 1)
    worlds.sql(
        live_server.database, "UPDATE audience_cursor SET count = 600 WHERE space_id = ?", world.space_id
    )
    reader = listen(world["family"].token)
    reader.enter(world.space_id)
    assert reader.ask("catch_up", space=world.space_id, audience="readers", cursor=0) == {"reload": True}


def test_what_is_written_beside_the_server_is_announced_too(live_server, world, listen):
    reader = listen(world["family"].token)
    reader.enter(world.space_id)
    with running.serving(live_server.instance, **live_server.environ) as other:
        publish_many(other, world, 1)
        assert running.until(lambda: reader.frames, 2.0)
