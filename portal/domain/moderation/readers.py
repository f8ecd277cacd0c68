"""Who reads the appeals of a space: named by the direction, of another college, bound to confidentiality."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import column, select, table
from sqlalchemy.orm import Session

from portal.domain.facts import Fact, FactKind
from portal.domain.journal import service as journal
from portal.domain.moderation import settings
from portal.domain.moderation.models import Appeal, AppealAside, AppealReader, AppealState
from portal.domain.participants import queries as participants
from portal.domain.participants.models import Seat
from portal.domain.participants.queries import function_of
from portal.domain.spaces import queries as spaces
from portal.kernel import clock
from portal.kernel.errors import InvalidError, NotFoundError
from portal.kernel.speech import Sentence, say
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.policy.targets import ContractTarget
from portal.vocabulary import College, Group, Role

KEEPERS = frozenset({Role.DIRECTOR, Role.DEPUTY, Role.MODERATOR})
PROMISE = say(
    "Je lis ces mots pour décider de ce recours, et pour rien d’autre. Je n’en parle à personne, ni avant ni "
    "après ma décision. Je ne cherche pas à savoir qui les a écrits. Si je reconnais la personne, ou si la "
    "situation me touche de près, je laisse quelqu’un d’autre décider."
)
_ACCOUNT = table("account", column("id"), column("name"))


@dataclass(frozen=True, slots=True)
class Reader:
    """A person who holds the role, by the name that the direction knows; `since` when named here."""

    participant_id: str
    name: str
    college: College
    group: Group
    authority: bool = False
    since: datetime | None = None
    accepted_at: datetime | None = None


def named(session: Session, space_id: str) -> list[AppealReader]:
    """Those who are named for a space now."""
    query = select(AppealReader).where(AppealReader.space_id == space_id, AppealReader.ended_at.is_(None))
    return list(session.scalars(query.order_by(AppealReader.at, AppealReader.id)))


def aside(session: Session, appeal_ids: Collection[str]) -> dict[str, set[str]]:
    """Who left each of these appeals to somebody else, by appeal."""
    query = select(AppealAside.appeal_id, AppealAside.participant_id)
    found: dict[str, set[str]] = {}
    for one in session.execute(query.where(AppealAside.appeal_id.in_(list(appeal_ids)))):
        found.setdefault(one.appeal_id, set()).add(one.participant_id)
    return found


def left(session: Session, space_id: str) -> dict[str, list[AppealAside]]:
    """The appeals of a space that wait and that a reader left to somebody else, by reader; the last first."""
    query = (
        select(AppealAside)
        .join(Appeal, Appeal.id == AppealAside.appeal_id)
        .where(Appeal.space_id == space_id, Appeal.state == AppealState.ASKED)
        .order_by(AppealAside.at.desc(), AppealAside.appeal_id)
    )
    found: dict[str, list[AppealAside]] = {}
    for one in session.scalars(query):
        found.setdefault(one.participant_id, []).append(one)
    return found


def seats_of(session: Session, participant_id: str) -> list[AppealReader]:
    """The spaces for which a participant is named now."""
    query = select(AppealReader).where(
        AppealReader.participant_id == participant_id, AppealReader.ended_at.is_(None)
    )
    return list(session.scalars(query))


def members(session: Session, contract_id: str, space_id: str) -> list[Reader]:
    """Who holds the role in a contract, those named for the space with since when; three queries."""
    holders = [
        one
        for one in participants.members(session, contract_id)
        if Role.APPEAL_READER in one.roles and one.roles.isdisjoint(KEEPERS)
    ]
    rows = session.execute(
        select(Seat.participant_id, _ACCOUNT.c.name)
        .join(_ACCOUNT, _ACCOUNT.c.id == Seat.account_id)
        .where(Seat.participant_id.in_([one.participant_id for one in holders]))
    )
    names = {row.participant_id: row.name for row in rows}
    known = {one.participant_id: one for one in named(session, space_id)}
    return [_reader(one, names.get(one.participant_id, ""), known.get(one.participant_id)) for one in holders]


def _reader(person: Actor, name: str, row: AppealReader | None) -> Reader:
    return Reader(
        person.participant_id,
        name,
        person.group.college,
        person.group,
        is_authority(person),
        row.at if row else None,
        row.accepted_at if row else None,
    )


def is_authority(person: Actor) -> bool:
    """Whether a person speaks for a tariff authority."""
    return person.group.college is College.AUTHORITIES or Role.AUTHORITY_AGENT in person.roles


def name(
    session: Session, person: Actor, space_id: str, participant_id: str, *, at: datetime | None = None
) -> AppealReader:
    """Name somebody for the appeals of a space.

    Errors: NotFoundError, RefusedError, InvalidError (`reader`) for who may not read them.
    """
    now = at or clock.now()
    configurable(session, person, space_id, now)
    chosen = participants.actor_of(session, participant_id)
    problem = unfit(session, person.contract_id, chosen)
    if problem is not None:
        raise InvalidError({"reader": [problem]})
    known = next((one for one in named(session, space_id) if one.participant_id == participant_id), None)
    if known is not None:
        return known
    row = AppealReader(
        space_id=space_id, participant_id=participant_id, named_function=function_of(person), at=now
    )
    session.add(row)
    session.flush()
    journal.append(session, fact(FactKind.APPEAL_READER_NAMED, person, space_id, participant_id))
    return row


def fact(kind: FactKind, person: Actor, space_id: str, participant_id: str) -> Fact:
    """What the register keeps of a naming: for which space and when; of whom, a digest."""
    return Fact(
        kind,
        person.contract_id,
        space_id,
        group=person.group,
        participant_id=person.participant_id,
        content=participant_id,
        space_id=space_id,
    )


def unfit(session: Session, contract_id: str, chosen: Actor | None) -> Sentence | None:
    """Why somebody may not read appeals now; None when they may: roles and settings change after a naming."""
    if chosen is None or chosen.contract_id != contract_id or Role.APPEAL_READER not in chosen.roles:
        return say("Choisissez une personne qui tient le rôle « lecture des recours ».")
    if not chosen.roles.isdisjoint(KEEPERS):
        return say("Une personne qui relit les contributions ne peut pas lire les recours.")
    decided, _version = settings.of(session, contract_id)
    if is_authority(chosen) and not decided.authority_readers:
        return say(
            "Une autorité ne lit pas les recours, sauf si les réglages de ce contrat le prévoient, avec leur raison."
        )
    return None


def promise(session: Session, person: Actor, *, at: datetime | None = None) -> None:
    """Accept confidentiality, for every space for which one is named. Errors: RefusedError."""
    permits.require(person, Permission.APPEALS_READ, ContractTarget(person.contract_id))
    for row in seats_of(session, person.participant_id):
        row.accepted_at = row.accepted_at or at or clock.now()
    session.flush()


def configurable(session: Session, person: Actor, space_id: str, now: datetime) -> None:
    """Let the direction decide who reads the appeals of a space, alone. Errors: NotFoundError, RefusedError."""
    journal.hold(session, person.contract_id)
    space = spaces.view(session, space_id, now)
    if space is None:
        raise NotFoundError
    permits.require(person, Permission.APPEAL_READERS_NAME, space.target)
