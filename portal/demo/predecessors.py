"""The contract before that of the demonstration, and what its commitments became, as its direction says it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.demo.reading import word
from portal.domain.predecessors import service
from portal.domain.predecessors.models import Outcome, PredecessorKind
from portal.domain.predecessors.service import OutcomeTyped, PredecessorTyped
from portal.vocabulary import ItemKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portal.demo.loader import Loaded
    from portal.demo.words import Play


def come_from(play: Play, loaded: Loaded, table: Mapping[str, Any]) -> None:
    """Say what the contract before was, then its commitments, each with what it became where that is told."""
    session, contract_id, said = play.session, loaded.contract_id, table["avant"]
    director = play.people[said["par"]].actor
    typed = PredecessorTyped(
        word(PredecessorKind, said["genre"]),
        said["nom"],
        said["debut"],
        said["fin"],
        said["parties"],
        said["numeros"],
    )
    service.present(session, director, contract_id, typed, 0)
    for entry in table["engagements"]:
        made = service.add(session, director, contract_id, entry["titre"])
        if "suite" in entry:
            became = loaded.items.get((ItemKind.OBJECTIVE, entry.get("objectif", "")), "")
            outcome = OutcomeTyped(entry["titre"], word(Outcome, entry["suite"]), entry["dit"], became)
            service.say_outcome(session, director, contract_id, made, outcome, 1)
