"""A crowd on a database that does not answer: the connections for reading run out, and come back by themselves.

Pages and sockets wait on a locked table and hold their connection; people leave before the answer;
sockets come and go. Everyone is told the truth meanwhile, and nothing is held once the table is free.
"""

from __future__ import annotations

import re
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlencode

import psycopg
import pytest
import raw
import server as running
import world as worlds

from tests import stores

pytestmark = [pytest.mark.live, pytest.mark.slow]

WORDS = "Le repas du soir est servi trop tôt."
# Longer than a statement waits for a lock: some are refused in the middle.
PRESSURE_SECONDS, HEALED_SECONDS = 3.0, 6.0
CSRF = re.compile(rb'name="csrf_token"[^>]*value="([^"]+)"')
STATUS = re.compile(rb"HTTP/1.1 (\d{3})")
READERS, IMPATIENT, SOCKETS = 6, 4, 4
# As many as `few_connections` leaves.
CONNECTIONS = 3


def serving(folder, *faults):
    url = stores.new_database()
    return running.serving(
        folder,
        DATABASE_URL=url,
        FAULT=" ".join(("few_connections", *faults)),
        PORTAL_LIMITS="1000",
        PORTAL_TESTING="0",
    )


@dataclass
class Crowd:
    """Whoever asks for something while nothing answers; `answers` are whole, as they came."""

    server: running.Running
    world: worlds.World
    answers: list[bytes] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def page(self) -> str:
        return f"/espaces/{self.world.space_id}/sujets/{self.world.items[0]}"

    def asked(self, name: str, method: str = "GET", path: str = "", body: bytes = b"", seconds: float = 20.0):
        """What comes until the other side closes, or patience ends."""
        sent = raw.request(
            self.server,
            method,
            path or self.page,
            body,
            Cookie=f"{running.COOKIE}={self.world[name].token}",
            Connection="close",
            Content_Type="application/x-www-form-urlencoded",
            Sec_Fetch_Site="same-origin",
        )
        with raw.opened(self.server) as connection:
            connection.sendall(sent)
            return raw.until_closed(connection, seconds)[0]

    def reads(self) -> None:
        """Somebody who waits for each page."""
        while not self.over.is_set():
            self.answers.append(self.asked("family"))

    def leaves(self) -> None:
        """Somebody who closes the page before it came."""
        while not self.over.is_set():
            with suppress(OSError):
                self.asked("cousin", seconds=0.2)

    def comes_and_goes(self) -> None:
        """A page that opens its socket, and is closed in the middle of the handshake, or later without a word."""
        number = 0
        while not self.over.is_set():
            number += 1
            with suppress(OSError), raw.opened(self.server) as connection:
                connection.sendall(raw.upgrade(self.server, self.world["uncle"].token))
                if number % 2:
                    raw.until_closed(connection, 0.05)
                    connection.sendall(raw.frame(raw.TEXT, b"40"))
                raw.until_closed(connection, 0.3)

    def posts(self, token: str) -> bytes:
        """Words sent meanwhile."""
        fields = {"body": WORDS, "kind": "comment", "op_id": "a" * 26, "csrf_token": token}
        return self.asked("relative", "POST", f"{self.page}/contribuer", urlencode(fields).encode())


@contextmanager
def locked(database: str, table: str):
    """Somebody holds a table: whoever reads it waits, and is refused in the end."""
    with psycopg.connect(database.replace("+psycopg", "")) as other:
        other.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        yield
        other.rollback()


@contextmanager
def pressed(crowd: Crowd, table: str):
    """Everybody asks while a table is locked."""
    doing = [crowd.reads] * READERS + [crowd.leaves] * IMPATIENT + [crowd.comes_and_goes] * SOCKETS
    threads = [threading.Thread(target=one, daemon=True) for one in doing]
    crowd.over.clear()
    with locked(crowd.server.database, table):
        for thread in threads:
            thread.start()
        try:
            yield
            time.sleep(PRESSURE_SECONDS)
        finally:
            crowd.over.set()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()


def status(answer: bytes) -> int:
    found = STATUS.match(answer)
    return int(found[1]) if found else 0


def token_of(crowd: Crowd) -> str:
    found = CSRF.search(crowd.asked("relative"))
    assert found is not None
    return found[1].decode()


def lent(crowd: Crowd) -> dict[str, int]:
    return crowd.server.act("lent", crowd.world["director"].participant_id)


def check_healed(crowd: Crowd) -> None:
    """Pages answer, and nobody holds a connection any more."""
    assert running.until(lambda: status(crowd.asked("family")) == 200, HEALED_SECONDS)
    nothing = {"reading": 0, "writing": 0}
    assert running.until(lambda: lent(crowd) == nothing, HEALED_SECONDS), lent(crowd)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server with few connections."""
    with serving(tmp_path_factory.mktemp("peu") / "instance") as server:
        yield server


@pytest.mark.parametrize("table", ["space", "account"], ids=["pages wait", "sessions wait"])
def test_an_exhausted_pool_is_told_and_heals(server, table):
    crowd = Crowd(server, worlds.build(server.database))
    token = token_of(crowd)
    witness = running.Listener(server, crowd.world["resident"].token)
    assert witness.enter(crowd.world.space_id)["ok"]
    with pressed(crowd, table):
        assert running.until(lambda: lent(crowd)["reading"] == CONNECTIONS), "all connections are taken"
        given_back = crowd.posts(token)
    check_healed(crowd)
    check_told(crowd, given_back)
    assert status(crowd.posts(token)) == 303
    assert running.until(lambda: witness.frames), "the page that stayed open hears again"
    witness.close()
    kept = "SELECT count(*) FROM contribution WHERE space_id = ?"
    assert worlds.rows(server.database, kept, crowd.world.space_id) == [(1,)]


def check_told(crowd: Crowd, given_back: bytes) -> None:
    """Whoever waited for an answer had the truth, and their words back."""
    assert {status(one) for one in crowd.answers} <= {200, 503}
    refused = [one for one in crowd.answers if status(one) == 503]
    assert len(refused) >= READERS
    for one in (*refused, given_back):
        assert re.search(rb"\r\nRetry-After: [1-9]", one)
        assert b"psycopg" not in one
    assert status(given_back) == 503
    assert WORDS.encode() in given_back


def test_control_connections_that_are_never_given_back_are_found(tmp_path):
    with serving(tmp_path / "instance", "kept_connections") as server:
        crowd = Crowd(server, worlds.build(server.database))
        with pressed(crowd, "account"):
            pass
        with pytest.raises(AssertionError):
            check_healed(crowd)


def test_words_that_come_slowly_hold_no_connection(server):
    crowd = Crowd(server, worlds.build(server.database))
    sent = raw.request(
        server,
        "POST",
        f"{crowd.page}/contribuer",
        b"body=",
        Cookie=f"{running.COOKIE}={crowd.world['cousin'].token}",
        Content_Type="application/x-www-form-urlencoded",
        Content_Length="4000",
    )
    slow = [raw.opened(server) for _ in range(6)]
    try:
        for connection in slow:
            connection.sendall(sent)
        assert running.until(lambda: lent(crowd)["reading"] == 0, 1.5), lent(crowd)
        # The server of these tests waits two seconds for a form: all still send.
        assert status(crowd.asked("family")) == 200
    finally:
        for connection in slow:
            connection.close()
