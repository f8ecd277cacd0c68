"""How long the national directory takes to be read, and a look-up in it while one types.

    python bench/directory.py [--court] [--lines 90000]

A file of the shape of the open data (as many establishments, then as many places on the map, three lines broken) is
sent by a director of an own portal through her page, then read piece by piece as the job in the background does, in
UTF-8 and in Latin-1, on SQLite, in this process. Between two pieces she asks how far it is. Then she types numbers,
names and towns in the field that looks establishments up.

Controls: a reader that lingers at each piece must miss the minute, and one that leaves no trace of a broken line must
be seen.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from _report import Report, quantile
from _world import build
from flask.testing import FlaskClient

from portal.app import create_app
from portal.config import Settings
from portal.domain.accounts import service as accounts
from portal.domain.organisations import directory
from portal.extensions import db, unit
from portal.jobs import directory as reader
from tests.factories import finess
from tests.factories.pages import CheckedClient

MINUTE = 60.0
LOOKED_UP_MS = 100
KEY = "k" * 48
PIECES = 3
BROKEN = {1_000: "structureet;trop court", 40_000: "structureet;;;", 80_000: "autre chose"}
TYPED = (
    "540000", "54000008", "2A0000001", "97", "tilleuls", "chataignier", "saint odi", "etoile mat", "ajaccio",
    "st denis", "pointe a pitre", "brest 4500", "rien de tel", "zzzz",
)  # fmt: skip


@dataclass
class Reading:
    """One file from its sending to its use: seconds, what the page told on the way, what it says at the end."""

    sent: float
    read: float
    told: list[int] = field(default_factory=list)
    page: str = ""


def content(number: int, encoding: str) -> bytes:
    """An extract of so many establishments, with its broken lines."""
    lines = list(finess.lines(number))
    for line, broken in placed(number).items():
        lines[line - 1] = broken
    return "\n".join(lines).encode(encoding)


def placed(number: int) -> dict[int, str]:
    """The broken lines of a file of so many establishments, by the number of their line."""
    return {max(line * number // 90_000, 2): broken for line, broken in BROKEN.items()}


def take(client: Any, here: str, instance: Path, file: bytes) -> Reading:
    """Send a file and let the job read it to its end; the page is asked now and then, outside the time."""
    begun = time.perf_counter()
    form = client.see(here).form(here)
    answer = client.post(here, data=form | {"file": (io.BytesIO(file), "finess.csv")})
    if answer.status_code != 303:
        raise SystemExit(f"refused: {answer.status_code}")
    found, pieces = Reading(time.perf_counter() - begun, 0.0), 0
    while True:
        begun = time.perf_counter()
        going = reader.work(unit.bound, instance, "bench")
        found.read += time.perf_counter() - begun
        if not going:
            break
        pieces += 1
        if pieces % PIECES == 0:
            found.told += [int(one) for one in re.findall(r"(\d+)\s%\slus", client.see(here).words)]
    found.page = "".join(client.see(here).words.split())
    return found


def named(found: Reading, number: int) -> bool:
    """Whether the page names each broken line by its number."""
    return all(f"Ligne{line}:" in found.page for line in placed(number))


def look_ups(client: Any, contract_id: str, turns: int) -> list[float]:
    """Milliseconds of each look-up through the page, every words typed in turn."""
    taken = []
    for _turn in range(turns):
        for typed in TYPED:
            begun = time.perf_counter()
            answer = client.get(
                f"/contrats/{contract_id}/perimetre/recherche", query_string={"cherche": typed}
            )
            taken.append((time.perf_counter() - begun) * 1000)
            if answer.status_code != 200:
                raise SystemExit(f"{typed}: {answer.status_code}")
    return taken


@contextmanager
def lingering(pieces: int) -> Iterator[None]:
    """The first planted fault: each piece takes its part of a minute more."""
    honest = directory.read_piece

    def slow(*given: Any, **more: Any) -> bool:
        time.sleep(1.1 * MINUTE / pieces)
        return honest(*given, **more)

    with patch.object(directory, "read_piece", slow):
        yield


def report_on(
    report: Report, clients: tuple[Any, Any], contract_id: str, instance: Path, number: int, *, short: bool
) -> None:
    """Every figure and both controls; the second client only opens pages, it does not check them."""
    client, typing = clients
    here = f"/contrats/{contract_id}/repertoire"
    for encoding in ("utf-8", "latin-1"):
        found = take(client, here, instance, content(number, encoding))
        seconds = found.sent + found.read
        report.row(
            f"{number} establishments, {encoding}", f"{seconds:.1f} s", f"{MINUTE:.0f} s", seconds < MINUTE
        )
        growing = found.told == sorted(found.told) and len(set(found.told)) > 1
        report.row("progress told on the way", f"{len(set(found.told))} steps", "it grows", growing)
        kept = f"{number - len(BROKEN)}"
        whole = f".{kept}établissements." in found.page and named(found, number)
        report.row("broken lines named, the others kept", kept, "all", whole)
    taken = look_ups(typing, contract_id, 2 if short else 20)
    slowest = quantile(taken, 0.95)
    report.row(
        "look-up while one types, p95", f"{slowest:.0f} ms", f"{LOOKED_UP_MS} ms", slowest < LOOKED_UP_MS
    )
    with patch.object(directory, "_leave_out", lambda *_given: None):
        silent = take(client, here, instance, content(number, "utf-8"))
    report.control("a reader that tells no broken line", not named(silent, number))
    if not short:
        with lingering(number * 2 // directory.LINES_AT_ONCE):
            late = take(client, here, instance, content(number, "utf-8"))
        report.control("a reader that lingers", f"{late.read:.0f} s" if late.read > MINUTE else "")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument(
        "--court", action="store_true", help="3,000 establishments, and no minute of lingering"
    )
    parser.add_argument("--lines", type=int, default=90_000)
    given = parser.parse_args()
    report = Report("directory")
    with tempfile.TemporaryDirectory() as folder:
        instance = Path(folder)
        world = build(instance, [], 2)
        own = world.unit()
        token = own(lambda session: accounts.open_session(session, world.house["director"].account_id))
        own.close()
        app = create_app(Settings(instance, KEY, testing=True))
        app.test_client_class = CheckedClient
        client = app.test_client()
        client.set_cookie("polyphonie", token)
        app.test_client_class = FlaskClient
        typing = app.test_client()
        typing.set_cookie("polyphonie", token)
        number = 3_000 if given.court else given.lines
        report_on(report, (client, typing), world.house.contract_id, instance, number, short=given.court)
        with app.app_context():
            db.engine.dispose()
        unit.bound.close()
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
