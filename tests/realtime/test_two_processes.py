"""Two processes on one PostgreSQL: what one writes the other tells, with or without the bell between them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import server as running
import world as worlds

from portal.vocabulary import Level, Role
from tests import stores
from tests.factories.gate import Gate

pytestmark = [pytest.mark.live, pytest.mark.slow]

# Woken by the bell a process is told at once; alone it looks every second.
BY_BELL, ALONE = 0.8, 2.5
# For one sample on a busy machine; bench/revocation.py measures how soon it is most of the time.
WITHIN = 2.0
PAST = "'2026-01-01 00:00:00.000000'"


class Pair:
    """Two servers, and the gate before the bus that both use."""

    def __init__(self, one: running.Running, two: running.Running, bus: Gate) -> None:
        self.one, self.two, self.bus = one, two, bus
        self.database = one.database
        self.rings = True

    def bell(self, *, rings: bool) -> None:
        """Let the bus be there, or dead."""
        if rings and not self.rings:
            self.bus.open()
            # Both listen again before a test counts on it.
            time.sleep(2.5)
        if self.rings and not rings:
            self.bus.shut()
        self.rings = rings


@dataclass(frozen=True, slots=True)
class Way:
    """How a right ends: by an act inside the first process, or by plain SQL (a statement and its value).

    `before` makes the right that ends, `refused` says that nothing is left to enter with, `halts` that
    nobody may write until the space resumes.
    """

    end: Callable[[Pair, worlds.World], object]
    refused: bool = True
    halts: bool = False
    before: Callable[[Pair, worlds.World], object] = lambda _pair, _world: None


def act(name: str, of: Callable[[worlds.World], dict[str, Any]]) -> Callable[[Pair, worlds.World], object]:
    """An act of the director at the first process."""
    return lambda pair, world: pair.one.act(name, world["director"].participant_id, **of(world))


def by_sql(statement: str, of: Callable[[worlds.World], str]) -> Callable[[Pair, worlds.World], object]:
    """What an administrator does beside both processes."""
    return lambda pair, world: worlds.sql(pair.database, statement, of(world))


def token(world):
    return world["family"].token_hash


def account(world):
    return world["family"].account_id


def person(world):
    return world["family"].participant_id


def lowered(world):
    return {
        "contract": world.contract_id,
        "space": world.space_id,
        "group": "families",
        "level": int(Level.INFORMATION),
        "reason": "Pour essayer.",
        "days_ago": 8,
    }


def becomes_moderator(pair, world):
    pair.one.act("give_role", world["director"].participant_id, who=person(world), role=Role.MODERATOR.value)


ENDINGS = {
    "logout": act("sign_out", lambda world: {"token_hash": token(world)}),
    "disabling": act("disable", lambda world: {"account": account(world)}),
    "change of password": act("new_password", lambda world: {"account": account(world)}),
    "SQL: session ended": by_sql(f"UPDATE session_row SET ended_at = {PAST} WHERE token_hash = ?", token),
    "SQL: session expired": by_sql(f"UPDATE session_row SET expires_at = {PAST} WHERE token_hash = ?", token),
    "SQL: session removed": by_sql("DELETE FROM session_row WHERE token_hash = ?", token),
    "SQL: account disabled": by_sql(f"UPDATE account SET disabled_at = {PAST} WHERE id = ?", account),
}
CHANGES = {
    "membership": Way(act("leave", lambda world: {"who": person(world)})),
    "SQL: membership": Way(by_sql(f"UPDATE participant SET left_at = {PAST} WHERE id = ?", person)),
    "SQL: seat": Way(by_sql("DELETE FROM seat WHERE participant_id = ?", person)),
    "SQL: role": Way(
        by_sql(f"UPDATE participant_role SET ended_at = {PAST} WHERE participant_id = ?", person),
        refused=False,
        before=becomes_moderator,
    ),
    "level": Way(act("set_level", lowered), refused=False),
    "SQL: level": Way(
        by_sql(
            "DELETE FROM involvement WHERE group_ = 'families' AND contract_id = ?",
            lambda world: world.contract_id,
        )
    ),
    "phase": Way(
        act("set_phase", lambda world: {"space": world.space_id, "phase": "pause"}), refused=False, halts=True
    ),
    "SQL: phase": Way(
        by_sql("UPDATE space SET phase = 'pause' WHERE id = ?", lambda world: world.space_id),
        refused=False,
        halts=True,
    ),
}


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


@pytest.fixture(scope="module", params=[True, False], ids=["bell", "no bell"])
def rings(request):
    """Tests of one kind run together: the bus dies once."""
    return request.param


@pytest.fixture
def bell(pair, rings):
    """With the bus, and with the bus dead."""
    pair.bell(rings=rings)
    return rings


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
    ENDINGS[ending](pair, world)
    check_closed(there)
    publish(pair.one, world, "Après.")
    assert running.until(lambda: other.frames, 10)
    assert there.frames == []


@pytest.mark.parametrize("change", CHANGES)
def test_a_right_that_ends_elsewhere_silences_here(pair, world, people, bell, change):
    way = CHANGES[change]
    way.before(pair, world)
    losing, keeping = people(pair.two, "family"), people(pair.two, "resident")
    way.end(pair, world)
    if not way.halts:
        # No waiting: by construction a stale socket is not in the room of the current epoch.
        publish(pair.one, world, "Entre les deux.")
    check_told(losing, keeping)
    assert keeping.enter(world.space_id)["ok"]
    if way.halts:
        resume(pair, world, keeping)
    publish(pair.one, world, "Encore.")
    assert running.until(lambda: keeping.frames, 10)
    assert losing.frames == []
    answer = losing.enter(world.space_id)
    assert answer["ok"] is not way.refused
    assert "moderators" not in answer.get("audiences", {})


def test_what_a_role_gives_is_there_before_it_ends(pair, world, people):
    becomes_moderator(pair, world)
    assert "moderators" in people(pair.two, "family").enter(world.space_id)["audiences"]


def test_control_a_process_that_never_looks_again_is_found(pair, world, people, tmp_path):
    pair.bell(rings=True)
    environ = {name: pair.two.environ[name] for name in ("DATABASE_URL", "REDIS_URL")}
    with running.serving(tmp_path / "c", **environ, FAULT="stale_rooms") as faulty:
        leaving, losing = people(faulty, "relative"), people(faulty, "family")
        publish(pair.one, world, "Avant.")
        assert running.until(lambda: leaving.frames and losing.frames, 10), "it looks once"
        worlds.sql(
            pair.database,
            f"UPDATE session_row SET ended_at = {PAST} WHERE token_hash = ?",
            world["relative"].token_hash,
        )
        CHANGES["SQL: membership"].end(pair, world)
        with pytest.raises(AssertionError):
            check_closed(leaving)
        with pytest.raises(AssertionError):
            check_told(losing)


def check_closed(*leaving):
    end = time.monotonic() + WITHIN
    for one in leaving:
        assert one.closed.wait(max(0.0, end - time.monotonic()))
        assert one.heard("goodbye")


def check_told(*listening):
    assert running.until(lambda: all(one.heard("reenter") for one in listening), WITHIN)


def resume(pair, world, keeping):
    """The space opens again; whoever may enters again."""
    keeping.events.clear()
    worlds.sql(pair.database, "UPDATE space SET phase = 'ouvert' WHERE id = ?", world.space_id)
    check_told(keeping)
    assert keeping.enter(world.space_id)["ok"]


def test_the_bell_heals_by_itself(pair, world, people):
    pair.bell(rings=True)
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
