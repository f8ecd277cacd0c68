"""How a finding stands for a party, and what comes next."""

from __future__ import annotations

import pytest

from portal.domain.diagnostic import rules
from portal.domain.diagnostic.models import ValidationState as V
from portal.domain.diagnostic.rules import Next
from portal.vocabulary import FindingKind

EVERYTHING = frozenset({"axes", "findings", "validate", "space"})
STATES = [
    ("who said nothing has not validated yet", None, 0, 5, V.NOT_YET),
    ("what was said of these words holds", V.VALIDATED, 5, 5, V.VALIDATED),
    ("a reservation holds too", V.RESERVED, 5, 5, V.RESERVED),
    ("other words are to be looked at again", V.VALIDATED, 4, 5, V.TO_REVIEW),
    ("a reservation about other words too", V.RESERVED, 4, 5, V.TO_REVIEW),
]
STEPS = [
    ("a first day begins with the axes", EVERYTHING, 0, 0, False, False, Next.AXES),
    ("who may not keep them has nothing to do", {"findings", "validate"}, 0, 0, False, False, None),
    ("then come findings", EVERYTHING, 10, 0, False, False, Next.FINDING),
    ("a reader writes none", set(), 10, 0, False, False, None),
    ("then one's party says where it stands", EVERYTHING, 10, 3, True, False, Next.VALIDATE),
    ("who does not validate goes on", {"space"}, 10, 3, True, False, Next.SPACE),
    ("then people are asked", EVERYTHING, 10, 3, False, False, Next.SPACE),
    ("who asked them is done", EVERYTHING, 10, 3, False, True, None),
    ("an agent opens no space", {"findings", "validate"}, 10, 3, False, False, None),
]


@pytest.mark.parametrize(
    ("said", "on", "version", "now"), [one[1:] for one in STATES], ids=[one[0] for one in STATES]
)
def test_where_a_party_stands(said: V | None, on: int, version: int, now: V) -> None:
    assert rules.state_now(said, on, version) is now


@pytest.mark.parametrize(
    ("can", "axes", "findings", "waiting", "in_space", "step"),
    [one[1:] for one in STEPS],
    ids=[one[0] for one in STEPS],
)
def test_the_next_thing_to_do(
    can: set[str], axes: int, findings: int, waiting: bool, in_space: bool, step: Next | None
) -> None:
    found = rules.next_step(can, axes=axes, findings=findings, waiting=waiting, in_space=in_space)
    assert found is step


def test_what_goes_well_is_read_first() -> None:
    assert set(rules.ORDER) == set(FindingKind)
    assert rules.ORDER[0] is FindingKind.STRENGTH
    some = {FindingKind.VIGILANCE: 1, FindingKind.STRENGTH: 2, FindingKind.TO_IMPROVE: 0}
    assert rules.by_kind(some) == [(FindingKind.STRENGTH, 2), (FindingKind.VIGILANCE, 1)]
