"""A register of a million lines: what one more costs, and what exporting and verifying hold in memory.

    python bench/register.py [--lines 1000000]

The first and the last ten thousand lines are written by the service of the portal; those between are
written in bulk, with the same chain. Each reading runs in a process of its own, whose peak is what
the system says. Control: an export that first makes a list is found by the same bound.
"""

from __future__ import annotations

import argparse
import sqlite3
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from _report import Report
from sqlalchemy.orm import Session

from portal.domain.facts import Fact, FactKind
from portal.domain.journal import rules, service
from portal.domain.journal.models import JournalHead
from portal.domain.register import export, queries, sealing
from portal.kernel.engines import read_engine, write_engine
from portal.kernel.ids import new_id
from portal.tables import METADATA
from portal.vocabulary import Group

ROOT = Path(__file__).resolve().parents[1]
EDGE, BATCH, SMALL = 10_000, 250, 10_000
KINDS = (
    FactKind.CONTRIBUTION_PUBLISHED,
    FactKind.CONTRIBUTION_THANKED,
    FactKind.ANSWER_GIVEN,
    FactKind.SPACE_OPENED,
)
# What a stream may take more for a million lines than for ten thousand.
ROOM_MB = 32
# Runs a program as it is, and writes the peak of its own memory (not of what it was forked from).
PEAK = """
import atexit, os, runpy, sys
told = sys.argv[1]
atexit.register(lambda: open(told, "w").write(open("/proc/self/status").read()))
sys.argv = sys.argv[2:]
sys.path.insert(0, os.path.dirname(os.path.abspath(sys.argv[0])))
runpy.run_path(sys.argv[0], run_name="__main__")
"""
SLOWER = 1.5
INSERT = "INSERT INTO journal_line VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


def append(database: Path, contract: str, count: int) -> float:
    """So many lines by the service, a few hundred to a COMMIT; microseconds a line (the best batch of ten)."""
    engine = write_engine(database)
    spent = []
    with engine.connect() as connection:
        connection.begin()
        raw = connection.connection.driver_connection
        for batch in range(count // BATCH):
            raw.execute("BEGIN IMMEDIATE")
            began = time.process_time()
            with Session(connection, join_transaction_mode="control_fully") as session:
                service.hold(session, contract)
                for number in range(BATCH):
                    service.append(
                        session,
                        Fact(
                            KINDS[number % len(KINDS)], contract, new_id(), group=Group.FAMILIES,
                            participant_id=contract, content=f"Des mots, {batch} {number}.",
                        ),
                    )  # fmt: skip
                session.flush()
                spent.append(time.process_time() - began)
                raw.execute("COMMIT")
    engine.dispose()
    spent.sort()
    return spent[len(spent) // 2] / BATCH * 1e6


def fill(database: Path, contract: str, upto: int) -> None:
    """Lines in bulk, chained like the others."""
    rng = Random(1)
    with sqlite3.connect(database) as base:
        seq, head = base.execute("SELECT seq, head FROM journal_head").fetchone()
        rows = []
        for number in range(seq + 1, upto + 1):
            salt = rng.randbytes(32)
            line = rules.Line(
                contract, number, "2026-11-22", KINDS[number % len(KINDS)].value, "families", new_id(),
                rules.seal(salt, "mots"), rules.seal(salt, contract), rules.veil(salt),
            )  # fmt: skip
            head = rules.line_hash(line, head)
            rows.append(
                (contract, number, line.at, line.kind, line.group, line.object, line.digest, line.commit, head, line.veil)
            )  # fmt: skip
            if len(rows) == EDGE:
                base.executemany(INSERT, rows)
                rows.clear()
        base.executemany(INSERT, rows)
        base.execute("UPDATE journal_head SET seq = ?, ticks = ?, head = ?", (upto, upto, head))
    base.close()


def write_export(database: Path, contract: str, file: Path, upto: int, *, whole: bool) -> None:
    """The sealed export into a file; `whole` plants the fault: all of it in memory first."""
    engine = read_engine(database)
    with Session(engine) as session, file.open("wb") as out:
        full = queries.head(session, contract)
        line = full.hash
        if upto < full.seq:
            line = session.connection().exec_driver_sql(
                "SELECT hash FROM journal_line WHERE seq = ?", (upto,)
            ).scalar_one()  # fmt: skip

        def fresh() -> Session:
            session.rollback()
            return session

        head = queries.Head(min(upto, full.seq), line)
        pieces = export.sealed(fresh, contract, head, (), sealing.seal_of(database.parent), datetime.now(UTC))
        for piece in list(pieces) if whole else pieces:
            out.write(piece)
    engine.dispose()


def measured(*command: object) -> tuple[float, float, int]:
    """Seconds, megabytes at the peak, and the answer of a process of its own."""
    began = time.monotonic()
    with tempfile.NamedTemporaryFile("r") as told:
        asked = [sys.executable, "-c", PEAK, told.name, *map(str, command)]
        answer = subprocess.run(asked, stdout=subprocess.DEVNULL, check=False).returncode
        seconds = time.monotonic() - began
        peak = next(line.split()[1] for line in told if line.startswith("VmHWM"))
    return seconds, int(peak) / 1024, answer


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--export", nargs=4, metavar=("DB", "CONTRACT", "FILE", "UPTO"))
    parser.add_argument("--whole", action="store_true")
    given = parser.parse_args()
    if given.export:
        database, contract, file, upto = given.export
        write_export(Path(database), contract, Path(file), int(upto), whole=given.whole)
        return 0
    report = Report("register")
    with tempfile.TemporaryDirectory() as folder:
        run(report, Path(folder), given.lines)
    return report.end()


def run(report: Report, folder: Path, count: int) -> None:
    database, contract = folder / "polyphonie.sqlite", new_id()
    engine = read_engine(database)
    METADATA.create_all(engine, tables=[METADATA.tables[name] for name in METADATA.tables])
    engine.dispose()
    with sqlite3.connect(database) as base:
        base.execute(
            "INSERT INTO journal_head (contract_id, seq, head) VALUES (?, 0, ?)",
            (contract, rules.genesis(contract)),
        )
    base.close()
    assert JournalHead.__tablename__ == "journal_head"
    first = append(database, contract, EDGE)
    fill(database, contract, count - EDGE)
    last = append(database, contract, EDGE)
    report.row(
        f"one more line, processor time: the first {EDGE:,} and the last {EDGE:,} of {count:,}",
        f"{first:.0f} µs, then {last:.0f} µs", f"≤ ×{SLOWER}", last <= first * SLOWER,
    )  # fmt: skip
    small, large = folder / "petit.jsonl", folder / "grand.jsonl"

    def exported(file: Path, upto: int, *more: str) -> tuple[float, float, int]:
        return measured(Path(__file__), "--export", database, contract, file, upto, *more)

    _, base_mb, _ = exported(small, SMALL)
    seconds, mb, answer = exported(large, count)
    bound = base_mb + ROOM_MB
    report.row(
        f"export of {count:,} lines", f"{seconds:.0f} s, {large.stat().st_size / 1e6:.0f} MB, peak {mb:.0f} MB "
        f"({base_mb:.0f} MB for {SMALL:,})", f"≤ {bound:.0f} MB", answer == 0 and mb <= bound,
    )  # fmt: skip
    verifier = ROOT / "verifier.py"
    _, base_verified, ok_small = measured(verifier, small)
    seconds, verified, answer = measured(verifier, large)
    report.row(
        f"verification of {count:,} lines", f"{seconds:.0f} s, peak {verified:.0f} MB ({base_verified:.0f} MB for {SMALL:,})",
        f"≤ {base_verified + ROOM_MB:.0f} MB", (answer, ok_small) == (0, 0) and verified <= base_verified + ROOM_MB,
    )  # fmt: skip
    _, heavy, _ = exported(folder / "liste.jsonl", count, "--whole")
    report.control("an export that makes a list first", f"peak {heavy:.0f} MB" if heavy > bound else False)
    data = bytearray(large.read_bytes())
    data[len(data) // 2] ^= 1
    large.write_bytes(data)
    report.control("one bit in the middle of the file", measured(verifier, large)[2] == 1)


if __name__ == "__main__":
    sys.exit(main())
