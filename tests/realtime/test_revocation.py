"""A right that ends reaches the pages already open, within a second, whatever ended it."""

from __future__ import annotations

import time

import pytest
import server as running
import world as worlds

pytestmark = pytest.mark.live

WITHIN = 1.0
PAST = "'2026-01-01 00:00:00.000000'"
ENDINGS = {
    "the session row is ended": (
        f"UPDATE session_row SET ended_at = {PAST} WHERE token_hash = ?",
        "token_hash",
    ),
    "the session row is removed": ("DELETE FROM session_row WHERE token_hash = ?", "token_hash"),
    "the session has expired": (
        f"UPDATE session_row SET expires_at = {PAST} WHERE token_hash = ?",
        "token_hash",
    ),
    "the account is disabled": (f"UPDATE account SET disabled_at = {PAST} WHERE id = ?", "account_id"),
}
CHANGES = {
    "the membership is ended": (f"UPDATE participant SET left_at = {PAST} WHERE id = ?", "participant_id"),
    "the seat is removed": ("DELETE FROM seat WHERE participant_id = ?", "participant_id"),
    "the record of the level is removed": (
        "DELETE FROM involvement WHERE group_ = 'families' AND contract_id = ?",
        None,
    ),
}


def publish(server, world, words="Après."):
    server.act(
        "publish", world["resident"].participant_id, space=world.space_id, item=world.items[0], words=words
    )


def end(server, world, statement, attribute, name="family"):
    value = world.contract_id if attribute is None else getattr(world[name], attribute)
    worlds.sql(server.database, statement, value)


@pytest.mark.parametrize("way", [["websocket"], ["polling"]], ids=["websocket", "polling"])
@pytest.mark.parametrize("ending", ENDINGS)
def test_an_ended_session_closes_its_sockets(live_server, world, listen, ending, way):
    ended, other = listen(world["family"].token, way), listen(world["relative"].token)
    ended.enter(world.space_id)
    other.enter(world.space_id)
    end(live_server, world, *ENDINGS[ending])
    assert ended.closed.wait(WITHIN)
    assert ended.heard("goodbye")
    publish(live_server, world)
    assert running.until(lambda: other.frames)
    assert ended.frames == []
    again = listen(world["family"].token)
    assert not again.client.connected
    assert again.refusal["data"]["code"] == "session-terminee"


@pytest.mark.parametrize("change", CHANGES)
def test_a_right_that_ends_silences_the_socket(live_server, world, listen, change):
    losing, keeping = listen(world["family"].token), listen(world["resident"].token)
    for person in (losing, keeping):
        assert person.enter(world.space_id)["ok"]
    end(live_server, world, *CHANGES[change])
    # No waiting: by construction a stale socket is not in the room of the current epoch.
    publish(live_server, world)
    assert running.until(lambda: losing.heard("reenter") and keeping.heard("reenter"), WITHIN)
    assert keeping.enter(world.space_id)["audiences"]["readers"]["cursor"] == 1
    assert losing.enter(world.space_id)["ok"] is False
    asked = losing.ask("catch_up", space=world.space_id, audience="readers", cursor=0)
    assert asked["ok"] is False
    publish(live_server, world, "Encore après.")
    assert running.until(lambda: keeping.frames)
    time.sleep(0.3)
    assert losing.frames == []


def test_a_socket_that_does_not_enter_again_stays_silent(live_server, world, listen):
    lazy, keen = listen(world["family"].token), listen(world["resident"].token)
    lazy.enter(world.space_id)
    keen.enter(world.space_id)
    worlds.sql(live_server.database, "UPDATE space SET epoch = epoch + 1 WHERE id = ?", world.space_id)
    assert running.until(lambda: keen.heard("reenter"), WITHIN)
    keen.enter(world.space_id)
    publish(live_server, world)
    assert running.until(lambda: keen.frames)
    assert lazy.frames == []


def test_a_moderator_who_loses_the_role_hears_as_a_reader(live_server, world, listen):
    person = world["family"].participant_id
    worlds.sql(
        live_server.database,
        "INSERT INTO participant_role (id, participant_id, role, given_at)"
        f" VALUES (?, ?, 'moderator', {PAST})",
        person,
        person,
    )
    listener = listen(world["family"].token)
    assert "moderators" in listener.enter(world.space_id)["audiences"]
    worlds.sql(live_server.database, f"UPDATE participant_role SET ended_at = {PAST} WHERE id = ?", person)
    publish(live_server, world)
    assert running.until(lambda: listener.heard("reenter"), WITHIN)
    assert set(listener.enter(world.space_id)["audiences"]) == {"readers", "author"}
    publish(live_server, world)
    assert running.until(lambda: listener.frames)
    running.check_audiences(listener, "readers")


def test_nobody_signed_in_opens_nothing(listen):
    for token in (None, "", "x" * 43):
        visitor = listen(token)
        assert not visitor.client.connected
        assert visitor.refusal["data"]["code"] == "session-terminee"
