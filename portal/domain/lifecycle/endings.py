"""Verbs of what ends: the decision before the end of a contract, the disagreements of its parties and their outcome."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.contracts import parties
from portal.domain.contracts.models import Contract
from portal.domain.facts import FactKind
from portal.domain.lifecycle.models import Disagreement, DisagreementPosition, EndChoice, EndDecision
from portal.domain.lifecycle.writing import A_YEAR, Fields, begin, require_seen, tell
from portal.domain.participants.queries import function_of
from portal.kernel import clock
from portal.kernel.errors import NotFoundError, RefusedError, StaleError
from portal.kernel.speech import say
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.policy.targets import ContractTarget

MAX_ABOUT, MAX_WORDS = 300, 1000
SETTLED = say("Ce désaccord a son issue. Les positions restent telles qu’elles étaient.")


@dataclass(frozen=True, slots=True)
class DecisionTyped:
    """What is decided about the end of a contract, as typed."""

    choice: EndChoice | None
    decided_on: date | None
    reason: str


def decide(
    session: Session,
    person: Actor,
    contract_id: str,
    typed: DecisionTyped,
    seen: int,
    *,
    at: datetime | None = None,
) -> None:
    """Record what is decided about the end, with its reason; `seen` is the number of the last decision.

    Errors: RefusedError, StaleError, InvalidError (`choice`, `decided_on`, `reason`).
    """
    contract = begin(session, person, contract_id)
    last = session.scalar(
        select(EndDecision.number)
        .where(EndDecision.contract_id == contract_id)
        .order_by(EndDecision.number.desc())
        .limit(1)
    )
    require_seen(seen, last or 0, say("Une décision vient d’être enregistrée. La voici."))
    fields = Fields()
    if typed.choice is None:
        fields.wrong("choice", say("Choisissez ce qui est décidé."))
    fields.day("decided_on", typed.decided_on, today=clock.today(), owed=True)
    early = say("Ce jour est plus d’un an avant le début du contrat. Vérifiez l’année.")
    fields.order(contract.starts_on - A_YEAR, typed.decided_on, "decided_on", early)
    reason = fields.reason("reason", typed.reason)
    fields.done()
    row = EndDecision(
        contract_id=contract_id,
        number=(last or 0) + 1,
        choice=typed.choice,
        decided_on=typed.decided_on,
        reason=reason,
        ends_on=contract.ends_on,
        by_function=function_of(person),
        at=at or clock.now(),
    )
    session.add(row)
    session.flush()
    tell(
        session,
        person,
        contract_id,
        FactKind.END_DECIDED,
        row.id,
        row.choice.value,
        row.decided_on,
        reason,
    )


def raise_(
    session: Session,
    person: Actor,
    contract_id: str,
    about: str,
    raised_on: date | None,
    position: str,
    *,
    at: datetime | None = None,
) -> str:
    """Say that the parties do not agree, with the position of the organisation; its id.

    Errors: RefusedError, InvalidError (`about`, `raised_on`, `position`).
    """
    contract = begin(session, person, contract_id)
    fields = Fields()
    told = fields.reason("about", about, MAX_ABOUT)
    fields.day("raised_on", raised_on, today=clock.today(), owed=True)
    words = fields.reason("position", position, MAX_WORDS)
    fields.done()
    row = Disagreement(
        contract_id=contract_id,
        about=told,
        raised_on=raised_on,
        by_function=function_of(person),
        at=at or clock.now(),
    )
    session.add(row)
    session.flush()
    _position(session, person, row, contract.organisation_id, words, at)
    tell(session, person, contract_id, FactKind.DISAGREEMENT_RAISED, row.id, raised_on, told, words)
    return row.id


def party_of(session: Session, person: Actor, contract: Contract) -> str | None:
    """The party that somebody speaks for: the organisation for its direction, else one's own authority."""
    if permits.allows(person, Permission.LIFE_WRITE, ContractTarget(contract.id)):
        return contract.organisation_id
    return parties.acts_for(session, person)


def take_position(
    session: Session,
    person: Actor,
    contract_id: str,
    disagreement_id: str,
    words: str,
    seen: int,
    *,
    at: datetime | None = None,
) -> None:
    """Write the position of one's own party, or write it anew; `seen` is its version.

    Errors: RefusedError when nobody knows whose it is, NotFoundError, StaleError when it is settled or was
    written meanwhile, InvalidError (`words`).
    """
    contract = begin(session, person, contract_id, Permission.DISAGREEMENT_POSITION)
    row = _disagreement(session, contract_id, disagreement_id)
    party = party_of(session, person, contract)
    if party is None:
        raise RefusedError(
            "role",
            say("Le portail ne sait pas encore pour quelle autorité vous agissez."),
            say("L’exploitation du portail peut le dire."),
        )
    if row.settled_on is not None:
        raise StaleError(SETTLED, seen=seen, current=row.version)
    known = session.get(DisagreementPosition, (disagreement_id, party), populate_existing=True)
    require_seen(seen, known.version if known else 0)
    fields = Fields()
    told = fields.reason("words", words, MAX_WORDS)
    fields.done()
    _position(session, person, row, party, told, at)
    tell(session, person, contract_id, FactKind.POSITION_WRITTEN, row.id, party, told)


def settle(
    session: Session,
    person: Actor,
    contract_id: str,
    disagreement_id: str,
    outcome: str,
    on: date | None,
    seen: int,
) -> None:
    """Say how a disagreement ended, and when; said again, it replaces what was said.

    Errors: RefusedError, NotFoundError, StaleError, InvalidError (`outcome`, `settled_on`).
    """
    begin(session, person, contract_id)
    row = _disagreement(session, contract_id, disagreement_id)
    require_seen(seen, row.version)
    fields = Fields()
    told = fields.reason("outcome", outcome, MAX_WORDS)
    fields.day("settled_on", on, today=clock.today(), owed=True)
    fields.order(row.raised_on, on, "settled_on", say("L’issue vient après le début du désaccord."))
    fields.done()
    row.outcome, row.settled_on, row.version = told, on, row.version + 1
    row.settled_function = function_of(person)
    tell(session, person, contract_id, FactKind.DISAGREEMENT_SETTLED, row.id, on, told)


def _disagreement(session: Session, contract_id: str, disagreement_id: str) -> Disagreement:
    row = session.get(Disagreement, disagreement_id, populate_existing=True)
    if row is None or row.contract_id != contract_id:
        raise NotFoundError
    return row


def _position(
    session: Session, person: Actor, row: Disagreement, party: str, words: str, at: datetime | None
) -> None:
    known = session.get(DisagreementPosition, (row.id, party))
    if known is None:
        known = DisagreementPosition(disagreement_id=row.id, organisation_id=party, version=0)
        session.add(known)
    known.words, known.by_function = words, function_of(person)
    known.at, known.version = at or clock.now(), known.version + 1
