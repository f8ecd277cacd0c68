"""Indicators of a house, chosen and filled through the services."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.contracts.models import ContractEstablishment
from portal.domain.indicators import grid, queries, references, service
from portal.domain.indicators.grid import Cell, Key
from portal.domain.indicators.references import Typed
from portal.domain.organisations.models import Establishment
from portal.kernel import clock
from portal.kernel.ids import new_id
from tests.factories.world import House


def this_year() -> int:
    return clock.paris(clock.now()).year


def follow_indicators(session: Session, house: House, *codes: str) -> list[str]:
    """The house follows these, and their ids come back in the same order."""
    seen = queries.version(session, house.contract_id)
    service.choose(session, house["director"].actor, house.contract_id, codes, seen)
    session.flush()
    found = {one.code: one.id for one in queries.followed(session, house.contract_id)}
    return [found[code] for code in codes]


def fill(session: Session, house: House, indicator: str, values: dict[tuple[str, int], str]) -> None:
    """Values of an indicator, as typed, by establishment and year."""
    known = queries.values(session, indicator, {year for _, year in values})
    cells = [
        Cell(Key(*place), words, "\0", known[place].version if place in known else 0)
        for place, words in values.items()
    ]
    grid.write(session, house["director"].actor, house.contract_id, indicator, cells)


def compare_to(
    session: Session, house: House, indicator: str, *numbers: str, year: int, code: str = "500"
) -> None:
    """Quartiles of a category in a year."""
    typed = Typed(code, str(year), *numbers, source="Tableau de bord, EHPAD de la région")
    references.write(session, house["director"].actor, house.contract_id, indicator, typed, 0)


def more_sites(
    session: Session, house: House, number: int, code: str | None = "500", places: int = 60
) -> list[str]:
    """Other establishments in the perimeter of a house."""
    organisation = session.get_one(Establishment, house.establishment_id).organisation_id
    made: Sequence[Establishment] = [
        Establishment(
            id=new_id(),
            organisation_id=organisation,
            name=f"Maison numéro {place + 1}",
            category="EHPAD",
            category_code=code,
            places=places,
        )
        for place in range(number)
    ]
    session.add_all(made)
    session.flush()
    session.add_all(
        ContractEstablishment(contract_id=house.contract_id, establishment_id=one.id) for one in made
    )
    session.flush()
    return [one.id for one in made]


def categorise(session: Session, house: House, code: str = "500") -> None:
    """The house's own site gets its official category."""
    session.scalars(
        select(Establishment).where(Establishment.id == house.establishment_id)
    ).one().category_code = code
