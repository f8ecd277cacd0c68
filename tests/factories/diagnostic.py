"""What tests of the diagnostic share: authorities that sign, agents, findings."""

from __future__ import annotations

from sqlalchemy.orm import Session

from portal.domain.contracts import queries as contracts
from portal.domain.contracts.models import ContractAuthority
from portal.domain.diagnostic import service
from portal.domain.diagnostic.typed import Typed
from portal.domain.organisations.models import Organisation
from portal.domain.participants import service as members
from portal.kernel.errors import NotFoundError
from portal.vocabulary import AuthorityKind, FindingKind, Group, Role
from tests.factories.world import House, a_person

PLAIN = "Le soir, on a faim.\n\nLe repas est trop tôt."
TECHNICAL = "Le jeûne nocturne dure 13 heures.\n\nLa recommandation est de 12 heures."


def an_authority(session: Session, house: House, name: str = "ARS du Val") -> str:
    """An authority that signs the contract of a house; its id."""
    kind = AuthorityKind.ARS if name.startswith("ARS") else AuthorityKind.DEPARTMENT
    row = Organisation(name=name, authority=kind)
    session.add(row)
    session.flush()
    session.add(ContractAuthority(contract_id=house.contract_id, organisation_id=row.id))
    session.flush()
    return row.id


def two_authorities(session: Session, house: House) -> tuple[str, str]:
    """The agency, for which « authority » acts, and the département, for which « county » does."""
    agency, county = an_authority(session, house), an_authority(session, house, "Département du Val")
    members.attach(session, house["authority"].id, agency)
    house.people["county"] = a_person(
        session, house, f"county {house.contract_id[:5]}", Group.AUTHORITIES, (Role.AUTHORITY_AGENT,)
    )
    members.attach(session, house["county"].id, county)
    return agency, county


def typed(house: House, **more: object) -> Typed:
    """A finding as somebody types it."""
    values: dict[str, object] = {
        "axis_id": house.axis_id,
        "kind": FindingKind.TO_IMPROVE,
        "title": "Le dîner est servi trop tôt",
        "plain": PLAIN,
        "technical": TECHNICAL,
    }
    return Typed(**(values | more))  # type: ignore[arg-type]


def a_finding(session: Session, house: House, who: str = "director", **more: object) -> str:
    """A finding that somebody of the house adds; its id."""
    return service.add(session, house[who].actor, house.contract_id, typed(house, **more))


def version_of(session: Session, finding_id: str) -> int:
    """The number of the state of a finding."""
    found = contracts.item(session, finding_id)
    if found is None:
        raise NotFoundError(finding_id)
    return found.version
