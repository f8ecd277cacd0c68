"""The portal as two processes behind nginx, on PostgreSQL and Valkey, for people at their browsers."""

from __future__ import annotations

import json
import re
import sys
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests import stores
from tests.browser.server import Portal, told

WORKERS = 2
ROUTE_COOKIE = "polyphonie_route"
POLLING = "/socket.io/?EIO=4&transport=polling"


def seeded_on_postgresql(folder: Path) -> str:
    """The address of a PostgreSQL database that holds the demonstration."""
    folder.mkdir(parents=True, exist_ok=True)
    url = stores.new_database()
    told("semer", instance=folder, DATABASE_URL=url)
    return url


class TwoWorkers(Portal):
    """Two processes that share a database and a bus; each person keeps to one of them."""

    def __init__(self, instance: Path, url: str) -> None:
        super().__init__(instance)
        self.database_url = url
        self.given = {"DATABASE_URL": url, "REDIS_URL": stores.valkey_url()}

    def server_command(self) -> list[str]:
        """How the two are run."""
        return [sys.executable, "-m", "tests.several", str(self.port), str(WORKERS)]

    def kill(self) -> None:
        """End all of them; killed at once, the one that watches them takes the others along a moment later."""
        self.stop()

    def rows(self, query: str, *values: object) -> Sequence[Any]:
        """What the database holds, read beside the servers."""
        address = self.database_url.replace("postgresql://", "postgresql+psycopg://", 1)
        return stores.plain_sql(address, query, *values)

    def routes(self) -> list[str]:
        """For each process, the digits of a person who keeps to it."""
        text = (self.instance / "nginx" / "nginx.conf").read_text(encoding="utf-8")
        ports = [int(port) for port in re.findall(r"server 127\.0\.0\.1:(\d+)", text)]
        found: dict[int, str] = {}
        for number in range(256):
            digits = f"{number:02x}"
            opened = self._ask(self.port, POLLING, digits)
            session = json.loads(opened[1:])["sid"]
            # A live session is known in the process that opened it, and nowhere else.
            home = next(port for port in ports if self._ask(port, f"{POLLING}&sid={session}&probe", digits))
            found.setdefault(home, digits)
            if len(found) == len(ports):
                return [found[port] for port in ports]
        raise AssertionError("everybody is sent to the same process")

    def _ask(self, port: int, path: str, digits: str) -> str:
        """What is answered there, or nothing when it is refused."""
        asked = urllib.request.Request(f"http://127.0.0.1:{port}{path}")
        asked.add_header("Host", f"127.0.0.1:{self.port}")
        asked.add_header("Origin", self.url)
        asked.add_header("Cookie", f"{ROUTE_COOKIE}={digits}")
        if "sid=" in path:
            asked.data, asked.method = b"3", "POST"
        try:
            with urllib.request.urlopen(asked, timeout=20) as answer:
                return str(answer.read().decode())
        except urllib.error.HTTPError:
            return ""
