"""What is written straight to a socket: the same bytes, in the order of what was there before."""

from __future__ import annotations

import gevent
import pytest
from gevent import socket
from wsproto import ConnectionType
from wsproto.connection import Connection
from wsproto.events import TextMessage

from portal.realtime import transport

BIG = b"a" * 4_000_000


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65535, 65536, 70000])
def test_a_frame_is_what_the_engine_would_send(size):
    text = "é" + "x" * (size - 2) if size > 2 else "x" * size
    assert len(text.encode()) == size
    expected = Connection(ConnectionType.SERVER).send(TextMessage(text))
    assert transport.text_frame(text.encode()) == expected


@pytest.fixture
def pair():
    ours, theirs = socket.socketpair()
    yield transport.WholeSends(ours), theirs
    ours.close()
    theirs.close()


def read(connection, size):
    found = b""
    with gevent.Timeout(5):
        while len(found) < size:
            found += connection.recv(1 << 16)
    return found


def test_what_is_sent_now_goes_at_once(pair):
    outlet, theirs = pair
    assert outlet.send_now(b"first")
    assert outlet.send_now(b"second")
    assert read(theirs, 11) == b"firstsecond"


def test_what_the_system_does_not_take_is_finished_before_anything_else(pair):
    outlet, theirs = pair
    assert outlet.send_now(BIG)
    assert not outlet.send_now(b"now"), "something would be sent in the middle of a frame"
    waiting = gevent.spawn(outlet.send, b"later")
    gevent.sleep(0)
    assert read(theirs, len(BIG) + 5) == BIG + b"later"
    waiting.join(5)
    assert outlet.send_now(b"again")
    assert read(theirs, 5) == b"again"


def test_nothing_goes_before_somebody_who_waits(pair):
    outlet, theirs = pair
    first = gevent.spawn(outlet.send, BIG)
    second = gevent.spawn(outlet.send, b"second")
    gevent.sleep(0.01)
    assert not outlet.send_now(b"third")
    assert read(theirs, len(BIG) + 6) == BIG + b"second"
    gevent.joinall([first, second], timeout=5)
    assert outlet.send_now(b"third")


def test_a_closed_socket_is_no_error_and_stays_closed(pair):
    outlet, theirs = pair
    outlet.close()
    assert outlet.send_now(b"lost")
    theirs.settimeout(5)
    assert theirs.recv(10) == b""


def test_a_client_that_does_not_read_is_cut(pair, monkeypatch):
    monkeypatch.setattr(transport, "SEND_PATIENCE_SECONDS", 0.05)
    outlet, _theirs = pair
    assert outlet.send_now(BIG)
    gevent.sleep(0.2)
    assert outlet.fileno() == -1


@pytest.mark.parametrize(
    ("data", "more"),
    [({}, {"callback": print}), ({}, {"skip_sid": "somebody"}), (None, {}), (b"bytes", {}), ((1, 2), {})],
)
def test_what_frames_are_not_is_refused(data, more):
    with pytest.raises(ValueError, match="frames are objects"):
        transport.OnceForAll().emit("frame", data, "/", to="room", **more)
