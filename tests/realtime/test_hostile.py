"""Handshakes and messages that no browser sends: each refused, closed or ignored, and nobody else feels it."""

from __future__ import annotations

import json
import threading
import time
from contextlib import suppress

import pytest
import raw
import server as running
import world as worlds
from raw import BINARY, CLOSE, MORE, PING, PLACE, TEXT, frame

from portal.realtime.doors import POSTS_BY_POLLING

pytestmark = pytest.mark.live

LIMIT = 64 * 1024
HEARD_WITHIN = 3.0
REFUSED = (400, 405, 408, 413, 414, 431, 500, 501, 505, "closed")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server of these tests only."""
    with running.serving(tmp_path_factory.mktemp("hostile") / "instance") as server:
        yield server


class Bystander:
    """Somebody who reads a page meanwhile, and somebody who speaks there."""

    def __init__(self, server):
        self.server, self.world = server, worlds.build(server.database)
        self.listener = running.Listener(server, self.world["relative"].token, ["websocket"])
        assert self.listener.enter(self.world.space_id)["ok"]

    def hears(self):
        """Say something; how long until it is heard."""
        before, begun = len(self.listener.frames), time.monotonic()
        place = {"space": self.world.space_id, "item": self.world.items[0]}
        self.server.act("publish", self.world["resident"].participant_id, words="Je parle.", **place)
        heard = running.until(lambda: len(self.listener.frames) > before, HEARD_WITHIN)
        assert heard, "somebody else was not heard meanwhile"
        return time.monotonic() - begun


@pytest.fixture(scope="module")
def bystander(server):
    """The one who must not feel anything."""
    one = Bystander(server)
    yield one
    one.listener.close()


def meanwhile(attack, bystander):
    """What an attack came to, somebody being heard while it went on and after."""
    results = []
    thread = threading.Thread(target=lambda: results.append(attack()), daemon=True)
    thread.start()
    bystander.hears()
    thread.join(20)
    assert not thread.is_alive(), "the attack never ended"
    assert bystander.server.process.poll() is None
    bystander.hears()
    assert results, "the attack itself failed"
    return results[0]


# Before any connection is open: bytes sent, and what is answered.
HANDSHAKES = {
    "another protocol to upgrade to": lambda s: raw.upgrade(s, Upgrade="h2c"),
    "no key": lambda s: raw.upgrade(s, drop=("Sec-WebSocket-Key",)),
    "an empty key": lambda s: raw.upgrade(s, Sec_WebSocket_Key=""),
    "an old version": lambda s: raw.upgrade(s, Sec_WebSocket_Version="8"),
    "no version": lambda s: raw.upgrade(s, drop=("Sec-WebSocket-Version",)),
    "no origin": lambda s: raw.upgrade(s, drop=("Origin",)),
    "two origins": lambda s: raw.upgrade(s).replace(b"Origin:", b"Origin: http://exemple.fr\r\nOrigin:"),
    "upgrade by POST": lambda s: raw.upgrade(s).replace(b"GET", b"POST", 1),
    "upgrade asked of polling": lambda s: raw.upgrade(s, path=f"{PLACE}autre"),
    "a websocket without its upgrade": lambda s: raw.request(s, path=f"{PLACE}websocket"),
    "a header of 64 KB": lambda s: raw.upgrade(s, X_Long="x" * LIMIT),
    "a cookie of 64 KB": lambda s: raw.upgrade(s, token="x" * LIMIT),
    "500 headers": lambda s: raw.upgrade(s, **{f"X_{n}": "x" for n in range(500)}),
    "an address of 10 KB": lambda s: raw.request(s, path=f"{PLACE}polling&t={'x' * 10_000}"),
    "an older protocol": lambda s: raw.request(s, path="/socket.io/?EIO=3&transport=polling"),
    "no protocol": lambda s: raw.request(s, path="/socket.io/?transport=polling"),
    "an unknown transport": lambda s: raw.request(s, path="/socket.io/?EIO=4&transport=flashsocket"),
    "JSONP that is no number": lambda s: raw.request(s, path=f"{PLACE}polling&j=alert(1)"),
    "a session that is not": lambda s: raw.request(s, path=f"{PLACE}polling&sid=xxxx"),
    "a session of 3 KB": lambda s: raw.request(s, path=f"{PLACE}polling&sid={'x' * 3000}"),
    "a post without session": lambda s: raw.request(s, "POST", body=b"40"),
    "an unknown method": lambda s: raw.request(s, "BREW"),
    "a deletion": lambda s: raw.request(s, "DELETE"),
    "half a request line": lambda s: b"GET /socket.io/?EIO=4",
    "half the headers": lambda s: raw.upgrade(s)[:-30],
    "not HTTP at all": lambda s: b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 40,
    "zeros": lambda s: b"\0" * 5000 + b"\r\n\r\n",
    "a length that is no number": lambda s: raw.request(s, "POST", Content_Length="beaucoup", body=b"x"),
    "a negative length": lambda s: raw.request(s, "POST", Content_Length="-1", body=b"x"),
    "two lengths": lambda s: raw.request(s, "POST", body=b"40").replace(
        b"Content-Length", b"Content-Length: 9\r\nContent-Length", 1
    ),
    "a length and chunks": lambda s: raw.request(
        s, "POST", Transfer_Encoding="chunked", Content_Length="4", body=b"zz\r\n"
    ),
    "a name with a space": lambda s: raw.upgrade(s, **{"X Y": "1"}),
    "a line that goes on": lambda s: raw.upgrade(s, X="a\r\n b"),
}  # fmt: skip


@pytest.mark.parametrize("name", HANDSHAKES)
def test_a_hostile_handshake_is_refused(server, bystander, name):
    sent = HANDSHAKES[name](server)
    assert meanwhile(lambda: raw.status(server, sent, 8.0), bystander) in REFUSED


def polling(server, token):
    """A connection by polling, its namespace opened."""
    with raw.opened(server) as connection:
        connection.sendall(raw.request(server, Cookie=f"polyphonie={token}", Connection="close"))
        found, _ = raw.until_closed(connection)
    sid = json.loads(found[found.index(b"0{") + 1 : found.rindex(b"}") + 1])["sid"]
    path = f"{PLACE}polling&sid={sid}"
    assert raw.status(server, raw.request(server, "POST", path, b"40", Cookie=f"polyphonie={token}")) == 200
    return path


# Posted on an open connection by polling.
POSTS = {
    # The engine says 200 to a post that it throws away.
    "17 packets": (b"\x1e".join([b"3"] * 17), {}, (200, 400)),
    "over 64 KB": (b"4" + b"x" * LIMIT, {}, (400, 413, "closed")),
    "a gigabyte announced": (b"4", {"Content_Length": str(10**9)}, (400, 413, "closed")),
    "not UTF-8": (b"4\xff\xfe\xfd", {}, (200, 400)),
    "half a body": (b"42[", {"Content_Length": "5000"}, ("closed", 200, 400, 408)),
    "an unknown packet": (b"9", {}, (200, 400)),
    "empty packets": (b"\x1e\x1e\x1e", {}, (200, 400)),
    "a bad base64": (b"b!!!!", {}, (200, 400)),
    "an attachment that nobody announced": (b"bAAAA", {}, (200, 400)),
}


@pytest.mark.parametrize("name", POSTS)
def test_a_hostile_post_is_refused_or_ignored(server, bystander, name):
    body, headers, expected = POSTS[name]
    token = bystander.world["family"].token
    path = polling(server, token)
    sent = raw.request(server, "POST", path, body, Cookie=f"polyphonie={token}", **headers)
    assert meanwhile(lambda: raw.status(server, sent, 8.0), bystander) in expected


# Posted over and over on an open connection by polling: none of it is an event.
POLLING_FLOODS = {
    "answers to no ping": b"3",
    "sixteen at once": b"\x1e".join([b"3"] * 16),
    "answers nobody asked": b"431[1]",
}


@pytest.mark.parametrize("name", POLLING_FLOODS)
def test_a_flood_by_polling_is_paced(server, bystander, name):
    token = bystander.world["family"].token
    path = polling(server, token)
    sent = raw.request(
        server, "POST", path, POLLING_FLOODS[name], Cookie=f"polyphonie={token}", Connection="close"
    )

    def attack():
        return [raw.status(server, sent, 8.0) for _ in range(POSTS_BY_POLLING + 100)]

    answers = meanwhile(attack, bystander)
    # The window slides: a slow machine lets a few more pass.
    assert answers.count(429) >= 20
    assert set(answers) <= {200, 400, 429}


def flood(*frames):
    return b"".join(frames)


CLOSED, KEPT = "closed", "kept"
# Sent on an open WebSocket; whether it is closed for it.
MESSAGES = {
    "a frame without mask": (frame(TEXT, b"3", masked=False), CLOSED),
    "a reserved bit, as if compressed": (frame(TEXT, b"3", reserved=4), CLOSED),
    "a reserved kind of frame": (frame(5, b"3"), CLOSED),
    "a reserved control frame": (frame(11, b"3"), CLOSED),
    "text that is not UTF-8": (frame(TEXT, b"4\xff\xfe"), CLOSED),
    "a ping of 200 bytes": (frame(PING, b"x" * 200), CLOSED),
    "a ping in pieces": (frame(PING, b"x", fin=False), CLOSED),
    "a continuation of nothing": (frame(MORE, b"x"), CLOSED),
    "a message inside another": (frame(TEXT, b"4", fin=False) + frame(TEXT, b"4"), CLOSED),
    "a close without a reason one may give": (frame(CLOSE, b"\x03\xee"), CLOSED),
    "a close of one byte": (frame(CLOSE, b"\x03"), CLOSED),
    "64 KB and one": (frame(TEXT, b"4" + b"x" * LIMIT), CLOSED),
    "64 KB in a hundred pieces": (
        flood(frame(TEXT, b"4", fin=False), *[frame(MORE, b"x" * 1000, fin=False)] * 100),
        CLOSED,
    ),
    "a million bytes announced": (frame(TEXT, b"4" + b"x" * 100_000, length=1_000_000), CLOSED),
    "a terabyte announced": (frame(BINARY, b"x" * 100, length=2**40), KEPT),
    "half a frame": (frame(TEXT, b"42[", length=500), KEPT),
    "an event that is no JSON": (frame(TEXT, b"42{"), KEPT),
    "thirty thousand brackets": (frame(TEXT, b"42" + b"[" * 30_000), KEPT),
    "an attachment announced and never sent": (frame(TEXT, b'451-["enter",{"_placeholder":true,"num":0}]'), KEPT),
    "an attachment announced, and text instead": (
        frame(TEXT, b'451-["enter",{"_placeholder":true,"num":0}]') + frame(TEXT, b'42["leave",{}]'),
        KEPT,
    ),
    "a million attachments announced": (frame(TEXT, b'451000000-["enter"]'), KEPT),
    "an attachment that nobody announced": (frame(BINARY, b"\0" * 100), KEPT),
    "another namespace": (frame(TEXT, b"40/autre,"), KEPT),
    "an event of another namespace": (frame(TEXT, b'42/autre,["enter",{}]'), KEPT),
    "a namespace of 60 KB": (frame(TEXT, b"40/" + b"x" * 60_000 + b","), KEPT),
    "an answer that nobody asked": (frame(TEXT, b"431[1]"), KEPT),
    "an unknown packet": (frame(TEXT, b"9"), KEPT),
    "an empty message": (frame(TEXT, b""), CLOSED),
    "an upgrade again": (frame(TEXT, b"5"), KEPT),
    "20,000 pings": (flood(*[frame(PING)] * 20_000), KEPT),
    "20,000 answers to no ping": (flood(*[frame(TEXT, b"3")] * 20_000), KEPT),
    "5,000 events at once": (flood(*[frame(TEXT, b'42["leave",{}]')] * 5000), CLOSED),
}  # fmt: skip


@pytest.mark.parametrize("name", MESSAGES)
def test_a_hostile_message_closes_its_own_socket_or_nothing(server, bystander, name):
    sent, expected = MESSAGES[name]

    def attack():
        connection = raw.welcomed(server, bystander.world["family"].token)
        with connection:
            pushed = threading.Thread(target=_push, args=(connection, sent), daemon=True)
            pushed.start()
            _, closed = raw.until_closed(connection, 10.0 if expected == CLOSED else 0.5)
        return CLOSED if closed else KEPT

    assert meanwhile(attack, bystander) == expected


def _push(connection, sent):
    with suppress(OSError):
        connection.settimeout(6)
        connection.sendall(sent)


@pytest.mark.parametrize(
    "offer",
    [
        "permessage-deflate",
        "permessage-deflate; client_max_window_bits; server_max_window_bits=8",
        "permessage-deflate; server_max_window_bits=99",
        "x-webkit-deflate-frame, permessage-deflate, permessage-bzip2",
    ],
)
def test_no_offer_of_compression_is_taken(server, bystander, offer):
    with raw.opened(server) as connection:
        connection.sendall(raw.upgrade(server, Sec_WebSocket_Extensions=offer))
        head = connection.recv(4096).lower()
    assert head.startswith(b"http/1.1 101")
    assert b"extensions" not in head


def test_a_flood_of_pings_is_read_slowly(server, bystander):
    """Twenty thousand pings are not twenty thousand answers: what floods waits on its own side."""
    with raw.welcomed(server, bystander.world["family"].token) as connection:
        threading.Thread(target=_push, args=(connection, flood(*[frame(PING)] * 20_000)), daemon=True).start()
        answers, _ = raw.until_closed(connection, 3.0)
    assert 50 < answers.count(b"\x8a\x00") < 1000


def test_connections_that_never_ask_for_anything_are_closed(server, bystander):
    who = bystander.world["director"].participant_id
    before = server.act("state", who)["connections"]
    seen = []
    for number in range(150):
        assert raw.status(server, raw.request(server)) == 200
        if number % 10 == 9:
            seen.append(server.act("state", who)["connections"])
    # A slow machine has closed the first ones before the last are opened.
    assert max(seen) >= before + 10
    bystander.hears()
    # Two seconds in tests, ten in the product.
    assert running.until(lambda: server.act("state", who)["connections"] <= before, 12)
