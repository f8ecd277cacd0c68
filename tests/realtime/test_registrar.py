"""The one registrar: session re-read, pace, shape, and exactly one decision for each event."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from flask import Flask

from portal import languages
from portal.kernel.errors import NotFoundError, RefusedError
from portal.policy.permissions import Permission
from portal.realtime import inbound
from portal.realtime.inbound import Event, MalformedError, Message, UndecidedError, Visit, answer, event
from portal.realtime.presence import Presence, Visitor
from portal.realtime.throttle import SOCKET_EVENTS, Throttle, Window

SPACE = "a" * 26


class RecordingGateway:
    def __init__(self):
        self.said = []

    def goodbye(self, sid, code, sentence):
        self.said.append((sid, code))


@pytest.fixture
def place(monkeypatch):
    """An application without database: the session is what the test says."""
    app = Flask("essai")
    app.testing = True
    live = SimpleNamespace(
        presence=Presence(), gateway=RecordingGateway(), throttle=Throttle(), app=app, signed_in="account"
    )
    live.presence.arrive(Visitor("s1", "hash", "account"))
    monkeypatch.setattr(inbound, "db", SimpleNamespace(session=lambda: None))
    monkeypatch.setattr(inbound.sessions, "account", lambda _session, _hash, _at: live.signed_in)
    with app.app_context(), languages.speaking(languages.SOURCE):
        yield live


def declared(handler, permission=Permission.SPACE_READ):
    return Event("essai", permission, "", handler)


def decided(visit: Visit, message):
    visit.decisions.append(Permission.SPACE_READ)
    return {"ok": True}


def unreachable(visit, message):
    pytest.fail("the handler was reached")


def test_a_handler_that_decides_answers(place):
    assert answer(place, declared(decided), "s1", ({"space": SPACE},)) == {"ok": True}


def test_a_handler_that_decides_nothing_fails_in_tests(place):
    with pytest.raises(UndecidedError):
        answer(place, declared(lambda visit, message: {"ok": True}), "s1", ({},))


@pytest.mark.parametrize(
    "decisions",
    [[], [Permission.SPACE_READ, Permission.SPACE_READ], [Permission.QUEUE_READ], [None]],
    ids=["none", "two", "another", "free"],
)
def test_anything_but_the_declared_decision_is_a_403_in_production(place, decisions):
    place.app.testing = False

    def handler(visit, message):
        visit.decisions.extend(decisions)
        return {"ok": True, "secret": 1}

    result = answer(place, declared(handler), "s1", ({},))
    assert result["status"] == 403
    assert result["ok"] is False
    assert "secret" not in result


@pytest.mark.parametrize("refusal", [NotFoundError("Rien."), RefusedError("niveau", "Non.", "la direction")])
def test_a_refusal_is_a_decision_and_is_told(place, refusal):
    def handler(visit, message):
        visit.decisions.append(Permission.SPACE_READ)
        raise refusal

    result = answer(place, declared(handler), "s1", ({},))
    assert (result["ok"], result["code"], result["sentence"]) == (False, refusal.code, refusal.sentence)


def test_an_ended_session_is_told_and_closed_before_the_handler(place):
    place.signed_in = None
    assert answer(place, declared(unreachable), "s1", ({},))["code"] == "session-terminee"
    assert place.gateway.said == [("s1", "session-terminee")]


def test_a_session_that_changed_hands_is_closed(place):
    place.signed_in = "somebody else"
    assert answer(place, declared(unreachable), "s1", ({},))["code"] == "session-terminee"


def test_an_unknown_socket_is_closed(place):
    assert answer(place, declared(unreachable), "s2", ({},))["code"] == "session-terminee"


def test_a_socket_in_a_hurry_waits_then_leaves(place):
    results = [answer(place, declared(decided), "s1", ({},))["ok"] for _ in range(SOCKET_EVENTS * 2 + 1)]
    assert results == [True] * SOCKET_EVENTS + [False] * (SOCKET_EVENTS + 1)
    assert place.gateway.said == [("s1", "trop-vite")]


def test_an_error_says_nothing_of_itself(place):
    def handler(visit, message):
        raise ValueError("SELECT secret")

    result = answer(place, declared(handler), "s1", ({},))
    assert result["code"] == "erreur"
    assert "secret" not in str(result)


@pytest.mark.parametrize("data", [(), (None,), ([],), ("x",), (3,)])
def test_what_is_not_an_object_is_malformed(place, data):
    assert answer(place, declared(unreachable), "s1", data)["code"] == "demande"


@pytest.mark.parametrize("value", [None, 3, "", "A" * 26, "a" * 25, "a" * 27, ["a" * 26], "../" + "a" * 23])
def test_a_space_has_the_shape_of_an_id(value):
    with pytest.raises(MalformedError):
        Message({"space": value}).space()


@pytest.mark.parametrize("value", [None, "3", -1, 1.5, True, 2**60, [1]])
def test_a_cursor_is_a_count(value):
    with pytest.raises(MalformedError):
        Message({"cursor": value}).cursor()


@pytest.mark.parametrize("value", [None, "", "author:x", "everybody", 1, ["readers"]])
def test_an_audience_is_one_of_three(value):
    with pytest.raises(MalformedError):
        Message({"audience": value}).audience()


def test_an_event_without_permission_says_why():
    with pytest.raises(ValueError, match="neither a permission nor a reason"):
        event("ouvert", None)


def test_every_event_names_its_decision():
    assert {name: one.permission for name, one in inbound.EVENTS.items()} == {
        "enter": Permission.SPACE_READ,
        "catch_up": Permission.SPACE_READ,
        "leave": None,
    }
    assert all(one.permission or one.why_free for one in inbound.EVENTS.values())


def test_the_window_slides():
    time = [0.0]
    window = Window(lambda: time[0])
    assert [window.admits("k", 2) for _ in range(3)] == [True, True, False]
    time[0] = 10.1
    assert window.admits("k", 2)
