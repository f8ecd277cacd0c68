"""Servers die under open pages: everybody finds everything again, without loading a page anew."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from contextlib import ExitStack
from pathlib import Path

import catchup
import pages
import proxy
import pytest
import server as running
import world as worlds
from playwright.sync_api import sync_playwright

from tests import stores
from tests.browser._chromium import launch

pytestmark = [pytest.mark.live, pytest.mark.slow]
PEOPLE = {"family": ["websocket", "polling"], "relative": ["polling"]}


@pytest.fixture
def network():
    made = proxy.Network()
    yield made
    made.stop()


@pytest.fixture
def node():
    made = catchup.Node()
    yield made
    made.close()


def workers_of(server):
    """The processes that serve, under the one that watches them."""
    pid = server.process.pid
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def kill(server, *, all_of_it):
    """Kill at once: the worker alone, or with the process that would start another."""
    victims = workers_of(server)
    assert victims
    for pid in ([server.process.pid] if all_of_it else []) + victims:
        os.kill(pid, signal.SIGKILL)


def followed(node, relays, origin, world):
    for by, transports in PEOPLE.items():
        node.follow(by, relays[by].url, origin, world, by, transports=transports)
    assert running.until(lambda: all(node.ask("place", id=by)["told"].get("live") for by in PEOPLE), 30)


def faults_of(node, server, world):
    """What is wrong once everybody had the time to come back."""
    catchup.wait_for(node, server.database, world, {by: by for by in PEOPLE})
    return [
        problem
        for by in PEOPLE
        for problem in [
            *catchup.log_faults(server.database, world, by, node.ask("state", id=by)),
            *catchup.page_faults(server, world, by, node.ask("state", id=by)),
        ]
    ]


def speaking(writers, facts):
    thread = threading.Thread(target=writers.write, args=(sum(writers.done.values()) + facts,))
    thread.start()
    return thread


@pytest.mark.browser
def test_a_worker_then_the_whole_server_die_under_open_pages(tmp_path, network, node):
    relay = proxy.Relay(network)
    environ = {"PORTAL_URL": relay.url, "PING_SECONDS": "2"}
    with ExitStack() as first, sync_playwright() as playwright:
        server = first.enter_context(running.serving(tmp_path / "instance", **environ))
        relay.target = server.port
        world = worlds.build(server.database)
        browser = launch(playwright)
        page = pages.opened(browser, relay.url, world, "family")
        pages.live(page)
        pages.type_a_draft(page)
        followed(node, dict.fromkeys(PEOPLE, relay), relay.url, world)
        writers = catchup.Writers(server, world, random.Random(1), before=False)

        talking = speaking(writers, 20)
        time.sleep(0.3)
        kill(server, all_of_it=False)
        talking.join()
        assert faults_of(node, server, world) == []

        kill(server, all_of_it=True)
        with running.serving(tmp_path / "instance", **environ) as again:
            writers.server = again
            speaking(writers, 10).join()
            relay.target = again.port
            speaking(writers, 10).join()
            assert faults_of(node, again, world) == []
            pages.live(page, 40)
            end = pages.snapshot_when_settled(page)
            assert end["open"] == end["fresh"]
            pages.check_draft(page)
            assert page.evaluate("performance.getEntriesByType('navigation').length") == 1
            assert node.ask("place", id="family")["told"]["renewed"] >= 2
        browser.close()
    relay.close()


def test_one_of_two_servers_dies_and_its_pages_follow_through_the_other(tmp_path, network, node):
    url = stores.new_database()
    environ = {"DATABASE_URL": url, "REDIS_URL": stores.valkey_url(), "PING_SECONDS": "2"}
    relays = {by: proxy.Relay(network) for by in PEOPLE}
    environ["PORTAL_URL"] = origin = relays["family"].url
    with (
        running.serving(tmp_path / "un", **environ) as one,
        running.serving(tmp_path / "deux", **environ) as two,
    ):
        world = worlds.build(two.database)
        for relay, server in zip(relays.values(), (one, two), strict=True):
            relay.target = server.port
        followed(node, relays, origin, world)
        writers = catchup.Writers(two, world, random.Random(2), before=False)
        talking = speaking(writers, 30)
        time.sleep(0.3)
        kill(one, all_of_it=True)
        relays["family"].target = two.port
        talking.join()
        assert faults_of(node, two, world) == []
        assert node.ask("place", id="family")["told"].get("waiting"), "the page of the dead server came back"
        assert not node.ask("place", id="relative")["told"].get("waiting"), "the other one noticed nothing"
    for relay in relays.values():
        relay.close()
    stores.drop_database(url)
