"""Reads `expected.txt`, the hand-written table of rights, and compares decisions to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.policy.targets import Target
from portal.vocabulary import Phase

from .personas import (
    AGES,
    ALL_CASES,
    ANONYMOUS,
    ANSWERED,
    APPEALS,
    COLLEGES,
    FOREIGN,
    OWN,
    PERSONAS,
    STATES,
    YES,
    AppealCase,
    Case,
    ContributionCase,
    SpaceCase,
)

PERMISSIONS = {permission.value: permission for permission in Permission}
TABLE = Path(__file__).with_name("expected.txt")
PHASE_HEADER = [phase.value for phase in Phase]
FILTERS: dict[str, dict[str, object]] = {
    "états": dict(STATES),
    "auteur": dict(OWN),
    "réponse": dict(ANSWERED),
    "âge": dict(AGES),
}
APPEAL_FILTERS: dict[str, dict[str, object]] = {
    "nommé": dict(YES),
    "auteur": dict(OWN),
    "décideur": dict(OWN),
    "collège": dict(COLLEGES),
    "recours": dict(APPEALS),
}

Word = tuple[object, ...]
SpaceCell = tuple[str, int, Phase]
Decide = Callable[[Actor | None, Permission, Target], bool]


class Rights:
    """What the table allows for one operation on one kind of object."""

    def __init__(self) -> None:
        self.contract: set[str] = set()
        self.space: set[SpaceCell] = set()
        self.words: dict[Word, set[SpaceCell]] = {}
        self.appeals: set[Word] = set()

    def allows(self, case: Case) -> bool:
        """Say whether the table allows this case; what is absent is refused."""
        if isinstance(case, ContributionCase):
            cells = self.words.get((case.state, case.own, case.answered, case.age), set())
            return (case.persona, case.level, case.phase) in cells
        if isinstance(case, AppealCase):
            concerned = (case.named, case.own, case.decider, case.other_college, case.decided)
            return (case.persona, *concerned) in self.appeals
        if isinstance(case, SpaceCase):
            return (case.persona, case.level, case.phase) in self.space
        return case.persona in self.contract


@dataclass(frozen=True, slots=True)
class Table:
    """The whole table: rights by (operation, kind of object)."""

    rights: dict[tuple[str, str], Rights]
    known: dict[str, list[tuple[Case, bool]]] = field(default_factory=dict)

    def operations(self) -> set[str]:
        """Every operation that has at least one block."""
        return {operation for operation, _ in self.rights}

    def allows(self, operation: str, about: str, case: Case) -> bool:
        """Say whether the table allows `operation`; an absent block refuses everybody."""
        rights = self.rights.get((operation, about))
        return rights is not None and rights.allows(case)

    def cases(self, operation: str) -> list[tuple[Case, bool]]:
        """Give every case, right kind of object or not, with what the table says of it."""
        if operation not in self.known:
            self.known[operation] = [
                (case, self.allows(operation, about, case))
                for about, cases in ALL_CASES.items()
                for case in cases
            ]
        return self.known[operation]


def read(text: str) -> Table:
    """Parse the table.

    Raises:
        ValueError: a line is not understood, so that nothing is skipped in silence.
    """
    reader = _Reader()
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        try:
            reader.take(line)
        except (ValueError, KeyError, AttributeError) as error:
            raise ValueError(f"expected.txt, line {number}: {line!r}: {error}") from error
    return Table(reader.rights)


class _Reader:
    """Line by line: persons, block, filters, phases, rows."""

    def __init__(self) -> None:
        self.people: dict[str, list[str]] = {}
        self.rights: dict[tuple[str, str], Rights] = {}
        self.about = ""
        self.filters: dict[str, list[object]] = {}

    def take(self, line: str) -> None:
        if line.startswith("= "):
            self._name_people(line[2:])
        elif line.startswith("["):
            self._open_block(line)
        elif ":" in line:
            self._filter(line)
        elif line.split() != PHASE_HEADER:
            self._row(line)

    def _name_people(self, line: str) -> None:
        name, _, members = line.partition(":")
        people = [member.strip() for member in members.split(",")]
        for person in people:
            if person not in PERSONAS or person in (ANONYMOUS, FOREIGN):
                raise ValueError(f"unknown or unlistable person {person}")
        self.people[name.strip()] = people

    def _open_block(self, line: str) -> None:
        operation, _, about = line[1:].partition("]")
        self.about = about.strip()
        if self.about not in ALL_CASES:
            raise ValueError(f"unknown kind of object {self.about}")
        self.filters = {}
        self.current = self.rights.setdefault((operation, self.about), Rights())

    def _filter(self, line: str) -> None:
        name, _, values = line.partition(":")
        known = (APPEAL_FILTERS if self.about == "recours" else FILTERS)[name.strip()]
        self.filters[name.strip()] = [known[value.strip()] for value in values.split(",")]

    def _row(self, line: str) -> None:
        name, *cells = line.split()
        for person in self.people[name]:
            if self.about == "contrat":
                self._contract_row(person, cells)
            elif self.about == "recours":
                self._appeal_row(person, cells)
            else:
                self._grid_row(person, cells)

    def _contract_row(self, person: str, cells: list[str]) -> None:
        if cells != ["oui"]:
            raise ValueError("a contract row says « oui » or is absent")
        self.current.contract.add(person)

    def _appeal_row(self, person: str, cells: list[str]) -> None:
        if cells != ["oui"] or set(self.filters) != set(APPEAL_FILTERS):
            raise ValueError("a row about an appeal says « oui », below its five filters")
        for word in product(*(self.filters[name] for name in APPEAL_FILTERS)):
            self.current.appeals.add((person, *word))

    def _grid_row(self, person: str, cells: list[str]) -> None:
        for phase, cell in zip(Phase, cells, strict=True):
            for level in _levels(cell):
                self._allow((person, level, phase))

    def _allow(self, cell: SpaceCell) -> None:
        if self.about == "espace":
            self.current.space.add(cell)
            return
        if set(self.filters) != set(FILTERS):
            raise ValueError("a contribution block needs its four filters")
        for word in product(*(self.filters[name] for name in FILTERS)):
            self.current.words.setdefault(word, set()).add(cell)


def _levels(cell: str) -> list[int]:
    if len(cell) != 5:
        raise ValueError(f"a cell has five marks, not {cell!r}")
    for position, mark in enumerate(cell):
        if mark not in (str(position), "."):
            raise ValueError(f"mark {mark!r} in the place of level {position}")
    return [position for position, mark in enumerate(cell) if mark != "."]


def mismatches(table: Table, decide: Decide, operations: list[str], *, limit: int = 10) -> list[str]:
    """Compare every decision with the table; return at most `limit` differences, as sentences."""
    found: list[str] = []
    for operation in operations:
        permission = PERMISSIONS[operation]
        for case, expected in table.cases(operation):
            if decide(PERSONAS[case.persona], permission, case.target) != expected:
                verb = "must be allowed" if expected else "must be refused"
                found.append(f"{operation} {verb}: {case}")
                if len(found) >= limit:
                    return found
    return found
