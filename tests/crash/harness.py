"""Writers over HTTP, a server killed at random instants, and the judge of what is left.

The claim: what was acknowledged is stored, exactly once. A writer whose answer did not
come sends the same bytes again, with the same operation id, until it is acknowledged.
"""

from __future__ import annotations

import http.client
import os
import random
import re
import secrets
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from portal.domain.accounts import service as accounts
from portal.domain.journal.verify import verify_database
from portal.kernel.ids import new_id
from portal.kernel.unit_of_work import SqliteUnit
from tests.factories.world import a_house, a_space

ROOT = Path(__file__).resolve().parents[2]
ENTRY = Path(__file__).with_name("entry.py")
CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
WRITERS = 8
WHOLE_EVERY = 6
PATIENCE = 40.0
SEE_OTHER, EXPIRED, UNAVAILABLE = 303, 400, 503


@dataclass
class Tally:
    """What the writers know: their word against the database."""

    acknowledged: list[str] = field(default_factory=list)
    replayed: int = 0
    kills: int = 0
    refused: list[str] = field(default_factory=list)


class Killed:
    """The server, which is killed: its worker most of the time, all of it now and then."""

    def __init__(self, instance: Path, fault: str = "") -> None:
        self.instance = instance
        self.fault = fault
        self.key = secrets.token_urlsafe(48)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start in a session of its own: a kill then reaches all of it."""
        environ = {
            **os.environ,
            "PORTAL_INSTANCE": str(self.instance),
            "PORTAL_URL": f"http://127.0.0.1:{self.port}",
            "SECRET_KEY": self.key,
            "FAULT": self.fault,
            "PORTAL_LIMITS": "1000",
            "PYTHONPATH": str(ROOT),
        }
        with (self.instance / "journal.txt").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, ENTRY, "--port", str(self.port), "--production"],
                cwd=ROOT,
                env=environ,
                stderr=log,
                start_new_session=True,
            )

    def kill(self, *, whole: bool) -> None:
        """SIGKILL; the worker is replaced by its master, the whole is started again."""
        assert self.process is not None
        if whole:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.start()
            return
        for worker in self._workers():
            os.kill(worker, signal.SIGKILL)

    def stop(self) -> None:
        """End it for good."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def read(self, path: str, token: str) -> str:
        """A page, asked until the server is there."""
        deadline = time.monotonic() + PATIENCE
        asked = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", headers={"Cookie": f"polyphonie={token}"}
        )
        while True:
            try:
                return str(urllib.request.urlopen(asked, timeout=10).read().decode())
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

    def _workers(self) -> list[int]:
        assert self.process is not None
        pid = self.process.pid
        return [
            int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
        ]


class Writer(threading.Thread):
    """One person who sends comment after comment, and again whatever was not acknowledged."""

    def __init__(self, number: int, server: Killed, item: str, token: str, tally: Tally) -> None:
        super().__init__(daemon=True)
        self.number, self.server, self.item, self.token, self.tally = number, server, item, token, tally
        self.csrf = ""
        self.over = threading.Event()
        self._connection: http.client.HTTPConnection | None = None

    def run(self) -> None:
        self._open_page()
        count = 0
        while not self.over.is_set():
            count += 1
            self._until_acknowledged(f"essai-{self.number}-{count}")

    def _open_page(self) -> None:
        found = CSRF.search(self.server.read(self.item, self.token))
        assert found is not None
        self.csrf = found[1]

    def _until_acknowledged(self, mark: str) -> None:
        words = {"op_id": new_id(), "kind": "comment", "body": f"{mark} Le dîner vient trop tôt."}
        deadline, sent = time.monotonic() + PATIENCE, 0
        while time.monotonic() < deadline:
            status = self._post(urlencode(words | {"csrf_token": self.csrf}))
            sent += 1
            if status == EXPIRED:
                # The token was in a session that the kill took with it: the page is opened again.
                self._open_page()
                continue
            if status == SEE_OTHER:
                self.tally.acknowledged.append(mark)
                self.tally.replayed += sent > 1
                return
            if status not in (None, UNAVAILABLE):
                self.tally.refused.append(f"{mark}: {status}")
                return
            time.sleep(0.02)
        self.tally.refused.append(f"{mark}: no answer")

    def _post(self, body: str) -> int | None:
        """The status, or None when no answer came."""
        headers = {"Cookie": f"polyphonie={self.token}", "Content-Type": "application/x-www-form-urlencoded"}
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=15)
        try:
            self._connection.request("POST", f"{self.item}/contribuer", body, headers)
            answer = self._connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            self._connection = None
            return None
        return answer.status


def prepare(instance: Path, people: int = WRITERS) -> tuple[str, list[str]]:
    """Fill a migrated database: the address of an item, and the sessions of those who write."""
    database = instance / "polyphonie.sqlite"
    database.chmod(0o600)
    unit = SqliteUnit(database)
    try:
        house = unit(lambda session: a_house(session, "Tilleuls", families=people))
        space = unit(lambda session: a_space(session, house))
        members = [person for name, person in house.people.items() if name.startswith("family")]
        tokens = [
            unit(lambda session, one=one: accounts.open_session(session, one.account_id)) for one in members
        ]
    finally:
        unit.close()
    return f"/espaces/{space}/sujets/{house.items[0]}", tokens


def ordeal(instance: Path, kills: int, fault: str = "", seed: int = 0) -> Tally:
    """Kill so many times under load; returns once everything sent was acknowledged."""
    item, tokens = prepare(instance)
    chance, tally, server = random.Random(seed), Tally(), Killed(instance, fault)
    server.start()
    writers = [Writer(number, server, item, token, tally) for number, token in enumerate(tokens)]
    try:
        for writer in writers:
            writer.start()
        for number in range(kills):
            _wait_for_acknowledgements(tally)
            time.sleep(chance.uniform(0, 0.12))
            server.kill(whole=number % WHOLE_EVERY == WHOLE_EVERY - 1)
            tally.kills += 1
        _wait_for_acknowledgements(tally)
        for writer in writers:
            writer.over.set()
        for writer in writers:
            writer.join(PATIENCE * 2)
    finally:
        server.stop()
    return tally


def _wait_for_acknowledgements(tally: Tally, number: int = WRITERS) -> None:
    wanted, deadline = len(tally.acknowledged) + number, time.monotonic() + PATIENCE
    while len(tally.acknowledged) < wanted:
        if time.monotonic() > deadline:
            raise AssertionError(f"the server does not come back; refused: {tally.refused[:3]}")
        time.sleep(0.005)


def judge(database: Path, tally: Tally) -> list[str]:
    """Everything that is wrong with what is left; nothing when the claim holds."""
    with closing(sqlite3.connect(database)) as base:
        found = Counter(
            row[0].partition(" ")[0] for row in base.execute("SELECT source FROM contribution_version")
        )
        faults = [f"integrity: {row[0]}" for row in base.execute("PRAGMA integrity_check") if row[0] != "ok"]
        faults += _holes(base)
    faults += [f"lost: {mark}" for mark in tally.acknowledged if not found[mark]]
    faults += [f"twice: {mark}" for mark, number in found.items() if number > 1]
    faults += [f"refused: {one}" for one in tally.refused]
    verdict = verify_database(database)
    if not verdict.ok:
        faults.append(f"register: {verdict.first_bad}")
    return faults


def _holes(base: sqlite3.Connection) -> list[str]:
    heads: dict[str, Any] = dict(base.execute("SELECT contract_id, seq FROM journal_head"))
    faults = []
    for contract_id, head in heads.items():
        lines = base.execute(
            "SELECT seq FROM journal_line WHERE contract_id = ? ORDER BY seq", (contract_id,)
        )
        if [row[0] for row in lines] != list(range(1, head + 1)):
            faults.append(f"a hole in the journal of {contract_id}")
    cursors = base.execute(
        "SELECT c.space_id, c.audience, c.count, count(f.cursor) FROM audience_cursor c LEFT JOIN audience_frame f "
        "ON f.space_id = c.space_id AND f.audience = c.audience GROUP BY c.space_id, c.audience"
    )
    faults += [f"a hole in the frames of {row[1]}" for row in cursors if row[2] != row[3]]
    return faults
