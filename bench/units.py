"""Units of work per second, each with one row and one line of the journal.

    python bench/units.py [--seconds 3] [--slow-sync 50]

`--slow-sync` adds that many milliseconds to every COMMIT, as on a slow disk.
The control (`one commit per unit`) shows what group commit brings.
"""

from __future__ import annotations

import argparse
import sqlite3
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import gevent
from _report import Report

from portal.domain.facts import Fact, FactKind
from portal.domain.journal import service
from portal.domain.journal.verify import verify_database
from portal.domain.participants.models import Operation
from portal.kernel import clock, unit_of_work
from portal.kernel.engines import read_engine
from portal.kernel.ids import new_id
from portal.kernel.unit_of_work import SqliteUnit
from portal.tables import METADATA
from portal.vocabulary import Group

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

WORDS = "Le goûter est trop tôt. Peut-on en parler au prochain conseil ? " * 5


class SlowUnit(SqliteUnit):
    slow = 0.0

    def _commit(self, raw: sqlite3.Connection) -> None:
        time.sleep(self.slow)
        super()._commit(raw)


def prepare(path: Path) -> tuple[str, str]:
    engine = read_engine(path)
    METADATA.create_all(engine)
    engine.dispose()
    contract, space = new_id(), new_id()
    with sqlite3.connect(path) as base:
        base.execute(
            "INSERT INTO space(id, contract_id, object, question, introduction, opens_at, ends_at, answer_days, "
            "moderation, phase, pause_reason, broken_promise, promise_note, created_at, version, epoch) VALUES "
            "(?, ?, 'diagnostic', '', '', '2026-01-01', '2027-01-01', 30, 'avant', 'ouvert', '', '', '', '2026-01-01', 1, 1)",
            (space, contract),
        )
    base.close()
    return contract, space


def work(contract: str, space: str) -> Callable[[Session], None]:
    def run(session: Session) -> None:
        person, thing = new_id(), new_id()
        session.add(Operation(participant_id=person, op_id=thing, digest="", outcome="/", at=clock.now()))
        kind = FactKind.CONTRIBUTION_SUBMITTED
        service.append(session, Fact(kind, contract, thing, Group.FAMILIES, person, WORDS, space, person))

    return run


def measure(report: Report, concurrency: int, seconds: float, slow: float, batch: int) -> float:
    unit_of_work.BATCH = batch
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        unit = SlowUnit(path)
        unit.slow = slow
        run = work(*prepare(path))
        unit(run)
        waits: list[float] = []
        units, commits, start = unit.units, unit.commits, time.perf_counter()

        def client() -> None:
            while time.perf_counter() - start < seconds:
                began = time.perf_counter()
                unit(run)
                waits.append(time.perf_counter() - began)

        gevent.joinall([gevent.spawn(client) for _ in range(concurrency)], raise_error=True)
        took = time.perf_counter() - start
        made, closed = unit.units - units, unit.commits - commits
        unit.close()
        verdict = verify_database(path)
        label = "one commit per unit" if batch == 1 else "group commit"
        right = verdict.ok and verdict.lines == made + 1
        report.row(
            f"{label}, {concurrency} at a time",
            f"{made / took:.0f} units/s, {closed} commits for {made} units, "
            f"median {statistics.median(waits) * 1000:.1f} ms, longest {max(waits) * 1000:.0f} ms, "
            f"register {'intact' if right else 'BAD'}",
            "register intact",
            right,
        )
        return made / took


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--slow-sync", type=float, default=0.0, help="milliseconds added to each COMMIT")
    parser.add_argument("--court", action="store_true", help="one second each")
    given = parser.parse_args()
    report = Report("units")
    seconds, slow = 1.0 if given.court else given.seconds, given.slow_sync / 1000
    usual = unit_of_work.BATCH
    many = [measure(report, concurrency, seconds, slow, usual) for concurrency in (1, 8, 32)][-1]
    alone = measure(report, 32, seconds, slow, 1)
    report.control("one commit for each unit", f"{many / alone:.1f} times slower" if alone < many else False)
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
