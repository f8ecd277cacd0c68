"""Comments per second and the cost of the pages people read, beside the measured peer.

    python bench/post.py [--sizes 10,1000,10000] [--posts 300] [--pages 80] [--no-pages]

The real server runs on an instance of its own; another process sends real forms (session
cookie, CSRF token, fresh operation id, 200 characters) over kept-alive connections.
`CPU` is what server and worker used: compare it when the machine is busy with other things.

Controls, each of which must be found or the bench fails: every acknowledged comment is
stored exactly once; a comment planted twice and one that was never sent are reported.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import statistics
import sys
import tempfile
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from _report import Report
from _server import Answer, Server
from _world import World, build, words
from sqlalchemy import Engine, event

from portal.app import create_app
from portal.config import Settings
from portal.extensions import db, unit

PEER_POSTS = {1: 7.18, 8: 14.78, 32: 15.69}
PEER_POST_CPU = {1: 135, 8: 125, 32: 121}
PEER_PAGE, PEER_PAGE_CPU, PEER_QUERIES = 9.46, 105, 1_656
GOAL_POSTS = {1: 30 * 7.2, 32: 30 * 15.7}
GOAL_QUERIES, GOAL_FLAT = 12, 1.5
SEE_OTHER, OK = 303, 200


@dataclass(frozen=True, slots=True)
class Stored:
    """What the database holds of the marks that were sent."""

    lost: list[str]
    doubled: list[str]

    @property
    def right(self) -> bool:
        return not self.lost and not self.doubled


def stored(database: Path, space_id: str, marks: list[str]) -> Stored:
    """Look for each mark among the words of a space: exactly one contribution each."""
    query = (
        "SELECT v.source FROM contribution_version v JOIN contribution c ON c.id = v.contribution_id "
        "WHERE c.space_id = ?"
    )
    with closing(sqlite3.connect(database)) as base:
        found = Counter(row[0].partition(" ")[0] for row in base.execute(query, (space_id,)))
    return Stored([mark for mark in marks if not found[mark]], [mark for mark in marks if found[mark] > 1])


def quantile(waits: list[float], share: float) -> float:
    """Milliseconds under which this share of the answers came."""
    return sorted(waits)[min(len(waits) - 1, int(len(waits) * share))] * 1000


class Posts:
    """Rounds of comments in the space that has a thousand."""

    def __init__(self, server: Server, world: World, size: int) -> None:
        self.server, self.world, self.size = server, world, size
        self.marks: list[str] = []
        self.requests: list[bytes] = []
        item = world.item(size)
        self.people = [(token, server.csrf(item, token)) for token in world.tokens]

    def lanes(self, concurrency: int, number: int) -> list[list[bytes]]:
        """Fresh forms, shared between so many people."""
        lanes: list[list[bytes]] = []
        for lane in range(concurrency):
            token, csrf = self.people[lane]
            marks = [
                f"mesure-{concurrency}-{lane}-{i}-{len(self.marks)}" for i in range(number // concurrency)
            ]
            self.marks += marks
            lanes.append(
                [self.server.post(self.world.item(self.size), token, csrf, words(one)) for one in marks]
            )
        return lanes

    def measure(self, concurrency: int, number: int) -> float:
        """One round: prints its line, returns posts per second."""
        lanes = self.lanes(concurrency, number)
        self.requests = [one[0] for one in lanes]
        before = self.server.cpu()
        answers, seconds = self.server.load(lanes)
        cpu = (self.server.cpu() - before) / len(answers) * 1000
        _all_are(answers, SEE_OTHER)
        rate, waits = len(answers) / seconds, [one[4] for one in answers]
        peer = PEER_POSTS[concurrency]
        goal = GOAL_POSTS.get(concurrency)
        verdict = "" if goal is None else f"  goal {goal:.0f}: {'reached' if rate >= goal else 'MISSED'}"
        print(
            f"POST  c={concurrency:<3} n={len(answers):<5} {rate:7.1f}/s  p50 {quantile(waits, 0.5):6.1f} ms  "
            f"p99 {quantile(waits, 0.99):6.1f} ms  CPU {cpu:5.2f} ms | peer {peer:5.2f}/s, CPU {PEER_POST_CPU[concurrency]} ms "
            f"| x{rate / peer:5.1f}, CPU x{PEER_POST_CPU[concurrency] / cpu:5.1f}{verdict}"
        )
        return rate

    def control(self) -> bool:
        """Every mark stored once; a replay adds nothing; planted faults are found."""
        database, space = self.world.database, self.world.spaces[self.size]
        self.server.load([self.requests])
        honest = stored(database, space, self.marks)
        token, csrf = self.people[0]
        again = self.server.post(self.world.item(self.size), token, csrf, words(self.marks[0]))
        self.server.load([[again]])
        planted = stored(database, space, [*self.marks, "jamais-envoye"])
        caught = planted.doubled == [self.marks[0]] and planted.lost == ["jamais-envoye"]
        print(
            f"check {len(self.marks)} comments acknowledged, {len(honest.lost)} lost, {len(honest.doubled)} doubled "
            f"(after {len(self.requests)} replays); planted double and loss {'found' if caught else 'NOT FOUND'}"
        )
        return honest.right and caught


def measure_pages(server: Server, world: World, queries: dict[str, int], number: int) -> bool:
    """Each page at each size, in turns, so that a busy moment falls on all of them."""
    token, right = world.tokens[0], True
    for name, address in (("space", world.space), ("item", world.item)):
        sizes = list(world.spaces)
        for size in sizes:
            server.read(address(size), token)
        before = server.cpu()
        answers, _ = server.load(
            [[server.get(address(size), token) for _ in range(number) for size in sizes]]
        )
        cpu = (server.cpu() - before) / len(answers) * 1000
        _all_are(answers, OK)
        medians = {}
        for place, size in enumerate(sizes):
            waits = [one[4] for one in answers if one[1] % len(sizes) == place]
            medians[size] = statistics.median(waits)
            count = queries[address(size)]
            right = right and count <= GOAL_QUERIES
            print(
                f"{name:5} {size:6}  n={len(waits):<5} {1 / statistics.mean(waits):7.1f}/s  p50 {quantile(waits, 0.5):6.1f} ms  "
                f"p99 {quantile(waits, 0.99):6.1f} ms  queries {count:3}{'' if count <= GOAL_QUERIES else ' TOO MANY'} "
                f"| peer {PEER_PAGE}/s, {PEER_QUERIES} queries | x{1 / statistics.mean(waits) / PEER_PAGE:5.1f}"
            )
        ratio = medians[max(sizes)] / medians[min(sizes)]
        right = right and ratio <= GOAL_FLAT
        print(
            f"{name:5} {max(sizes)} / {min(sizes)}: x{ratio:.2f} ({'flat' if ratio <= GOAL_FLAT else 'NOT FLAT'}), "
            f"CPU {cpu:.2f} ms a page (peer {PEER_PAGE_CPU})"
        )
    return right


def count_queries(world: World) -> dict[str, int]:
    """SQL statements of each page, counted in an application of our own on the same database."""
    app = create_app(Settings(world.instance, "k" * 48))
    seen: list[str] = []
    event.listen(Engine, "before_cursor_execute", lambda _c, _u, statement, *_rest: seen.append(statement))
    client, counts = app.test_client(), {}
    client.set_cookie("polyphonie", world.tokens[0])
    for size in world.spaces:
        for path in (world.space(size), world.item(size)):
            client.get(path)
            seen.clear()
            answer = client.get(path)
            assert answer.status_code == OK, path
            counts[path] = len(seen)
    with app.app_context():
        db.engine.dispose()
    unit.bound.close()
    return counts


def _all_are(answers: list[Answer], status: int) -> None:
    others = Counter(one[2] for one in answers if one[2] != status)
    if others:
        raise SystemExit(f"answers other than {status}: {dict(others)}")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", default="10,1000,10000", help="contributions of the measured spaces")
    parser.add_argument("--posts", type=int, default=300, help="comments at concurrency 1; more at 8 and 32")
    parser.add_argument("--pages", type=int, default=80, help="requests of each page at each size")
    parser.add_argument("--no-pages", action="store_true")
    given = parser.parse_args()
    sizes = [int(one) for one in given.sizes.split(",")]
    target = 1000 if 1000 in sizes else sizes[0]
    right = True
    with tempfile.TemporaryDirectory() as folder:
        world = build(Path(folder) / "instance", sizes, people=33)
        print(f"machine: {os.cpu_count()} cores, load {os.getloadavg()[0]:.2f}")
        queries = {} if given.no_pages else count_queries(world)
        with Server(world.instance) as server:
            if not given.no_pages:
                right = measure_pages(server, world, queries, given.pages)
            posts = Posts(server, world, target)
            server.load(posts.lanes(1, 20))
            for concurrency in PEER_POSTS:
                rate = posts.measure(concurrency, given.posts * (1 if concurrency == 1 else 3))
                right = right and rate >= GOAL_POSTS.get(concurrency, 0)
            right = posts.control() and right
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
