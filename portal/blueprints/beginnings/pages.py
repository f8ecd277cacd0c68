"""What the page of a contract says of its first steps: the next one, those that follow, where each is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal import paths
from portal.blueprints._guards import Asked
from portal.domain.beginnings import queries, rules
from portal.domain.beginnings.rules import Footing, Known, Place, Step, StepState
from portal.domain.spaces.queries import SpaceView
from portal.extensions import db
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.policy.targets import ContractTarget

ADDRESSES = {
    Step.PERIMETER: "/perimetre",
    Step.TRAME: "/trame/choisir",
    Step.FILES: "/reprises",
    Step.DIAGNOSTIC: "/diagnostic",
    Step.INDICATORS: "/indicateurs/choisir",
    Step.OBJECTIVES: "/objectifs",
    Step.LEVELS: "/espaces/nouveau",
    Step.SPACE: "/espaces/nouveau",
}
NEEDS = {
    Step.PERIMETER: Permission.PERIMETER_WRITE,
    Step.TRAME: Permission.TRAME_CHOOSE,
    Step.FILES: Permission.IMPORT_WRITE,
    Step.DIAGNOSTIC: Permission.DIAGNOSTIC_WRITE,
    Step.INDICATORS: Permission.INDICATOR_WRITE,
    Step.OBJECTIVES: Permission.OBJECTIVE_WRITE,
    Step.LEVELS: Permission.SPACE_CREATE,
    Step.SPACE: Permission.SPACE_CREATE,
}


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step with where it is done; no address for who may not do it."""

    footing: Footing
    url: str


@dataclass(frozen=True, slots=True)
class Beginning:
    """The first steps for the direction, `next` among them; for others, where the contract stands."""

    lines: tuple[StepLine, ...] = ()
    next: StepLine | None = None
    stands: tuple[str, ...] = ()


def beginning(asked: Asked, spaces: Sequence[SpaceView]) -> Beginning:
    """What this person reads of the first steps of a contract; one question."""
    known = queries.known(db.session(), asked.contract_id)
    if Permission.OBJECTIVE_WRITE not in asked.can:
        return Beginning(stands=rules.standing(known, [Place(one.id, one.phase) for one in spaces]))
    return _beginning(asked.actor, known, spaces)


def following(actors: Sequence[Actor], spaces: Mapping[str, Sequence[SpaceView]]) -> dict[str, StepLine]:
    """The next step of each contract that these participants of one person direct, by contract; one question."""
    own = {
        one.contract_id: one
        for one in actors
        if permits.allows(one, Permission.OBJECTIVE_WRITE, ContractTarget(one.contract_id))
    }
    if not own:
        return {}
    known = queries.known_of(db.session(), sorted(own))
    found = {one: _beginning(own[one], known[one], spaces.get(one, ())).next for one in own}
    return {contract_id: line for contract_id, line in found.items() if line is not None and line.url}


def _beginning(actor: Actor, known: Known, spaces: Sequence[SpaceView]) -> Beginning:
    lines = tuple(
        StepLine(one, _address(actor, one))
        for one in rules.steps(known, [Place(one.id, one.phase) for one in spaces])
    )
    left = [one for one in lines if one.footing.state is StepState.TO_DO]
    if not left:
        return Beginning()
    return Beginning(lines, next((one for one in left if one.url), left[0]))


def _address(actor: Actor, one: Footing) -> str:
    if not permits.allows(actor, NEEDS[one.step], ContractTarget(actor.contract_id)):
        return ""
    if one.space_id:
        return f"{paths.space(one.space_id)}/reglages"
    return paths.contract(actor.contract_id) + ADDRESSES[one.step]
