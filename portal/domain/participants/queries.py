"""Reads about participants: the actor of an account, the function of a decider."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.participants.models import Participant, ParticipantRole, Seat
from portal.policy.actor import Actor
from portal.vocabulary import Group, Role


def actor(session: Session, account_id: str, contract_id: str) -> Actor | None:
    """The account's active participant in this contract, with its roles; else None."""
    query = (
        select(Participant, ParticipantRole.role)
        .join(Seat, Seat.participant_id == Participant.id)
        .outerjoin(
            ParticipantRole,
            (ParticipantRole.participant_id == Participant.id) & ParticipantRole.ended_at.is_(None),
        )
        .where(
            Seat.account_id == account_id,
            Participant.contract_id == contract_id,
            Participant.left_at.is_(None),
        )
    )
    return _actor(list(session.execute(query)))


def actor_of(session: Session, participant_id: str) -> Actor | None:
    """The same, from the participant's id: services re-read it inside their unit."""
    query = (
        select(Participant, ParticipantRole.role)
        .outerjoin(
            ParticipantRole,
            (ParticipantRole.participant_id == Participant.id) & ParticipantRole.ended_at.is_(None),
        )
        .where(Participant.id == participant_id, Participant.left_at.is_(None))
    )
    return _actor(list(session.execute(query)))


def _actor(rows: list[tuple[Participant, Role | None]]) -> Actor | None:
    if not rows:
        return None
    person = rows[0][0]
    return Actor(
        participant_id=person.id,
        contract_id=person.contract_id,
        group=person.group,
        establishment_id=person.establishment_id,
        roles=frozenset(role for _, role in rows if role is not None),
    )


def actors(session: Session, account_id: str) -> list[Actor]:
    """The account's active participants, one a contract, with their roles; one query."""
    rows = session.execute(
        select(Participant, ParticipantRole.role)
        .join(Seat, Seat.participant_id == Participant.id)
        .outerjoin(
            ParticipantRole,
            (ParticipantRole.participant_id == Participant.id) & ParticipantRole.ended_at.is_(None),
        )
        .where(Seat.account_id == account_id, Participant.left_at.is_(None))
    )
    by_person: dict[str, list[tuple[Participant, Role | None]]] = {}
    for person, role in rows:
        by_person.setdefault(person.id, []).append((person, role))
    return [found for found in map(_actor, by_person.values()) if found is not None]


def group_of(session: Session, participant_id: str) -> Group | None:
    """The group of a participant, active or not."""
    return session.scalar(select(Participant.group).where(Participant.id == participant_id))


def function_of(person: Actor) -> str:
    """How a decider is named in public: a function, never a name."""
    if Role.DIRECTOR in person.roles:
        return "la direction"
    if Role.DEPUTY in person.roles:
        return "la suppléance de la direction"
    if Role.MODERATOR in person.roles:
        return "la modération"
    return person.group.one
