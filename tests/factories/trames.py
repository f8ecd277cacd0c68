"""What tests of trames share: an authority with its agent, a trame that it published, one that a contract is written in."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.contracts import parties
from portal.domain.contracts.models import ContractAuthority
from portal.domain.organisations.models import Organisation
from portal.domain.participants import service as members
from portal.domain.trames import library, queries, service
from portal.domain.trames.models import BlockKind, Filling, Trame
from portal.domain.trames.typed import BlockTyped
from portal.kernel.errors import NotFoundError
from portal.vocabulary import AuthorityKind
from tests.factories.world import House

WHY = "Une première version, après deux réunions."


def block(**more: object) -> BlockTyped:
    """A block as somebody types it."""
    values: dict[str, object] = {
        "kind": BlockKind.ARTICLE,
        "title": "Vie sociale",
        "plain": "Ce que l’on fait pour que chacun garde ses liens.",
        "filling": Filling.FREE,
        "binding": False,
    }
    return BlockTyped(**(values | more))  # type: ignore[arg-type]


def signs(session: Session, house: House, name: str = "ARS du Val") -> str:
    """An authority signs the contract of a house, and « authority » acts for it; its id."""
    row = Organisation(name=name, authority=AuthorityKind.ARS)
    session.add(row)
    session.flush()
    session.add(ContractAuthority(contract_id=house.contract_id, organisation_id=row.id))
    session.flush()
    members.attach(session, house["authority"].id, row.id)
    return row.id


def version_of(session: Session, trame_id: str) -> int:
    """The number of the state of a trame."""
    return session.scalars(select(Trame.version).where(Trame.id == trame_id)).one()


def a_trame(session: Session, house: House, model: str = "ehpad", title: str = "Trame du Val") -> str:
    """A trame that « authority » copied from a model; its id."""
    return library.copy(session, house["authority"].actor, house.contract_id, model, title)


def publish(session: Session, house: House, trame_id: str, told: str = WHY) -> str:
    """It is published as it is; the id of the version."""
    agent, seen = house["authority"].actor, version_of(session, trame_id)
    return library.publish(session, agent, house.contract_id, trame_id, told, seen)


def a_sheet(session: Session, house: House) -> dict[str, str]:
    """A contract is written in a trame of its own authority, with one block; what addresses call them."""
    agent = house["authority"].actor
    if parties.acts_for(session, agent) is None:
        raise NotFoundError
    trame_id = a_trame(session, house, "vide", f"Trame {house.contract_id[:4]}")
    block_id = library.add_block(
        session, agent, house.contract_id, trame_id, block(), version_of(session, trame_id)
    )
    version_id = publish(session, house, trame_id)
    service.choose(session, house["director"].actor, house.contract_id, version_id, 0)
    service.write(session, house["director"].actor, house.contract_id, block_id, "On sort le jeudi.", 0)
    if queries.sheet(session, house.contract_id) is None:
        raise NotFoundError
    return {"trame_id": trame_id, "block_id": block_id}
