"""A house with its people and spaces, made by the tests' factories, on either database."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from portal.config import database_address
from portal.domain.accounts import service as accounts
from portal.kernel.stores import unit_on
from portal.vocabulary import ContributionKind
from tests import stores
from tests.factories.database import migrated
from tests.factories.world import House, a_contribution, a_house, a_space

if TYPE_CHECKING:
    from portal.kernel.units import Unit

AUTHORS = ("family", "professional", "staff_rep", "manager")
WORDS = "Le dîner est servi trop tôt pour beaucoup d’entre nous, et la soirée paraît longue. "
BATCH = 500


@dataclass
class World:
    """One house, a space per size, and people who are signed in."""

    instance: Path
    house: House
    url: str = ""
    spaces: dict[int, str] = field(default_factory=dict)
    tokens: list[str] = field(default_factory=list)

    @property
    def database(self) -> Path:
        return self.instance / "polyphonie.sqlite"

    @property
    def store(self) -> str:
        """The address of the database, as the product names it."""
        return database_address(self.url) or f"sqlite:///{self.database}"

    def unit(self) -> Unit:
        """A unit of work of our own beside the server's, as the command line has."""
        return unit_on(self.store)

    def item(self, size: int) -> str:
        return f"/espaces/{self.spaces[size]}/sujets/{self.house.items[0]}"

    def space(self, size: int) -> str:
        return f"/espaces/{self.spaces[size]}"


def words(mark: str, length: int = 200) -> str:
    """A comment of so many characters that begins with its mark."""
    return f"{mark} {WORDS * (length // len(WORDS) + 1)}"[:length]


def new_url(store: str) -> str:
    """A new PostgreSQL database, or nothing: a file of the instance is what SQLite uses."""
    return stores.new_database() if store == "postgresql" else ""


def build(folder: Path, sizes: list[int], people: int, url: str = "", rooms: int = 0) -> World:
    """A migrated instance with one space per number of contributions, and `rooms` empty ones (-1, -2, …)."""
    folder.mkdir(parents=True, exist_ok=True)
    if not url:
        migrated(folder / "polyphonie.sqlite").chmod(0o600)
    world = World(folder, House("", "", [], []), url)
    unit = world.unit()
    world.house = unit(lambda session: a_house(session, "Tilleuls", families=people))
    for size in sizes:
        world.spaces[size] = unit(lambda session: a_space(session, world.house))
        fill(unit, world, size)
    for number in range(1, rooms + 1):
        world.spaces[-number] = unit(lambda session: a_space(session, world.house))
    members = [person for name, person in world.house.people.items() if name.startswith("family")]
    world.tokens = [
        unit(lambda session, one=one: accounts.open_session(session, one.account_id)) for one in members
    ]
    unit.close()
    return world


def fill(unit: Unit, world: World, size: int) -> None:
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
