"""Verbs about members: come in, leave, hold a role; and what a form already did."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from portal.domain.facts import Fact, FactKind
from portal.domain.journal import epochs
from portal.domain.journal import service as journal
from portal.domain.participants.models import Operation, Participant, ParticipantRole, Seat
from portal.kernel import clock, prepared
from portal.kernel.errors import AlreadySentError, NotFoundError
from portal.kernel.speech import say
from portal.vocabulary import Group, Role

_operations = Operation.__table__
_DONE = prepared.Statement(
    select(_operations.c.digest, _operations.c.outcome).where(
        _operations.c.participant_id == bindparam("participant_id"), _operations.c.op_id == bindparam("op_id")
    )
)


def add_member(
    session: Session,
    contract_id: str,
    group: Group,
    establishment_id: str | None,
    *,
    account_id: str | None = None,
    by: str | None = None,
    at: datetime | None = None,
    authority_id: str | None = None,
) -> Participant:
    """Add a participant under a new random id, linked to the account when given."""
    person = Participant(
        contract_id=contract_id,
        group=group,
        establishment_id=establishment_id,
        joined_at=at or clock.now(),
        authority_id=authority_id,
    )
    session.add(person)
    session.flush()
    if account_id is not None:
        session.add(Seat(account_id=account_id, participant_id=person.id))
        session.flush()
    journal.append(
        session, Fact(FactKind.MEMBER_ADDED, contract_id, contract_id, group=group, participant_id=by)
    )
    return person


def remove_member(session: Session, participant_id: str, *, by: str | None = None) -> None:
    """End a membership and its roles; words already sent stay. Errors: NotFoundError."""
    person = session.get(Participant, participant_id)
    if person is None or person.left_at is not None:
        raise NotFoundError(say("Cette personne n’est pas membre du contrat."))
    now = clock.now()
    person.left_at = now
    epochs.raise_epochs_of(session, person.contract_id)
    session.execute(
        update(ParticipantRole)
        .where(ParticipantRole.participant_id == participant_id, ParticipantRole.ended_at.is_(None))
        .values(ended_at=now)
    )
    session.flush()
    journal.append(
        session,
        Fact(
            FactKind.MEMBER_LEFT,
            person.contract_id,
            person.contract_id,
            group=person.group,
            participant_id=by,
        ),
    )


def attach(session: Session, participant_id: str, authority_id: str, *, by: str | None = None) -> None:
    """Say for which authority a member acts: it opens what is this authority's own; twice changes nothing.

    Errors: NotFoundError.
    """
    person = session.get(Participant, participant_id)
    if person is None or person.left_at is not None:
        raise NotFoundError(say("Cette personne n’est pas membre du contrat."))
    if person.authority_id == authority_id:
        return
    person.authority_id = authority_id
    epochs.raise_epochs_of(session, person.contract_id)
    session.flush()
    journal.append(
        session,
        Fact(
            FactKind.AGENT_ATTACHED,
            person.contract_id,
            person.contract_id,
            group=person.group,
            participant_id=by,
            content=authority_id,
        ),
    )


def give_role(session: Session, participant_id: str, role: Role, *, by: str | None = None) -> None:
    """Give a role to a membership; giving it twice changes nothing. Errors: NotFoundError."""
    person = session.get(Participant, participant_id)
    if person is None or person.left_at is not None:
        raise NotFoundError(say("Cette personne n’est pas membre du contrat."))
    held = session.scalar(
        select(ParticipantRole.id).where(
            ParticipantRole.participant_id == participant_id,
            ParticipantRole.role == role,
            ParticipantRole.ended_at.is_(None),
        )
    )
    if held is not None:
        return
    session.add(ParticipantRole(participant_id=participant_id, role=role, given_at=clock.now()))
    epochs.raise_epochs_of(session, person.contract_id)
    session.flush()
    journal.append(
        session,
        Fact(
            FactKind.ROLE_GIVEN,
            person.contract_id,
            person.contract_id,
            group=person.group,
            participant_id=by,
            content=role.value,
        ),
    )


def operation_digest(*parts: object) -> str:
    """SHA-256 of a form's body, field by field."""
    digest = hashlib.sha256()
    for part in parts:
        text = str(part).encode()
        digest.update(len(text).to_bytes(4, "big"))
        digest.update(text)
    return digest.hexdigest()


def once(session: Session, participant_id: str, op_id: str, digest: str) -> str | None:
    """The outcome of the same form sent before, or None when it is new.

    Errors: AlreadySentError when the same id comes with another body.
    """
    known = _DONE.first(session, participant_id=participant_id, op_id=op_id)
    if known is None:
        return None
    if known.digest != digest:
        raise AlreadySentError(say("Votre premier message a déjà été envoyé."), outcome=known.outcome)
    return str(known.outcome)


def forget(session: Session, outcome: str) -> None:
    """Forget the forms that led to this address: their digests could confirm what was in them."""
    session.execute(delete(Operation).where(Operation.outcome == outcome))


def remember(session: Session, participant_id: str, op_id: str, digest: str, outcome: str) -> None:
    """Keep what the form did, in the same transaction."""
    done = {"participant_id": participant_id, "op_id": op_id, "digest": digest, "outcome": outcome}
    prepared.add(session, Operation, {**done, "at": clock.now()})
