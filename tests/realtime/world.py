"""A contract with people, written straight into a database file that a server may be serving."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from portal import tables
from portal.domain.accounts import rules as account_rules
from portal.kernel.ids import new_id
from portal.vocabulary import Group, ItemKind, Level, ModerationMode, Phase, Role, SpaceObject, Stage
from tests.stores import plain_sql


@dataclass
class Someone:
    """A person with a session, as a test holds them."""

    account_id: str
    participant_id: str
    token: str

    @property
    def token_hash(self) -> str:
        return account_rules.token_hash(self.token)


@dataclass
class World:
    """One contract with one open space and two items."""

    contract_id: str
    space_id: str
    items: list[str]
    people: dict[str, Someone] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Someone:
        return self.people[name]


PEOPLE = {
    "director": (Group.MANAGEMENT, Role.DIRECTOR),
    "family": (Group.FAMILIES, None),
    "relative": (Group.FAMILIES, None),
    "resident": (Group.RESIDENTS, None),
    "nurse": (Group.PROFESSIONALS, None),
    "cousin": (Group.FAMILIES, None),
    "uncle": (Group.FAMILIES, None),
    "aunt": (Group.FAMILIES, None),
}
# A server may live with its clock moved by weeks: what ended long ago is taken out of its tables.
LONG_AFTER = timedelta(days=3650)
LEVELS = {
    Group.FAMILIES: Level.CONCERTATION,
    Group.RESIDENTS: Level.CONCERTATION,
    Group.PROFESSIONALS: Level.CONSULTATION,
}


def build(database: str, moderation: ModerationMode = ModerationMode.AFTER) -> World:
    """Write a new world; nothing of it is shared with another test."""
    engine = create_engine(database, connect_args={"timeout": 20} if database.startswith("sqlite") else {})
    try:
        with Session(engine) as session, session.begin():
            return _write(session, moderation)
    finally:
        engine.dispose()


def _write(session: Session, moderation: ModerationMode) -> World:
    now = datetime.now(UTC)
    organisation = tables.organisations.Organisation(
        id=new_id(), name="Association Les Tilleuls", fictional=True
    )
    session.add(organisation)
    session.flush()
    contract = tables.contracts.Contract(
        id=new_id(),
        title="CPOM",
        organisation_id=organisation.id,
        starts_on=date(2026, 1, 1),
        ends_on=date(2030, 12, 31),
        stage=Stage.DIAGNOSTIC,
        created_at=now,
    )
    session.add(contract)
    session.flush()
    items = [_item(contract.id, number) for number in (1, 2)]
    space = tables.spaces.Space(
        id=new_id(),
        contract_id=contract.id,
        object=SpaceObject.DIAGNOSTIC,
        question="Que voulez-vous ?",
        opens_at=now - timedelta(days=1),
        ends_at=now + LONG_AFTER,
        moderation=moderation,
        phase=Phase.OPEN,
        created_at=now,
    )
    session.add_all([*items, space])
    session.flush()
    for position, item in enumerate(items):
        session.add(tables.spaces.SpaceItem(space_id=space.id, item_id=item.id, position=position))
    world = World(contract.id, space.id, [item.id for item in items])
    for name, (group, role) in PEOPLE.items():
        world.people[name] = _person(session, contract.id, group, role, now)
    for group, level in LEVELS.items():
        session.add(_record(contract.id, group, level, now))
    return world


def _item(contract_id: str, number: int) -> tables.contracts.Finding:
    return tables.contracts.Finding(
        id=new_id(),
        contract_id=contract_id,
        kind=ItemKind.FINDING,
        number=number,
        axis="Accueil",
        title="Les repas",
    )


def _record(contract_id: str, group: Group, level: Level, now: datetime) -> tables.involvement.Involvement:
    yesterday = now - timedelta(days=1)
    return tables.involvement.Involvement(
        contract_id=contract_id,
        group=group,
        level=level,
        effective_at=yesterday,
        recorded_at=yesterday,
        by_function="la direction",
        applied=True,
    )


def _account(session: Session, now: datetime) -> Someone:
    account = tables.accounts.Account(
        id=new_id(), email=f"{new_id()}@exemple.fr", name="Camille", created_at=now
    )
    session.add(account)
    session.flush()
    someone = Someone(account.id, "", secrets.token_urlsafe(32))
    session.add(
        tables.accounts.SessionRow(
            token_hash=someone.token_hash,
            account_id=account.id,
            data="{}",
            created_at=now,
            seen_at=now,
            expires_at=now + LONG_AFTER,
        )
    )
    return someone


def _person(session: Session, contract_id: str, group: Group, role: Role | None, now: datetime) -> Someone:
    someone = _account(session, now)
    participant = tables.participants.Participant(
        id=new_id(), contract_id=contract_id, group=group, joined_at=now
    )
    session.add(participant)
    session.flush()
    session.add(tables.participants.Seat(account_id=someone.account_id, participant_id=participant.id))
    if role is not None:
        session.add(
            tables.participants.ParticipantRole(participant_id=participant.id, role=role, given_at=now)
        )
    someone.participant_id = participant.id
    return someone


def sql(database: str, statement: str, *values: object) -> None:
    """Change something by plain SQL, as an administrator would, beside the server."""
    plain_sql(database, statement, *values)


def rows(database: str, statement: str, *values: object) -> list[tuple[Any, ...]]:
    """What plain SQL finds beside the server."""
    return plain_sql(database, statement, *values)
