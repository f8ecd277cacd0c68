"""How long the whole contract takes to read and to make, and whether the rest of the portal goes on meanwhile.

    python bench/deed.py

40 establishments, 40 objectives with 100 actions, 60 indicators over five years, 300 findings, 100 lines of money.
Control: the same work held by one who lets nobody else go on must be seen.
"""

from __future__ import annotations

import sys
import tempfile
import time
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sqlalchemy.orm import Session

from bench.documents import beside, hold
from portal.documents import docx, pdf
from portal.documents.plain import plain
from portal.domain.construction.blocks import Document
from portal.domain.contracts.models import ContractEstablishment, Finding
from portal.domain.deed import whole
from portal.domain.deed.choices import Choice, Wording
from portal.domain.indicators.models import ContractIndicator, IndicatorValue
from portal.domain.organisations.models import Establishment
from portal.domain.trames import service as trames
from portal.kernel import clock
from portal.kernel.stores import unit_on
from portal.languages import language
from portal.vocabulary import FindingKind
from tests.factories.database import migrated
from tests.factories.means import a_line
from tests.factories.objectives import a_branch, an_action, an_objective
from tests.factories.world import House, a_house

PLACES, OBJECTIVES, ACTIONS, INDICATORS, FINDINGS, LINES = 40, 40, 100, 60, 300, 100
YEARS = range(2021, 2026)
PAUSE = 0.25


def a_large_contract(session: Session) -> House:
    house = a_house(session, "Grand-Val")
    director = house["director"].actor
    first = session.get_one(Establishment, house.establishment_id)
    places = [first.id]
    for number in range(PLACES - 1):
        site = Establishment(
            organisation_id=first.organisation_id, name=f"La maison {number}", category="EHPAD", places=60
        )
        session.add(site)
        session.flush()
        session.add(ContractEstablishment(contract_id=house.contract_id, establishment_id=site.id))
        places.append(site.id)
    top = a_branch(session, house)
    branches = [a_branch(session, house, top, f"Bien vivre, {number}") for number in range(4)]
    aims = [
        an_objective(session, house, title=f"Objectif de mesure {number}", branch_id=branches[number % 4])
        for number in range(OBJECTIVES - 2)
    ]
    for number in range(ACTIONS):
        an_action(session, house, aims[number % len(aims)], label=f"Former les équipes, {number}")
    for number in range(LINES):
        a_line(session, house, objective=aims[number % len(aims)], label=f"Un poste, {number}")
    for number in range(FINDINGS):
        session.add(
            Finding(
                contract_id=house.contract_id,
                number=100 + number,
                axis_id=house.axis_id,
                title=f"Un constat du diagnostic, {number}",
                finding_kind=FindingKind.TO_IMPROVE,
            )
        )
    for number in range(INDICATORS):
        row = ContractIndicator(contract_id=house.contract_id, position=number, label=f"Le suivi {number}")
        session.add(row)
        session.flush()
        session.add_all(
            IndicatorValue(
                indicator_id=row.id,
                establishment_id=place,
                year=year,
                value=number + year % 7,
                by_function="la direction",
                at=clock.now(),
            )
            for place in places
            for year in YEARS
        )
    trames.choose(session, director, house.contract_id, "ehpad", 0)
    return house


def _whole(contract_id: str, choice: Choice, session: Session) -> Document:
    return whole.whole(session, contract_id, choice, clock.now(), "https://cpom.exemple.fr")


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        unit = unit_on(f"sqlite:///{migrated(place / 'polyphonie.sqlite')}")
        house = unit(a_large_contract)
        for wording in Wording:
            begun = time.process_time()
            document = unit(partial(_whole, house.contract_id, Choice(wording)))
            read = time.process_time()
            data = plain(document, language("fr"))
            told = time.process_time()
            print(
                f"{wording.value} : {read - begun:.2f} s de calcul pour lire, {told - read:.2f} s pour dire"
            )
            for name, work in (
                ("pdf", partial(pdf.pdf, data, place)),
                ("docx", partial(docx.docx, data, lambda _bars: b"")),
            ):
                before = time.process_time()
                took, share = beside(work)
                spent = time.process_time() - before
                print(
                    f"  {name} : {spent:.2f} s de calcul, {took:.2f} s en tout, les autres avancent {share:.0%} du temps"
                )
            print(f"  pages : {pdf.pages(data, place)}")
        unit.close()
    _took, share = beside(hold)
    print(f"contrôle, quelqu’un qui retient tout : {share:.0%}")
    return 0 if share < PAUSE else 1


if __name__ == "__main__":
    raise SystemExit(main())
