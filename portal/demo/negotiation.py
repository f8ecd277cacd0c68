"""A negotiation of the demonstration: opened, spoken, agreed, put into the contract and closed by fictional people."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from portal.domain.contracts import queries as contracts
from portal.domain.lifecycle import queries as lives
from portal.domain.lifecycle import service as life
from portal.domain.lifecycle.service import StageTyped
from portal.domain.negotiation import rules, service, wording
from portal.domain.negotiation.models import Piece
from portal.domain.negotiation.wording import Typed
from portal.kernel.clock import paris
from portal.kernel.errors import NotFoundError
from portal.vocabulary import ItemKind, Stage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portal.demo.loader import Loaded
    from portal.demo.words import Play
    from portal.policy.actor import Actor


def negotiate(play: Play, loaded: Loaded, table: Mapping[str, Any]) -> None:
    """Play one negotiation from the day when its stage begins to the day when it ends."""
    session, contract_id = play.session, loaded.contract_id
    director = _who(play, table)
    begun, ended = _at(play, table["ouverte"]), _at(play, table["close"])
    _stage(play, director, begun, None)
    service.open_(session, director, contract_id, 0, at=begun)
    for entry in table["points"]:
        _point(play, loaded, entry)
    zone = service.latest(session, contract_id)
    seen = zone.version if zone is not None else 0
    service.close(session, director, contract_id, table["issue"], seen, at=ended)
    _stage(play, director, begun, ended)


def _stage(play: Play, director: Actor, begun: datetime, ended: datetime | None) -> None:
    known = lives.stages(play.session, director.contract_id)[Stage.NEGOTIATION]
    typed = StageTyped(
        known.planned_from,
        known.planned_to,
        paris(begun).date(),
        paris(ended).date() if ended is not None else None,
    )
    life.write_stage(play.session, director, director.contract_id, Stage.NEGOTIATION, typed, known.version)


def _point(play: Play, loaded: Loaded, entry: Mapping[str, Any]) -> None:
    session, contract_id = play.session, loaded.contract_id
    item_id = loaded.items[ItemKind.OBJECTIVE, entry["objectif"]] if "objectif" in entry else ""
    about = f"sujet:{item_id}" if item_id else ""
    point_id = service.add_point(
        session, _who(play, entry), contract_id, entry["titre"], about, entry["position"], at=_at(play, entry)
    )
    for said in entry.get("positions", ()):
        words, at = said["texte"], _at(play, said)
        service.take_position(session, _who(play, said), contract_id, point_id, words, 0, at=at)
    for said in entry.get("messages", ()):
        service.write_message(
            session, _who(play, said), contract_id, point_id, said["texte"], at=_at(play, said)
        )
    if "mots" in entry:
        _words(play, contract_id, point_id, item_id, entry["mots"])


def _words(play: Play, contract_id: str, point_id: str, item_id: str, entry: Mapping[str, Any]) -> None:
    """Propose a change in each text that the table names, agreed by each other party, then applied."""
    session, at = play.session, _at(play, entry)
    pieces = {one: entry[one.value] for one in Piece if one.value in entry}
    words = {piece: _passage(play, item_id, piece, told) for piece, told in pieces.items()}
    typed = Typed(words, entry["raison"])
    number = wording.propose(session, _who(play, entry), contract_id, point_id, typed, 0, at=at)
    for one in entry["accords"]:
        wording.agree(session, _who(play, one), contract_id, point_id, number, at=_at(play, one))
    put = entry["applique"]
    wording.apply(session, _who(play, put), contract_id, point_id, number, at=_at(play, put))


def _passage(play: Play, item_id: str, piece: Piece, told: Mapping[str, str]) -> tuple[str, str]:
    """The paragraph that holds the words, and what it would say. Errors: NotFoundError when none does."""
    item = contracts.item(play.session, item_id)
    text = item.text(rules.REGISTERS[piece]) if item is not None else None
    for part in text.paragraphs if text is not None else ():
        if told["avant"] in part.source:
            return part.stable_id, part.source.replace(told["avant"], told["apres"])
    raise NotFoundError


def _who(play: Play, entry: Mapping[str, Any]) -> Actor:
    return play.people[entry["par"]].actor


def _at(play: Play, entry: Mapping[str, Any]) -> datetime:
    return play.moment(entry["jour"], entry["heure"])
