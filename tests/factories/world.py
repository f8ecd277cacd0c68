"""Two contracts that share nobody, with one person of every kind, made by the services."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy.orm import Session

from portal.domain.accounts import service as accounts
from portal.domain.contracts.models import (
    Axis,
    Contract,
    ContractEstablishment,
    Finding,
    Leeway,
    Objective,
)
from portal.domain.contributions import service as contributions
from portal.domain.contributions.rules import Words
from portal.domain.contributions.service import NewContribution
from portal.domain.involvement import service as involvement
from portal.domain.moderation import appeals
from portal.domain.moderation import service as moderation
from portal.domain.moderation.service import Reason, Seen
from portal.domain.organisations.models import Establishment, Organisation
from portal.domain.participants import queries as participants
from portal.domain.participants import service as members
from portal.domain.spaces import service as spaces
from portal.domain.spaces.service import NewSpace
from portal.domain.texts import service as texts
from portal.kernel import clock
from portal.policy.actor import Actor
from portal.vocabulary import (
    ContributionKind,
    ContributionStatus,
    Display,
    FindingKind,
    Group,
    Level,
    ModerationMode,
    ModerationRule,
    Register,
    Role,
    SpaceObject,
    Stage,
)

LEVELS = {
    Group.RESIDENTS: Level.CONSULTATION,
    Group.FAMILIES: Level.CONCERTATION,
    Group.PROFESSIONALS: Level.CONCERTATION,
    Group.STAFF_REPS: Level.CONCERTATION,
    Group.BOARD: Level.INFORMATION,
    Group.MANAGEMENT: Level.CONCERTATION,
    Group.AUTHORITIES: Level.INFORMATION,
}
CAST: dict[str, tuple[Group, tuple[Role, ...]]] = {
    "resident": (Group.RESIDENTS, ()),
    "family": (Group.FAMILIES, ()),
    "professional": (Group.PROFESSIONALS, ()),
    "staff_rep": (Group.STAFF_REPS, ()),
    "board": (Group.BOARD, ()),
    "manager": (Group.MANAGEMENT, ()),
    "authority": (Group.AUTHORITIES, (Role.AUTHORITY_AGENT,)),
    "director": (Group.MANAGEMENT, (Role.DIRECTOR,)),
    "second_director": (Group.MANAGEMENT, (Role.DIRECTOR,)),
    "deputy": (Group.MANAGEMENT, (Role.DEPUTY,)),
    "moderator": (Group.PROFESSIONALS, (Role.MODERATOR,)),
}


@dataclass
class Person:
    """Somebody a test signs in as."""

    account_id: str
    actor: Actor

    @property
    def id(self) -> str:
        return self.actor.participant_id


@dataclass
class House:
    """One contract: its people, items and spaces."""

    contract_id: str
    establishment_id: str
    items: list[str]
    objectives: list[str]
    people: dict[str, Person] = field(default_factory=dict)
    space_id: str = ""
    axis_id: str = ""

    def __getitem__(self, name: str) -> Person:
        return self.people[name]


def a_house(session: Session, name: str, *, residents: int = 6, families: int = 6) -> House:
    """A contract with its cast, one establishment, three findings and two objectives."""
    now = clock.now()
    organisation = Organisation(name=f"Association {name}", finess_ej="990000001", fictional=True)
    session.add(organisation)
    session.flush()
    place = Establishment(
        organisation_id=organisation.id,
        name=f"Maison {name}",
        category="EHPAD",
        places=84,
        phone="01 99 00 00 00",
    )
    contract = Contract(
        title=f"Contrat {name}",
        organisation_id=organisation.id,
        starts_on=date(2027, 1, 1),
        ends_on=date(2031, 12, 31),
        stage=Stage.DIAGNOSTIC,
        created_at=now,
    )
    session.add_all([place, contract])
    session.flush()
    session.add(ContractEstablishment(contract_id=contract.id, establishment_id=place.id))
    house = House(contract.id, place.id, [], [])
    house.axis_id = _axis(session, contract.id)
    for number in (1, 2, 3):
        house.items.append(_item(session, house, number, name, finding=True))
    for number in (1, 2):
        house.objectives.append(_item(session, house, number, name, finding=False))
    for label, (group, roles) in CAST.items():
        house.people[label] = a_person(session, house, f"{label} {name}", group, roles)
    for number in range(residents - 1):
        house.people[f"resident_{number}"] = a_person(session, house, f"r{number} {name}", Group.RESIDENTS)
    for number in range(families - 1):
        house.people[f"family_{number}"] = a_person(session, house, f"f{number} {name}", Group.FAMILIES)
    return house


def _axis(session: Session, contract_id: str) -> str:
    axis = Axis(
        contract_id=contract_id,
        number=1,
        name="Vie quotidienne",
        question="Comment se passent vos journées ?",
    )
    session.add(axis)
    session.flush()
    return axis.id


def _item(session: Session, house: House, number: int, name: str, *, finding: bool) -> str:
    contract_id = house.contract_id
    if finding:
        item: Finding | Objective = Finding(
            contract_id=contract_id,
            number=number,
            axis_id=house.axis_id,
            title=f"Constat {number} de {name}",
            finding_kind=FindingKind.TO_IMPROVE,
        )
    else:
        item = Objective(
            contract_id=contract_id,
            number=number,
            axis="Vie quotidienne",
            title=f"Objectif {number} de {name}",
        )
    session.add(item)
    session.flush()
    session.add(
        Leeway(
            item_id=item.id,
            decided="Le budget.",
            decided_by="l’ARS",
            open="Les horaires.",
            open_by="la direction",
        )
    )
    for register in Register:
        texts.create(
            session,
            item.id,
            register,
            f"Premier paragraphe {register.value} {number} de {name}.\n\nSecond paragraphe {register.value} de {name}.",
            by_function="la direction",
        )
    return item.id


def a_person(session: Session, house: House, name: str, group: Group, roles: tuple[Role, ...] = ()) -> Person:
    """A member of the house with an account that may sign in."""
    slug = name.replace(" ", ".")
    account = accounts.create_account(
        session, email=f"{slug}@exemple.fr".lower(), name=name.title(), password_hash=None, persona=None
    )
    account_id = account if isinstance(account, str) else account.id
    place = None if group.institutional else house.establishment_id
    member = members.add_member(session, house.contract_id, group, place, account_id=account_id)
    for role in roles:
        members.give_role(session, member.id, role)
    actor = participants.actor_of(session, member.id)
    assert actor is not None
    return Person(account_id, actor)


def a_space(
    session: Session,
    house: House,
    *,
    levels: dict[Group, Level] | None = None,
    moderation: ModerationMode = ModerationMode.AFTER,
    opened: bool = True,
    days: int = 30,
    words_told: bool = True,
    on: SpaceObject = SpaceObject.DIAGNOSTIC,
) -> str:
    """An exchange space on the house's items, open unless told otherwise."""
    now = clock.now()
    director = house["director"].actor
    space = spaces.create(
        session,
        director,
        house.contract_id,
        NewSpace(
            object=on,
            question="Que faut-il changer dans la vie de tous les jours ?",
            introduction="Dites-nous ce qui va bien et ce qui ne va pas.",
            opens_at=now,
            ends_at=now + timedelta(days=days),
            answer_days=30,
            moderation=moderation,
            item_ids=tuple(house.items if on is SpaceObject.DIAGNOSTIC else house.objectives),
            levels=levels or LEVELS,
            authorities_read_words=words_told,
        ),
    )
    if opened:
        spaces.open_(session, director, space.id)
    house.space_id = house.space_id or space.id
    return space.id


def a_contribution(
    session: Session,
    house: House,
    author: str = "family",
    body: str = "Le dîner est servi trop tôt.",
    *,
    kind: ContributionKind = ContributionKind.COMMENT,
    space_id: str | None = None,
    item: int = 0,
    parent_id: str | None = None,
    name: str | None = None,
) -> str:
    """A contribution sent by a person of the house; returns its id."""
    row = contributions.submit(
        session,
        house[author].actor,
        space_id or house.space_id,
        NewContribution(
            kind=kind,
            item_id=house.items[item],
            words=Words(body, "Parce que c’est mieux ainsi." if kind is ContributionKind.PROPOSAL else ""),
            display=Display.NAME if name else Display.GROUP,
            name=name,
            parent_id=parent_id,
        ),
    )
    return row.id


def an_appeal(session: Session, house: House, author: str = "family_1") -> str:
    """An appeal against the hiding of words, which nobody is named to read; returns its id."""
    said = a_contribution(session, house, author, "Des mots masqués.", item=2)
    seen, why = Seen(1, ContributionStatus.PUBLISHED), Reason(ModerationRule.OFF_TOPIC, "Dites-le ailleurs.")
    moderation.hide(session, house["director"].actor, said, seen, why)
    return appeals.ask(session, house[author].actor, said, "Relisez-moi.").id


def a_level(
    session: Session,
    house: House,
    group: Group,
    level: Level,
    reason: str = "Parce que.",
    *,
    space_id: str | None = None,
) -> None:
    """A new level recorded by the director for one space, the first of the house if none is named."""
    involvement.record(
        session,
        house["director"].actor,
        house.contract_id,
        space_id or house.space_id,
        involvement.NewLevel(group, level, reason),
    )
