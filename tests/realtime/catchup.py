"""Schedules of faults, the clients who live through them, and what is demanded of them afterwards."""

from __future__ import annotations

import json
import random
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import zip_longest
from pathlib import Path
from typing import Any

import proxy
import server as running
import world as worlds
from catchup_page import CROWDS, page_faults

from portal.vocabulary import Group, Level, ModerationMode

ROOT = Path(__file__).resolve().parents[2]
MODULES = ROOT / "portal" / "static" / "js" / "live"
# Who follows the space, and how: the product's own order first, then polling alone, then polling that climbs.
CLIENTS = {
    "family": ["websocket", "polling"],
    "relative": ["polling"],
    "director": ["polling", "websocket"],
}
# The product's patience, scaled down so that a schedule lasts seconds.
HASTE = {"timeout": 2500, "reconnectionDelay": 60, "reconnectionDelayMax": 300}
FACTS = 50
BETWEEN_ACTS = 0.05
CONVERGED_WITHIN = 60.0
# How long anything may take on a machine that does much else.
PATIENCE = 120.0
# Roots stay on one page of the thread, replies under their root.
ROOTS, REPLIES = 14, 8


class Node:
    """One Node process running the product's client module for many clients."""

    def __init__(self, modules: Path = MODULES) -> None:
        self.process = subprocess.Popen(
            ["node", str(ROOT / "tests/realtime/client.mjs"), str(modules)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            text=True,
            encoding="utf-8",
        )
        self._lock = threading.Lock()

    def ask(self, do: str, **more: Any) -> Any:
        """Give an order and read its answer."""
        with self._lock:
            self.process.stdin.write(json.dumps({"do": do, **more}) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        assert line, "the Node process has ended"
        return json.loads(line)

    def follow(self, name: str, url: str, origin: str, world: worlds.World, by: str, **more: Any) -> None:
        """One more client, at a page that has had nothing yet."""
        cursors = {CROWDS.get(by, "readers"): 0, "author": 0}
        cookie = f"{running.COOKIE}={world[by].token}"
        order = {"url": url, "origin": origin, "cookie": cookie, "space": world.space_id, "cursors": cursors}
        self.ask("open", id=name, options=HASTE, **(order | more))

    def close(self) -> None:
        """End the process."""
        self.process.stdin.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)


@dataclass
class Writers:
    """People who write, correct, withdraw, react and moderate at a lively rate, drawn from a seed."""

    server: running.Running
    world: worlds.World
    rng: random.Random
    before: bool
    done: Counter[str] = field(default_factory=Counter)
    lost_races: int = 0
    roots: list[str] = field(default_factory=list)
    versions: dict[str, int] = field(default_factory=dict)
    authors: dict[str, str] = field(default_factory=dict)
    pending: set[str] = field(default_factory=set)
    public: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    below: Counter[str] = field(default_factory=Counter)
    levels: list[tuple[Group, Level]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.levels = [
            (Group.PROFESSIONALS, Level.CONCERTATION),
            (Group.RESIDENTS, Level.COCONSTRUCTION),
            (Group.FAMILIES, Level.COCONSTRUCTION),
        ]

    def write(self, facts: int, seconds: float = 0.0) -> None:
        """Until so many facts are in the journal, and at least so long."""
        end, given_up = time.monotonic() + seconds, time.monotonic() + 2 * PATIENCE
        while (sum(self.done.values()) < facts or time.monotonic() < end) and time.monotonic() < given_up:
            acts = (
                self.publish,
                self.reply,
                self.correct,
                self.withdraw,
                self.react,
                self.moderate,
                self.decide,
            )
            self.rng.choices(acts, (5, 4, 4, 1, 3, 6, 1))[0]()
            if sum(self.done.values()) >= facts:
                # A page that missed more than a few hundred frames is rightly told to open again.
                time.sleep(BETWEEN_ACTS)

    def _act(self, act: str, by: str, **data: Any) -> str | None:
        try:
            done = self.server.act(act, self.world[by].participant_id, space=self.world.space_id, **data)
        except urllib.error.HTTPError as refusal:
            # An act may lose a race and be refused; it never breaks the server.
            if refusal.code == HTTPStatus.INTERNAL_SERVER_ERROR:
                raise
            self.lost_races += 1
            return None
        except OSError:
            # The server is being killed or started: people try again.
            time.sleep(0.05)
            return None
        self.done[act] += 1
        return str(done["id"])

    def publish(self) -> None:
        if len(self.roots) >= ROOTS:
            return
        item = self.world.items[0 if self.rng.random() < 0.8 else 1]
        self._written(self.rng.choice(("relative", "resident", "cousin")), item=item, root=True)

    def reply(self) -> None:
        parents = [one for one in self.roots if one in self.public and self.below[one] < REPLIES]
        if parents:
            parent = self.rng.choice(parents)
            self.below[parent] += 1
            author = self.rng.choice(("relative", "resident", "uncle"))
            self._written(author, item=self.world.items[0], parent=parent)

    def _written(self, by: str, *, root: bool = False, **data: Any) -> None:
        number = len(self.versions) + 1
        words = f"Parole {number}, version 1."
        made = self._act("publish", by, words=words, **data)
        if made is None:
            return
        self.versions[made], self.authors[made] = 1, by
        (self.pending if self.before else self.public).add(made)
        if root:
            self.roots.append(made)

    def correct(self) -> None:
        candidates = sorted(self.public | self.pending | self.refused)
        if not candidates:
            return
        one = self.rng.choice(candidates)
        words = f"Parole {one[:4]}, version {self.versions[one] + 1}."
        if self._act("correct", self.authors[one], id=one, words=words):
            self.versions[one] += 1
            self.refused.discard(one)
            if self.before:
                self.pending.add(one)

    def withdraw(self) -> None:
        candidates = sorted(self.public | self.pending | self.refused)
        if len(candidates) > 4:
            one = self.rng.choice(candidates)
            if self._act("withdraw", self.authors[one], id=one):
                for those in (self.public, self.pending, self.refused):
                    those.discard(one)

    def react(self) -> None:
        if self.public:
            one = min(self.public)
            by = self.rng.choice(("family", "cousin", "uncle", "aunt", "resident", "relative"))
            self._act("react", by, id=one, value=self.rng.choice(("accord", "accord", "depend")))

    def moderate(self) -> None:
        """Read what waits in any order; hide little."""
        if self.pending:
            one = self.rng.choice(sorted(self.pending))
            status = "published" if one in self.public else "pending"
            if self.rng.random() < 0.85:
                if self._act("approve", "director", id=one, version=self.versions[one], status=status):
                    self.public.add(one)
            elif self._act("refuse", "director", id=one, version=self.versions[one], status=status):
                self.refused.add(one)
            else:
                return
            self.pending.discard(one)
        elif self.public and self.rng.random() < 0.15:
            one = self.rng.choice(sorted(self.public))
            if self._act("hide", "director", id=one, version=self.versions[one]):
                self.public.discard(one)

    def decide(self) -> None:
        """The direction raises a level, or makes a pause: rooms are entered anew."""
        if self.levels and self.rng.random() < 0.5:
            group, level = self.levels.pop()
            self._act(
                "level", "director", group=group.value, level=level.value, contract=self.world.contract_id
            )
        else:
            self._act("pause", "director")


@dataclass
class Schedule:
    """One schedule of faults: its own space, its own people, a way through the network for each client."""

    number: int
    world: worlds.World
    relays: dict[str, proxy.Relay]
    writers: Writers

    @property
    def names(self) -> dict[str, str]:
        """The clients by the person who holds them."""
        return {by: f"{self.number}-{by}" for by in self.relays}


def prepared(server: running.Running, network: proxy.Network, number: int, *, roles=CLIENTS) -> Schedule:
    """Write the world of a schedule; nothing happens yet. Every other one is moderated before."""
    before = number % 2 == 1
    world = worlds.build(server.database, ModerationMode.BEFORE if before else ModerationMode.AFTER)
    relays = {by: proxy.Relay(network, server.port, f"{number}-{by}") for by in roles}
    return Schedule(number, world, relays, Writers(server, world, random.Random(number), before))


def live_through(server: running.Running, node: Node, plan: Schedule, facts: int = FACTS) -> None:
    """Connect the clients, let the faults happen while people write, then wait until all know all."""
    for by, name in plan.names.items():
        node.follow(name, plan.relays[by].url, server.url, plan.world, by, transports=CLIENTS[by])
    here = plan.names.values()
    assert running.until(
        lambda: all(node.ask("place", id=name)["told"].get("live") for name in here), PATIENCE
    )
    for relay in plan.relays.values():
        relay.storm()
    plan.writers.write(facts, 2.0)
    for relay in plan.relays.values():
        relay.calm()
    wait_for(node, server.database, plan.world, plan.names)


def live_through_all(server: running.Running, node: Node, plans: list[Schedule], at_once: int = 5) -> None:
    """Several schedules on one server, some at a time."""
    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(lambda plan: live_through(server, node, plan), plans))


def wait_for(node: Node, database: str, world: worlds.World, names: dict[str, str]) -> None:
    """Until every client is where the register is, or says that it stopped, or the time is over."""
    end = time.monotonic() + CONVERGED_WITHIN
    left = dict(names)
    while left and time.monotonic() < end:
        found = counts(database, world)
        for by, name in list(left.items()):
            place = node.ask("place", id=name)
            if place["stopped"] or place["cursors"] == counters(found, world, by):
                del left[by]
        time.sleep(0.3)


def counts(database: str, world: worlds.World) -> dict[str, int]:
    """How many frames each audience of a space has, as the database says."""
    return dict(
        worlds.rows(
            database, "SELECT audience, count FROM audience_cursor WHERE space_id = ?", world.space_id
        )
    )


def counters(found: dict[str, int], world: worlds.World, by: str) -> dict[str, int]:
    """The counts of what one person hears, as their page names them."""
    crowd = CROWDS.get(by, "readers")
    return {crowd: found.get(crowd, 0), "author": found.get(f"author:{world[by].participant_id}", 0)}


def objects(database: str, world: worlds.World, audience: str) -> dict[int, str]:
    """What each frame of an audience is about, as the database says."""
    query = (
        "SELECT f.cursor, f.object FROM audience_frame f JOIN journal_head h"
        " ON h.contract_id = f.contract_id AND h.ticks >= f.seq WHERE f.space_id = ? AND f.audience = ?"
    )
    return dict(worlds.rows(database, query, world.space_id, audience))


def judge(server: running.Running, node: Node, plan: Schedule) -> list[str]:
    """Everything that is wrong with the clients of a schedule; nothing when all is well.

    A fresh client is one that comes now, straight to the server, and asks for everything.
    """
    problems = []
    for by, name in plan.names.items():
        node.follow(f"{name}-fresh", server.url, server.url, plan.world, by, transports=["websocket"])
    wait_for(node, server.database, plan.world, {by: f"{name}-fresh" for by, name in plan.names.items()})
    for by, name in plan.names.items():
        state, fresh = node.ask("state", id=name), node.ask("state", id=f"{name}-fresh")
        node.ask("close", id=f"{name}-fresh")
        found = [
            *log_faults(server.database, plan.world, by, state),
            *state_faults(state, fresh),
            *page_faults(server, plan.world, by, state),
        ]
        problems += [f"{name}: {problem}" for problem in found]
    return problems


def log_faults(database: str, world: worlds.World, by: str, state: dict[str, Any]) -> list[str]:
    """No gap, no duplicate, in order; each frame about what the register says."""
    problems = []
    if state["stopped"]:
        problems.append(f"stopped: {state['told']} {state['words'][-1:]}")
    for audience, count in counters(counts(database, world), world, by).items():
        heard = [line for line in state["log"] if line[0] == audience]
        if [cursor for _, cursor, _, _ in heard] != list(range(1, count + 1)):
            problems.append(f"{audience}: {_shape_of([line[1] for line in heard], count)}")
        stored = audience if audience != "author" else f"author:{world[by].participant_id}"
        about = objects(database, world, stored)
        wrong = [line for line in heard if line[3] is not None and about.get(line[1]) != line[3]]
        if wrong:
            problems.append(f"{audience}: about something else: {wrong[:3]}")
    return problems


def _shape_of(cursors: list[int], count: int) -> str:
    told = []
    if missing := sorted(set(range(1, count + 1)) - set(cursors)):
        told.append(f"gap {missing[:5]}")
    if doubled := [one for one, times in Counter(cursors).items() if times > 1]:
        told.append(f"duplicate {doubled[:5]}")
    if cursors != sorted(cursors):
        told.append("out of order")
    return ", ".join(told) or "beyond the register"


def state_faults(state: dict[str, Any], fresh: dict[str, Any]) -> list[str]:
    """The final state is the fresh state."""
    return [
        f"{part} differ from a fresh client's: {difference(state[part], fresh[part])}"
        for part in ("cards", "order", "totals", "figures", "cursors")
        if state[part] != fresh[part]
    ]


def difference(mine: Any, theirs: Any) -> str:
    """Where two states part."""
    if isinstance(mine, dict) and isinstance(theirs, dict):
        for key in {**mine, **theirs}:
            if mine.get(key) != theirs.get(key):
                return f"{key}: {difference(mine.get(key), theirs.get(key))}"
    if isinstance(mine, list) and isinstance(theirs, list):
        parted = [(a, b) for a, b in zip_longest(mine, theirs) if a != b]
        return f"{len(mine)} / {len(theirs)}, {str(parted[:2])[:600]}"
    here, there = str(mine), str(theirs)
    start = next((i for i, (a, b) in enumerate(zip(here, there, strict=False)) if a != b), 0)
    return f"{here[max(0, start - 100) : start + 300]} / {there[max(0, start - 100) : start + 300]}"


def check_ordeal(node: Node, plans: list[Schedule]) -> str:
    """The faults did happen and were lived through; what they were, in one line."""
    met: Counter[str] = Counter()
    told: Counter[str] = Counter()
    facts = 0
    for plan in plans:
        facts += sum(plan.writers.done.values())
        assert sum(plan.writers.done.values()) >= FACTS, plan.writers.done
        for by, relay in plan.relays.items():
            met += relay.met
            told += Counter(node.ask("place", id=plan.names[by])["told"])
    kinds = {"half_open", "stall", "delay", "crumbs", "cut", "reset", "refuse", "sudden silence"}
    if len(plans) >= 10:
        assert kinds <= set(met), met
    clients = sum(len(plan.relays) for plan in plans)
    assert told["renewed"] >= clients, f"clients were hardly cut: {told}"
    lost = sum(plan.writers.lost_races for plan in plans)
    return (
        f"{len(plans)} schedules, {clients} clients, {facts} facts, {lost} refused, {dict(told)}, {dict(met)}"
    )
