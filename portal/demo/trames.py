"""The trame of the demonstration: copied and published by a fictional agency, chosen and written by the direction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.demo.reading import word
from portal.demo.words import Play
from portal.domain.trames import library, queries, service
from portal.domain.trames.catalogue import block_id
from portal.domain.trames.models import BlockKind, Filling
from portal.domain.trames.typed import BlockTyped


def lay_out(play: Play, contract_id: str, table: Mapping[str, Any]) -> None:
    """Publish a first version, write the contract in it, then publish a second one that waits to be chosen."""
    session, agent = play.session, play.people[table["agent"]].actor
    director = play.people[table["par"]].actor
    trame_id = library.copy(session, agent, contract_id, table["modele"], table["nom"])
    first = library.publish(session, agent, contract_id, trame_id, table["dit"], 1)
    service.choose(session, director, contract_id, first, 0)
    for entry in table.get("textes", ()):
        service.write(session, director, contract_id, block_id(entry["bloc"]), entry["texte"], 0, at=play.at)
    for entry in table.get("ajouts", ()):
        typed = BlockTyped(
            word(BlockKind, entry["genre"]), entry["titre"], entry["clair"], Filling.FREE, binding=False
        )
        library.add_block(session, agent, contract_id, trame_id, typed, _seen(play, contract_id, trame_id))
    seen = _seen(play, contract_id, trame_id)
    library.publish(session, agent, contract_id, trame_id, table["ensuite"], seen)


def _seen(play: Play, contract_id: str, trame_id: str) -> int:
    found = queries.trame(play.session, contract_id, trame_id)
    return found.version if found is not None else 0
