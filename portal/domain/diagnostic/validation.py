"""Each party says of a finding whether it holds: validated, validated with a reservation, or not yet."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.domain.contracts import parties
from portal.domain.contracts import queries as contracts
from portal.domain.contracts.models import Contract
from portal.domain.diagnostic.models import FindingValidation, ValidationState
from portal.domain.facts import Fact, FactKind
from portal.domain.journal import service as journal
from portal.domain.participants.queries import function_of
from portal.kernel import clock
from portal.kernel.errors import InvalidError, NotFoundError, StaleError
from portal.kernel.lines import check_reason
from portal.kernel.speech import say
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.policy.targets import ContractTarget
from portal.vocabulary import ItemKind

MAX_REASON = 300

FOR_NOBODY = say(
    "Le portail ne sait pas encore pour quelle autorité vous agissez sur ce contrat. "
    "Demandez à la personne qui gère le portail de vous y rattacher."
)
NOTHING_SAID = say(
    "Votre partie n’a encore rien dit de ce constat : il n’y a rien à enregistrer. Pour répondre, choisissez « Nous le validons » "
    "ou « Nous le validons, avec une réserve » ; sinon, quittez cette page, vous pourrez répondre plus tard."
)
MOVED_ON = say("Ce constat a changé depuis que vous l’avez lu. Relisez-le, puis dites si vous le validez.")
TOLD = (ValidationState.VALIDATED, ValidationState.RESERVED, ValidationState.NOT_YET)


def declare(
    session: Session,
    person: Actor,
    contract_id: str,
    finding_id: str,
    state: ValidationState | None,
    reason: str,
    seen: int,
    *,
    at: datetime | None = None,
) -> None:
    """Say for one's party where it stands towards a finding; « not yet » takes back what it said.

    Errors: RefusedError, NotFoundError, StaleError when the words changed or the finding was withdrawn,
    InvalidError (`state`, `reason`, `party`).
    """
    permits.require(person, Permission.FINDING_VALIDATE, ContractTarget(contract_id))
    found = contracts.item(session, finding_id)
    if found is None or (found.contract_id, found.kind) != (contract_id, ItemKind.FINDING):
        raise NotFoundError
    party = of_person(session, person)
    if party is None:
        raise InvalidError({"party": [FOR_NOBODY]})
    if found.version != seen or found.withdrawn_at is not None:
        raise StaleError(MOVED_ON, seen=seen, current=found.version)
    if state not in TOLD:
        raise InvalidError({"state": [say("Choisissez une des réponses.")]})
    why = ""
    if state is ValidationState.RESERVED:
        why = check_reason(reason, "reason", MAX_REASON)
    row = session.get(FindingValidation, (finding_id, party), populate_existing=True)
    if state is ValidationState.NOT_YET:
        if row is None:
            raise InvalidError({"state": [NOTHING_SAID]})
        session.delete(row)
    else:
        if row is None:
            row = FindingValidation(item_id=finding_id, organisation_id=party)
            session.add(row)
        row.state, row.version, row.reason = state, seen, why
        row.by_function, row.at = function_of(person), at or clock.now()
    session.flush()
    journal.append(
        session,
        Fact(
            FactKind.FINDING_VALIDATED,
            contract_id,
            finding_id,
            group=person.group,
            participant_id=person.participant_id,
            content=f"{state.value} {why}".strip(),
        ),
    )


def follow(session: Session, person: Actor, finding_id: str, before: int) -> None:
    """Who changed words stands by them: what their own party said of the words `before` holds for those of now."""
    party, found = of_person(session, person), contracts.item(session, finding_id)
    row = session.get(FindingValidation, (finding_id, party)) if party else None
    if row is not None and found is not None and row.version == before:
        row.version = found.version
        session.flush()


def keep(session: Session, finding_id: str, before: int) -> None:
    """No word changed: what every party said of the words `before` holds for those of now."""
    found = contracts.item(session, finding_id)
    if found is not None:
        session.execute(
            update(FindingValidation)
            .where(FindingValidation.item_id == finding_id, FindingValidation.version == before)
            .values(version=found.version)
        )


def of_person(session: Session, person: Actor) -> str | None:
    """The party that a person speaks for: the organisation for its direction, their authority for agents."""
    here = ContractTarget(person.contract_id)
    if permits.allows(person, Permission.DIAGNOSTIC_WRITE, here):
        return session.get_one(Contract, person.contract_id).organisation_id
    agent = permits.allows(person, Permission.FINDING_ADD_AUTHORITY, here)
    return parties.acts_for(session, person) if agent else None
