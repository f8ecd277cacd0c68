"""Rows that say the same words are no change between two versions, as people read them."""

from __future__ import annotations

import json

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.versions.models import PieceVersion
from tests.conftest import World
from tests.factories.objectives import an_objective
from tests.functional.versions.test_pages import rewrite


def test_indicators_of_one_s_own_that_say_the_same_words_are_no_change(world: World) -> None:
    objective = world.do(lambda s: an_objective(s, world.ours))
    # As an import or an older portal may have written them: with other spaces.
    world.do(lambda s: spaced(s, objective))
    rewrite(world, objective, expected="Vous dormirez mieux.")
    here = f"/contrats/{world.ours.contract_id}/versions"
    page = world.client("family").see(f"{here}/objectif/{objective}")
    assert "Ses propres indicateurs" not in page.tree.xpath("//main//dt/text()")
    assert "ajouté : Vous dormirez mieux." in page.words


def spaced(session: Session, objective: str) -> None:
    """The first version of an objective keeps plain spaces where a form writes no-break ones."""
    query = select(PieceVersion).where(PieceVersion.piece_id == objective)
    for one in session.scalars(query):
        state = json.loads(one.fields)
        state["lines"] = [[part.replace("\u00a0", "  ") + " " for part in row] for row in state["lines"]]
        one.fields = json.dumps(state)
