"""A line of each sort in the life of a contract."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.contracts.models import ContractAuthority
from portal.domain.lifecycle import endings, follow_up
from portal.domain.lifecycle.follow_up import PARTNER, LineTyped
from portal.domain.lifecycle.models import Amendment, ReportLine
from portal.domain.organisations.models import Organisation
from portal.kernel import clock
from portal.policy.actor import Actor
from portal.vocabulary import AuthorityKind


def a_life(session: Session, director: Actor) -> dict[str, str]:
    """An avenant, a seat, a line of reports and a disagreement, by what addresses call them."""
    contract_id, today = director.contract_id, clock.today()
    avenant = Amendment(
        contract_id=contract_id,
        number=1,
        signed_on=today,
        effective_on=today,
        changes="Dix places de plus.",
        by_function="la direction",
        at=clock.now(),
    )
    session.add(avenant)
    session.flush()
    seat = follow_up.add_seat(
        session, director, contract_id, "Présidente", PARTNER, "Conseil de la vie sociale"
    )
    line = LineTyped("Le rapport des nuits", "la direction", "", 15, 1)
    follow_up.add_line(session, director, contract_id, line)
    about, position = "Le financement des nuits", "Deux postes de plus sont demandés."
    disagreement = endings.raise_(session, director, contract_id, about, today, position)
    return {
        "amendment_id": avenant.id,
        "seat_id": seat,
        "line_id": session.scalars(
            select(ReportLine.id).where(
                ReportLine.contract_id == contract_id, ReportLine.label == "Le rapport des nuits"
            )
        ).one(),
        "disagreement_id": disagreement,
    }


def an_authority(
    session: Session, contract_id: str, name: str, kind: AuthorityKind = AuthorityKind.ARS
) -> str:
    """An authority that signs a contract; its id."""
    row = Organisation(name=name, authority=kind)
    session.add(row)
    session.flush()
    session.add(ContractAuthority(contract_id=contract_id, organisation_id=row.id))
    session.flush()
    return row.id
