"""What tests of the means share: a line of money, its follow-up, a reallocation."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from portal.domain.contracts import queries as contracts
from portal.domain.contracts.models import ContractEstablishment
from portal.domain.means import moves, reallocations, service
from portal.domain.means.models import Lasting, MeansLine, Need, Payer, Reallocation
from portal.domain.means.typed import Typed, TypedMove
from portal.domain.organisations.models import Establishment
from portal.kernel import clock
from portal.policy.actor import Actor
from tests.factories.world import House

LABEL = "Deux postes d’aide-soignante la nuit"
WHY = "Le recrutement commence un an plus tard."
ALL_YEARS = (2027, 2028, 2029, 2030, 2031)


def steady(amount: int | str, years: tuple[int, ...] = ALL_YEARS) -> dict[int, str]:
    """The same amount planned every year, as somebody types it."""
    return {year: str(amount) for year in years}


def typed(**more: object) -> Typed:
    """A line as somebody types it."""
    values: dict[str, object] = {
        "label": LABEL,
        "payer": Payer.OWN.value,
        "lasting": Lasting.RECURRENT,
        "need": Need.EVERY_YEAR,
        "planned": steady("16 000"),
    }
    return Typed(**(values | more))  # type: ignore[arg-type]


def a_line(
    session: Session, house: House, who: str = "director", objective: str | None = None, **more: object
) -> str:
    """A line that somebody of the house adds to an objective; its id."""
    item_id = objective or house.objectives[0]
    return service.add(session, house[who].actor, house.contract_id, item_id, typed(**more))


def line_version(session: Session, line: str) -> int:
    """The number of the state of a line."""
    return session.get_one(MeansLine, line).version


def another_site(session: Session, house: House, name: str = "Maison des Prés") -> str:
    """A second establishment of the perimeter; its id."""
    first = session.get_one(Establishment, house.establishment_id)
    row = Establishment(organisation_id=first.organisation_id, name=name, category="EHPAD", places=40)
    session.add(row)
    session.flush()
    session.add(ContractEstablishment(contract_id=house.contract_id, establishment_id=row.id))
    session.flush()
    return row.id


def typed_move(origin: str, destination: str, **more: object) -> TypedMove:
    """A reallocation as somebody types it."""
    values: dict[str, object] = {
        "from_id": origin,
        "to_id": destination,
        "year": 2027,
        "amount": "8 000",
        "payer": Payer.OWN.value,
        "clause": "Article 4 du contrat, moyens propres",
        "reason": "Un poste reste vide dans la première maison.",
        "decided_by": "le conseil d’administration",
        "decided_on": clock.today() - timedelta(days=3),
    }
    return TypedMove(**(values | more))  # type: ignore[arg-type]


def a_move(session: Session, house: House, destination: str, **more: object) -> str:
    """A decision of the director that moves money to another establishment; its id."""
    move = typed_move(house.establishment_id, destination, **more)
    return reallocations.decide(session, house["director"].actor, house.contract_id, move)


def some_means(session: Session, director: Actor, objective: str) -> dict[str, str]:
    """A line of money in its second state and a decision, by what addresses call them; one house alone moves money to itself."""
    contract_id = director.contract_id
    line = service.add(session, director, contract_id, objective, typed(label="Un poste de nuit"))
    service.write(session, director, contract_id, line, typed(), 1)
    sites = [one.id for one in contracts.places(session, contract_id)]
    move = Reallocation(
        contract_id=contract_id,
        number=1 + len(moves.page(session, contract_id)[0]),
        from_id=sites[0],
        to_id=sites[-1],
        year=2027,
        amount=8000,
        payer=Payer.OWN,
        authority_id=None,
        clause="Article 4 du contrat",
        reason="Un poste reste vide.",
        decided_by="le conseil d’administration",
        decided_on=clock.today(),
        by_function="la direction",
        at=clock.now(),
    )
    session.add(move)
    session.flush()
    return {"means_id": line, "decision_id": move.id}
