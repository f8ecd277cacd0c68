"""Planted holes: each mistake, made on purpose, must turn the written table red."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from portal.policy import permits
from portal.policy import predicates as p
from portal.policy.matrix import MATRIX
from portal.policy.permissions import Permission as Can
from portal.policy.targets import ContributionTarget
from portal.vocabulary import ContributionStatus, Level, Phase, Role

from . import expected
from .expected import TABLE, mismatches

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.policy.actor import Actor
    from portal.policy.matrix import Clause
    from portal.policy.predicates import Predicate
    from portal.policy.targets import Target

    Plant = Callable[[pytest.MonkeyPatch], None]

EXPECTED = expected.read(TABLE.read_text(encoding="utf-8"))


def _rewrite(permission: Can, change: Callable[[Clause], Clause]) -> Plant:
    def plant(patch: pytest.MonkeyPatch) -> None:
        clauses = tuple(change(clause) for clause in MATRIX[permission])
        assert clauses != MATRIX[permission], "the hole is not planted"
        patch.setitem(MATRIX, permission, clauses)

    return plant


def drop(permission: Can, gone: Predicate | Can) -> Plant:
    """Forget one condition."""
    return _rewrite(permission, lambda clause: tuple(part for part in clause if part != gone))


def swap(permission: Can, old: Predicate | Can, new: Predicate | Can) -> Plant:
    """Take one condition for another."""
    return _rewrite(permission, lambda clause: tuple(new if part == old else part for part in clause))


def add_clause(permission: Can, clause: Clause) -> Plant:
    """Open one more way in."""
    return lambda patch: patch.setitem(MATRIX, permission, (*MATRIX[permission], clause))


def drop_clause(permission: Can, index: int) -> Plant:
    """Close one way in."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        kept = [clause for number, clause in enumerate(MATRIX[permission]) if number != index]
        assert len(kept) < len(MATRIX[permission])
        patch.setitem(MATRIX, permission, tuple(kept))

    return plant


def breaking(owner: object, name: str, value: object) -> Plant:
    """Break a function."""
    return lambda patch: patch.setattr(owner, name, value)


def _above(self: p.HasLevel, actor: Actor, target: Target) -> bool:
    own = p.level_of(actor, target)
    return own is not None and own > self.level


def _no_record_passes(self: p.HasLevel, actor: Actor, target: Target) -> bool:
    return (p.level_of(actor, target) or Level.INFORMATION) >= self.level


def _highest_level(_actor: Actor, target: Target) -> Level | None:
    space = p.space_of(target)
    return max(space.levels.values()) if space else None


def _cached_level() -> Callable[[Actor, Target], Level | None]:
    seen: dict[tuple[str, str], Level | None] = {}
    real = p.level_of

    def level_of(actor: Actor, target: Target) -> Level | None:
        space = p.space_of(target)
        key = (actor.participant_id, space.space_id if space else "")
        return seen.setdefault(key, real(actor, target))

    return level_of


def _cached_role() -> Callable[[p.HasRole, Actor, Target], bool]:
    seen: dict[str, frozenset[Role]] = {}

    def holds(self: p.HasRole, actor: Actor, _target: Target) -> bool:
        return not seen.setdefault(actor.participant_id, actor.roles).isdisjoint(self.roles)

    return holds


def _any_role(self: p.HasRole, actor: Actor, _target: Target) -> bool:
    return bool(self.roles and actor.roles)


def _same_contract_as_author(self: p.ByAuthor, actor: Actor, target: Target) -> bool:
    return (p.contract_of(target) == actor.contract_id) is self.own


def _up_to_limit(self: p.YoungerThan, _actor: Actor, target: Target) -> bool:
    return isinstance(target, ContributionTarget) and target.age <= self.limit


def _always(*_: object) -> bool:
    return True


@dataclass(frozen=True)
class Hole:
    """A mistake, and the operation where it must be seen."""

    mistake: str
    operation: Can
    plant: Plant


HOLES = [
    Hole("everybody is a member", Can.CONTRACT_READ, breaking(p.Member, "_holds", _always)),
    Hole("a foreign contract is not looked at", Can.SPACE_READ, breaking(permits, "belongs", _always)),
    Hole("a foreign director passes", Can.SPACE_CLOSE, breaking(permits, "belongs", _always)),
    Hole("the phase is forgotten", Can.COMMENT, drop(Can.COMMENT, p.opened)),
    Hole("a draft is shown to all", Can.SPACE_READ, drop(Can.SPACE_READ, p.announced)),
    Hole("the level is forgotten", Can.PROPOSE, drop(Can.PROPOSE, p.concerted)),
    Hole("one level too low", Can.REPLY_IN, swap(Can.REPLY_IN, p.concerted, p.consulted)),
    Hole("one level too high", Can.ASK, swap(Can.ASK, p.informed, p.consulted)),
    Hole("at least becomes above", Can.DRAFT, breaking(p.HasLevel, "_holds", _above)),
    Hole("no record counts as informed", Can.SPACE_READ, breaking(p.HasLevel, "_holds", _no_record_passes)),
    Hole("the highest level of all groups", Can.ACCORD, breaking(p, "level_of", _highest_level)),
    Hole("a cached level", Can.COMMENT, breaking(p, "level_of", _cached_level())),
    Hole("a cached role", Can.SPACE_OPEN, breaking(p.HasRole, "_holds", _cached_role())),
    Hole("any role will do", Can.TEXT_EDIT, breaking(p.HasRole, "_holds", _any_role)),
    Hole("a role lets speak", Can.COMMENT, add_clause(Can.COMMENT, (p.organising, p.opened))),
    Hole("the author is not checked", Can.CORRECT, drop(Can.CORRECT, p.own)),
    Hole("the author check is reversed", Can.WITHDRAW, swap(Can.WITHDRAW, p.own, p.of_another)),
    Hole("author taken for contract", Can.WITHDRAW, breaking(p.ByAuthor, "_holds", _same_contract_as_author)),
    Hole("one reacts to oneself", Can.REACT, drop(Can.REACT, p.of_another)),
    Hole("a reply to a hidden word", Can.REPLY, swap(Can.REPLY, p.published, p.has_place)),
    Hole(
        "pending words for all", Can.CONTRIBUTION_READ, add_clause(Can.CONTRIBUTION_READ, (Can.SPACE_READ,))
    ),
    Hole("the place of a refused word is lost", Can.CONTRIBUTION_READ, drop_clause(Can.CONTRIBUTION_READ, 0)),
    Hole(
        "withdrawn words are read by moderators",
        Can.CONTRIBUTION_READ_SEALED,
        drop(Can.CONTRIBUTION_READ_SEALED, p.not_withdrawn),
    ),
    Hole(
        "a role swapped for a level",
        Can.CONTRIBUTION_READ_SEALED,
        swap(Can.CONTRIBUTION_READ_SEALED, p.organising, p.informed),
    ),
    Hole("ten minutes included", Can.CORRECT, breaking(p.YoungerThan, "_holds", _up_to_limit)),
    Hole(
        "ten minutes shortened",
        Can.CORRECT,
        swap(Can.CORRECT, p.recent, p.YoungerThan("", timedelta(minutes=5))),
    ),
    Hole("ten minutes not granted", Can.WITHDRAW, drop_clause(Can.WITHDRAW, 1)),
    Hole("a second answer", Can.ANSWER, drop(Can.ANSWER, p.not_answered)),
    Hole("a moderator answers", Can.ANSWER, swap(Can.ANSWER_IN, p.directing, p.organising)),
    Hole("a deputy closes", Can.SPACE_CLOSE, swap(Can.SPACE_CLOSE, p.director, p.directing)),
    Hole("a deputy is turned away", Can.SPACE_PAUSE, swap(Can.SPACE_PAUSE, p.directing, p.director)),
    Hole("closed without answering", Can.SPACE_CLOSE, swap(Can.SPACE_CLOSE, p.answering, p.under_way)),
    Hole("levels change in a closed space", Can.LEVEL_RECORD, drop(Can.LEVEL_RECORD, p.not_closed)),
    Hole("refused words come back", Can.MODERATE_ONE, drop(Can.MODERATE_ONE, p.standing)),
    Hole("the space of a word is not looked for", Can.REACT, breaking(permits, "lifted", lambda _p, t: t)),
    Hole("any kind of object will do", Can.SPACE_READ, breaking(Can, "suits", _always)),
]


@pytest.mark.parametrize("hole", HOLES, ids=lambda hole: hole.mistake.replace(" ", "-"))
def test_a_planted_hole_is_seen(hole: Hole, monkeypatch: pytest.MonkeyPatch) -> None:
    hole.plant(monkeypatch)
    assert mismatches(EXPECTED, permits.allows, [hole.operation.value], limit=1)


# Dropping these changes no decision: the rest of the clause implies them. They stand there so that
# a refusal begins with the access to the space, and as a second wall.
IMPLIED = {(permission, Can.SPACE_READ) for permission in Can} - {
    (Can.CONTRIBUTION_READ, Can.SPACE_READ),
    (Can.CONTRIBUTION_READ_SEALED, Can.SPACE_READ),
    (Can.CORRECT, Can.SPACE_READ),
    (Can.WITHDRAW, Can.SPACE_READ),
} | {
    (can, p.member)
    for can in (
        Can.CONTRACT_READ,
        Can.INVOLVEMENT_READ,
        Can.REGISTER_READ,
        Can.CONSTRUCTION_READ,
        Can.ACTS_READ,
        Can.SYNTHESES_READ,
        Can.BALANCE_READ,
    )
}


@pytest.mark.parametrize("permission", list(Can), ids=str)
def test_every_condition_of_the_table_is_needed(permission: Can, monkeypatch: pytest.MonkeyPatch) -> None:
    for part in {part for clause in MATRIX[permission] for part in clause}:
        if (permission, part) in IMPLIED:
            continue
        with monkeypatch.context() as patch:
            drop(permission, part)(patch)
            assert mismatches(EXPECTED, permits.allows, [permission.value], limit=1), f"{part} is not needed"


@pytest.mark.parametrize("permission", list(Can), ids=str)
def test_every_clause_of_the_table_is_needed(permission: Can, monkeypatch: pytest.MonkeyPatch) -> None:
    for index in range(len(MATRIX[permission])):
        with monkeypatch.context() as patch:
            drop_clause(permission, index)(patch)
            assert mismatches(EXPECTED, permits.allows, [permission.value], limit=1), f"clause {index}"


def _altered(part: Predicate | Can) -> list[Predicate]:
    """Every version of a condition that takes one value more or one less."""
    match part:
        case p.HasRole():
            return [replace(part, roles=part.roles ^ {role}) for role in Role]
        case p.InPhase():
            return [replace(part, phases=part.phases ^ {phase}) for phase in Phase]
        case p.HasStatus():
            return [replace(part, statuses=part.statuses ^ {status}) for status in ContributionStatus]
        case p.HasLevel():
            return [replace(part, level=level) for level in Level if abs(level - part.level) == 1]
    return []


@pytest.mark.parametrize("permission", list(Can), ids=str)
def test_no_condition_may_take_one_value_more_or_less(
    permission: Can, monkeypatch: pytest.MonkeyPatch
) -> None:
    survivors = []
    for part in {part for clause in MATRIX[permission] for part in clause}:
        for other in _altered(part):
            with monkeypatch.context() as patch:
                swap(permission, part, other)(patch)
                if not mismatches(EXPECTED, permits.allows, [permission.value], limit=1):
                    survivors.append(other)
    assert not survivors
