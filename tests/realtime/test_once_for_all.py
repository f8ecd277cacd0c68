"""What is written straight to a socket: the same bytes, in the order of what was there before."""

from __future__ import annotations

import json
from types import SimpleNamespace

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


class Held:
    """A connection as the engine holds it: what `send` is given waits until `drain` writes it."""

    closed = upgrading = False
    upgraded = True

    def __init__(self, outlet):
        self.outlet = outlet
        self.queue = transport.BoundedQueue()
        self.send = self.queue.put

    def drain(self):
        while not self.queue.empty():
            self.outlet.send(transport.text_frame(self.queue.get().encode().encode()))


def tell(held, *numbers):
    """Frames for a room in which this connection is alone."""
    manager = transport.OnceForAll()
    manager.server = SimpleNamespace(eio=SimpleNamespace(sockets={"its": held}))
    manager.get_participants = lambda _namespace, _room: [("somebody", "its")]
    for number in numbers:
        manager.emit("frame", {"cursor": number}, "/", to="room")


def heard(theirs, wanted):
    """The numbers that come, in their order."""
    client, found = Connection(ConnectionType.CLIENT), []
    with gevent.Timeout(5):
        while len(found) < wanted:
            client.receive_data(theirs.recv(1 << 16))
            found += [json.loads(one.data[2:])[1]["cursor"] for one in client.events()]
    return found


def check_order(held, theirs):
    """What comes while something waits goes behind it; once nothing waits, at once."""
    held.upgrading = True
    tell(held, 1, 2)
    held.upgrading = False
    tell(held, 3)
    held.drain()
    tell(held, 4)
    assert held.queue.empty(), "nothing waited: it went at once"
    assert heard(theirs, 4) == [1, 2, 3, 4]


def test_what_is_told_while_something_waits_goes_behind_it(pair):
    outlet, theirs = pair
    check_order(Held(outlet), theirs)


def eager(held, frame):
    """The fault: it goes at once, whatever waits."""
    return not held.upgrading and held.outlet.send_now(frame)


def test_control_a_frame_sent_before_what_waits_is_found(pair, monkeypatch):
    monkeypatch.setattr(transport, "_sent_now", eager)
    outlet, theirs = pair
    with pytest.raises(AssertionError, match=r"\[3, 1, 2, 4\]"):
        check_order(Held(outlet), theirs)


@pytest.mark.parametrize(
    ("data", "more"),
    [({}, {"callback": print}), ({}, {"skip_sid": "somebody"}), (None, {}), (b"bytes", {}), ((1, 2), {})],
)
def test_what_frames_are_not_is_refused(data, more):
    with pytest.raises(ValueError, match="frames are objects"):
        transport.OnceForAll().emit("frame", data, "/", to="room", **more)
