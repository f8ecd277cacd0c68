"""Slow readers, floods of connections and of events: bounded, and nobody else feels it."""

from __future__ import annotations

import threading
import time

import pytest
import raw
import server as running
import slow
import world as worlds

from portal.realtime import throttle, transport

pytestmark = pytest.mark.live

DEAF = ("family", "cousin", "uncle", "aunt")
# Below that, a delay is noise on a machine that does other things.
FELT_SECONDS = 0.25
UNBOUNDED = "no_event_limit no_size_limit any_origin no_queue_bound"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server of these tests only, to measure it."""
    with running.serving(tmp_path_factory.mktemp("limites") / "instance") as server:
        yield server


@pytest.fixture(scope="module")
def unbounded(tmp_path_factory):
    """The same without its limits: every check below must be red on it."""
    with running.serving(tmp_path_factory.mktemp("sans") / "instance", FAULT=UNBOUNDED) as server:
        yield server


@pytest.fixture
def hearing():
    """Connect people to a server; they all leave at the end."""
    listeners = []

    def to(server):
        def listen(token):
            listeners.append(running.Listener(server, token, ["websocket"]))
            return listeners[-1]

        return listen

    yield to
    for listener in listeners:
        listener.close()


def overflow(server, listen, seconds=3.0):
    """Four clients that never read, while somebody speaks at length: before, meanwhile, and after."""
    scene = slow.Scene(server, listen)
    # Long enough for the server to be as big as talking makes it.
    alone, _ = slow.told(scene, 3.0, least=40)
    start = scene.state()
    for name in DEAF[:3]:
        scene.deaf_by_socket(name)
    scene.deaf_by_polling(DEAF[3])
    # However slow the machine, more than a queue may hold.
    delays, states = slow.told(scene, seconds, least=20)
    return scene, alone, delays, start, states


def check_queues(states):
    """No queue ever held more than its limit and one packet."""
    assert max(state["size"] for state in states) <= transport.QUEUE_SIZE + transport.MAX_MESSAGE
    assert max(state["waiting"] for state in states) <= transport.QUEUE_FRAMES


def test_a_client_that_never_reads_is_bounded_then_cut(server, hearing):
    scene, alone, delays, start, states = overflow(server, hearing(server))
    try:
        check_queues(states)
        assert running.until(lambda: scene.state()["connections"] <= start["connections"], 15), "never cut"
        cost = (scene.state()["resident"] - start["resident"]) / len(DEAF)
        assert cost <= slow.MEGABYTE, f"{cost:.0f} bytes for each"
        assert slow.p95(delays) <= max(2 * slow.p95(alone), FELT_SECONDS)
        running.check_frames(scene.reader.of("readers"), 1, len(alone) + len(delays))
    finally:
        scene.leave()


def test_who_was_cut_asks_for_what_it_missed_when_it_returns(server, hearing):
    listen = hearing(server)
    scene, *_ = overflow(server, listen, 1.5)
    scene.leave()
    back = listen(scene.world["family"].token)
    cursor = back.enter(scene.world.space_id)["audiences"]["readers"]["cursor"]
    assert cursor == len(scene.reader.frames)
    frames, reached, more = [], 0, True
    while more:
        answer = back.ask("catch_up", space=scene.world.space_id, audience="readers", cursor=reached)
        assert sum(len(frame["html"]) for frame in answer["frames"][:-1]) <= 128 * 1024
        frames += answer["frames"]
        reached, more = answer["cursor"], answer["more"]
    running.check_frames(frames, 1, cursor)


def test_control_without_a_bound_the_queue_grows(unbounded, hearing):
    scene, *_, states = overflow(unbounded, hearing(unbounded))
    try:
        with pytest.raises(AssertionError):
            check_queues(states)
    finally:
        scene.leave()


# Events.


def asked(listeners, space_id, times):
    """How many of so many events were taken, over all sockets in turn."""
    answers = [one.ask("leave", space=space_id) for _ in range(times) for one in listeners]
    return sum(answer["ok"] for answer in answers), answers


def test_an_account_is_limited_over_all_its_sockets_and_another_is_not(server, hearing):
    world, listen = worlds.build(server.database), hearing(server)
    mine = [listen(world["family"].token) for _ in range(8)]
    other = listen(world["relative"].token)
    begun = time.monotonic()
    passed, answers = asked(mine, world.space_id, 25)
    within = time.monotonic() - begun < throttle.WINDOW_SECONDS
    assert throttle.ACCOUNT_EVENTS <= passed <= throttle.ACCOUNT_EVENTS * (1.1 if within else 2)
    assert {answer["code"] for answer in answers if not answer["ok"]} == {"trop-vite"}
    assert other.ask("leave", space=world.space_id) == {"ok": True}


def test_control_without_a_limit_all_events_pass(unbounded, hearing):
    world, listen = worlds.build(unbounded.database), hearing(unbounded)
    mine = [listen(world["family"].token) for _ in range(8)]
    assert asked(mine, world.space_id, 25)[0] == 200


def test_an_account_has_so_many_sockets_and_no_more(server, hearing):
    world, listen = worlds.build(server.database), hearing(server)
    mine = [listen(world["family"].token) for _ in range(throttle.SOCKETS_PER_ACCOUNT + 1)]
    assert [one.client.connected for one in mine] == [True] * throttle.SOCKETS_PER_ACCOUNT + [False]
    assert mine[-1].refusal["data"]["code"] == "trop-de-pages"
    assert listen(world["relative"].token).client.connected


# Connections.


@pytest.fixture(scope="module")
def counting(tmp_path_factory):
    """A server that counts connections by address, as the product does."""
    folder = tmp_path_factory.mktemp("adresse") / "instance"
    with running.serving(folder, PORTAL_LIMITS="1") as server:
        yield server


def knock(server, times):
    """Open so many connections as fast as possible, each claiming another address: what was answered."""
    answers = []

    def one(start):
        for number in range(start, times, 8):
            sent = raw.request(server, X_Forwarded_For=f"198.51.100.{number % 250}", Connection="close")
            answers.append(raw.status(server, sent))

    threads = [threading.Thread(target=one, args=(start,)) for start in range(8)]
    for thread in threads:
        thread.start()
    return threads, answers


def test_a_thousand_connections_from_one_address_are_bounded_and_those_open_live_on(counting, hearing):
    scene = slow.Scene(counting, hearing(counting))
    start = scene.state()
    alone = [scene.say("Avant.") for _ in range(15)]
    threads, answers = knock(counting, 1000)
    delays = [scene.say("Pendant.") for _ in range(15)]
    for thread in threads:
        thread.join(30)
    assert set(answers) == {200, 429}
    assert answers.count(200) <= throttle.ADDRESS_HANDSHAKES * 2
    assert answers.count(429) >= 300
    state = scene.state()
    assert state["connections"] <= start["connections"] + throttle.ADDRESS_HANDSHAKES * 2
    assert state["resident"] - start["resident"] < 64 * slow.MEGABYTE
    assert slow.p95(delays) <= max(2 * slow.p95(alone), 4 * FELT_SECONDS)


def test_control_without_a_limit_a_thousand_connections_open(unbounded):
    threads, answers = knock(unbounded, 400)
    for thread in threads:
        thread.join(30)
    assert answers.count(200) == 400


# The other controls of what is checked elsewhere.


def test_control_without_a_size_a_long_message_is_taken(unbounded, hearing):
    world = worlds.build(unbounded.database)
    with raw.welcomed(unbounded, world["family"].token) as connection:
        connection.sendall(raw.frame(raw.TEXT, b'420["leave","' + b"x" * transport.MAX_MESSAGE + b'"]'))
        answer, closed = raw.until_closed(connection, 2.0)
    assert not closed
    assert b"430" in answer


def test_control_without_origins_another_site_is_let_in(unbounded):
    assert raw.status(unbounded, raw.upgrade(unbounded, Origin="http://exemple.fr")) == 101
    assert raw.status(unbounded, raw.request(unbounded, Origin="http://exemple.fr")) == 200
