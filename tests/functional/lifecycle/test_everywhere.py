"""Every page of the life of a contract, full, in both languages; and the demonstration's own kinds of contracts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from portal.domain.contracts.models import Contract
from portal.domain.lifecycle import endings, follow_up, service
from portal.domain.lifecycle.endings import DecisionTyped
from portal.domain.lifecycle.follow_up import ReviewTyped
from portal.domain.lifecycle.models import EndChoice, ReviewKind
from portal.domain.lifecycle.service import StageTyped
from portal.kernel import clock
from portal.vocabulary import Stage
from tests.conftest import World
from tests.factories.lifecycle import a_life

TODAY = clock.today()


@pytest.fixture
def full(world: World) -> dict[str, str]:
    """Our contract with something of everything; its ids."""
    director, here = world.ours["director"].actor, world.ours.contract_id

    def write(session: Session) -> dict[str, str]:
        session.get_one(Contract, here).signed_on = TODAY
        ended = StageTyped(TODAY, TODAY, TODAY - timedelta(days=9), TODAY)
        service.write_stage(session, director, here, Stage.DIAGNOSTIC, ended, 0)
        reason = "Il manquait les chiffres des nuits."
        service.reopen_stage(session, director, here, Stage.DIAGNOSTIC, TODAY, reason, 1)
        for kind in ReviewKind:
            says = ReviewTyped(TODAY, TODAY, TODAY, TODAY, "Le repas du soir\n\n- est servi plus tard ;")
            follow_up.write_review(session, director, here, kind, says, 0)
        decision = DecisionTyped(EndChoice.PROLONG, TODAY, "Les travaux finissent plus tard.")
        endings.decide(session, director, here, decision, 0)
        return a_life(session, director)

    return world.do(write)


@pytest.mark.parametrize("tongue", ["fr", "en"])
def test_every_page_is_well_typed_in_both_languages(
    world: World, here: str, full: dict[str, str], tongue: str
) -> None:
    director = world.client("director")
    director.send("/langue", langue=tongue, suite="/contrats")
    page = director.see(here)
    assert ("The life of the contract" in page.words) is (tongue == "en")
    for address in (
        "dates",
        "etapes/diagnostic",
        "etapes/milieu",
        "etapes/fin",
        "avenants",
        "avenants/nouveau",
        f"avenants/{full['amendment_id']}",
        "comite",
        "bilans/milieu",
        "bilans/fin",
        "echeances/errd",
        "echeances/nouvelle",
        f"echeances/{full['line_id']}",
        "prorogation",
        "desaccords",
        "desaccords/nouveau",
        f"desaccords/{full['disagreement_id']}",
    ):
        director.see(f"{here}/{address}")
    director.see(f"/contrats/{world.ours.contract_id}/registre")


def test_a_position_that_comes_after_the_outcome_is_given_back(
    world: World, here: str, full: dict[str, str]
) -> None:
    director, place = world.client("director"), f"{here}/desaccords/{full['disagreement_id']}"
    mine = director.see(place).form(f"{place}/position")
    outcome = director.see(place).form(f"{place}/issue") | {
        "outcome": "Un poste de plus en 2028.",
        "settled_on": TODAY.strftime("%d/%m/%Y"),
    }
    assert director.post(f"{place}/issue", data=outcome).status_code == 303
    late = director.post(f"{place}/position", data=mine | {"words": "Nous voulions trois postes."})
    assert late.status_code == 409
    assert "Nous voulions trois postes." in late.text
    assert "Un poste de plus en 2028." in late.text


def test_a_short_contract_has_no_third_year(world: World, here: str) -> None:
    def shorten(session: Session) -> None:
        row = session.get_one(Contract, world.ours.contract_id)
        row.ends_on = row.starts_on + timedelta(days=400)

    world.do(shorten)
    words = world.client("family").see(here).words
    assert "Le contrat se termine avant sa troisième année." in words
    assert "C’est court" in words


def test_lines_of_another_contract_are_not_there(world: World, here: str, full: dict[str, str]) -> None:
    there = f"/contrats/{world.other.contract_id}/vie"
    director = world.client("director", world.other)
    for address in (
        f"avenants/{full['amendment_id']}",
        f"echeances/{full['line_id']}",
        f"desaccords/{full['disagreement_id']}",
    ):
        assert director.get(f"{there}/{address}").status_code == 404
    for address, fields in (
        (f"comite/{full['seat_id']}/retirer", {"version": "1"}),
        (f"desaccords/{full['disagreement_id']}/position", {"words": "Rien de tout cela."}),
        (f"desaccords/{full['disagreement_id']}/issue", {"outcome": "Rien de tout cela."}),
    ):
        assert director.send(f"{there}/{address}", **fields).status_code == 404


def test_a_name_is_asked_about_before_everybody_reads_it(world: World, here: str) -> None:
    director, url = world.client("director"), f"{here}/comite"
    form = director.see(url).form(url) | {
        "function": "Madame Dupont, directrice",
        "party": "autre",
        "partner": "Conseil de la vie sociale",
    }
    asked = director.post(url, data=form)
    assert asked.status_code == 200
    assert "Dupont" in asked.text
    assert "Dupont" not in world.client("family").see(here).words
    back = director.post(url, data=form | {"sure": "non"})
    assert 'value="Madame Dupont, directrice"' in back.text
    assert director.post(url, data=form | {"sure": "oui"}).status_code == 303
    assert "Dupont" in world.client("family").see(here).words
