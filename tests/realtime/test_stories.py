"""Two stories that happened elsewhere, and must not happen here.

CVE-2026-44553: a role was read when the socket opened and never again; whoever lost it kept hearing.
CVE-2026-44564: a socket that could read could also write, by an event meant for writers.
"""

from __future__ import annotations

import json
import time

import pytest
import server as running
import socketio
import world as worlds

from portal.kernel.ids import new_id
from portal.realtime.inbound import EVENTS
from portal.tables import METADATA
from portal.vocabulary import Level, Phase, Role

pytestmark = pytest.mark.live

WITHIN = 1.0
PAST = "'2026-01-01 00:00:00.000000'"
# Jobs write these by themselves.
APART = ("session", "notice", "job", "mail", "lease")
# Of these, no event may change a row.
TABLES = [table.name for table in METADATA.sorted_tables if not table.name.startswith(APART)]


class Story:
    """One person who loses something, one who keeps hearing, and somebody who speaks."""

    def __init__(self, server, world, listen):
        self.server, self.world = server, world
        self.person = world["family"]
        self.losing, self.keeping = listen(self.person.token), listen(world["resident"].token)

    def act(self, act, **data):
        return self.server.act(act, self.world["director"].participant_id, **data)

    def sql(self, statement, *values):
        worlds.sql(self.server.database, statement, *values)

    def speak(self, words="Après."):
        place = {"space": self.world.space_id, "item": self.world.items[0]}
        self.server.act("publish", self.world["nurse"].participant_id, words=words, **place)

    def lower(self, level):
        place = {"contract": self.world.contract_id, "space": self.world.space_id}
        self.act("set_level", group="families", level=level, reason="Après la réunion.", days_ago=8, **place)


CLOSED = {
    "signing out": lambda s: s.act("sign_out", token_hash=s.person.token_hash),
    "signing out, by SQL": lambda s: s.sql(
        f"UPDATE session_row SET ended_at = {PAST} WHERE token_hash = ?", s.person.token_hash
    ),
    "the account is disabled": lambda s: s.act("disable", account=s.person.account_id),
    "the account is disabled, by SQL": lambda s: s.sql(
        f"UPDATE account SET disabled_at = {PAST} WHERE id = ?", s.person.account_id
    ),
    "the password is changed": lambda s: s.act("new_password", account=s.person.account_id),
    "every session is removed, by SQL": lambda s: s.sql(
        "DELETE FROM session_row WHERE account_id = ?", s.person.account_id
    ),
}
SILENCED = {
    "leaving the contract": lambda s: s.act("leave", who=s.person.participant_id),
    "leaving the contract, by SQL": lambda s: s.sql(
        f"UPDATE participant SET left_at = {PAST} WHERE id = ?", s.person.participant_id
    ),
    "the level of the group is taken": lambda s: s.lower(None),
    "the level of the group is taken, by SQL": lambda s: s.sql(
        "DELETE FROM involvement WHERE group_ = 'families' AND contract_id = ?", s.world.contract_id
    ),
    "the group is changed, by SQL": lambda s: s.sql(
        "UPDATE participant SET group_ = 'board' WHERE id = ?", s.person.participant_id
    ),
}


@pytest.mark.parametrize("ending", CLOSED)
def test_a_session_that_ends_takes_its_open_sockets_with_it(live_server, world, listen, ending):
    story = Story(live_server, world, listen)
    for one in (story.losing, story.keeping):
        assert one.enter(world.space_id)["ok"]
    CLOSED[ending](story)
    assert story.losing.closed.wait(WITHIN), "the socket outlived its session"
    story.speak()
    assert running.until(lambda: story.keeping.frames)
    assert story.losing.frames == []
    again = listen(story.person.token)
    assert not again.client.connected, "a copied cookie opened another one"


@pytest.mark.parametrize("ending", CLOSED)
def test_the_next_event_of_an_ended_session_is_refused(live_server, world, listen, ending):
    story = Story(live_server, world, listen)
    CLOSED[ending](story)
    # Whichever comes first, the answer or the end of the socket: nothing is granted.
    try:
        answer = story.losing.client.call("enter", {"space": world.space_id, "cursors": {}}, timeout=WITHIN)
    except (socketio.exceptions.TimeoutError, socketio.exceptions.BadNamespaceError):
        answer = {"ok": False}
    assert answer["ok"] is False
    assert "audiences" not in answer


@pytest.mark.parametrize("ending", SILENCED)
def test_a_right_that_ends_is_gone_at_the_next_event_and_the_next_frame(live_server, world, listen, ending):
    story = Story(live_server, world, listen)
    for one in (story.losing, story.keeping):
        assert one.enter(world.space_id)["ok"]
    SILENCED[ending](story)
    story.speak("Aussitôt après.")
    refused = story.losing.ask("catch_up", space=world.space_id, audience="readers", cursor=0)
    assert refused.get("ok") is False, refused
    assert story.losing.enter(world.space_id)["ok"] is False
    assert running.until(lambda: story.keeping.heard("reenter"), WITHIN)
    assert story.keeping.enter(world.space_id)["ok"]
    story.speak("Bien après.")
    assert running.until(lambda: any("Bien après" in f.get("html", "") for f in story.keeping.frames))
    assert [f for f in story.losing.frames if f["shape"] == "card"] == []


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.DEPUTY, Role.DIRECTOR])
def test_a_role_taken_is_gone_at_the_next_event_and_the_next_frame(live_server, listen, role):
    """The very story of CVE-2026-44553: an administrator demoted while connected."""
    world = worlds.build(live_server.database, worlds.ModerationMode.BEFORE)
    story = Story(live_server, world, listen)
    story.act("give_role", who=story.person.participant_id, role=role.value)
    assert "moderators" in story.losing.enter(world.space_id)["audiences"]
    story.sql(
        f"UPDATE participant_role SET ended_at = {PAST} WHERE participant_id = ?", story.person.participant_id
    )
    story.speak("Ce mot attend sa relecture.")
    asked = story.losing.ask("catch_up", space=world.space_id, audience="moderators", cursor=0)
    assert asked == {"reload": True}
    assert set(story.losing.enter(world.space_id)["audiences"]) == {"readers", "author"}
    story.speak("Celui-ci aussi.")
    time.sleep(WITHIN / 2)
    assert story.losing.frames == []


def test_a_phase_changed_is_told_and_silences_who_does_not_ask_again(live_server, world, listen):
    story = Story(live_server, world, listen)
    for one in (story.losing, story.keeping):
        one.enter(world.space_id)
    story.act("set_phase", space=world.space_id, phase="pause")
    assert running.until(lambda: story.losing.heard("reenter") and story.keeping.heard("reenter"), WITHIN)
    story.keeping.enter(world.space_id)
    story.act("set_phase", space=world.space_id, phase="resume")
    assert running.until(lambda: len(story.keeping.events) == 2, WITHIN)
    story.keeping.enter(world.space_id)
    story.speak()
    assert running.until(lambda: [f for f in story.keeping.frames if f["shape"] == "card"])
    assert [f for f in story.losing.frames if f["shape"] == "card"] == []


def test_a_space_put_back_to_draft_by_sql_is_refused_to_readers(live_server, world, listen):
    story = Story(live_server, world, listen)
    story.losing.enter(world.space_id)
    story.sql("UPDATE space SET phase = ? WHERE id = ?", Phase.DRAFT.value, world.space_id)
    assert running.until(lambda: story.losing.heard("reenter"), WITHIN)
    assert story.losing.enter(world.space_id)["ok"] is False


# Writing through a socket.

LEVELS = [None, *Level]
OTHERS = (
    "contribute", "comment", "question", "proposal", "reply", "react", "correct", "withdraw", "publish", "approve",
    "refuse", "hide", "moderate", "answer", "pause", "close", "level", "role", "draft", "accord", "ydoc:document:update",
    "ydoc:document:join", "yjs", "update", "sync", "awareness", "join", "join_room", "room", "broadcast", "emit", "message",
    "json", "frame", "card", "reenter", "goodbye", "space", "item", "connect", "disconnect", "sql", "__proto__", "",
)  # fmt: skip


def rows_of(server):
    """How many rows each table has; what is looked up follows the journals in its own time."""
    told = [name for name in TABLES if not name.startswith("search_")]
    counted = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM \"{name}\"" for name in told)
    return dict(worlds.rows(server.database, counted))


def payload(world, contribution_id):
    """Everything that any handler could want."""
    return {
        "space": world.space_id,
        "room": f"space:{world.space_id}:moderators:fr:e1",
        "item": world.items[0],
        "id": contribution_id,
        "contribution": contribution_id,
        "kind": "comment",
        "body": "Un mot glissé par la connexion.",
        "words": "Un mot glissé par la connexion.",
        "value": "accord",
        "update": "AAA=",
        "audience": "readers",
        "cursor": 0,
        "cursors": {},
        "version": 1,
        "role": "director",
        "level": 4,
        "op_id": new_id(),
    }


@pytest.mark.parametrize("level", LEVELS, ids=lambda level: "none" if level is None else level.name.lower())
def test_no_event_writes_whatever_the_level(live_server, world, listen, level):
    """The class of CVE-2026-44564, for each declared event and for those that nobody declared."""
    story = Story(live_server, world, listen)
    story.speak("Avant.")
    ((known,),) = worlds.rows(
        live_server.database, "SELECT id FROM contribution WHERE space_id = ?", world.space_id
    )
    story.sql("DELETE FROM involvement WHERE group_ = 'families' AND contract_id = ?", world.contract_id)
    if level is not None:
        place = {"contract": world.contract_id, "space": world.space_id}
        story.act("set_level", group="families", level=int(level), **place)
    assert story.losing.enter(world.space_id)["ok"] is (level is not None)
    counted = story.keeping.enter(world.space_id)["audiences"]
    before = rows_of(live_server)
    for place, name in enumerate((*EVENTS, *OTHERS)):
        asking = story.losing
        if place % 20 == 0:
            # A socket that asks without end is slowed: each takes its turn.
            asking = story.losing = listen(world["family"].token)
            asking.enter(world.space_id)
        if name in ("connect", "disconnect"):
            continue
        answer = asking.client.call(name, payload(world, known), timeout=10)
        assert answer is None or "frames" in answer or "ok" in answer, (name, answer)
        if name in OTHERS:
            assert answer["ok"] is False, (name, answer)
    assert rows_of(live_server) == before
    # What was written just before they came may still be told: it was counted when they entered.
    new = [one for one in story.keeping.frames if one["cursor"] > counted[one["audience"]]["cursor"]]
    assert new == [], "somebody heard of it"


@pytest.mark.parametrize("audience", ["moderators", "author", "readers", "author:someone", "*"])
def test_a_reader_gets_nothing_of_another_audience(live_server, listen, audience):
    world = worlds.build(live_server.database, worlds.ModerationMode.BEFORE)
    story = Story(live_server, world, listen)
    story.speak("Ce mot attend sa relecture.")
    story.losing.enter(world.space_id)
    asked = story.losing.ask("catch_up", space=world.space_id, audience=audience, cursor=0)
    assert "relecture" not in json.dumps(asked, ensure_ascii=False)
    assert asked.get("frames", []) == []


def test_a_space_of_another_contract_is_like_one_that_does_not_exist(live_server, world, listen):
    other = worlds.build(live_server.database)
    person = listen(world["family"].token)
    answers = [
        person.ask(event, space=space, audience="readers", cursor=0, cursors={})
        for event in ("enter", "catch_up")
        for space in (other.space_id, new_id())
    ]
    assert len({json.dumps(answer, sort_keys=True) for answer in answers}) == 1
    assert answers[0]["ok"] is False
