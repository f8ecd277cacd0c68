"""What tests of the parts of a trame share: two authorities that sign, a part in discussion, a space on it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from portal.domain.contracts.models import ContractAuthority
from portal.domain.organisations.models import Organisation
from portal.domain.participants import service as members
from portal.domain.spaces import service as spaces
from portal.domain.spaces.service import NewSpace
from portal.domain.trame_parts import service
from portal.domain.trame_parts.typed import Opened
from portal.domain.trames import queries as trames
from portal.domain.trames import service as blocks
from portal.domain.trames.catalogue import block_id
from portal.kernel import clock
from portal.vocabulary import AuthorityKind, Group, Level, ModerationMode, Role, SpaceObject
from tests.factories.trames import signs
from tests.factories.world import House, a_person

BLOCK = block_id("preambule")
FIRST = "Les maisons restent ouvertes à leurs voisins."
PLAIN = "Cette partie dit pourquoi on signe ce contrat."
LEVELS = {
    Group.FAMILIES: Level.INFORMATION,
    Group.MANAGEMENT: Level.CONCERTATION,
    Group.AUTHORITIES: Level.CONCERTATION,
}


def opened(technical: str = FIRST, plain: str = PLAIN) -> Opened:
    """A part as somebody types it."""
    return Opened(technical, plain, "Tous les mots.", "Le contrat dure cinq ans.")


def two_authorities(session: Session, house: House) -> None:
    """« authority » acts for an agency, « department » for a département; both sign, the contract has a trame."""
    signs(session, house)
    row = Organisation(name="Département du Val", authority=AuthorityKind.DEPARTMENT)
    session.add(row)
    session.flush()
    session.add(ContractAuthority(contract_id=house.contract_id, organisation_id=row.id))
    session.flush()
    house.people["department"] = a_person(
        session, house, f"département {house.contract_id[:4]}", Group.AUTHORITIES, (Role.AUTHORITY_AGENT,)
    )
    members.attach(session, house["department"].id, row.id)
    if trames.chosen(session, house.contract_id) is None:
        blocks.choose(session, house["director"].actor, house.contract_id, "ehpad", 0)


def a_part(session: Session, house: House, who: str = "authority", block: str = BLOCK, seen: int = 0) -> str:
    """A block that somebody put into discussion; the id of the part."""
    return service.open_(session, house[who].actor, house.contract_id, block, opened(), seen)


def a_space_on(session: Session, house: House, part_id: str) -> str:
    """An open space on a part, where the authorities read the words; its id."""
    now = clock.now()
    command = NewSpace(
        object=SpaceObject.TRAME,
        question="Comment écrire ensemble cette partie\u00a0?",
        introduction="",
        opens_at=now,
        ends_at=now + timedelta(days=20),
        answer_days=30,
        moderation=ModerationMode.AFTER,
        item_ids=(part_id,),
        levels=LEVELS,
        authorities_read_words=True,
    )
    space = spaces.create(session, house["director"].actor, house.contract_id, command)
    spaces.open_(session, house["director"].actor, space.id)
    return space.id
