"""Money moves from one establishment to another by a decision: formal, numbered, never changed, corrected by another one."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.contracts.models import Contract
from portal.domain.facts import Fact, FactKind
from portal.domain.journal import service as journal
from portal.domain.means import moves, rules, sentences, sums
from portal.domain.means.models import Reallocation
from portal.domain.means.queries import Purse
from portal.domain.means.rules import Sum
from portal.domain.means.typed import Move, TypedMove, check_move
from portal.domain.organisations.models import Organisation
from portal.domain.participants.queries import function_of
from portal.kernel import clock
from portal.kernel.errors import InvalidError, NotFoundError, StaleError
from portal.kernel.speech import say
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.policy.targets import ContractTarget

CORRECTED = say("Cette décision a déjà été corrigée. Voici la décision qui la remplace.")
NOTHING = say("Vous n’avez rien changé.")
SAME = ("from_id", "to_id", "year", "amount", "payer", "authority_id", "other", "clause", "decided_by")


def decide(session: Session, person: Actor, contract_id: str, typed: TypedMove) -> str:
    """Record that money moves; the id of the decision. Errors: RefusedError, InvalidError beside each field."""
    contract = _contract(session, person, contract_id)
    return _record(session, person, contract, typed, None)


def correct(session: Session, person: Actor, contract_id: str, decision_id: str, typed: TypedMove) -> str:
    """Record a decision that replaces another one; an amount of 0 undoes it. Its id.

    Errors: RefusedError, NotFoundError, StaleError when it is replaced already, InvalidError beside each field.
    """
    contract = _contract(session, person, contract_id)
    row = session.get(Reallocation, decision_id)
    if row is None or row.contract_id != contract_id:
        raise NotFoundError
    later = session.scalar(select(Reallocation.id).where(Reallocation.corrects_id == decision_id))
    if later is not None:
        raise StaleError(CORRECTED, seen=decision_id, current=later)
    return _record(session, person, contract, typed, row)


def _contract(session: Session, person: Actor, contract_id: str) -> Contract:
    permits.require(person, Permission.MEANS_WRITE, ContractTarget(contract_id))
    return session.get_one(Contract, contract_id, with_for_update=True)


def _record(
    session: Session, person: Actor, contract: Contract, typed: TypedMove, before: Reallocation | None
) -> str:
    years = rules.asked(contract.starts_on, contract.ends_on, {before.year} if before else ())
    move = check_move(session, contract.id, typed, years, undoes=before is not None)
    if typed.ask:
        _ask_beyond(session, contract.id, move, before)
    if before is not None and all(getattr(before, name) == getattr(move, name) for name in SAME):
        raise InvalidError({"amount": [NOTHING]})
    last = session.scalar(
        select(func.max(Reallocation.number)).where(Reallocation.contract_id == contract.id)
    )
    row = Reallocation(
        contract_id=contract.id,
        number=(last or 0) + 1,
        corrects_id=before.id if before else None,
        by_function=str(function_of(person)),
        at=clock.now(),
        **asdict(move),
    )
    session.add(row)
    session.flush()
    journal.append(
        session,
        Fact(
            FactKind.REALLOCATION_DECIDED,
            contract.id,
            row.id,
            group=person.group,
            participant_id=person.participant_id,
            content=f"{row.number}: {row.amount} {row.year} {row.clause} {row.reason}",
        ),
    )
    return row.id


def _ask_beyond(session: Session, contract_id: str, move: Move, before: Reallocation | None) -> None:
    """Errors: InvalidError (`beyond`) when more would leave than this establishment has, of this money and this year."""
    purse = _purse(session, move)
    own = sums.by_site(session, contract_id, move.year, purse)
    every = sums.by_site(session, contract_id, move.year)
    here, nothing = move.from_id, Sum()
    left = own.get(here, nothing).planned + moves.balance(session, contract_id, move.year, purse).get(here, 0)
    whole = every.get(here, nothing).planned + moves.balance(session, contract_id, move.year).get(here, 0)
    again = before is not None and (before.from_id, before.year) == (move.from_id, move.year)
    if before is not None and again:
        # What was decided already is not asked about again.
        whole += before.amount
        if _purse(session, before) == purse:
            left += before.amount
            if move.amount <= before.amount:
                return
    if move.amount > left:
        shared = own.get(None, nothing).planned
        told = sentences.beyond(purse, move.year, left, whole, shared, corrects=again)
        raise InvalidError({"beyond": [told]})


def _purse(session: Session, move: Move | Reallocation) -> Purse:
    """Whose money moves, by name."""
    authority = session.get(Organisation, move.authority_id) if move.authority_id else None
    return Purse(move.payer, move.authority_id, authority.name if authority else move.other)
