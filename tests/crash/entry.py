"""The program of a server that will be killed: the product's own `main`.

The application is imported before the first fork, so that a new worker is there in a
moment; `FAULT` names a fault planted for the controls.
"""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

import os  # noqa: E402 — patching comes first
import sqlite3  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from typing import Any  # noqa: E402

import gevent  # noqa: E402

import portal.app  # noqa: E402, F401 — for its effect on the time a worker takes
from portal import serveur  # noqa: E402
from portal.domain.participants import service  # noqa: E402
from portal.kernel.unit_of_work import SqliteUnit  # noqa: E402

SECONDS = 0.05


def early() -> None:
    """Answer before COMMIT, which comes a little later."""
    commit = SqliteUnit._commit

    def late(self: SqliteUnit, raw: sqlite3.Connection) -> None:
        time.sleep(SECONDS)
        commit(self, raw)

    SqliteUnit._commit = late  # type: ignore[method-assign]
    SqliteUnit._until_kept = lambda self, batch: None  # type: ignore[method-assign]


def forgetful() -> None:
    """Remember no form; answer a little after COMMIT, so that a kill falls in between."""
    wait = SqliteUnit._until_kept

    def slow(self: SqliteUnit, batch: Any) -> None:
        wait(self, batch)
        gevent.sleep(SECONDS)

    SqliteUnit._until_kept = slow  # type: ignore[method-assign]
    service.remember = lambda *_known: None  # type: ignore[assignment]


FAULTS = {"early": early, "forgetful": forgetful}

if __name__ == "__main__":
    if fault := os.environ.get("FAULT"):
        FAULTS[fault]()
    sys.exit(serveur.main(sys.argv[1:]))
