"""From one person's form to everybody's page: how soon, and at what cost beside Node's socket.io.

    python bench/live.py [--court] [--only delai,cout,controles]

*Delay*: several people send real forms at a steady pace to the production server; each comment is timed
from the instant it was due until each page has it, by the journal and the relay. SQLite in one process,
PostgreSQL in one and in two. Every comment must reach every page once and in order.
*Cost*: deliveries for each second of the server's processor, in one room of 200 and of 1,000 people and in
100 rooms of 20, by the relay and by the gateway alone, in turns with a Node server that sends the same frame.

Controls: one frame forgotten, and a relay that stops 200 ms at each frame, must each turn the figure red.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from _outside import SERVER_CORE, Node, Orders, Outside, node_peer
from _report import Report, quantile, spread, wait_for_calm
from _server import Server
from _world import World, build, new_url, words

from tests import stores
from tests.factories.world import a_contribution

GOAL_SECONDS, GOAL_PACE, GOAL_PEOPLE = 0.3, 50, 50
LANES, PEOPLE = 16, 110
SEE_OTHER = 303
ROOMS, IN_EACH = 100, 20
# What the relay sends for a comment of 200 signs weighs about as much.
PATIENCE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Setting:
    """On what the delay is measured."""

    name: str
    store: str
    workers: int = 1


SETTINGS = (
    Setting("SQLite, one process", "sqlite"),
    Setting("PostgreSQL, one process", "postgresql"),
    Setting("PostgreSQL, two processes", "postgresql", 2),
)


class Forms:
    """Comments with a mark of their own, as several people send them."""

    def __init__(self, server: Server, world: World) -> None:
        self.server, self.world = server, world
        self.people = [(token, server.csrf(world.item(0), token)) for token in world.tokens[:LANES]]
        self.made = 0

    def some(self, number: int) -> list[tuple[int, int, bytes]]:
        """So many fresh forms: mark, lane, bytes."""
        made = []
        for _ in range(number):
            self.made += 1
            lane = self.made % len(self.people)
            token, csrf = self.people[lane]
            body = words(f"mesure-{self.made}")
            made.append((self.made, lane, self.server.post(self.world.item(0), token, csrf, body)))
        return made


def faults_of(told: dict[str, Any], pace: int, people: int, *, goal: bool = True) -> list[str]:
    """What is wrong with a run: nothing when it is right."""
    wrong = []
    if told["missing"]:
        wrong.append(f"{told['missing']} deliveries missing")
    if told["gaps"]:
        wrong.append(f"{told['gaps']} gaps")
    if set(told["statuses"]) != {SEE_OTHER}:
        wrong.append(f"answers {told['statuses']}")
    late = quantile(told["times"], 0.99) if told["times"] else 99.0
    if goal and (pace, people) == (GOAL_PACE, GOAL_PEOPLE) and late > GOAL_SECONDS:
        wrong.append(f"p99 {late * 1000:.0f} ms")
    return wrong


def delays(server: Server, world: World, pace: int, people: int, seconds: float) -> dict[str, Any]:
    """One run: so many people listen, so many comments a second are sent."""
    forms = Forms(server, world)
    with Outside(pinned=server.workers == 1) as outside:
        tokens = [world.tokens[number % len(world.tokens)] for number in range(people)]
        crowd = [(token, world.spaces[0]) for token in tokens]
        if outside.ask("open", server.port, crowd, server.workers > 1) != people:
            raise SystemExit("not everybody came in")
        outside.ask("posts", server.port, forms.some(LANES * 2), LANES, 20.0)
        before = server.cpu()
        told: dict[str, Any] = outside.ask(
            "posts", server.port, forms.some(int(pace * seconds)), LANES, float(pace)
        )
        told["cpu"] = (server.cpu() - before) / max(len(told["took"]), 1)
    return told


def started(folder: Path, setting: Setting, fault: str = "") -> tuple[World, Server]:
    """A world and the server for it, not started yet."""
    url = new_url(setting.store)
    world = build(folder / setting.name.replace(" ", "-").replace(",", "") / fault, [0], PEOPLE, url)
    bus = stores.valkey_url() if setting.workers > 1 else ""
    core = SERVER_CORE if setting.workers == 1 and not url else None
    return world, Server(world.instance, url, bus, setting.workers, fault=fault, core=core)


def measure_delays(report: Report, folder: Path, *, short: bool) -> None:
    """Every setting, pace and crowd."""
    for setting in SETTINGS:
        world, server = started(folder, setting)
        with server:
            for people in (GOAL_PEOPLE,) if short else (GOAL_PEOPLE, 300):
                for pace in (GOAL_PACE,) if short else (GOAL_PACE, 100):
                    wait_for_calm()
                    told = delays(server, world, pace, people, 4.0 if short else 15.0)
                    wrong = faults_of(told, pace, people)
                    judged = (pace, people) == (GOAL_PACE, GOAL_PEOPLE)
                    report.row(
                        f"form to page, {setting.name}, {pace}/s, {people} people",
                        f"{spread(told['times'])}; answer to the form {spread(told['took'])}; "
                        f"{told['cpu'] * 1000:.1f} ms of processor a comment, frames of {told['size']} bytes"
                        + (f" [{', '.join(wrong)}]" if wrong else ""),
                        "p99 < 300 ms, nothing lost" if judged else "nothing lost",
                        not (wrong if judged else faults_of(told, pace, people, goal=False)),
                    )


def measure_controls(report: Report, folder: Path) -> None:
    """Two planted faults, each of which must be found by what judges the figures."""
    for fault, said in (("drop_one", "one frame forgotten"), ("slow", "200 ms in the relay at each frame")):
        world, server = started(folder, SETTINGS[0], fault)
        with server:
            told = delays(server, world, GOAL_PACE, GOAL_PEOPLE, 3.0)
        report.control(said, ", ".join(faults_of(told, GOAL_PACE, GOAL_PEOPLE)))


@dataclass(frozen=True, slots=True)
class Crowd:
    """Who listens where, and how many frames are sent at a time."""

    name: str
    rooms: int
    in_each: int

    @property
    def people(self) -> int:
        return self.rooms * self.in_each


CROWDS = (
    Crowd("one room of 200", 1, 200),
    Crowd("one room of 1,000", 1, 1000),
    Crowd("100 rooms of 20", ROOMS, IN_EACH),
)
BURSTS = (1, 8)


class Costs:
    """Deliveries per second of processor, by each way, in turns."""

    def __init__(self, world: World, server: Server, orders: Orders, node: Node) -> None:
        self.world, self.server, self.orders, self.node = world, server, orders, node
        self.unit = world.unit()
        self.card = {"shape": "card", "space": world.spaces[-1], "audience": "readers", "html": "x" * 2200}

    def people(self, crowd: Crowd) -> list[tuple[str, str]]:
        """A token and a space for each."""
        spaces = [self.world.spaces[-1 - number] for number in range(crowd.rooms)]
        return [
            (self.world.tokens[number % len(self.world.tokens)], spaces[number % crowd.rooms])
            for number in range(crowd.people)
        ]

    def write(self, spaces: list[str], count: int) -> None:
        """Comments, written beside the server as another process would, then the bell."""

        def work(session: Any) -> None:
            for number in range(count):
                for space in spaces:
                    a_contribution(
                        session, self.world.house, "staff_rep", words(f"cout-{number}"), space_id=space
                    )

        self.unit(work)
        self.orders.tell(ring=1)

    def run(self, way: str, crowd: Crowd, burst: int, frames: int) -> tuple[float, int]:
        """Deliveries per processor second, and the bytes of a frame. Raises SystemExit when one is lost."""
        peer = self.node if way == "node" else self.server
        spaces = [self.world.spaces[-1 - number] for number in range(crowd.rooms)]
        orders = self.node.orders if way == "node" else self.orders
        with Outside() as outside:
            if outside.ask("open", peer.port, self.people(crowd), False) != crowd.people:
                raise SystemExit(f"{way}, {crowd.name}: not everybody came in")
            orders.tell(frame=self.card)
            # The first is not counted: rooms are opened, code is warm after it.
            total, before = 0, 0.0
            for turn in range(1 + max(frames // burst, 1)):
                if turn == 1:
                    before = peer.cpu()
                if way == "relay":
                    self.write(spaces, burst)
                else:
                    orders.tell(rooms=[[space, self.epochs[space]] for space in spaces], count=burst)
                total += burst * crowd.people
                told = outside.ask("count", total, PATIENCE_SECONDS)
                if told["frames"] != total or told["gaps"]:
                    raise SystemExit(f"{way}, {crowd.name}: {told} instead of {total}")
            used = peer.cpu() - before
        return (total - burst * crowd.people) / max(used, 0.01), told["size"]

    @property
    def epochs(self) -> dict[str, int]:
        """The epoch of each space: frames go to no other room."""
        from portal.domain.spaces import queries

        return self.unit(lambda session: queries.epochs(session, list(self.world.spaces.values())))


def measure_costs(report: Report, folder: Path, *, short: bool) -> None:
    """Product and peer in turns, in one run."""
    world = build(folder / "cout", [], PEOPLE, rooms=ROOMS)
    orders = Orders()
    rounds = 1 if short else 3
    with Server(world.instance, trigger=orders.port, core=SERVER_CORE) as server, node_peer() as node:
        costs = Costs(world, server, orders, node)
        learn_card(costs)
        for crowd in CROWDS[:1] if short else CROWDS:
            for burst in BURSTS:
                found: dict[str, list[float]] = {"relay": [], "gateway": [], "node": []}
                frames = max(burst, (8_000 if short else 20_000) // crowd.people)
                for _ in range(rounds):
                    for way, figures in found.items():
                        figure, size = costs.run(way, crowd, burst, frames)
                        figures.append(figure)
                tell_costs(report, crowd, burst, found, size)


def learn_card(costs: Costs) -> None:
    """Let gateway and peer send what the relay really sends for a comment."""
    from portal.domain.journal import queries as journal
    from portal.vocabulary import Audience

    space = costs.world.spaces[-1]
    costs.write([space], 1)
    from portal.app import create_app
    from portal.config import Settings
    from portal.extensions import db
    from portal.realtime import outbound

    app = create_app(Settings(costs.world.instance, "k" * 48))
    with app.app_context():
        session = db.session()
        count = journal.cursors(session, space, [Audience.READERS.value])[Audience.READERS.value]
        row = journal.audience_frames(session, space, Audience.READERS.value, count - 1, 1)[0]
        costs.card = outbound.frame(outbound.Shelf(session, [row]), row, Audience.READERS)
        session.rollback()
        db.engine.dispose()


def tell_costs(report: Report, crowd: Crowd, burst: int, found: dict[str, list[float]], size: int) -> None:
    """One row for each way, and how it stands beside the peer."""
    peer = statistics.median(found["node"])
    for way, figures in found.items():
        middle = statistics.median(figures)
        ratio = "" if way == "node" else f", {middle / peer:.2f} of Node"
        report.row(
            f"deliveries per processor second, {crowd.name}, {burst} at a time, {way}",
            f"{middle:,.0f} ({min(figures):,.0f} to {max(figures):,.0f}, {len(figures)} turns, {size} bytes){ratio}",
        )


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--court", action="store_true", help="a few seconds of each")
    parser.add_argument("--only", default="delai,cout,controles")
    given = parser.parse_args()
    wanted = given.only.split(",")
    report = Report("live")
    with tempfile.TemporaryDirectory() as folder:
        if "delai" in wanted:
            measure_delays(report, Path(folder), short=given.court)
        if "controles" in wanted:
            measure_controls(report, Path(folder))
        if "cout" in wanted:
            measure_costs(report, Path(folder), short=given.court)
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
