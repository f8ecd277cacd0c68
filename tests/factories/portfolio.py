"""Contracts that one authority follows: many, light, without spaces unless a test adds one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from portal.domain.contracts.models import Contract, ContractAuthority, ContractEstablishment
from portal.domain.organisations.models import Establishment, Organisation
from portal.domain.participants import service as members
from portal.kernel import clock
from portal.vocabulary import AuthorityKind, Group, Role, Stage
from tests.factories.world import House

STAGES = list(Stage)
DEPARTMENTS = ("35", "22", "2A")
CATEGORIES = ("EHPAD", "Résidence autonomie")


@dataclass(frozen=True)
class Portfolio:
    """What was made, in the order in which it was."""

    contract_ids: list[str]
    authority_ids: list[str]


def a_portfolio(session: Session, house: House, number: int, *, person: str = "authority") -> Portfolio:
    """So many contracts that a person of the house follows as an authority agent."""
    authorities = [
        Organisation(
            name=f"Agence {name}",
            authority=AuthorityKind.ARS,
            delegation=f"Délégation {name}",
            fictional=True,
        )
        for name in ("Nord", "Sud")
    ]
    session.add_all(authorities)
    session.flush()
    ids = [_one(session, house, person, n, authorities[n % 2].id) for n in range(number)]
    return Portfolio(ids, [one.id for one in authorities])


def _one(session: Session, house: House, person: str, number: int, authority_id: str) -> str:
    today = clock.today()
    manager = Organisation(name=f"Association {number:02}", finess_ej=f"9900001{number:02}", fictional=True)
    session.add(manager)
    session.flush()
    stage = STAGES[number % len(STAGES)]
    contract = Contract(
        title=f"Contrat suivi {number:02}",
        organisation_id=manager.id,
        starts_on=today + timedelta(days=7 * number - 100),
        ends_on=date(today.year + 5, 12, 31) - timedelta(days=number),
        stage=stage,
        created_at=clock.now(),
        signed_on=date(2024 + number % 3, 6, 1) if number % 4 == 0 else None,
    )
    site = Establishment(
        organisation_id=manager.id,
        name=f"Résidence {number:02}",
        category=CATEGORIES[number % 2],
        finess_et=f"9900002{number:02}",
        department=DEPARTMENTS[number % 3],
        places=60,
    )
    session.add_all([contract, site])
    session.flush()
    session.add_all(
        [
            ContractEstablishment(contract_id=contract.id, establishment_id=site.id),
            ContractAuthority(contract_id=contract.id, organisation_id=authority_id),
        ]
    )
    session.flush()
    member = members.add_member(
        session, contract.id, Group.AUTHORITIES, None, account_id=house[person].account_id
    )
    members.give_role(session, member.id, Role.AUTHORITY_AGENT)
    return contract.id
