"""How long each hostile file takes until it is refused, at each door where files are sent.

    python bench/hostile_files.py [--court]

Each file of `tests/factories/hostile_files.py` is sent by a director of an own portal, in this process, at every
door: documents, files that are taken up, acts, the directory. What is shown is the worst of all sendings: on the
clock, and on the processors of this process and of those that it starts to open files.

Controls: a door that unfolds what comes before it weighs it, and a door that keeps what it should refuse.
"""

from __future__ import annotations

import argparse
import io
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from _report import Report
from _world import build

from portal.app import create_app
from portal.config import Settings
from portal.domain.accounts import service as accounts
from portal.domain.acts import documents as acts
from portal.extensions import db, unit
from tests.factories.documents import spent
from tests.factories.hostile_files import DOORS, KINDS, knock, made
from tests.factories.pages import CheckedClient

SECONDS = 2.0
KEY = "k" * 48
REFUSED = (413, 422)
# What is taken as it is: words that begin like formulas, and a document that asks for a word before it opens.
TAKEN = {("documents", "formulas"), ("acts", "locked")}
SLEEP = 2.5


@dataclass(frozen=True, slots=True)
class Sending:
    """One file at one door: what was answered, in how many seconds of the clock and of the processors."""

    door: str
    kind: str
    status: int
    wall: float
    processor: float


def sendings(client: Any, contract_id: str, doors: list[str], kinds: list[str]) -> list[Sending]:
    """Every file at every door."""
    found = []
    for kind in kinds:
        name, content = made(kind)
        for door in doors:
            wall, processor = time.perf_counter(), spent()
            answer = knock(client, contract_id, DOORS[door], name, content)
            found.append(
                Sending(door, kind, answer.status_code, time.perf_counter() - wall, spent() - processor)
            )
    return found


def slow(found: list[Sending]) -> list[str]:
    """The sendings that took too long."""
    return [f"{one.kind} at {one.door}: {one.wall:.1f} s" for one in found if one.wall >= SECONDS]


def kept(found: list[Sending]) -> list[str]:
    """The sendings that should have been refused, and were not."""
    return [
        f"{one.kind} at {one.door}: {one.status}"
        for one in found
        if one.status not in REFUSED and (one.door, one.kind) not in TAKEN
    ]


@contextmanager
def instead(name: str, other: Any) -> Iterator[None]:
    """Put a fault in the place of what looks at the documents of acts."""
    honest = getattr(acts, name)
    setattr(acts, name, other)
    try:
        yield
    finally:
        setattr(acts, name, honest)


def unfolding(content: bytes) -> None:
    """The first planted fault: all is unfolded, slowly, before it is weighed."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for part in archive.infolist():
            archive.read(part)
    time.sleep(SLEEP)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--court", action="store_true", help="once instead of five times")
    given = parser.parse_args()
    report = Report("hostile files")
    with tempfile.TemporaryDirectory() as folder:
        world = build(Path(folder), [], 2)
        own = world.unit()
        token = own(lambda session: accounts.open_session(session, world.house["director"].account_id))
        own.close()
        app = create_app(Settings(Path(folder), KEY, testing=True))
        app.test_client_class = CheckedClient
        client = app.test_client()
        client.set_cookie("polyphonie", token)
        contract, doors, kinds = world.house.contract_id, list(DOORS), list(KINDS)
        # The first one starts the process that opens files.
        sendings(client, contract, doors, kinds[:1])
        rounds = [sendings(client, contract, doors, kinds) for _ in range(1 if given.court else 5)]
        every = [one for some in rounds for one in some]
        for door in doors:
            for kind in kinds:
                some = [one for one in every if (one.door, one.kind) == (door, kind)]
                report.row(
                    f"{kind} at {door}",
                    f"{some[0].status}, {max(one.wall for one in some):.2f} s "
                    f"(processor {max(one.processor for one in some):.2f} s)",
                    f"{SECONDS:.0f} s",
                    not slow(some) and not kept(some),
                )
        with instead("_refuse_harm", unfolding):
            found = slow(sendings(client, contract, ["acts"], ["bomb in a text"]))
        report.control("a door that unfolds before it weighs", ", ".join(found))
        with instead("_refuse_harm", lambda _content: None):
            found = kept(sendings(client, contract, ["acts"], ["macros in a text"]))
        report.control("a door that keeps what it should refuse", ", ".join(found))
        with app.app_context():
            db.engine.dispose()
        unit.bound.close()
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
