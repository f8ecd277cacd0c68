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


def test_a_figure_that_comes_after_its_card_is_no_difference(beating_server, network, node):
    """Its card was drawn without the figure; a client that comes now gets it with the figure."""
    plan = catchup.prepared(beating_server, network, SCHEDULES * 2)
    world, writers = plan.world, plan.writers
    try:
        for by, name in plan.names.items():
            node.follow(name, plan.relays[by].url, beating_server.url, world, by, transports=["websocket"])
        writers.publish()
        catchup.wait_for(node, beating_server.database, world, plan.names)
        (said,) = writers.public
        for by in {"family", "cousin", "uncle", "aunt", "resident", "relative"} - {writers.authors[said]}:
            beating_server.act(
                "react", world[by].participant_id, id=said, value="accord", space=world.space_id
            )
        catchup.wait_for(node, beating_server.database, world, plan.names)
        figures = node.ask("state", id=plan.names["family"])["figures"][said]
        assert ["accord", 5] in figures, figures
        assert catchup.judge(beating_server, node, plan) == []
    finally:
        for relay in plan.relays.values():
            relay.close()
