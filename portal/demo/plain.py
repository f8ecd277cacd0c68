"""The two texts of the demonstration: some passages linked, one read again, one to review, one text that readers approved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.domain.contracts import queries as contracts
from portal.domain.plain import queries, service
from portal.domain.plain.queries import Reading
from portal.domain.plain.service import Read
from portal.domain.texts import service as texts
from portal.kernel import clock
from portal.kernel.errors import NotFoundError
from portal.vocabulary import ItemKind, Register

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portal.demo.loader import Loaded
    from portal.demo.words import Play

TABLES = ("passages_relies", "textes_techniques", "passages_relus", "approbations")


def look_after(play: Play, loaded: Loaded, tables: Mapping[str, list[dict[str, Any]]]) -> None:
    """Link passages, change technical words, keep plain ones that are still right, record an approval."""
    for name, verb in zip(TABLES, (_pair, _change, _keep, _approve), strict=True):
        for entry in tables[name]:
            verb(play, loaded, loaded.items[ItemKind.OBJECTIVE, entry["objectif"]], entry)


def _pair(play: Play, loaded: Loaded, item_id: str, entry: Mapping[str, Any]) -> None:
    typed = dict(enumerate(entry["passages"], 1))
    person, at = play.people[entry["par"]].actor, play.moment(entry["jour"], entry["heure"])
    service.pair(
        play.session, person, loaded.contract_id, item_id, typed, _reading(play, item_id).version, at=at
    )


def _change(play: Play, loaded: Loaded, item_id: str, entry: Mapping[str, Any]) -> None:
    technical = _reading(play, item_id).item.technical
    if technical is None or technical.source.count(entry["avant"]) != 1:
        raise NotFoundError(entry["avant"])
    words = technical.source.replace(entry["avant"], entry["apres"])
    texts.revise(
        play.session,
        play.people[entry["par"]].actor,
        loaded.contract_id,
        item_id,
        Register.TECHNICAL,
        texts.NewWords(words, technical.version, entry["raison"]),
        at=play.moment(entry["jour"], entry["heure"]),
    )


def _keep(play: Play, loaded: Loaded, item_id: str, entry: Mapping[str, Any]) -> None:
    reading, at = _reading(play, item_id), play.moment(entry["jour"], entry["heure"])
    person = play.people[entry["par"]].actor
    for passage in reading.to_review:
        now = _reading(play, item_id).version
        service.keep(play.session, person, loaded.contract_id, item_id, passage.key, now, at=at)


def _approve(play: Play, loaded: Loaded, item_id: str, entry: Mapping[str, Any]) -> None:
    at = play.moment(entry["jour"], entry["heure"])
    told = Read(clock.paris(at).date(), entry["lieu"], several=True)
    person, seen = play.people[entry["par"]].actor, _reading(play, item_id).version
    service.approve(play.session, person, loaded.contract_id, item_id, told, seen, at=at)


def _reading(play: Play, item_id: str) -> Reading:
    item = contracts.item(play.session, item_id)
    if item is None:
        raise NotFoundError(item_id)
    return queries.reading(play.session, item)
