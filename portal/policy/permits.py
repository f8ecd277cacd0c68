"""The one question of the product: may this actor do this to that?

Pages, socket rooms, socket events, exports and mail all ask here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.kernel.errors import NotFoundError, RefusedError
from portal.policy import refusals
from portal.policy.matrix import MATRIX
from portal.policy.permissions import Permission
from portal.policy.predicates import Predicate, member, space_of

if TYPE_CHECKING:
    from portal.policy.actor import Actor
    from portal.policy.matrix import Clause
    from portal.policy.targets import Target


def allows(actor: Actor | None, permission: Permission, target: Target) -> bool:
    """Say whether the actor may; nobody, a foreign actor and the unknown are refused."""
    return actor is not None and belongs(actor, target) and _granted(actor, permission, target)


def require(actor: Actor | None, permission: Permission, target: Target) -> None:
    """Return when the actor may.

    Raises:
        NotFoundError: nobody, or a person of another contract: nothing exists for them.
        RefusedError: a member who may not: says why and who can change it.
    """
    refusal = explain(actor, permission, target)
    if refusal is not None:
        raise refusal


def explain(actor: Actor | None, permission: Permission, target: Target) -> RefusedError | None:
    """Say why a member may not; None when the act is allowed.

    The reason is the first condition that fails in the clause nearest to being met.

    Raises:
        NotFoundError: nobody, or a person of another contract.
    """
    if actor is None or not belongs(actor, target):
        raise NotFoundError
    if _granted(actor, permission, target):
        return None
    asked = permission
    while True:
        if not _suits(permission, target):
            return refusals.unknown()
        failing = _first_failing(actor, permission, target)
        if not isinstance(failing, Permission):
            return refusals.explain(failing, actor, asked, target)
        permission, target = failing, lifted(failing, target)


def what_can(actor: Actor | None, target: Target) -> frozenset[Permission]:
    """Give every permission that the actor has on this target."""
    return frozenset(p for p in Permission if allows(actor, p, target))


def belongs(actor: Actor, target: Target) -> bool:
    """Say whether the actor is of the target's contract: asked before anything else."""
    return member(actor, target)


def lifted(permission: Permission, target: Target) -> Target:
    """Give the object that a condition is about: a contribution gives way to its space."""
    space = space_of(target)
    return target if space is None or permission.suits(target) else space


def _suits(permission: Permission, target: Target) -> bool:
    return isinstance(permission, Permission) and permission.suits(target)


def _granted(actor: Actor, permission: Permission, target: Target) -> bool:
    if not _suits(permission, target):
        return False
    clauses = MATRIX.get(permission, ())
    return any(all(_holds(actor, part, target) for part in clause) for clause in clauses)


def _holds(actor: Actor, part: Predicate | Permission, target: Target) -> bool:
    if isinstance(part, Permission):
        return _granted(actor, part, lifted(part, target))
    return part(actor, target)


def _distance(actor: Actor, clause: Clause, target: Target) -> int:
    return sum(_cost(part) for part in clause if not _holds(actor, part, target))


def _cost(part: Predicate | Permission) -> int:
    return 1 if isinstance(part, Permission) else part.cost


def _first_failing(actor: Actor, permission: Permission, target: Target) -> Predicate | Permission | None:
    clauses = MATRIX.get(permission, ())
    nearest = min(clauses, key=lambda clause: _distance(actor, clause, target), default=())
    return next((part for part in nearest if not _holds(actor, part, target)), None)
