"""Controls: what the ordeal demands turns red when the server, or the client, is at fault."""

from __future__ import annotations

import shutil
import threading

import catchup
import proxy
import pytest
import server as running
import world as worlds

from tests import stores

pytestmark = pytest.mark.live
FACTS = 50
# What is changed in a copy of the client's modules, and in which.
MUTANTS = {
    "takes whatever comes": (
        "channel.mjs",
        [
            (" || frame.cursor <= state.cursor) return;", ") return;"),
            ("if (!state.healing && frame.prev === state.cursor) {", "if (!state.healing) {"),
        ],
    ),
    "does not ask when it comes back": (
        "channel.mjs",
        [("if (cursor > state.cursor && !state.healing) this.#heal(audience, state);", "")],
    ),
    "takes an answer twice": (
        "channel.mjs",
        [
            (
                "      if (frame.cursor > state.cursor) this.#apply(state, frame);\n    }\n    //",
                "      this.#apply(state, frame);\n      this.#apply(state, frame);\n    }\n    //",
            )
        ],
    ),
}


def mutated(name, folder):
    """A copy of the product's client with a fault."""
    file, changes = MUTANTS[name]
    shutil.copytree(catchup.MODULES.parent, folder / "js")
    module = folder / "js" / "live" / file
    source = module.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in source, f"the fault « {name} » is no longer planted"
        source = source.replace(old, new)
    module.write_text(source, encoding="utf-8")
    return module.parent


@pytest.fixture
def nodes():
    """Node processes that end with the test."""
    made = []

    def run(modules=catchup.MODULES):
        made.append(catchup.Node(modules))
        return made[-1]

    yield run
    for one in made:
        one.close()


@pytest.fixture
def network():
    made = proxy.Network()
    yield made
    made.stop()


def speak(server, world, number=FACTS):
    for n in range(number):
        place = {"space": world.space_id, "item": world.items[0]}
        server.act("publish", world["relative"].participant_id, words=f"Parole {n}.", **place)


def judged(server, node, world, name):
    """What the checks say of one reader who listened to everything."""
    catchup.wait_for(node, server.database, world, {"family": name})
    return "\n".join(catchup.log_faults(server.database, world, "family", node.ask("state", id=name)))


def test_a_relay_at_fault_is_found_and_a_client_at_fault_too(tmp_path, nodes):
    faults = "drop_one reorder double exchange drop_and_hide"
    with running.serving(tmp_path / "instance", FAULT=faults) as server:
        world = worlds.build(server.database)
        product, mutant = nodes(), nodes(mutated("takes whatever comes", tmp_path))
        for node in (product, mutant):
            node.follow("one", server.url, server.url, world, "family")
            assert running.until(lambda one=node: one.ask("place", id="one")["told"].get("live"), 20)
        speak(server, world)
        found = judged(server, product, world, "one")
        # Lost, late and doubled frames are healed by the client; what lies about its number is found.
        assert "gap [45]" in found
        assert "about something else: [['readers', 35" in found
        assert "duplicate" not in found
        assert "out of order" not in found
        found = judged(server, mutant, world, "one")
        assert "gap [5, 45]" in found
        assert "duplicate [25]" in found
        assert "out of order" in found


# What a client does with its faults does not depend on the database.
@pytest.mark.parametrize("live_server", ["sqlite"], indirect=True)
@pytest.mark.parametrize("fault", ["does not ask when it comes back", "takes an answer twice"])
def test_a_client_that_comes_back_badly_is_found(
    live_server, world, network, nodes, tmp_path, monkeypatch, fault
):
    product, mutant = nodes(), nodes(mutated(fault, tmp_path))
    relay = proxy.Relay(network, live_server.port)
    for node in (product, mutant):
        node.follow("one", relay.url, live_server.url, world, "family")
        assert running.until(lambda one=node: one.ask("place", id="one")["told"].get("live"), 20)
    relay.target, port = 1, relay.target
    relay.cut()
    speak(live_server, world, 5)
    relay.target = port
    for node in (product, mutant):
        assert running.until(lambda one=node: one.ask("place", id="one")["told"].get("renewed"), 20)
    try:
        assert judged(live_server, product, world, "one") == ""
        monkeypatch.setattr(catchup, "CONVERGED_WITHIN", 3.0)
        expected = "duplicate" if fault == "takes an answer twice" else "gap [1, 2, 3, 4, 5]"
        assert expected in judged(live_server, mutant, world, "one")
    finally:
        relay.close()


def test_numbers_given_before_the_order_of_commits_are_found(tmp_path, nodes):
    url = stores.new_database()
    worlds.sql(url, "CREATE SEQUENCE planted")
    environ = {"DATABASE_URL": url, "FAULT": "sequence"}
    with running.serving(tmp_path / "instance", **environ) as server:
        world = worlds.build(server.database)
        node = nodes()
        node.follow("one", server.url, server.url, world, "family")
        assert running.until(lambda: node.ask("place", id="one")["told"].get("live"), 20)
        talkers = [threading.Thread(target=speak, args=(server, world, 12)) for _ in range(2)]
        for talker in talkers:
            talker.start()
        for talker in talkers:
            talker.join()
        found = judged(server, node, world, "one")
        assert "stopped" in found or "gap" in found, found
    stores.drop_database(url)
