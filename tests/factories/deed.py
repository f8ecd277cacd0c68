"""A contract with something of everything, written through its services."""

from __future__ import annotations

from sqlalchemy.orm import Session

from portal.domain.indicators.catalogue import by_code
from portal.domain.indicators.models import Unit
from portal.domain.trames import service as trames
from portal.domain.trames.catalogue import block_id
from tests.factories.documents import a_document
from tests.factories.indicators import fill, follow_indicators, this_year
from tests.factories.lifecycle import a_life
from tests.factories.means import a_line, a_move, another_site
from tests.factories.objectives import a_branch, an_action, an_objective
from tests.factories.trames import signs
from tests.factories.world import House

PREAMBLE = "Ce contrat est né de deux ans de travail.\n\n- des repas plus longs\n- des nuits plus calmes"


def a_full_contract(session: Session, house: House, model: str = "ehpad") -> dict[str, str]:
    """What each noun holds; the ids of what tests speak of."""
    director = house["director"].actor
    signs(session, house)
    top = a_branch(session, house)
    branch = a_branch(session, house, top, "Bien dormir")
    objective = an_objective(session, house, branch_id=branch, said={"watch": "Ne réveiller personne."})
    an_action(session, house, objective)
    a_line(session, house, objective=objective)
    second = another_site(session, house)
    a_move(session, house, second)
    a_life(session, director)
    (persons,) = follow_indicators(session, house, _code_of_persons())
    year = this_year() - 1
    fill(session, house, persons, {(house.establishment_id, year): "3", (second, year): "40"})
    a_document(session, house)
    if model:
        trames.choose(session, director, house.contract_id, model, 0)
        trames.write(session, director, house.contract_id, block_id("preambule"), PREAMBLE, 0)
    return {"objective": objective, "indicator": persons, "site": second}


def _code_of_persons() -> str:
    return next(code for code, one in by_code().items() if one.unit is Unit.PERSONS)
