"""How a finding stands for each party, what comes next, in which order kinds are read. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import Enum, auto

from portal.domain.diagnostic.models import ValidationState
from portal.vocabulary import FindingKind

# Strengths first: what goes well is said before what does not.
ORDER: tuple[FindingKind, ...] = (
    FindingKind.STRENGTH,
    FindingKind.TO_IMPROVE,
    FindingKind.OPPORTUNITY,
    FindingKind.VIGILANCE,
)


class Next(Enum):
    """The next thing to do on a diagnostic, for who may do something."""

    AXES = auto()
    FINDING = auto()
    VALIDATE = auto()
    SPACE = auto()


def state_now(said: ValidationState | None, on_version: int, version: int) -> ValidationState:
    """Where a party stands: what it said holds for the words that it read; `said` is None when it said nothing."""
    if said is None:
        return ValidationState.NOT_YET
    return said if on_version == version else ValidationState.TO_REVIEW


def next_step(
    can: Collection[str], *, axes: int, findings: int, waiting: bool, in_space: bool
) -> Next | None:
    """What to do next, None when nothing waits.

    `can` holds « axes », « findings », « validate », « space »; `axes` and `findings` are how many there are;
    `waiting` whether a finding waits for this person's party; `in_space` whether a space is about the diagnostic.
    """
    if not axes:
        return Next.AXES if "axes" in can else None
    if not findings:
        return Next.FINDING if "findings" in can else None
    if waiting and "validate" in can:
        return Next.VALIDATE
    return Next.SPACE if not in_space and "space" in can else None


def by_kind(kinds: Mapping[FindingKind, int]) -> list[tuple[FindingKind, int]]:
    """The kinds that there are, in the order in which they are read, with how many."""
    return [(kind, kinds[kind]) for kind in ORDER if kinds.get(kind)]
