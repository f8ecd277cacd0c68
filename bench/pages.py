"""Every page of the product: how many questions to the database, and how long, on both stores.

    python bench/pages.py [--court] [--only pages,croissance] [--stores sqlite,postgresql]

*Pages*: every address of the route list that answers GET, in every state of the matrix, for every persona
who may open it. Questions are counted in an application of our own; then the state in which a page asks most
is fetched from the real server, all pages in turns.
*Growth*: the pages that show lists, with 10, 1,000 and 10,000 contributions.

Controls: a question planted for each card that is shown must be found; so must a page that nobody can open.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from _report import Report, quantile
from _server import Server, get, load
from _world import World, build, new_url, words
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.orm import Session

from portal.app import create_app
from portal.config import Settings, database_address
from portal.domain.contributions import cards, queries
from portal.extensions import db, unit
from portal.vocabulary import Audience, ModerationMode
from tests import stores
from tests.browser.matrix import plan
from tests.browser.matrix.stage import Scene, Stage
from tests.browser.server import Portal, told
from tests.factories.world import a_contribution, a_space

KEY = "k" * 48
OK = 200
# Twelve for what a page is about, and one for the bell of its frame.
FEW = 13
FLAT = 1.5
SIZES, SHORT_SIZES = (10, 1_000, 10_000), (10, 200)
BATCH = 500
# The planted page: nobody can open it.
NOWHERE = "/nulle-part"


@dataclass(frozen=True, slots=True)
class Heaviest:
    """The way in which a page asks most."""

    page: str
    path: str
    token: str
    who: str
    questions: int


class Counting:
    """An application of our own on the same database, whose questions are counted."""

    def __init__(self, instance: Path, url: str, *, demonstration: bool) -> None:
        self.app = create_app(
            Settings(instance, KEY, database_address(url), demonstration=demonstration, testing=True)
        )
        self.seen: list[str] = []

    def __enter__(self) -> Self:
        event.listen(Engine, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *_error: object) -> None:
        event.remove(Engine, "before_cursor_execute", self._note)
        with self.app.app_context():
            db.engine.dispose()
        unit.bound.close()

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        self.seen.append(statement)

    def get(self, path: str, token: str) -> tuple[int, int]:
        """The status of a page, and how many questions it asked."""
        client = self.app.test_client()
        if token:
            client.set_cookie("polyphonie", token)
        self.seen.clear()
        return client.get(path).status_code, len(self.seen)


def demonstration(folder: Path, store: str) -> tuple[str, Stage]:
    """The demonstration with a space in every phase, as the matrix of the browser tests has it."""
    folder.mkdir(parents=True)
    url = new_url(store)
    given = {"DATABASE_URL": url} if url else {}
    if not url:
        told("migrer", instance=folder)
    told("semer", instance=folder, **given)
    engine = create_engine(database_address(url) or f"sqlite:///{folder / 'polyphonie.sqlite'}")
    with Session(engine) as session, session.begin():
        stage = Scene(session).play()
    engine.dispose()
    return url, stage


def heaviest(counting: Counting, stage: Stage, every_page: Sequence[str], *, short: bool) -> list[Heaviest]:
    """For each page that somebody can open, the persona and state in which it asks most."""
    cells = plan.whole(every_page, ())
    found: dict[str, Heaviest] = {}
    for number, cell in enumerate(cells):
        # A state that a page was found in is enough for the short form, once for each persona.
        if short and cell.page in found and number % 7:
            continue
        token = stage.tokens.get(cell.persona, "")
        path = plan.address(stage, cell)
        status, questions = counting.get(path, token)
        if status == OK and (cell.page not in found or questions > found[cell.page].questions):
            found[cell.page] = Heaviest(cell.page, path, token, f"{cell.persona}, {cell.state}", questions)
    return list(found.values())


def closed(every_page: Sequence[str], found: Sequence[Heaviest]) -> list[str]:
    """Pages that nobody could open."""
    return sorted(set(every_page) - {one.page for one in found})


def measure_pages(report: Report, folder: Path, store: str, *, short: bool) -> None:
    """Every page of the route list on one store."""
    every_page = [*plan.pages(), NOWHERE]
    url, stage = demonstration(folder, store)
    with Counting(folder, url, demonstration=True) as counting:
        found = heaviest(counting, stage, every_page, short=short)
        shut = [page for page in closed(every_page, found) if not leads_elsewhere(counting, stage, page)]
    report.control(f"a page that nobody can open, {store}", NOWHERE in shut)
    shut = [page for page in shut if page != NOWHERE]
    report.row(
        f"pages that somebody can open, {store}",
        f"{len(found)} opened, {len(shut)} not: {shut}",
        "0 not",
        not shut,
    )
    times = fetched(folder, url, found, 3 if short else 25)
    for one in sorted(found, key=lambda one: -quantile(times[one.page], 0.95)):
        p50, p95 = (quantile(times[one.page], share) * 1000 for share in (0.5, 0.95))
        report.row(
            f"{store} {one.page} ({one.who})",
            f"{one.questions} questions, p50 {p50:.0f} ms, p95 {p95:.0f} ms",
            f"{FEW} questions",
            one.questions <= FEW,
        )
    everything = [value for values in times.values() for value in values]
    report.row(
        f"all pages, {store}",
        f"p50 {quantile(everything, 0.5) * 1000:.0f} ms, p95 {quantile(everything, 0.95) * 1000:.0f} ms",
    )


def leads_elsewhere(counting: Counting, stage: Stage, page: str) -> bool:
    """Whether a page sends everybody on to another: then it is that one which is measured."""
    cells = plan.whole([page], ())
    return any(
        counting.get(plan.address(stage, cell), stage.tokens.get(cell.persona, ""))[0] in (302, 303)
        for cell in cells
    )


def fetched(folder: Path, url: str, pages: Sequence[Heaviest], times: int) -> dict[str, list[float]]:
    """How long each page takes on the real server, all in turns; the first turn is not counted."""
    portal = Portal(folder)
    portal.given = {"PORTAL_LIMITS": "1000"} | ({"DATABASE_URL": url} if url else {})
    portal.start()
    try:
        lane = [get(portal.port, one.path, one.token) for _ in range(times + 1) for one in pages]
        answers, _ = load(portal.port, [lane])
    finally:
        portal.stop()
    took: dict[str, list[float]] = {}
    for _lane, number, status, _place, seconds in answers:
        page = pages[number % len(pages)]
        if status != OK:
            raise SystemExit(f"{page.path} answered {status}")
        if number >= len(pages):
            took.setdefault(page.page, []).append(seconds)
    return took


# Growth


def grown_world(folder: Path, url: str, sizes: Sequence[int]) -> tuple[World, dict[int, str]]:
    """For each size, a space with so many contributions, and one where as many wait to be read first."""
    world = build(folder, list(sizes), 8, url)
    own = world.unit()
    held: dict[int, str] = {}
    for place, size in enumerate(sizes):
        held[size] = own(lambda session: a_space(session, world.house, moderation=ModerationMode.BEFORE))
        for start in range(0, size, BATCH):
            numbers = range(start, min(start + BATCH, size))
            own(
                lambda session, numbers=numbers, size=size, place=place: [
                    a_contribution(
                        session, world.house, f"family_{place}", words(f"attend-{one}"), space_id=held[size]
                    )
                    for one in numbers
                ]
            )
    own.close()
    return world, held


def growing_pages(world: World, held: dict[int, str]) -> dict[str, dict[int, tuple[str, str]]]:
    """Pages that show lists: for each size, its address and the token of who opens it."""
    from portal.domain.accounts import service as accounts

    own = world.unit()
    moderator = own(lambda session: accounts.open_session(session, world.house["director"].account_id))
    own.close()
    reader = world.tokens[-1]
    pages: dict[str, dict[int, tuple[str, str]]] = {
        name: {} for name in ("space", "subject", "my words", "to moderate")
    }
    authors = [name for name in world.house.people if name.startswith("family")]
    for place, size in enumerate(held):
        mine = world.tokens[authors.index(f"family_{place}")]
        pages["space"][size] = world.space(size), reader
        pages["subject"][size] = world.item(size), reader
        pages["my words"][size] = f"/contrats/{world.house.contract_id}/mes-contributions", mine
        pages["to moderate"][size] = f"/espaces/{held[size]}/moderation", moderator
    return pages


def asked(counting: Counting, pages: dict[str, dict[int, tuple[str, str]]]) -> dict[str, dict[int, int]]:
    """How many questions each page asks at each size."""
    counts: dict[str, dict[int, int]] = {}
    for name, sizes in pages.items():
        for size, (path, token) in sizes.items():
            counting.get(path, token)
            status, questions = counting.get(path, token)
            if status != OK:
                raise SystemExit(f"{path} answered {status}")
            counts.setdefault(name, {})[size] = questions
    return counts


def growing(counts: dict[str, dict[int, int]]) -> list[str]:
    """The pages that ask more when there is more to show, or too much."""
    return [
        name for name, of in counts.items() if max(of.values()) > min(of.values()) or max(of.values()) > FEW
    ]


@contextmanager
def a_question_for_each_card() -> Iterator[None]:
    """The planted fault: one question for each card."""
    honest = queries.cards

    def slow(session: Session, rows: Sequence[Any], audience: Audience) -> list[Any]:
        for _row in rows:
            session.execute(text("SELECT 1"))
        return cards.cards(session, rows, audience)

    queries.cards = slow
    try:
        yield
    finally:
        queries.cards = honest


def measure_growth(report: Report, folder: Path, store: str, *, short: bool) -> None:
    """List pages at each size: questions, time, and the planted fault."""
    sizes = SHORT_SIZES if short else SIZES
    url = new_url(store)
    world, held = grown_world(folder, url, sizes)
    pages = growing_pages(world, held)
    with Counting(world.instance, url, demonstration=False) as counting:
        counts = asked(counting, pages)
        with a_question_for_each_card():
            found = growing(asked(counting, pages))
    with Server(world.instance, url) as server:
        times = in_turns(server, pages, 5 if short else 60)
    for name, of in counts.items():
        medians = {size: statistics.median(times[name, size]) * 1000 for size in sizes}
        slower = medians[sizes[-1]] / medians[sizes[0]]
        shown = ", ".join(
            f"{size}: {of[size]} questions, p50 {medians[size]:.0f} ms, p95 {quantile(times[name, size], 0.95) * 1000:.0f} ms"
            for size in sizes
        )
        report.row(
            f"growth of « {name} », {store}",
            f"{shown}; {sizes[-1]} takes {slower:.2f} times as long as {sizes[0]}",
            f"same questions, {FLAT} times",
            name not in growing(counts) and slower <= FLAT,
        )
    report.control(f"a question for each card, {store}", ", ".join(found))


def in_turns(
    server: Server, pages: dict[str, dict[int, tuple[str, str]]], times: int
) -> dict[tuple[str, int], list[float]]:
    """How long each page takes at each size, all in turns; the first turn is not counted."""
    places = [(name, size) for name, sizes in pages.items() for size in sizes]
    lane = [server.get(*pages[name][size]) for _ in range(times + 1) for name, size in places]
    took: dict[tuple[str, int], list[float]] = {}
    for _lane, number, _status, _place, seconds in server.load([lane])[0]:
        if number >= len(places):
            took.setdefault(places[number % len(places)], []).append(seconds)
    return took


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--court", action="store_true", help="fewer turns and smaller lists")
    parser.add_argument("--only", default="pages,croissance")
    parser.add_argument("--stores", default=",".join(stores.STORES))
    given = parser.parse_args()
    report = Report("pages")
    with tempfile.TemporaryDirectory() as folder:
        for store in given.stores.split(","):
            if "pages" in given.only:
                measure_pages(report, Path(folder) / f"pages-{store}", store, short=given.court)
            if "croissance" in given.only:
                measure_growth(report, Path(folder) / f"croissance-{store}", store, short=given.court)
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
