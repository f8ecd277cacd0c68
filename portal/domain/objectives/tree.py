"""Verbs of the tree: orientations and, under each, its objectifs stratégiques; kept by the direction."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from portal.domain.contracts.models import Contract
from portal.domain.facts import Fact, FactKind
from portal.domain.journal import service as journal
from portal.domain.objectives import states
from portal.domain.objectives.models import Branch, ObjectiveSheet
from portal.domain.objectives.typed import Faults
from portal.domain.versions import keeping
from portal.kernel.errors import InvalidError, NotFoundError, StaleError
from portal.kernel.lines import check_line
from portal.kernel.speech import say
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.policy.targets import ContractTarget

MAX_TITLE, MAX_PLAIN = 200, 300
# Beside one another, under the same parent.
MOST = 20
MOVED_ON = say("Quelqu’un vient de changer cette ligne. Voici ce qui est enregistré.")


def add(
    session: Session, person: Actor, contract_id: str, parent_id: str | None, title: str, plain: str
) -> str:
    """Add an orientation, or an objectif stratégique under one, the last; its id.

    Errors: RefusedError, InvalidError (`parent_id`, `title`, `plain`).
    """
    hold(session, person, contract_id)
    faults = Faults()
    words, simply = _checked(faults, title, plain)
    parent = session.get(Branch, parent_id) if parent_id else None
    if parent_id and (parent is None or parent.contract_id != contract_id or parent.parent_id is not None):
        faults.complain("parent_id", say("Choisissez une orientation dans la liste."))
    number = session.scalar(select(func.max(Branch.number)).where(*_beside(contract_id, parent_id))) or 0
    if number >= MOST:
        faults.complain("title", say("Il y en a déjà vingt ici. Regroupez-en d’abord."))
    faults.refuse()
    row = Branch(
        contract_id=contract_id, parent_id=parent_id or None, number=number + 1, title=words, plain=simply
    )
    session.add(row)
    session.flush()
    keeping.keep(session, person, states.branch_piece(row), states.branch(row))
    _tell(session, person, row)
    return row.id


def change(
    session: Session,
    person: Actor,
    contract_id: str,
    branch_id: str,
    title: str,
    plain: str,
    seen: int,
    why: str = "",
) -> None:
    """Write one anew; `why` is kept with its versions. Errors: RefusedError, NotFoundError, StaleError, InvalidError (`title`, `plain`)."""
    row = _branch(session, person, contract_id, branch_id, seen)
    faults = Faults()
    words, simply = _checked(faults, title, plain)
    faults.refuse()
    if (words, simply) == (row.title, row.plain):
        raise InvalidError({"title": [say("Vous n’avez rien changé.")]})
    row.title, row.plain, row.version = words, simply, row.version + 1
    keeping.keep(session, person, states.branch_piece(row), states.branch(row), why)
    _tell(session, person, row)


def move(session: Session, person: Actor, contract_id: str, branch_id: str, up: bool, seen: int) -> None:  # noqa: FBT001 — one way or the other
    """Change its place with the one before it (`up`) or after it; at the end nothing changes.

    Errors: RefusedError, NotFoundError, StaleError.
    """
    row = _branch(session, person, contract_id, branch_id, seen)
    near: Select[Any] = select(Branch).where(*_beside(contract_id, row.parent_id))
    if up:
        near = near.where(Branch.number < row.number).order_by(Branch.number.desc())
    else:
        near = near.where(Branch.number > row.number).order_by(Branch.number)
    other: Branch | None = session.scalar(near.limit(1))
    if other is None:
        return
    row.number, other.number = other.number, row.number
    row.version, other.version = row.version + 1, other.version + 1
    _tell(session, person, row)


def remove(session: Session, person: Actor, contract_id: str, branch_id: str, seen: int) -> None:
    """Take away one under which nothing is. Errors: RefusedError, NotFoundError, StaleError, InvalidError (`title`)."""
    row = _branch(session, person, contract_id, branch_id, seen)
    under = (
        select(Branch.id).where(Branch.parent_id == branch_id),
        select(ObjectiveSheet.item_id).where(ObjectiveSheet.branch_id == branch_id),
    )
    if any(session.scalar(one.limit(1)) is not None for one in under):
        raise InvalidError({"title": [say("Des objectifs sont encore ici. Mettez-les d’abord ailleurs.")]})
    keeping.keep(session, person, states.branch_piece(row), states.branch_gone(row))
    session.delete(row)
    session.flush()
    left = session.scalars(select(Branch).where(*_beside(contract_id, row.parent_id)).order_by(Branch.number))
    for number, one in enumerate(left, 1):
        one.number = number
    _tell(session, person, row)


def hold(session: Session, person: Actor, contract_id: str) -> Contract:
    """The contract, for who may write its objectives; one writer at a time. Errors: RefusedError."""
    permits.require(person, Permission.OBJECTIVE_WRITE, ContractTarget(contract_id))
    return session.get_one(Contract, contract_id, with_for_update=True)


def _branch(session: Session, person: Actor, contract_id: str, branch_id: str, seen: int) -> Branch:
    hold(session, person, contract_id)
    row = session.get(Branch, branch_id, populate_existing=True)
    if row is None or row.contract_id != contract_id:
        raise NotFoundError
    if row.version != seen:
        raise StaleError(MOVED_ON, seen=seen, current=row.version)
    keeping.begin(session, states.branch_piece(row), states.branch(row))
    return row


def _beside(contract_id: str, parent_id: str | None) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    same = Branch.parent_id == parent_id if parent_id else Branch.parent_id.is_(None)
    return Branch.contract_id == contract_id, same


def _checked(faults: Faults, title: str, plain: str) -> tuple[str, str]:
    return (
        faults.read(check_line, title, "title", MAX_TITLE),
        faults.read(check_line, plain, "plain", MAX_PLAIN),
    )


def _tell(session: Session, person: Actor, row: Branch) -> None:
    session.flush()
    journal.append(
        session,
        Fact(
            FactKind.OBJECTIVE_WRITTEN,
            row.contract_id,
            row.id,
            group=person.group,
            participant_id=person.participant_id,
            content=row.title,
        ),
    )
