"""After any cut, delay or silence of the network: the state of a page is that of a fresh one."""

from __future__ import annotations

import catchup
import proxy
import pytest
import server as running

pytestmark = [pytest.mark.live, pytest.mark.slow]
SCHEDULES = 10


@pytest.fixture(scope="module")
def beating_server(tmp_path_factory):
    """The product's server, which notices a dead connection within four seconds."""
    with running.serving(tmp_path_factory.mktemp("rattrapage") / "instance", PING_SECONDS="2") as server:
        yield server


@pytest.fixture(scope="module")
def network():
    made = proxy.Network()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def node():
    made = catchup.Node()
    yield made
    made.close()


def test_ten_schedules_of_faults_end_in_the_state_of_a_fresh_page(
    beating_server, network, node, record_property
):
    plans = [catchup.prepared(beating_server, network, number) for number in range(SCHEDULES)]
    try:
        catchup.live_through_all(beating_server, node, plans)
        problems = [problem for plan in plans for problem in catchup.judge(beating_server, node, plan)]
        assert not problems, "\n".join(problems)
        record_property("ordeal", catchup.check_ordeal(node, plans))
    finally:
        for plan in plans:
            for relay in plan.relays.values():
                relay.close()
