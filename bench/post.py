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
# Twelve for what a page is about, and one for the bell of its frame.
GOAL_QUERIES, GOAL_FLAT = 13, 1.5
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

    def __init__(self, report: Report, server: Server, world: World, size: int) -> None:
        self.report, self.server, self.world, self.size = report, server, world, size
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

    def measure(self, concurrency: int, number: int) -> None:
        """One round: posts per second."""
        lanes = self.lanes(concurrency, number)
        self.requests = [one[0] for one in lanes]
        before = self.server.cpu()
        answers, seconds = self.server.load(lanes)
        cpu = (self.server.cpu() - before) / len(answers) * 1000
        _all_are(answers, SEE_OTHER)
        rate, waits = len(answers) / seconds, [one[4] for one in answers]
        peer = PEER_POSTS[concurrency]
        goal = GOAL_POSTS.get(concurrency)
        self.report.row(
            f"comments sent, {concurrency} at a time",
            f"{rate:.1f}/s, p50 {quantile(waits, 0.5):.1f} ms, p99 {quantile(waits, 0.99):.1f} ms, "
            f"{cpu:.2f} ms of processor each, n={len(answers)}; peer {peer}/s, {PEER_POST_CPU[concurrency]} ms: "
            f"x{rate / peer:.1f}, processor x{PEER_POST_CPU[concurrency] / cpu:.1f}",
            "" if goal is None else f"{goal:.0f}/s",
            None if goal is None else rate >= goal,
        )

    def control(self) -> None:
        """Every mark stored once; a replay adds nothing; planted faults are found."""
        database, space = self.world.database, self.world.spaces[self.size]
        self.server.load([self.requests])
        honest = stored(database, space, self.marks)
        token, csrf = self.people[0]
        again = self.server.post(self.world.item(self.size), token, csrf, words(self.marks[0]))
        self.server.load([[again]])
        planted = stored(database, space, [*self.marks, "jamais-envoye"])
        self.report.row(
            "comments acknowledged and stored",
            f"{len(self.marks)} acknowledged, {len(honest.lost)} lost, {len(honest.doubled)} doubled "
            f"(after {len(self.requests)} replays)",
            "0 lost, 0 doubled",
            honest.right,
        )
        caught = planted.doubled == [self.marks[0]] and planted.lost == ["jamais-envoye"]
        self.report.control("a comment sent twice, one never sent", caught)


def measure_pages(report: Report, server: Server, world: World, queries: dict[str, int], number: int) -> None:
    """Each page at each size, in turns, so that a busy moment falls on all of them."""
    token = world.tokens[0]
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
            report.row(
                f"page of a {name}, {size} contributions",
                f"{1 / statistics.mean(waits):.1f}/s, p50 {quantile(waits, 0.5):.1f} ms, p99 {quantile(waits, 0.99):.1f} ms, "
                f"{count} questions; peer {PEER_PAGE}/s, {PEER_QUERIES} questions",
                f"{GOAL_QUERIES} questions",
                count <= GOAL_QUERIES,
            )
        ratio = medians[max(sizes)] / medians[min(sizes)]
        report.row(
            f"page of a {name}, {max(sizes)} beside {min(sizes)}",
            f"x{ratio:.2f}, {cpu:.2f} ms of processor a page (peer {PEER_PAGE_CPU})",
            f"x{GOAL_FLAT}",
            ratio <= GOAL_FLAT,
        )


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
    parser.add_argument("--court", action="store_true", help="small spaces, few comments")
    given = parser.parse_args()
    if given.court:
        given.sizes, given.posts, given.pages = "10,200", 60, 10
    sizes = [int(one) for one in given.sizes.split(",")]
    target = 1000 if 1000 in sizes else sizes[0]
    report = Report("post")
    with tempfile.TemporaryDirectory() as folder:
        world = build(Path(folder) / "instance", sizes, people=33)
        queries = {} if given.no_pages else count_queries(world)
        with Server(world.instance) as server:
            if not given.no_pages:
                measure_pages(report, server, world, queries, given.pages)
            posts = Posts(report, server, world, target)
            server.load(posts.lanes(1, 20))
            for concurrency in PEER_POSTS:
                posts.measure(concurrency, given.posts * (1 if concurrency == 1 else 3))
            posts.control()
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
