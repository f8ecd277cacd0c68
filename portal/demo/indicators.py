"""The indicators of the demonstration: chosen, filled and compared by fictional people, through the services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.demo.reading import word
from portal.domain.indicators import grid, queries, references, service
from portal.domain.indicators.grid import Cell, Key
from portal.domain.indicators.models import Axis, Direction, Unit
from portal.domain.indicators.service import Own, Settings
from portal.kernel import clock
from portal.kernel.text import typography
from portal.vocabulary import Role

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from portal.demo.words import Play
    from portal.policy.actor import Actor

SOURCE = "Tableau de bord de la performance, établissements de la région (nombres inventés)"


def follow(
    play: Play, contract_id: str, places: Mapping[str, str], entries: Sequence[Mapping[str, Any]]
) -> None:
    """Choose, fill and compare everything that the file of the demonstration says."""
    if not entries:
        return
    session, director = play.session, _who(play, Role.DIRECTOR)
    service.choose(session, director, contract_id, [one["code"] for one in entries if "code" in one], 0)
    for entry in entries:
        if entry.get("propre"):
            service.add(session, director, contract_id, _own(entry), queries.version(session, contract_id))
    session.flush()
    for entry, indicator in zip(entries, queries.followed(session, contract_id), strict=True):
        _settle(play, director, contract_id, indicator, entry)
        _fill(play, director, contract_id, indicator.id, places, entry)
        _compare(play, director, contract_id, indicator.id, entry)


def _who(play: Play, role: Role) -> Actor:
    """The first person of the contract who has a role."""
    return next(one.actor for one in play.people.values() if role in one.actor.roles)


def _own(entry: Mapping[str, Any]) -> Own:
    return Own(
        typography(entry["nom"]),
        typography(entry["clair"]),
        typography(entry["calcul"]),
        word(Unit, entry["unite"]),
        word(Direction, entry["sens"]),
        next(one for one in Axis if one == entry["axe"]),
    )


def _settle(
    play: Play, director: Actor, contract_id: str, indicator: queries.IndicatorView, entry: Mapping[str, Any]
) -> None:
    if "cible" in entry:
        typed = Settings(indicator.position, entry["cible"], str(entry["annee_cible"]))
        service.settle(play.session, director, contract_id, indicator.id, typed, indicator.version)


def _fill(
    play: Play,
    director: Actor,
    contract_id: str,
    indicator_id: str,
    places: Mapping[str, str],
    entry: Mapping[str, Any],
) -> None:
    last = _last_year(play)
    cells = [
        Cell(Key(places[place], last - len(values) + number), typed, "", 0)
        for place, values in entry["valeurs"].items()
        for number, typed in enumerate(values, 1)
    ]
    grid.write(play.session, director, contract_id, indicator_id, cells)
    told = [
        Cell(Key(places[one["lieu"]], last), typography(one["texte"]), "", 1)
        for one in entry.get("commentaires", ())
    ]
    if told:
        grid.comment(play.session, director, contract_id, indicator_id, told)


def _compare(
    play: Play, director: Actor, contract_id: str, indicator_id: str, entry: Mapping[str, Any]
) -> None:
    for one in entry.get("reperes", ()):
        who = _who(play, Role.AUTHORITY_AGENT) if one.get("par") == "autorite" else director
        year = _last_year(play) + 1 - one.get("annees_avant", 1)
        q1, median, q3 = one["nombres"]
        typed = references.Typed(one["categorie"], str(year), q1, median, q3, SOURCE)
        references.write(play.session, who, contract_id, indicator_id, typed, 0)


def _last_year(play: Play) -> int:
    return clock.paris(play.at).year - 1
