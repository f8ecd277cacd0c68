"""Two hundred schedules of faults, three clients each, twenty of them in Chromium.

`pytest tests/long/catchup -m long`; `CATCHUP_SCHEDULES` asks for fewer, `CATCHUP_FIRST` for others.
"""

from __future__ import annotations

import os

import catchup
import pages
import proxy
import pytest
import server as running
from playwright.sync_api import sync_playwright

from tests import stores
from tests.browser._chromium import launch

pytestmark = pytest.mark.long
SCHEDULES = int(os.environ.get("CATCHUP_SCHEDULES", "200"))
FIRST = int(os.environ.get("CATCHUP_FIRST", "1000"))
IN_CHROMIUM = max(SCHEDULES // 10, 1)
BATCH = 10
# Schedules at the same time: a server under test shares the machine with its database, and with everybody here.
AT_ONCE = {"sqlite": 5, "postgresql": 2}


@pytest.fixture
def network():
    made = proxy.Network()
    yield made
    made.stop()


@pytest.mark.parametrize("store", stores.STORES)
def test_every_client_ends_in_the_state_of_a_fresh_one(tmp_path, network, store, record_property):
    """Half of the schedules on each database, some at a time on one server."""
    environ = {"PING_SECONDS": "2"}
    if store == "postgresql":
        environ |= {"DATABASE_URL": stores.new_database(), "REDIS_URL": stores.valkey_url()}
    half = (SCHEDULES - IN_CHROMIUM) // 2
    first = FIRST + (half if store == "postgresql" else 0)
    with running.serving(tmp_path / "instance", **environ) as server:
        for start in range(first, first + half, BATCH):
            numbers = range(start, min(start + BATCH, first + half))
            problems, line = _batch(server, network, numbers, AT_ONCE[store])
            record_property(f"schedules {numbers.start}-{numbers.stop - 1}", line)
            print(line)  # noqa: T201 — an hour is long: whoever waits sees where it is
            assert not problems, "\n".join(problems)


def _batch(server, network, numbers, at_once):
    node = catchup.Node()
    plans = [catchup.prepared(server, network, number) for number in numbers]
    try:
        catchup.live_through_all(server, node, plans, at_once)
        problems = [problem for plan in plans for problem in catchup.judge(server, node, plan)]
        return problems, catchup.check_ordeal(node, plans)
    finally:
        node.close()
        for plan in plans:
            for relay in plan.relays.values():
                relay.close()


def test_every_page_ends_as_a_page_opened_now(tmp_path, network):
    """One schedule in ten is lived through in Chromium."""
    with (
        sync_playwright() as playwright,
        pages.behind(network, tmp_path / "instance", PING_SECONDS="2") as both,
    ):
        browser = launch(playwright)
        for number in range(FIRST, FIRST + IN_CHROMIUM):
            assert pages.ordeal(browser, *both, number) == []
        browser.close()
