"""Every page of a contract of full size among two hundred: how many questions, how long, how heavy.

    python bench/contracts.py [--court] [--copies 200] [--turns 20] [--only objectifs]

A contract of 40 establishments, 4 strategic objectives, 100 actions, 60 indicators over 5 years and 300 findings
is made by the verbs of the product, then written 199 times more, beside a small one, on SQLite. Every address of a
contract that answers GET is opened in this process by a director, a family member and an agent who follows 60
contracts. Its questions are those of the same page of the small contract; its time is taken after a first turn, on
the clock (the goal), and on the processor, which says what the page costs when the machine does something else too.
Weights are of a first visit, compressed: the page with its style sheets, scripts and font.

Controls: a question for each finding, and a page that sleeps, must be found.
"""

from __future__ import annotations

import argparse
import gzip
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from _contract import BIG, SMALL, Made, make
from _multiply import multiply
from _report import Report, quantile
from pages import Counting
from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.domain.accounts import service as accounts
from portal.domain.diagnostic import queries as diagnostic
from portal.kernel.stores import unit_on
from portal.serveur import settle_memory
from tests.browser.matrix import plan
from tests.factories.database import migrated

PERSONAS = ("director", "family", "authority")
EVERYWHERE = ("/contrats", "/suivi", "/ma-semaine", "/notifications")
FOLLOWED = 60
SLOWEST_MS = 150
HEAVIEST = 100 * 1024
OK, ELSEWHERE = 200, (301, 302, 303, 308)
SLEEP = 0.25
ASSET = re.compile(r'(?:href|src)="(/static/[^"]+\.(?:css|js|woff2)[^"]*)"')
# What the addresses of pages call by name, and the bench makes.
NAMED = {
    "contract_id", "establishment_id", "trame_id", "block_id", "finding_id", "axis_id", "branch_id", "objective_id",
    "action_id", "indicator_id", "means_id", "decision_id", "amendment_id", "disagreement_id", "seat_id", "line_id",
    "document_id", "import_id", "space_id", "item_id", "contribution_id", "act_id",
}  # fmt: skip
Place = tuple[str, str]


@dataclass
class Seen:
    """One page as one person finds it."""

    few: int = 0
    many: int = 0
    wall: list[float] = field(default_factory=list)
    spent: list[float] = field(default_factory=list)
    size: int = 0
    packed: int = 0


@dataclass
class World:
    """The two contracts, and who opens them."""

    folder: Path
    big: Made
    small: Made
    tokens: dict[tuple[str, str], str]


def world(folder: Path, copies: int) -> tuple[World, int]:
    """The big contract, its copies, the small one; how many rows the copies have."""
    folder.mkdir(parents=True, exist_ok=True)
    database = migrated(folder / "polyphonie.sqlite")
    database.chmod(0o600)
    unit = unit_on(f"sqlite:///{database}")
    big = make(unit, "Grand", BIG)
    unit.close()
    rows = multiply(database, copies - 1, FOLLOWED, big.house["authority"].account_id)
    unit = unit_on(f"sqlite:///{database}")
    small = make(unit, "Petit", SMALL)
    tokens = {
        (size, who): unit(
            lambda session, made=made, who=who: accounts.open_session(session, made.house[who].account_id)
        )
        for size, made in (("big", big), ("small", small))
        for who in PERSONAS
    }
    unit.close()
    return World(folder, big, small, tokens), rows


def address(made: Made, page: str) -> str | None:
    """Where a page is in a contract; None when the bench has nothing of what it is about."""
    path = plan.CHOICE.sub(lambda found: found[1].split(",")[0], page)
    for name in plan.PARAMETER.findall(path):
        if name not in made.named:
            return None
        path = re.sub(rf"<(?:[^:<>]+:)?{name}>", made.named[name], path)
    return path


def about(only: str) -> tuple[list[str], list[str]]:
    """The pages that are measured, and those of which the bench has nothing to show."""
    everything = [*EVERYWHERE, *(one for one in plan.pages() if "<id:" in one)]
    known = [one for one in everything if set(plan.PARAMETER.findall(plan.CHOICE.sub("", one))) <= NAMED]
    return [one for one in known if only in one], sorted(set(everything) - set(known))


class Opening:
    """Opens pages as people, and remembers what each of them cost."""

    def __init__(self, counting: Counting, there: World) -> None:
        self.counting, self.world = counting, there
        self.clients: dict[tuple[str, str], Any] = {}
        self.assets: dict[str, int] = {}
        for who, token in there.tokens.items():
            self.clients[who] = counting.app.test_client()
            self.clients[who].set_cookie("polyphonie", token)

    def get(self, size: str, who: str, page: str) -> tuple[Any, int]:
        """The answer, and how many questions it asked."""
        made = self.world.big if size == "big" else self.world.small
        self.counting.seen.clear()
        answer = self.clients[size, who].get(address(made, page))
        return answer, len(self.counting.seen)

    def asked(self, pages: Sequence[str]) -> tuple[dict[Place, Seen], list[str]]:
        """Questions of each page in both contracts, once it is warm; and the pages that nobody can open."""
        found: dict[Place, Seen] = {}
        shut = set(pages)
        for page in pages:
            for who in PERSONAS:
                answer, _ = self.get("big", who, page)
                if answer.status_code in ELSEWHERE:
                    shut.discard(page)
                if answer.status_code != OK:
                    continue
                shut.discard(page)
                self.get("small", who, page)
                _, few = self.get("small", who, page)
                answer, many = self.get("big", who, page)
                body = answer.get_data()
                found[page, who] = Seen(few, many, size=len(body), packed=self._first_visit(body, who))
        return found, sorted(shut)

    def timed(self, found: dict[Place, Seen], turns: int) -> None:
        """How long each takes, all in turns."""
        for _turn in range(turns):
            for (page, who), seen in found.items():
                wall, spent = time.perf_counter(), time.process_time()
                self.get("big", who, page)
                seen.spent.append((time.process_time() - spent) * 1000)
                seen.wall.append((time.perf_counter() - wall) * 1000)

    def _first_visit(self, body: bytes, who: str) -> int:
        links = set(ASSET.findall(body.decode("utf-8")))
        for link in links - self.assets.keys():
            sent = self.clients["big", who].get(link).get_data()
            self.assets[link] = len(sent) if ".woff2" in link else len(gzip.compress(sent, 6))
        return len(gzip.compress(body, 6)) + sum(self.assets[link] for link in links)


def growing(found: dict[Place, Seen]) -> list[str]:
    """The pages that ask more of a big contract than of a small one."""
    return [
        f"{page} ({who}): {seen.few} then {seen.many}"
        for (page, who), seen in found.items()
        if seen.many > seen.few
    ]


def slow(found: dict[Place, Seen]) -> list[str]:
    """The pages over the limit on the clock."""
    return [
        f"{page} ({who}): {quantile(seen.wall, 0.95):.0f} ms"
        for (page, who), seen in found.items()
        if quantile(seen.wall, 0.95) >= SLOWEST_MS
    ]


@contextmanager
def a_question_for_each_finding() -> Iterator[None]:
    """The first planted fault."""
    honest = diagnostic._views

    def curious(session: Session, ids: Sequence[str], *more: Any) -> Any:
        for _one in ids:
            session.execute(text("SELECT 1"))
        return honest(session, ids, *more)

    diagnostic._views = curious
    try:
        yield
    finally:
        diagnostic._views = honest


@contextmanager
def a_page_that_sleeps(counting: Counting, endpoint: str) -> Iterator[None]:
    """The second one."""
    views = counting.app.view_functions
    honest = views[endpoint]

    def sleepy(*given: Any, **named: Any) -> Any:
        time.sleep(SLEEP)
        return honest(*given, **named)

    views[endpoint] = sleepy
    try:
        yield
    finally:
        views[endpoint] = honest


def controls(report: Report, opening: Opening) -> None:
    """Both faults, on the page of the findings."""
    page = "/contrats/<id:contract_id>/diagnostic"
    with a_question_for_each_finding():
        found, _ = opening.asked([page])
    report.control("a question for each finding", ", ".join(growing(found)))
    found, _ = opening.asked([page])
    with a_page_that_sleeps(opening.counting, "diagnostic.show"):
        opening.timed(found, 2)
    report.control("a page that sleeps", ", ".join(slow(found)))


def told(report: Report, found: dict[Place, Seen]) -> None:
    """One row per page and person, the slowest first."""
    for (page, who), seen in sorted(found.items(), key=lambda one: -quantile(one[1].spent, 0.95)):
        fast = quantile(seen.wall, 0.95) < SLOWEST_MS
        report.row(
            f"{page} ({who})",
            f"{seen.many} questions ({seen.few} of a small contract), p50 {quantile(seen.wall, 0.5):.0f} ms, "
            f"p95 {quantile(seen.wall, 0.95):.0f} ms (processor {quantile(seen.spent, 0.5):.0f}, "
            f"{quantile(seen.spent, 0.95):.0f}), {seen.size / 1024:.0f} KB, first visit {seen.packed / 1024:.0f} KB",
            f"no more questions, {SLOWEST_MS} ms, {HEAVIEST // 1024} KB",
            seen.many <= seen.few and fast and seen.packed <= HEAVIEST,
        )


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--court", action="store_true", help="three contracts, three turns")
    parser.add_argument("--copies", type=int, default=200)
    parser.add_argument("--turns", type=int, default=20)
    parser.add_argument("--only", default="", help="pages whose address holds these words")
    given = parser.parse_args()
    copies, turns = (3, 3) if given.court else (given.copies, given.turns)
    report = Report("contracts")
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        there, rows = world(Path(folder), copies)
        size = (Path(folder) / "polyphonie.sqlite").stat().st_size / 1024 / 1024
        report.row(
            "the database",
            f"{copies} contracts of full size, {rows:,} rows in copies, {size:.0f} MB, "
            f"made in {time.perf_counter() - begun:.0f} s",
        )
        pages, left = about(given.only)
        with Counting(Path(folder), "", demonstration=False) as counting:
            opening = Opening(counting, there)
            found, shut = opening.asked(pages)
            # As the server does once it has started; this process made two hundred contracts before.
            settle_memory()
            opening.timed(found, turns)
            told(report, found)
            report.row("pages that none of the three opens", f"{len(shut)}: {shut}")
            report.row("pages of what the bench does not make", f"{len(left)}: {left}")
            report.row("pages that ask more", f"{growing(found)}", "none", not growing(found))
            every = [value for seen in found.values() for value in seen.wall]
            report.row(
                f"{len(found)} pages and people",
                f"p50 {quantile(every, 0.5):.0f} ms, p95 {quantile(every, 0.95):.0f} ms, "
                f"{len(slow(found))} over {SLOWEST_MS} ms",
                "0 over",
                not slow(found),
            )
            controls(report, opening)
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
