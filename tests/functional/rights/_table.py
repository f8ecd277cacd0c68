"""Reads `routes.txt`: which act of the expected table each request belongs to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from portal.policy.targets import AppealTarget, ContractTarget, SpaceTarget
from portal.vocabulary import College, ContributionStatus, Phase
from tests.unit.policy import expected
from tests.unit.policy.personas import STATES, AppealCase, Case, ContractCase, ContributionCase, SpaceCase

TABLE = Path(__file__).with_name("routes.txt")
EXPECTED = expected.read(expected.TABLE.read_text(encoding="utf-8"))

EVERYBODY, ACCOUNT, NOBODY, RIGHTS = "tout le monde", "compte", "personne", "droits"
OF_ONESELF = "à soi"
OPEN, SIGN_IN, ALLOWED, REFUSED, ABSENT = "open", "sign in", "allowed", "refused", "absent"

STEP = re.compile(r"(?P<act>[a-z_]+)(?: sur (?P<about>\w+)| si (?P<states>.+))")


@dataclass(frozen=True)
class Situation:
    """What a decision depends on besides the person: the state of space and contribution.

    `level` is the one of the person's own group (0: no record). `by_date` lets the phase
    follow from the dates while its row still says the phase before.
    """

    level: int
    phase: Phase = Phase.OPEN
    state: ContributionStatus = ContributionStatus.PUBLISHED
    own: bool = False
    answered: bool = False
    age: timedelta = timedelta()
    by_date: bool = False


@dataclass(frozen=True)
class Step:
    """One decision: an act of the expected table, in some states of the contribution or in all."""

    act: str
    about: str
    states: frozenset[ContributionStatus] | None = None

    def allows(self, person: str, situation: Situation) -> bool:
        """What the expected table says."""
        if self.states is not None and situation.state not in self.states:
            return True
        return EXPECTED.allows(self.act, self.about, _case(self.about, person, situation))


@dataclass(frozen=True)
class Line:
    """One request and how it is decided."""

    method: str
    address: str
    kind: str
    steps: tuple[Step, ...] = ()
    of_oneself: bool = False
    fields: tuple[tuple[str, str], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """What the address names, in order."""
        return tuple(re.findall(r"<(\w+)>", self.address))

    @property
    def route(self) -> tuple[str, str]:
        """Method and address."""
        return self.method, self.address

    def __str__(self) -> str:
        sent = f" ({', '.join(value for _, value in self.fields[:1])})" if self.fields else ""
        return f"{self.method} {self.address}{sent}"

    def expects(self, person: str | None, situation: Situation, *, signed_in: bool = True) -> str:
        """What must come back; `person` is None outside the contract."""
        if self.kind in (EVERYBODY, NOBODY):
            return OPEN if self.kind == EVERYBODY else ABSENT
        if not signed_in:
            return SIGN_IN
        return ALLOWED if self.kind == ACCOUNT else self._decided(person, situation)

    def _decided(self, person: str | None, situation: Situation) -> str:
        if person is None:
            return ABSENT
        if not all(step.allows(person, situation) for step in self.steps):
            return REFUSED
        return ABSENT if self.of_oneself and not situation.own else ALLOWED


def reads_words(person: str | None, situation: Situation) -> bool:
    """Whether the expected table lets this person read the words of the contribution."""
    if person is None:
        return False
    case = _case("contribution", person, situation)
    published = situation.state is ContributionStatus.PUBLISHED
    return EXPECTED.allows(
        "contribution_read" if published else "contribution_read_sealed", "contribution", case
    )


def reads_space(person: str, situation: Situation) -> bool:
    """Whether the expected table lets this person read the space."""
    return EXPECTED.allows("space_read", "espace", _case("espace", person, situation))


def _case(about: str, person: str, situation: Situation) -> Case:
    space = SpaceTarget("", "", situation.phase, {})
    if about == "contrat":
        return ContractCase(person, ContractTarget(""))
    if about == "recours":
        # Nobody of the cast is named for this space: who is, is tried in the tests of appeals.
        target = AppealTarget("", "", "", "", College.AUTHORITIES, frozenset(), decided=False)
        return AppealCase(person, False, situation.own, False, True, False, target)
    if about == "espace":
        return SpaceCase(person, situation.level, situation.phase, space)
    return ContributionCase(
        person,
        situation.level,
        situation.phase,
        situation.state,
        situation.own,
        situation.answered,
        situation.age,
        space,  # type: ignore[arg-type]  # the expected table never looks at the target
    )


def read(text: str) -> list[Line]:
    """Parse the table.

    Raises:
        ValueError: a line is not understood.
    """
    lines = []
    for number, raw in enumerate(text.splitlines(), 1):
        row = raw.strip()
        if not row or row.startswith("#"):
            continue
        try:
            lines.append(_line(row))
        except (ValueError, KeyError) as error:
            raise ValueError(f"routes.txt, line {number}: {row!r}: {error}") from error
    return lines


def _line(row: str) -> Line:
    head, decision, *sent = (part.strip() for part in row.split("|"))
    method, address = head.split()
    fields = tuple(_field(part) for part in sent[0].split(";")) if sent else ()
    if decision in (EVERYBODY, ACCOUNT, NOBODY):
        return Line(method, address, decision, fields=fields)
    of_oneself = decision.endswith(f", {OF_ONESELF}")
    first, *rest = decision.removesuffix(f", {OF_ONESELF}").split(", puis ")
    steps = tuple(_step(part) for part in (first, *rest))
    return Line(method, address, RIGHTS, steps, of_oneself, fields)


def _field(part: str) -> tuple[str, str]:
    name, sign, value = part.partition("=")
    if not sign:
        raise ValueError(f"a field has a name and a value: {part!r}")
    return name.strip(), value.strip()


def _step(part: str) -> Step:
    found = STEP.fullmatch(part)
    if found is None:
        raise ValueError(f"not a decision: {part!r}")
    states = found["states"]
    about = found["about"] or "contribution"
    if (found["act"], about) not in EXPECTED.rights:
        raise ValueError(f"the expected table has no {found['act']} about {about}")
    known = frozenset(STATES[name.strip()] for name in states.split(",")) if states else None
    return Step(found["act"], about, known)


LINES = read(TABLE.read_text(encoding="utf-8"))
