"""The real server on an instance of its own, with a world made by the tests' factories."""

from __future__ import annotations

import os
import pickle
import re
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from portal.domain.accounts import service as accounts
from portal.kernel.ids import new_id
from portal.kernel.unit_of_work import SqliteUnit
from portal.vocabulary import ContributionKind
from tests.factories.database import migrated
from tests.factories.world import House, a_contribution, a_house, a_space

LOAD = Path(__file__).with_name("_load.py")
AUTHORS = ("family", "professional", "staff_rep", "manager")
WORDS = "Le dîner est servi trop tôt pour beaucoup d’entre nous, et la soirée paraît longue. "
BATCH = 500
TICK = os.sysconf("SC_CLK_TCK")
CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
Answer = tuple[int, int, int, str, float]


@dataclass
class World:
    """One house, a space per size, and people who are signed in."""

    instance: Path
    house: House
    spaces: dict[int, str] = field(default_factory=dict)
    tokens: list[str] = field(default_factory=list)

    @property
    def database(self) -> Path:
        return self.instance / "polyphonie.sqlite"

    def item(self, size: int) -> str:
        return f"/espaces/{self.spaces[size]}/sujets/{self.house.items[0]}"

    def space(self, size: int) -> str:
        return f"/espaces/{self.spaces[size]}"


def words(mark: str, length: int = 200) -> str:
    """A comment of so many characters that begins with its mark."""
    return f"{mark} {WORDS * (length // len(WORDS) + 1)}"[:length]


def build(folder: Path, sizes: list[int], people: int) -> World:
    """A migrated instance with one space per number of contributions."""
    folder.mkdir(parents=True, exist_ok=True)
    migrated(folder / "polyphonie.sqlite").chmod(0o600)
    unit = SqliteUnit(folder / "polyphonie.sqlite")
    house = unit(lambda session: a_house(session, "Tilleuls", families=people))
    world = World(folder, house)
    for size in sizes:
        world.spaces[size] = unit(lambda session: a_space(session, house))
        fill(unit, world, size)
    members = [person for name, person in house.people.items() if name.startswith("family")]
    world.tokens = [
        unit(lambda session, one=one: accounts.open_session(session, one.account_id)) for one in members
    ]
    unit.close()
    return world


def fill(unit: SqliteUnit, world: World, size: int) -> None:
    """Contributions on the first item: in each five, four roots and a reply to the fourth."""
    space_id, last = world.spaces[size], [""]

    def some(session: Any, start: int) -> None:
        for number in range(start, min(start + BATCH, size)):
            reply = number % 5 == 4
            made = a_contribution(
                session,
                world.house,
                AUTHORS[number % len(AUTHORS)],
                words(f"fond-{size}-{number}"),
                kind=ContributionKind.REPLY if reply else ContributionKind.COMMENT,
                space_id=space_id,
                parent_id=last[0] if reply else None,
            )
            last[0] = last[0] if reply else made

    for start in range(0, size, BATCH):
        unit(lambda session, start=start: some(session, start))


class Server:
    """`python -m portal.serveur` on a free port, in production mode on this machine."""

    def __init__(self, instance: Path) -> None:
        self.instance = instance
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        environ = {
            **os.environ,
            "PORTAL_INSTANCE": str(self.instance),
            "PORTAL_URL": f"http://127.0.0.1:{self.port}",
            "SECRET_KEY": secrets.token_urlsafe(48),
            # A load is not a person: what is measured is what the limits let through.
            "PORTAL_LIMITS": "1000",
        }
        command = [sys.executable, "-m", "portal.serveur", "--port", str(self.port), "--production"]
        words = self.instance / "serveur.log"
        with words.open("wb") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environ, stderr=log)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self.process.poll() is None:
            with suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/sante", timeout=5).read()
                return self
            time.sleep(0.05)
        self.__exit__(None, None, None)
        raise SystemExit("the server did not start\n" + words.read_text(encoding="utf-8"))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def cpu(self) -> float:
        """Processor seconds used so far by the server and its worker."""
        assert self.process is not None
        mine = [self.process.pid, *_children(self.process.pid)]
        return sum(_ticks(pid) for pid in mine) / TICK

    def load(self, lanes: list[list[bytes]]) -> tuple[list[Answer], float]:
        """Send the lanes from another process; the answers and how long they took."""
        given = pickle.dumps((self.port, lanes))
        done = subprocess.run([sys.executable, "-S", LOAD], input=given, stdout=subprocess.PIPE, check=True)
        answered: tuple[list[Answer], float] = pickle.loads(done.stdout)
        return answered

    def get(self, path: str, token: str) -> bytes:
        """The bytes of a page request."""
        return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nCookie: polyphonie={token}\r\n\r\n".encode()

    def read(self, path: str, token: str) -> str:
        """A page, as this person reads it."""
        asked = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", headers={"Cookie": f"polyphonie={token}"}
        )
        return str(urllib.request.urlopen(asked, timeout=30).read().decode())

    def csrf(self, path: str, token: str) -> str:
        """The token that this person's forms carry."""
        found = CSRF.search(self.read(path, token))
        assert found is not None, "no form on the page"
        return found[1]

    def post(self, item: str, token: str, csrf: str, body: str, op_id: str | None = None) -> bytes:
        """The bytes of the form of a comment, as a browser sends it."""
        form = {
            "csrf_token": csrf,
            "op_id": op_id or new_id(),
            "kind": ContributionKind.COMMENT.value,
            "body": body,
        }
        data = urlencode(
            {**form, "reason": "", "display": "group", "paragraph": "", "register": "", "version": ""}
        )
        head = (
            f"POST {item}/contribuer HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            f"Cookie: polyphonie={token}\r\nOrigin: http://127.0.0.1:{self.port}\r\nSec-Fetch-Site: same-origin\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(data)}\r\n\r\n"
        )
        return (head + data).encode()


def _children(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(one) for one in text.split()]


def _ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
