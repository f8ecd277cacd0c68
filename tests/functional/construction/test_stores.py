"""Both databases give the same documents, in a number of questions that does not grow with what was said."""

from __future__ import annotations

import pytest

from portal.domain.contributions import service as contributions
from portal.vocabulary import ContributionKind, ReactionValue
from tests.conftest import World
from tests.factories.acts import an_act
from tests.factories.construction import a_built_contract
from tests.factories.syntheses import a_synthesis
from tests.factories.world import a_contribution
from tests.functional.pages.test_queries import questions

NAMES = ("construction", "demandes", "dossier-cvs")
# Every noun of the contract is asked once: levels, pauses, figures, passages, duties, register and so on.
LIMITS = {"construction": 36, "demandes": 15, "dossier-cvs": 15}


def test_every_document_is_made(world: World) -> None:
    built = world.do(lambda session: a_built_contract(session, world.ours))
    world.do(lambda session: an_act(session, world.ours))
    world.do(lambda session: a_synthesis(session, world.ours))
    assert built.kept
    client = world.client("director")
    for name in NAMES:
        for place in ("", f"?etablissement={world.ours.establishment_id}"):
            address = f"/contrats/{world.ours.contract_id}/{name}"
            assert client.see(f"{address}{place}").tree.xpath("//main//h2")
            for kind in ("pdf", "docx"):
                assert client.get(f"{address}/telecharger/{kind}{place}").status_code == 200
    words = client.see(f"/contrats/{world.ours.contract_id}/construction").words
    assert "Contributions publiées : 13." in words
    assert "Les synthèses" in words
    assert "Les actes officiels" in words


@pytest.mark.parametrize("name", NAMES)
def test_questions_do_not_grow_with_what_was_said(world: World, name: str) -> None:
    world.do(lambda session: a_built_contract(session, world.ours))
    client, address = world.client("director"), f"/contrats/{world.ours.contract_id}/{name}"

    def asked() -> int:
        client.see(address)
        with questions() as seen:
            client.see(address)
        return len(seen)

    few = asked()

    def more(session: object) -> None:
        for number in range(20):
            kind = ContributionKind.PROPOSAL if number % 2 else ContributionKind.QUESTION
            said = a_contribution(session, world.ours, f"family_{number % 5}", f"Encore {number}.", kind=kind)
            for person in range(5):
                actor = world.ours[f"resident_{person}"].actor
                contributions.react(session, actor, said, ReactionValue.AGREE)

    world.do(more)
    assert asked() <= few + 1
    assert few <= LIMITS[name]
