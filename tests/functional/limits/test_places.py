"""One place for each line somebody pays for: an IPv4 address, or the /64 of an IPv6 one."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest
from flask import Flask

from portal import pace
from portal.blueprints import _limits
from portal.realtime import inbound
from portal.realtime.doors import Doors
from portal.realtime.throttle import FEW_KEYS, Window

HOME = ("2001:db8:1:2::1", "2001:db8:1:2:ffff:1:2:3")
NEXT_DOOR = "2001:db8:1:3::1"


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:DB8:1:2::9", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
        ("::1", "::"),
        ("", ""),
        ("what nobody expects", "what nobody expects"),
    ],
)
def test_a_place(address, place):
    assert pace.place(address) == place


@pytest.fixture
def app():
    app = Flask("essai")
    app.config["SECRET_KEY"] = "k" * 48
    return app


def test_routes_count_a_place(app):
    def key(address):
        with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
            return _limits.Rate("lecture", ("GET",), _limits.ADDRESS, 1).key(app)

    assert key(HOME[0]) == key(HOME[1]) != key(NEXT_DOOR)
    assert key("::ffff:192.0.2.7") == key("192.0.2.7")


def test_events_count_a_place(app, monkeypatch):
    welcomed = []
    live = SimpleNamespace(presence=SimpleNamespace(count_of=lambda _who: 0), welcome=welcomed.append)
    app.config["SESSION_COOKIE_NAME"] = "polyphonie"
    monkeypatch.setattr(inbound, "db", SimpleNamespace(session=lambda: None))
    monkeypatch.setattr(inbound.sessions, "account", lambda *_: "account")
    monkeypatch.setattr(inbound.sessions, "token_hash", lambda *_: "hash")
    for address in (*HOME, NEXT_DOOR):
        with app.test_request_context(environ_base={"REMOTE_ADDR": address}) as context:
            context.request.sid = "s"
            inbound._connect(live)
    first, second, other = (visitor.address for visitor in welcomed)
    assert first == second != other


def test_handshakes_count_a_place():
    doors = Doors(lambda _environ, answer: answer("200 OK", []) or [b""], "/socket.io", 1, dict)
    said = []

    def knock(address):
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": "/socket.io/",
            "QUERY_STRING": "EIO=4&transport=polling",
            "REMOTE_ADDR": address,
        }
        doors(environ, lambda status, _headers: said.append(status[:3]))

    for address in (*HOME, NEXT_DOOR):
        knock(address)
    assert said == ["200", "429", "200"]


def test_many_new_places_at_once_cost_no_more_each():
    """A flood of keys, all fresh: looking for old ones at each would be slow."""
    window = Window(lambda: 1.0)
    begun = time.process_time()
    for number in range(FEW_KEYS * 4):
        window.admits(str(number), 1)
    assert time.process_time() - begun < 1.0


def test_keys_of_before_are_forgotten():
    present = [0.0]
    window = Window(lambda: present[0])
    for turn in range(8):
        present[0] = turn * 11.0
        for number in range(FEW_KEYS):
            window.admits(f"{turn}:{number}", 1)
    assert window.keys <= FEW_KEYS * 2
