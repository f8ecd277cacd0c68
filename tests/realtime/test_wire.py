"""The engine on the wire: order, close, size, compression, upgrade, polling."""

from __future__ import annotations

import http.client
import json
import socket
import struct
import time
import urllib.error
import urllib.request

import pytest
import server as running
import websocket
import world as worlds

pytestmark = pytest.mark.live
LIMIT = 64 * 1024
PLACE = "/socket.io/?EIO=4&transport="


def handshake(server, token, **headers):
    """A raw WebSocket, as the engine sees it: EIO open, namespace asked and given."""
    connection = websocket.create_connection(
        f"ws://127.0.0.1:{server.port}{PLACE}websocket",
        origin=server.url,
        cookie=f"{running.COOKIE}={token}",
        timeout=5,
        header=[f"{name.replace('_', '-')}: {value}" for name, value in headers.items()],
    )
    assert connection.recv().startswith("0{")
    connection.send("40")
    assert connection.recv().startswith("40{")
    return connection


def event(name, number="", **data):
    return f"42{number}{json.dumps([name, data])}"


def sized(length):
    """An event of exactly this many characters on the wire."""
    head, tail = '420["catch_up","', '"]'
    return head + "x" * (length - len(head) - len(tail)) + tail


def test_no_compression_is_accepted_even_when_offered(live_server, world):
    connection = handshake(
        live_server,
        world["family"].token,
        Sec_WebSocket_Extensions="permessage-deflate; client_max_window_bits",
    )
    assert "sec-websocket-extensions" not in {name.lower() for name in connection.headers}
    connection.close()


def test_answers_come_in_the_order_of_the_questions(live_server, world):
    connection = handshake(live_server, world["family"].token)
    for number in range(20):
        connection.send(event("enter", number, space=world.space_id))
    assert [connection.recv().partition("[")[0] for _ in range(20)] == [f"43{n}" for n in range(20)]
    connection.close()


def test_a_message_at_the_limit_is_answered(live_server, world):
    connection = handshake(live_server, world["family"].token)
    connection.send(sized(LIMIT))
    assert '"code":"demande"' in connection.recv()
    connection.close()


def test_a_message_over_the_limit_closes_with_1009_and_nobody_else(live_server, world, listen):
    other = listen(world["relative"].token)
    connection = handshake(live_server, world["family"].token)
    connection.send(sized(LIMIT + 1))
    opcode, data = connection.recv_data()
    assert opcode == websocket.ABNF.OPCODE_CLOSE
    assert struct.unpack("!H", data[:2])[0] == 1009
    assert other.enter(world.space_id)["ok"]


def test_a_close_is_answered_by_a_close(live_server, world):
    connection = handshake(live_server, world["family"].token)
    connection.send_close(1000)
    opcode, data = connection.recv_data()
    assert opcode == websocket.ABNF.OPCODE_CLOSE
    assert struct.unpack("!H", data[:2])[0] == 1000


@pytest.mark.parametrize(
    "noise", ["9", '451-["enter",{"_placeholder":true,"num":0}]', "42{", "44", "😀", "", "41", "40/autre,"]
)
def test_noise_leaves_the_server_alive(live_server, world, listen, noise):
    connection = handshake(live_server, world["family"].token)
    connection.send(noise)
    connection.close()
    assert listen(world["relative"].token).enter(world.space_id)["ok"]


def test_a_page_starts_on_polling_and_moves_to_a_websocket(world, listen):
    person = listen(world["family"].token)
    assert running.until(lambda: person.client.transport() == "websocket")
    assert person.enter(world.space_id)["ok"]


def post(server, token, body, sid):
    asked = urllib.request.Request(
        f"{server.url}{PLACE}polling&sid={sid}",
        body,
        {"Cookie": f"{running.COOKIE}={token}", "Origin": server.url, "Content-Type": "text/plain"},
    )
    with urllib.request.urlopen(asked, timeout=5) as answer:
        return answer.status


def polling_sid(server, token):
    asked = urllib.request.Request(
        f"{server.url}{PLACE}polling",
        headers={"Cookie": f"{running.COOKIE}={token}", "Accept-Encoding": "gzip, deflate"},
    )
    with urllib.request.urlopen(asked, timeout=5) as answer:
        assert answer.headers.get("Content-Encoding") is None
        return json.loads(answer.read()[1:])["sid"]


def test_polling_has_the_same_limit_and_does_not_hang(live_server, world):
    token = world["family"].token
    assert post(live_server, token, b"40", polling_sid(live_server, token)) == 200
    begun = time.monotonic()
    with pytest.raises((urllib.error.HTTPError, ConnectionError)) as refused:
        post(live_server, token, b"4" + b"x" * LIMIT, polling_sid(live_server, token))
    assert time.monotonic() - begun < 2
    if isinstance(refused.value, urllib.error.HTTPError):
        assert refused.value.code in (400, 413)


def test_the_engine_sets_no_cookie(live_server):
    connection = http.client.HTTPConnection("127.0.0.1", live_server.port, timeout=5)
    connection.request("GET", f"{PLACE}polling")
    assert connection.getresponse().getheader("Set-Cookie") is None
    connection.close()


def test_a_connection_without_a_session_is_closed_after_a_while(live_server):
    connection = websocket.create_connection(
        f"ws://127.0.0.1:{live_server.port}{PLACE}websocket", origin=live_server.url, timeout=15
    )
    assert connection.recv().startswith("0{")
    begun = time.monotonic()
    while connection.recv_data() not in (
        (websocket.ABNF.OPCODE_TEXT, b"1"),
        (websocket.ABNF.OPCODE_CLOSE, b""),
    ):
        pass
    assert 1 < time.monotonic() - begun < 5
    connection.close()


def test_a_socket_that_asks_without_end_is_slowed_then_closed(live_server, world):
    connection = handshake(live_server, world["family"].token)
    for number in range(80):
        connection.send(event("leave", number, space=world.space_id))
    answers = []
    while True:
        opcode, data = connection.recv_data()
        if opcode == websocket.ABNF.OPCODE_CLOSE or data in (b"", b"1"):
            break
        answers.append(data.decode())
    assert sum('"ok":true' in one for one in answers) == 30
    assert any('"code":"trop-vite"' in one and one.startswith("43") for one in answers)
    assert any(one.startswith('42["goodbye"') for one in answers)
    connection.close()


def test_a_client_that_never_reads_costs_the_others_nothing(live_server, world, listen):
    reader = listen(world["relative"].token)
    reader.enter(world.space_id)
    connection = handshake(live_server, world["family"].token)
    connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.send(event("enter", 0, space=world.space_id))
    long = "Une phrase assez longue pour remplir les tampons du réseau. " * 60
    place = {"space": world.space_id, "item": world.items[0]}
    for _ in range(30):
        live_server.act("publish", world["resident"].participant_id, words=long, **place)
    assert running.until(lambda: len(reader.frames) == 30)
    running.check_frames(reader.of("readers"), 1, 30)
    connection.shutdown()


def test_answers_of_two_sockets_do_not_mix(live_server):
    contracts = [worlds.build(live_server.database) for _ in range(2)]
    connections = [handshake(live_server, world["family"].token) for world in contracts]
    for number in range(25):
        for world, connection in zip(contracts, connections, strict=True):
            connection.send(event("leave", number, space=world.space_id))
    for connection in connections:
        assert [connection.recv() for _ in range(25)] == [f'43{n}[{{"ok":true}}]' for n in range(25)]
        connection.close()
