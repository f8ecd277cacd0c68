"""Reads about participants: the actor of an account, the function of a decider."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import String, bindparam, column, select, table
from sqlalchemy.orm import Session

from portal.domain.organisations.models import Establishment
from portal.domain.organisations.queries import Place
from portal.domain.participants.models import Operation, Participant, ParticipantRole, Seat
from portal.kernel.prepared import Statement
from portal.kernel.speech import say
from portal.policy.actor import Actor
from portal.vocabulary import Group, Role

_people, _roles, _seats = Participant.__table__.c, ParticipantRole.__table__.c, Seat.__table__.c
_with_roles = Participant.__table__.outerjoin(
    ParticipantRole.__table__, (_roles.participant_id == _people.id) & _roles.ended_at.is_(None)
)
_ACTIVE = select(
    _people.id, _people.contract_id, _people.group_, _people.establishment_id, _roles.role
).where(_people.left_at.is_(None))
_BY_ID = Statement(_ACTIVE.select_from(_with_roles).where(_people.id == bindparam("participant_id")))
_MEMBERS = Statement(
    _ACTIVE.select_from(_with_roles)
    .where(_people.contract_id == bindparam("contract_id"))
    .order_by(_people.id)
)
_seats_of = _ACTIVE.select_from(_with_roles.join(Seat.__table__, _seats.participant_id == _people.id)).where(
    _seats.account_id == bindparam("account_id")
)
_seat_in = _seats_of.where(_people.contract_id == bindparam("contract_id"))
_ALL_SEATS, _BY_SEAT = Statement(_seats_of), Statement(_seat_in)
_operations = Operation.__table__.c
_OUTCOME = Statement(
    select(_operations.outcome).where(
        _operations.participant_id == bindparam("participant_id"), _operations.op_id == bindparam("op_id")
    )
)
_places = Establishment.__table__.c
# Contracts stand above members: of theirs only the title is read, for the frame of pages.
_contract = table("contract", column("id", String), column("title", String))
_place_columns = (
    _places.name,
    _places.category,
    _places.finess_et,
    _places.places,
    _places.phone,
    _places.hours,
)
_ONLY_PLACE = Statement(
    select(_people.establishment_id, *_place_columns)
    .distinct()
    .select_from(
        Seat.__table__.join(Participant.__table__, _seats.participant_id == _people.id).outerjoin(
            Establishment.__table__, _places.id == _people.establishment_id
        )
    )
    .where(_seats.account_id == bindparam("account_id"), _people.left_at.is_(None))
    .limit(2)
)
_WITH_PLACE = Statement(
    _seat_in.add_columns(*_place_columns, _contract.c.title)
    .join(_contract, _contract.c.id == _people.contract_id)
    .outerjoin(Establishment.__table__, _places.id == _people.establishment_id)
)


def actor(session: Session, account_id: str, contract_id: str) -> Actor | None:
    """The account's active participant in this contract, with its roles; else None."""
    return _actor(_BY_SEAT.rows(session, account_id=account_id, contract_id=contract_id))


def seat(session: Session, account_id: str, contract_id: str) -> tuple[Actor, Place | None, str] | None:
    """The same with the establishment and the title of the contract, for the frame of pages; one query."""
    found = _WITH_PLACE.rows(session, account_id=account_id, contract_id=contract_id)
    person = _actor(found)
    if person is None:
        return None
    row = found[0]
    return person, _place(row), row.title


def only_place(session: Session, account_id: str) -> Place | None:
    """The establishment that all the active seats of the account share; None when they do not; one query."""
    found = _ONLY_PLACE.rows(session, account_id=account_id)
    return _place(found[0]) if len(found) == 1 else None


def _place(row: Any) -> Place | None:
    if row.establishment_id is None:
        return None
    return Place(
        row.establishment_id,
        row.name,
        row.category,
        row.finess_et or "",
        row.places,
        row.phone or "",
        row.hours or "",
    )


def actor_of(session: Session, participant_id: str) -> Actor | None:
    """The same, from the participant's id: services re-read it inside their unit."""
    return _actor(_BY_ID.rows(session, participant_id=participant_id))


def actors_of(session: Session, participant_ids: Collection[str]) -> dict[str, Actor]:
    """The same for several, those who left excluded; one query."""
    by_person: dict[str, list[Any]] = {}
    query = _ACTIVE.select_from(_with_roles).where(_people.id.in_(list(participant_ids)))
    for row in session.execute(query) if participant_ids else ():
        by_person.setdefault(row.id, []).append(row)
    return {found.participant_id: found for found in map(_actor, by_person.values()) if found is not None}


def _actor(found: Sequence[Any]) -> Actor | None:
    if not found:
        return None
    person = found[0]
    return Actor(
        participant_id=person.id,
        contract_id=person.contract_id,
        group=person.group_,
        establishment_id=person.establishment_id,
        roles=frozenset(row.role for row in found if row.role is not None),
    )


def actors(session: Session, account_id: str) -> list[Actor]:
    """The account's active participants, one a contract, with their roles; one query."""
    by_person: dict[str, list[Any]] = {}
    for row in _ALL_SEATS.rows(session, account_id=account_id):
        by_person.setdefault(row.id, []).append(row)
    return [found for found in map(_actor, by_person.values()) if found is not None]


def members(session: Session, contract_id: str) -> list[Actor]:
    """Every active participant of a contract, with its roles; one query."""
    by_person: dict[str, list[Any]] = {}
    for row in _MEMBERS.rows(session, contract_id=contract_id):
        by_person.setdefault(row.id, []).append(row)
    return [found for found in map(_actor, by_person.values()) if found is not None]


def outcome(session: Session, participant_id: str, op_id: str) -> str | None:
    """Where a form of this participant already led, when it was sent before."""
    row = _OUTCOME.first(session, participant_id=participant_id, op_id=op_id)
    return None if row is None else str(row.outcome)


# Who decides without a role of the contract, as a sentence goes on: « écrit par le conseil d’administration ».
FUNCTIONS: Mapping[Group, str] = {
    Group.RESIDENTS: say("un résident ou une résidente"),
    Group.FAMILIES: say("une famille ou un proche"),
    Group.PROFESSIONALS: say("un professionnel ou une professionnelle"),
    Group.STAFF_REPS: say("la représentation du personnel"),
    Group.BOARD: say("le conseil d’administration"),
    Group.MANAGEMENT: say("la direction"),
    Group.AUTHORITIES: say("une autorité"),
}


def function_of(person: Actor) -> str:
    """How a decider is named in public: a function, never a name."""
    if Role.DIRECTOR in person.roles:
        return say("la direction")
    if Role.DEPUTY in person.roles:
        return say("la suppléance de la direction")
    if Role.MODERATOR in person.roles:
        return say("la modération")
    if Role.FACILITATOR in person.roles:
        return say("l’animation")
    return FUNCTIONS[person.group]
