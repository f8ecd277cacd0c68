"""The money of the demonstration: its lines, as the direction and the agents write them, what became of it, how some moved."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from portal.demo.reading import word
from portal.domain.contracts import parties
from portal.domain.means import queries, reallocations, service
from portal.domain.means.models import Lasting, Need, Payer
from portal.domain.means.typed import Typed, TypedFollowUp, TypedMove
from portal.kernel import clock
from portal.kernel.errors import NotFoundError
from portal.vocabulary import ItemKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portal.demo.loader import Loaded
    from portal.demo.words import Play

TABLES = ("moyens", "reaffectations")


def pay(play: Play, loaded: Loaded, tables: Mapping[str, list[dict[str, Any]]]) -> None:
    """Write each line, then what was given and spent until today, then each decision in its order."""
    for entry in tables["moyens"]:
        _line(play, loaded, entry)
    before = ""
    for entry in tables["reaffectations"]:
        before = _decide(play, loaded, entry, before)


def _line(play: Play, loaded: Loaded, entry: Mapping[str, Any]) -> None:
    session, contract_id, person = play.session, loaded.contract_id, play.people[entry["par"]].actor
    item_id, typed = loaded.items[ItemKind.OBJECTIVE, entry["objectif"]], _typed(play, loaded, entry)
    line_id = service.add(session, person, contract_id, item_id, typed)
    if "change" in entry:
        later = _typed(play, loaded, {**entry, **entry["change"]})
        service.write(session, person, contract_id, line_id, later, _seen(play, loaded, line_id))
    told = [one for one in entry.get("suivi", ()) if one["annee"] <= clock.today().year]
    if told:
        given, spent = (
            {one["annee"]: str(one[name]) for one in told if name in one} for name in ("donne", "depense")
        )
        director = play.people[told[0]["par"]].actor
        seen = _seen(play, loaded, line_id)
        follow_up = TypedFollowUp(given, spent, told[0]["mots"])
        service.follow(session, director, contract_id, line_id, follow_up, seen)


def _typed(play: Play, loaded: Loaded, entry: Mapping[str, Any]) -> Typed:
    return Typed(
        label=entry["quoi"],
        payer=_payer(play, loaded, entry["payeur"]),
        other=entry.get("nom", ""),
        lasting=word(Lasting, entry["argent"]),
        need=word(Need, entry["besoin"]),
        establishment_id=loaded.places[entry["lieu"]] if "lieu" in entry else "",
        planned={int(year): str(amount) for year, amount in entry.get("prevu", {}).items()},
        reason=entry.get("raison", ""),
    )


def _payer(play: Play, loaded: Loaded, named: str) -> str:
    """The authority of the contract that is of this kind; own means or another payer by their value."""
    if named in {Payer.OWN.value, Payer.OTHER.value}:
        return named
    known = parties.authorities(play.session, loaded.contract_id)
    return next(one for one, kind in known.items() if kind is not None and kind.value == named)


def _decide(play: Play, loaded: Loaded, entry: Mapping[str, Any], before: str) -> str:
    session, person = play.session, play.people[entry["par"]].actor
    typed = TypedMove(
        from_id=loaded.places[entry["de"]],
        to_id=loaded.places[entry["vers"]],
        year=entry["annee"],
        amount=str(entry["somme"]),
        payer=_payer(play, loaded, entry["payeur"]),
        clause=entry["clause"],
        reason=entry["raison"],
        decided_by=entry["instance"],
        decided_on=clock.paris(play.at).date() - timedelta(days=entry["jours_avant"]),
    )
    if entry.get("corrige"):
        return reallocations.correct(session, person, loaded.contract_id, before, typed)
    return reallocations.decide(session, person, loaded.contract_id, typed)


def _seen(play: Play, loaded: Loaded, line_id: str) -> int:
    found = queries.line(play.session, loaded.contract_id, line_id)
    if found is None:
        raise NotFoundError(line_id)
    return found.version
