"""A signed contract keeps its words: they change with their reason, and nobody signs while parties negotiate."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from portal.domain.contracts.models import Contract
from portal.domain.lifecycle import amendments
from portal.domain.lifecycle.amendments import AmendmentTyped
from portal.domain.negotiation import service as negotiation
from portal.domain.trames import service as trames
from portal.domain.trames.catalogue import block_id
from portal.kernel import clock
from portal.kernel.errors import InvalidError
from portal.vocabulary import Stage
from tests.conftest import World
from tests.factories.lifecycle import an_authority
from tests.factories.objectives import an_objective

TODAY = clock.today()
OWED = "Le contrat est signé\u00a0: ses mots changent par un avenant."
TOLD = "Ce contrat est signé"
WHY = "L’avenant n° 1 change ces mots."


def sign(session: Session, world: World) -> None:
    session.get_one(Contract, world.ours.contract_id).signed_on = TODAY


def addresses(world: World) -> dict[str, tuple[str, str]]:
    """Where words are written, and the field that holds them."""
    here, ours = f"/contrats/{world.ours.contract_id}", world.ours
    finding, objective = ours.items[0], world.do(lambda s: an_objective(s, ours))
    return {
        "text": (f"{here}/sujets/{objective}/texte/clair", "source"),
        "objective": (f"{here}/objectifs/{objective}/recrire", "technical"),
        "finding": (f"{here}/diagnostic/constats/{finding}/recrire", "technical"),
        "block": (f"{here}/trame/blocs/{block_id('preambule')}", "source"),
    }


@pytest.mark.parametrize("what", ["text", "objective", "finding", "block"])
def test_words_of_a_signed_contract_change_with_their_reason(world: World, what: str) -> None:
    world.do(lambda s: trames.choose(s, world.ours["director"].actor, world.ours.contract_id, "ehpad", 0))
    address, field = addresses(world)[what]
    director = world.client("director")
    page = director.see(address)
    assert TOLD not in page.words
    first = page.form(address)
    assert director.post(address, data=first | {field: "Des mots d’avant la signature."}).status_code == 303
    world.do(lambda s: sign(s, world))
    page = director.see(address)
    assert TOLD in page.words
    written = page.form(address) | {field: "Des mots d’après la signature."}
    refused = director.post(address, data=written)
    assert refused.status_code == 422
    assert OWED in refused.text
    assert "Des mots d’après la signature." in refused.text
    assert director.post(address, data=written | {"reason": WHY}).status_code == 303


def test_nobody_signs_while_the_parties_negotiate(world: World) -> None:
    ours, here = world.ours, f"/contrats/{world.ours.contract_id}/vie/dates"

    def negotiate(session: Session) -> None:
        an_authority(session, ours.contract_id, "ARS du Val")
        session.get_one(Contract, ours.contract_id).stage = Stage.NEGOTIATION
        session.flush()
        negotiation.open_(session, ours["director"].actor, ours.contract_id, 0)

    world.do(negotiate)
    director = world.client("director")
    signed = director.see(here).form(here) | {"signed_on": TODAY.strftime("%d/%m/%Y")}
    refused = director.post(here, data=signed)
    assert refused.status_code == 422
    assert "La négociation confidentielle est encore ouverte" in refused.text
    outcome = "Rien n’a changé cette fois."
    world.do(lambda s: negotiation.close(s, ours["director"].actor, ours.contract_id, outcome, 1))
    assert director.post(here, data=signed).status_code == 303


def test_an_avenant_takes_effect_once_the_contract_has_begun(world: World) -> None:
    world.do(lambda s: sign(s, world))
    person, here = world.ours["director"].actor, world.ours.contract_id
    begins = world.read(lambda s: s.get_one(Contract, here).starts_on)
    early = AmendmentTyped(1, TODAY, date(begins.year - 1, 12, 31), WHY)
    with pytest.raises(InvalidError) as refused:
        world.do(lambda s: amendments.record(s, person, here, early))
    assert set(refused.value.errors) == {"effective_on"}
    world.do(lambda s: amendments.record(s, person, here, AmendmentTyped(1, TODAY, begins, WHY)))
