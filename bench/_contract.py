"""One contract of any size, made by the verbs of the product; only its thousands of values are written as rows."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from sqlalchemy import insert, select

from portal.domain.contracts.models import Contract
from portal.domain.diagnostic import axes, validation
from portal.domain.diagnostic.models import ValidationState
from portal.domain.documents.models import Subject
from portal.domain.indicators import catalogue
from portal.domain.indicators import queries as followed
from portal.domain.indicators import service as indicators
from portal.domain.indicators.models import Axis, Direction, IndicatorValue, Unit
from portal.domain.indicators.service import Own
from portal.domain.lifecycle import amendments, endings, follow_up
from portal.domain.lifecycle.amendments import AmendmentTyped
from portal.domain.lifecycle.follow_up import PARTNER, LineTyped
from portal.domain.lifecycle.models import ReportLine
from portal.domain.means.models import Payer
from portal.kernel import clock
from portal.vocabulary import FindingKind
from tests.factories.acts import an_act
from tests.factories.diagnostic import a_finding, two_authorities, version_of
from tests.factories.documents import a_document, place
from tests.factories.imports import an_import
from tests.factories.indicators import compare_to, more_sites
from tests.factories.means import a_line, a_move, steady
from tests.factories.objectives import a_branch, an_action, an_objective
from tests.factories.trames import a_sheet
from tests.factories.world import House, a_contribution, a_house, a_space

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from portal.kernel.units import Unit as UnitOfWork

FIRST_YEAR = 2022
KINDS = list(FindingKind)
PLAIN = (
    "Le soir, beaucoup d’entre nous ont faim, parce que le repas est servi tôt.\n\n"
    "Les familles qui viennent après le travail ne peuvent pas dîner avec leur proche."
)
TECHNICAL = (
    "Le jeûne nocturne dure 13 heures en moyenne sur le dernier trimestre, pour 12 heures recommandées.\n\n"
    "L’organisation des équipes de soirée repose sur deux postes, dont un n’est pas pourvu depuis mars."
)


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything a contract holds."""

    sites: int
    strategic: int
    objectives: int
    actions: int
    indicators: int
    years: int
    findings: int
    each: int
    """Of everything else: lines of money, documents, avenants, disagreements, reallocations, contributions."""


BIG = Size(sites=40, strategic=4, objectives=20, actions=100, indicators=60, years=5, findings=300, each=60)
SMALL = Size(sites=2, strategic=1, objectives=1, actions=2, indicators=2, years=2, findings=3, each=2)


@dataclass
class Made:
    """A contract, and what its addresses call by name."""

    house: House
    named: dict[str, str]
    sites: list[str]


def make(unit: UnitOfWork, name: str, size: Size) -> Made:
    """A contract of this size, in a database that already is at the head of the migrations."""
    house = unit(lambda session: a_house(session, name))
    made = Made(house, {"contract_id": house.contract_id, "establishment_id": house.establishment_id}, [])
    for part in (_parties, _diagnostic, _indicators, _objectives, _means, _life, _papers, _space):
        unit(lambda session, part=part: part(session, made, size))
    return made


def _parties(session: Session, made: Made, size: Size) -> None:
    house = made.house
    two_authorities(session, house)
    made.sites += [house.establishment_id, *more_sites(session, house, size.sites - 1)]
    made.named |= a_sheet(session, house)
    session.get_one(Contract, house.contract_id).signed_on = date(2026, 6, 1)
    made.named["act_id"] = an_act(session, house)


def _diagnostic(session: Session, made: Made, size: Size) -> None:
    house = made.house
    every = axes.begin(session, house["director"].actor, house.contract_id) or [house.axis_id]
    own = len(house.items)
    for number in range(max(size.findings - own, 1)):
        found = a_finding(
            session,
            house,
            "authority" if number % 5 == 4 else "director",
            axis_id=[house.axis_id, *every][number % (len(every) + 1)],
            kind=KINDS[number % len(KINDS)],
            title=f"Constat {number} : le dîner est servi trop tôt le soir",
            plain=PLAIN,
            technical=TECHNICAL,
            evidence="Relevé des horaires, du 3 au 30 mars",
            places=frozenset(made.sites[number % len(made.sites) :][:3]),
        )
        if number % 5 != 4 and number % 3 == 0:
            state = ValidationState.VALIDATED
            validation.declare(
                session,
                house["county"].actor,
                house.contract_id,
                found,
                state,
                "",
                version_of(session, found),
            )
        made.named |= {"finding_id": found, "axis_id": house.axis_id}


def _objectives(session: Session, made: Made, size: Size) -> None:
    house = made.house
    top = a_branch(session, house, title="Bien vivre ici")
    branches = [a_branch(session, house, top, f"Axe stratégique {n}") for n in range(size.strategic)]
    followed_ids = [one.id for one in followed.followed(session, house.contract_id)]
    found = [
        an_objective(
            session,
            house,
            title=f"Objectif {number} : réduire les passages aux urgences",
            plain=PLAIN,
            technical=TECHNICAL,
            branch_id=branches[number % len(branches)],
            places=frozenset(made.sites[number % len(made.sites) :][:5]),
            findings=frozenset(house.items),
            indicators=frozenset(followed_ids[:3]),
        )
        for number in range(size.objectives)
    ]
    actions = [
        an_action(session, house, found[number % len(found)], label=f"Action {number} : former les équipes")
        for number in range(size.actions)
    ]
    house.objectives[:] = found
    made.named |= {"branch_id": branches[0], "objective_id": found[0], "action_id": actions[0]}


def _indicators(session: Session, made: Made, size: Size) -> None:
    house, contract = made.house, made.house.contract_id
    director = house["director"].actor
    codes = [one.code for one in catalogue.entries()][: size.indicators]
    indicators.choose(session, director, contract, codes, followed.version(session, contract))
    for number in range(size.indicators - len(codes)):
        own = Own(
            f"Indicateur propre {number}",
            "Ce que cela dit.",
            "A / B",
            Unit.PERCENT,
            Direction.UP,
            list(Axis)[number % 4],
        )
        indicators.add(session, director, contract, own, followed.version(session, contract))
    session.flush()
    every = [one.id for one in followed.followed(session, contract)]
    now = clock.now()
    rows = [
        {
            "indicator_id": indicator,
            "establishment_id": site,
            "year": FIRST_YEAR + year,
            "value": Decimal(10 + (place * 7 + year * 3 + number) % 60),
            "estimated": False,
            "comment": "Valeur du compte de résultat" if place % 4 == 0 else "",
            "by_function": "la direction",
            "at": now,
            "version": 1,
        }
        for number, indicator in enumerate(every)
        for place, site in enumerate(made.sites)
        for year in range(size.years)
    ]
    session.execute(insert(IndicatorValue), rows)
    last = FIRST_YEAR + size.years - 1
    compared = next(one.id for one in followed.followed(session, contract) if one.compares)
    compare_to(session, house, compared, "10", "20", "30", year=last)
    made.named["indicator_id"] = compared


def _means(session: Session, made: Made, size: Size) -> None:
    house = made.house
    for number in range(size.each):
        line = a_line(
            session,
            house,
            objective=house.objectives[number % len(house.objectives)],
            label=f"Poste numéro {number}",
            planned=steady("16 000"),
            establishment_id=made.sites[number % len(made.sites)],
        )
        move = a_move(session, house, made.sites[1 + number % (len(made.sites) - 1)], payer=Payer.OWN.value)
        made.named |= {"means_id": line, "decision_id": move}


def _life(session: Session, made: Made, size: Size) -> None:
    house, contract, today = made.house, made.house.contract_id, clock.today()
    director = house["director"].actor
    signed = date(2026, 6, 1) + timedelta(days=30)
    begins = session.get_one(Contract, contract).starts_on
    for number in range(1, min(size.each, 20) + 1):
        avenant = AmendmentTyped(number, signed, begins, "Dix places de plus, en trois ans.", "Article 3")
        made.named["amendment_id"] = amendments.record(session, director, contract, avenant)
        made.named["disagreement_id"] = endings.raise_(
            session, director, contract, f"Le financement des nuits, {number}", today, "Deux postes de plus."
        )
        seat = follow_up.add_seat(
            session,
            director,
            contract,
            f"Présidente {number}",
            PARTNER,
            f"Conseil de la vie sociale {number}",
        )
        line = LineTyped(f"Le rapport des nuits {number}", "la direction", "l’ARS", 15, 1)
        follow_up.add_line(session, director, contract, line)
        made.named["seat_id"] = seat
    made.named["line_id"] = session.scalars(
        select(ReportLine.id).where(ReportLine.contract_id == contract, ReportLine.code.is_(None)).limit(1)
    ).one()


def _papers(session: Session, made: Made, size: Size) -> None:
    house, named = made.house, made.named
    where = (
        place(house),
        place(house, Subject.OBJECTIVE, named["objective_id"]),
        place(house, Subject.FINDING, named["finding_id"]),
        place(house, Subject.INDICATOR, named["indicator_id"]),
    )
    for number in range(max(size.each, 4)):
        named["document_id"] = a_document(session, house, where[number % 4], title=f"Plan {number}")
    named["import_id"] = an_import(session, house["director"].actor)


def _space(session: Session, made: Made, size: Size) -> None:
    house = made.house
    a_space(session, house)
    for number in range(size.each):
        said = a_contribution(session, house, body=f"Le dîner est servi trop tôt, remarque {number}.")
    made.named |= {"space_id": house.space_id, "item_id": house.items[0], "contribution_id": said}
