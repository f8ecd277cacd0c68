"""What each party of the demonstration writes, makes precise and validates in the diagnostic."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from portal.demo.reading import word
from portal.domain.contracts.models import Axis
from portal.domain.diagnostic import queries, service, validation
from portal.domain.diagnostic.models import ValidationState
from portal.domain.diagnostic.typed import BOXES, Typed
from portal.kernel.errors import NotFoundError
from portal.vocabulary import FindingKind, ItemKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from portal.demo.loader import Loaded
    from portal.demo.words import Play

TABLES = ("constats_ajoutes", "validations", "precisions")
LEEWAY = {"decided": "decide", "open": "ouvert", "out_of_reach": "hors_de_portee"}


def play_parties(play: Play, loaded: Loaded, tables: Mapping[str, list[dict[str, Any]]]) -> None:
    """Play the acts of these tables, by date."""
    known = {key: item_id for (kind, key), item_id in loaded.items.items() if kind is ItemKind.FINDING}
    verbs: dict[str, Callable[..., None]] = dict(zip(TABLES, (_add, _declare, _precise), strict=True))
    acts = [
        (play.moment(entry["jour"], entry["heure"]), partial(verbs[name], play, loaded, known, entry))
        for name in verbs
        for entry in tables.get(name, ())
    ]
    for at, act in sorted(acts, key=lambda one: one[0]):
        act(at)


def _add(play: Play, loaded: Loaded, known: dict[str, str], entry: dict[str, Any], at: datetime) -> None:
    axis = select(Axis.id).where(Axis.contract_id == loaded.contract_id, Axis.name == entry["axe"])
    margin = entry.get("marge", {})
    typed = Typed(
        axis_id=play.session.scalars(axis).one(),
        kind=word(FindingKind, entry["nature"]),
        title=entry["titre"],
        plain=entry["clair"],
        technical=entry["technique"],
        evidence=entry["preuve"],
        places=frozenset(loaded.places[one] for one in entry.get("lieux", ())),
        leeway={
            f"{box}{end}": margin.get(f"{LEEWAY[box]}{told}", "")
            for box in BOXES
            for end, told in (("", ""), ("_by", "_par"))
        },
    )
    person = play.people[entry["par"]].actor
    known[entry["cle"]] = service.add(play.session, person, loaded.contract_id, typed, at=at)


def _declare(play: Play, loaded: Loaded, known: dict[str, str], entry: dict[str, Any], at: datetime) -> None:
    person, state = play.people[entry["par"]].actor, word(ValidationState, entry["dit"])
    for key in entry["constats"]:
        seen = _now(play, loaded, known[key]).item.version
        validation.declare(
            play.session,
            person,
            loaded.contract_id,
            known[key],
            state,
            entry.get("reserve", ""),
            seen,
            at=at,
        )


def _precise(play: Play, loaded: Loaded, known: dict[str, str], entry: dict[str, Any], _at: datetime) -> None:
    now = _now(play, loaded, known[entry["constat"]])
    typed = replace(_as_typed(now), evidence=entry["preuve"])
    service.rewrite(
        play.session,
        play.people[entry["par"]].actor,
        loaded.contract_id,
        now.item.id,
        typed,
        now.item.version,
        entry["raison"],
    )


def _now(play: Play, loaded: Loaded, finding_id: str) -> queries.FindingView:
    found = queries.finding(play.session, loaded.contract_id, finding_id)
    if found is None:
        raise NotFoundError(finding_id)
    return found


def _as_typed(finding: queries.FindingView) -> Typed:
    item = finding.item
    return Typed(
        axis_id=item.axis_id or "",
        kind=item.finding_kind,
        title=item.title,
        plain=item.plain.source if item.plain else "",
        technical=item.technical.source if item.technical else "",
        evidence=item.evidence,
        places=frozenset(place for place, _name in finding.places),
        leeway={name: getattr(item.leeway, name) for box in BOXES for name in (box, f"{box}_by")},
    )
