"""The doors alone, without a server: who is given time without end, and how often one may ask by polling."""

from __future__ import annotations

import socket
import time

import gevent
import pytest

from portal.realtime import doors
from portal.realtime.doors import ASKS_BY_POLLING, POSTS_BY_POLLING, Doors, PatientInput
from portal.realtime.throttle import WINDOW_SECONDS

HANDSHAKE = {"HTTP_UPGRADE": "websocket", "HTTP_ORIGIN": "http://ici", "HTTP_SEC_WEBSOCKET_KEY": "k"}
KNOWN = "connu"


class Wire:
    """A socket that notes what is asked of it."""

    def __init__(self):
        self.patience, self.shut = [], False

    def settimeout(self, seconds):
        self.patience.append(seconds)

    def shutdown(self, _how):
        self.shut = True


class Door:
    """Doors before an application that says yes; what was passed on."""

    def __init__(self, limit=None, open_sids=(KNOWN,)):
        self.passed = []
        self._doors = Doors(self._app, "/socket.io", limit, lambda: dict.fromkeys(open_sids))

    def _app(self, environ, start_response):
        self.passed.append(environ)
        start_response("200 OK", [])
        return [b""]

    def ask(self, method="GET", path="/socket.io/", query="EIO=4&transport=polling", **more):
        """The status of one request."""
        said = []
        environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query}
        environ |= {"REMOTE_ADDR": "192.0.2.1", "gunicorn.socket": Wire(), "wsgi.input": object()} | more
        self._doors(environ, lambda status, _headers: said.append(int(status[:3])))
        return said[0]

    def many(self, times, **asked):
        """How many of so many requests pass."""
        return [self.ask(**asked) for _ in range(times)].count(200)


def by(sid):
    return f"EIO=4&transport=polling&sid={sid}"


def patience(**asked):
    """Seconds that the client of one request is given, and whether its body is waited for without end."""
    door = Door()
    assert door.ask(**asked) == 200
    environ = door.passed[0]
    return environ["gunicorn.socket"].patience, not isinstance(environ["wsgi.input"], PatientInput)


@pytest.mark.parametrize("query", ["EIO=4&transport=websocket", f"transport=websocket&sid={KNOWN}"])
def test_a_websocket_is_given_time_without_end(query):
    assert patience(query=query, **HANDSHAKE) == ([None], True)


@pytest.mark.parametrize(
    "asked",
    [
        {"method": "POST", "query": "EIO=4&transport=websocket"},
        {"method": "POST", "path": "/connexion", "query": ""},
        {"path": "/contrats", "query": "transport=websocket"},
        {"query": "EIO=4&transport=polling"},
        {"query": "EIO=4&transport=polling&transport=websocket"},
        {"query": ""},
    ],
    ids=str,
)
def test_nothing_else_is_whatever_it_claims(asked):
    assert patience(**asked, **HANDSHAKE) == ([doors.ANSWER_PATIENCE_SECONDS], False)


class Dripping:
    """A body that comes one byte at a time, for ever."""

    def read(self, *_size):
        gevent.sleep(0.05)
        return b"x"

    readline = read

    def readlines(self, *_size):
        return [self.read() for _ in range(10_000)]


@pytest.mark.parametrize("how", ["read", "readline", "readlines"])
def test_the_time_for_a_body_is_not_given_again_at_each_read(monkeypatch, how):
    monkeypatch.setattr(doors, "BODY_PATIENCE_SECONDS", 0.4)
    wire = Wire()
    body = PatientInput(Dripping(), wire)
    begun = time.monotonic()
    with pytest.raises(OSError, match="announced"):
        [getattr(body, how)(1) for _ in range(200)]
    assert 0.3 < time.monotonic() - begun < 5
    assert wire.shut


def test_a_body_that_came_whole_is_read_late(monkeypatch):
    monkeypatch.setattr(doors, "BODY_PATIENCE_SECONDS", 0.1)
    here, there = socket.socketpair()
    with here, there:
        there.sendall(b"abc")
        there.shutdown(socket.SHUT_WR)
        body = PatientInput(here.makefile("rb"), Wire())
        gevent.sleep(0.2)
        assert body.read() == b"abc"


@pytest.mark.parametrize(("method", "allowed"), [("GET", ASKS_BY_POLLING), ("POST", POSTS_BY_POLLING)])
def test_polling_is_paced_by_connection_signed_in_or_not(method, allowed):
    door = Door(open_sids=("un", "deux"))
    assert door.many(allowed + 50, method=method, query=by("un")) == allowed
    assert door.ask(method, query=by("un")) == 429
    assert door.ask(method, query=by("deux")) == 200


def test_posts_do_not_keep_a_page_from_hearing():
    door = Door()
    door.many(POSTS_BY_POLLING + 1, method="POST", query=by(KNOWN))
    assert door.ask(query=by(KNOWN)) == 200


def test_another_method_is_not_another_count():
    door = Door()
    door.many(POSTS_BY_POLLING, method="POST", query=by(KNOWN))
    assert [door.ask(method, query=by(KNOWN)) for method in ("PUT", "OPTIONS", "BREW")] == [429] * 3


def test_connections_that_are_not_there_are_counted_by_place():
    door = Door(limit=5)
    assert [door.ask(query=by(f"inconnu-{number}")) for number in range(8)] == [200] * 5 + [429] * 3
    assert door.ask(query=by("inconnu-9"), REMOTE_ADDR="192.0.2.2") == 200
    assert door.ask(query=by(KNOWN)) == 200
    assert door.ask() == 200, "nor do they keep anybody of the place from opening one"


def test_a_page_that_hears_a_lot_is_not_refused():
    assert ASKS_BY_POLLING / WINDOW_SECONDS >= 50
