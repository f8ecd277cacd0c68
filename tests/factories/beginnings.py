"""A contract on its first day: its parties, the name of an establishment, its people, and nothing else."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from portal.domain.contracts.models import Contract, ContractAuthority, ContractEstablishment
from portal.domain.journal import service as journal
from portal.domain.organisations.models import Establishment, Organisation
from portal.kernel import clock
from portal.vocabulary import AuthorityKind, Group, Role, Stage
from tests.factories.world import House, a_person

CAST: dict[str, tuple[Group, tuple[Role, ...]]] = {
    "director": (Group.MANAGEMENT, (Role.DIRECTOR,)),
    "deputy": (Group.MANAGEMENT, (Role.DEPUTY,)),
    "family": (Group.FAMILIES, ()),
    "resident": (Group.RESIDENTS, ()),
}


def a_first_day(session: Session, name: str = "Source") -> House:
    """A contract that nobody has written in yet."""
    organisation = Organisation(name=f"Association {name}", finess_ej="990000009", fictional=True)
    authority = Organisation(name=f"Conseil départemental de {name}", authority=AuthorityKind.DEPARTMENT)
    session.add_all([organisation, authority])
    session.flush()
    place = Establishment(organisation_id=organisation.id, name=f"Maison {name}", category="")
    contract = Contract(
        title=f"Contrat {name}",
        organisation_id=organisation.id,
        starts_on=date(2028, 1, 1),
        ends_on=date(2032, 12, 31),
        stage=Stage.LAUNCH,
        created_at=clock.now(),
    )
    session.add_all([place, contract])
    session.flush()
    journal.hold(session, contract.id)
    session.add_all(
        [
            ContractEstablishment(contract_id=contract.id, establishment_id=place.id),
            ContractAuthority(contract_id=contract.id, organisation_id=authority.id),
        ]
    )
    session.flush()
    house = House(contract.id, place.id, [], [])
    for label, (group, roles) in CAST.items():
        house.people[label] = a_person(session, house, f"{label} {name}", group, roles)
    return house
