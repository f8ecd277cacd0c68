"""The trame of the demonstration: copied and published by a fictional agency, chosen and written by the direction.

Some of its blocks are in discussion: an agency and a département write them together, the direction takes one of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.demo.reading import word
from portal.demo.words import Entry, Play
from portal.domain.trame_parts import service as parts
from portal.domain.trame_parts.typed import Opened, Written
from portal.domain.trames import library, queries, service
from portal.domain.trames.catalogue import block_id
from portal.domain.trames.models import BlockKind, ContractTrame, Filling, TrameVersion
from portal.domain.trames.typed import BlockTyped
from portal.kernel.clock import paris

PUBLISHED, CHOSEN, WRITTEN = -25, -21, -20
MORNING = "09:30"


def lay_out(play: Play, contract_id: str, table: Mapping[str, Any]) -> dict[str, str]:
    """Publish a first version, write the contract in it, then publish a second one that waits to be chosen.

    The parts in discussion, by their keys.
    """
    session, agent = play.session, play.people[table["agent"]].actor
    director = play.people[table["par"]].actor
    trame_id = library.copy(session, agent, contract_id, table["modele"], table["nom"])
    first = library.publish(session, agent, contract_id, trame_id, table["dit"], 1)
    service.choose(session, director, contract_id, first, 0)
    _date(play, contract_id, first)
    at = play.moment(WRITTEN, MORNING)
    for entry in table.get("textes", ()):
        service.write(session, director, contract_id, block_id(entry["bloc"]), entry["texte"], 0, at=at)
    for entry in table.get("ajouts", ()):
        typed = BlockTyped(
            word(BlockKind, entry["genre"]), entry["titre"], entry["clair"], Filling.FREE, binding=False
        )
        library.add_block(session, agent, contract_id, trame_id, typed, _seen(play, contract_id, trame_id))
    seen = _seen(play, contract_id, trame_id)
    library.publish(session, agent, contract_id, trame_id, table["ensuite"], seen)
    return {entry["bloc"]: _discuss(play, contract_id, entry) for entry in table.get("parties", ())}


def _date(play: Play, contract_id: str, version_id: str) -> None:
    """When the first version was published and chosen: before people wrote in it."""
    published, chosen = play.moment(PUBLISHED, MORNING), play.moment(CHOSEN, MORNING)
    play.session.get_one(TrameVersion, version_id).published_on = paris(published).date()
    play.session.get_one(ContractTrame, contract_id).chosen_on = paris(chosen).date()


def _discuss(play: Play, contract_id: str, entry: Entry) -> str:
    """A block put into discussion, written again by another party, taken into the trame when the file says so."""
    session, block = play.session, block_id(entry["bloc"])
    written = queries.texts(session, contract_id).get(block)
    number, source = (written.number, written.source) if written is not None else (0, "")
    opened = Opened(entry.get("mots", source), entry["clair"], entry["ouvert"], entry.get("decide", ""))
    person, at = play.people[entry["par"]].actor, play.moment(entry["jour"], entry["heure"])
    part_id = parts.open_(session, person, contract_id, block, opened, number, at=at)
    if then := entry.get("ensuite"):
        words = Written(then["mots"], then["clair"], 1, 1, then["raison"])
        writer, day = play.people[then["par"]].actor, play.moment(then["jour"], then["heure"])
        parts.write(session, writer, contract_id, part_id, words, at=day)
    if taken := entry.get("repris"):
        director, day = play.people[taken["par"]].actor, play.moment(taken["jour"], taken["heure"])
        parts.take(
            session,
            director,
            contract_id,
            part_id,
            taken["raison"],
            seen_text=2 if then else 1,
            seen_block=number,
            at=day,
        )
    return part_id


def _seen(play: Play, contract_id: str, trame_id: str) -> int:
    found = queries.trame(play.session, contract_id, trame_id)
    return found.version if found is not None else 0
