"""Two processes on one PostgreSQL: what one writes the other tells, with or without the bell between them."""

from __future__ import annotations

import time

import pytest
import server as running
import world as worlds

from tests import stores
from tests.factories.gate import Gate

pytestmark = [pytest.mark.live, pytest.mark.slow]

# Woken by the bell a process is told at once; alone it looks every second.
BY_BELL, ALONE = 0.8, 2.5
PAST = "'2026-01-01 00:00:00.000000'"
ENDINGS = {
    "logout": f"UPDATE session_row SET ended_at = {PAST} WHERE token_hash = ?",
    "disabling": f"UPDATE account SET disabled_at = {PAST} WHERE id = ?",
}
CHANGES = {
    "membership": f"UPDATE participant SET left_at = {PAST} WHERE id = ?",
    "seat": "DELETE FROM seat WHERE participant_id = ?",
    "level": "DELETE FROM involvement WHERE group_ = 'families' AND contract_id = ?",
}


class Pair:
    """Two servers, and the gate before the bus that both use."""

    def __init__(self, one: running.Running, two: running.Running, bus: Gate) -> None:
        self.one, self.two, self.bus = one, two, bus
        self.database = one.database


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    url = stores.new_database()
    folder = tmp_path_factory.mktemp("deux")
    with Gate.before(stores.valkey_url()) as bus:
        environ = {"DATABASE_URL": url, "REDIS_URL": bus.address(stores.valkey_url())}
        with running.serving(folder / "a", **environ) as one, running.serving(folder / "b", **environ) as two:
            yield Pair(one, two, bus)


@pytest.fixture
def world(pair):
    return worlds.build(pair.database)


@pytest.fixture(params=["bell", "no bell"])
def bell(pair, request):
    """With the bus, and with the bus dead."""
    if request.param == "bell":
        yield True
        return
    pair.bus.shut()
    yield False
    pair.bus.open()
    # Both listen again before the next test counts on it.
    time.sleep(2.5)


@pytest.fixture
def people(pair, world):
    """The same persons at both processes."""
    opened = []

    def at(server, name):
        listener = running.Listener(server, world[name].token)
        opened.append(listener)
        assert listener.enter(world.space_id)["ok"]
        return listener

    yield at
    for listener in opened:
        listener.close()


def publish(server, world, words):
    return server.act(
        "publish", world["resident"].participant_id, space=world.space_id, item=world.items[0], words=words
    )


def test_both_tell_the_same_frames_in_the_same_order(pair, world, people, bell):
    here, there = people(pair.one, "family"), people(pair.two, "relative")
    for number in range(6):
        publish((pair.one, pair.two)[number % 2], world, f"Parole {number}.")
    assert running.until(lambda: len(here.frames) == len(there.frames) == 6, 10)
    running.check_frames(here.of("readers"), 1, 6)
    assert [one["html"] for one in here.frames] == [one["html"] for one in there.frames]


def test_a_frame_crosses_soon(pair, world, people, bell):
    there = people(pair.two, "family")
    publish(pair.one, world, "Une.")
    assert running.until(lambda: there.frames, 10)
    began = time.monotonic()
    publish(pair.one, world, "Deux.")
    assert running.until(lambda: len(there.frames) == 2, BY_BELL if bell else ALONE), time.monotonic() - began


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_ended_session_is_closed_by_the_other_process(pair, world, people, bell, ending):
    there, other = people(pair.two, "family"), people(pair.two, "relative")
    value = world["family"].token_hash if ending == "logout" else world["family"].account_id
    worlds.sql(pair.database, ENDINGS[ending], value)
    assert there.closed.wait(2)
    publish(pair.one, world, "Après.")
    assert running.until(lambda: other.frames, 10)
    assert there.frames == []


@pytest.mark.parametrize("change", CHANGES)
def test_a_right_that_ends_elsewhere_silences_here(pair, world, people, bell, change):
    losing, keeping = people(pair.two, "family"), people(pair.two, "resident")
    worlds.sql(
        pair.database,
        CHANGES[change],
        world.contract_id if change == "level" else world["family"].participant_id,
    )
    publish(pair.one, world, "Après.")
    assert running.until(lambda: losing.heard("reenter") and keeping.heard("reenter"), 2)
    assert losing.enter(world.space_id)["ok"] is False
    assert keeping.enter(world.space_id)["ok"]
    publish(pair.one, world, "Encore.")
    assert running.until(lambda: keeping.frames, 10)
    assert losing.frames == []


def test_the_bell_heals_by_itself(pair, world, people):
    there = people(pair.two, "family")
    pair.bus.shut()
    publish(pair.one, world, "Sans cloche.")
    assert running.until(lambda: there.frames, ALONE + 5)
    pair.bus.open()
    joined = (pair.two.instance / "journal.txt").read_text().count("bus.joined")
    assert running.until(
        lambda: (pair.two.instance / "journal.txt").read_text().count("bus.joined") >= max(joined, 2), 10
    )
    publish(pair.one, world, "Avec.")
    assert running.until(lambda: len(there.frames) == 2, ALONE)


def test_a_job_is_run_by_one_process(pair, world):
    worlds.sql(
        pair.database, "UPDATE space SET ends_at = ? WHERE id = ?", "2026-01-01T00:00:00+00", world.space_id
    )
    ended = "SELECT count(*) FROM journal_line WHERE kind = 'space_answering' AND contract_id = ?"
    assert running.until(lambda: worlds.rows(pair.database, ended, world.contract_id)[0][0], 15)
    time.sleep(2)
    assert worlds.rows(pair.database, ended, world.contract_id) == [(1,)]
