"""The tree of the objectives of the demonstration, what their sheets say, their actions and how far they are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from portal.demo.reading import word
from portal.domain.indicators import queries as indicators
from portal.domain.objectives import actions, queries, service, tree
from portal.domain.objectives.models import Financing, Priority, State
from portal.domain.objectives.typed import BOXES, Typed, TypedAction
from portal.kernel.errors import NotFoundError
from portal.vocabulary import ItemKind, Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portal.demo.loader import Loaded
    from portal.demo.words import Play
    from portal.policy.actor import Actor

TABLES = ("orientations", "strategiques", "fiches")


def grow(play: Play, loaded: Loaded, tables: Mapping[str, list[dict[str, Any]]]) -> None:
    """Write the tree, then each sheet at its place."""
    if not tables["orientations"]:
        return
    director = next(one.actor for one in play.people.values() if Role.DIRECTOR in one.actor.roles)
    known: dict[str, str] = {}
    for table in TABLES[:2]:
        for entry in tables[table]:
            parent = known.get(entry.get("orientation", ""))
            known[entry["cle"]] = tree.add(
                play.session, director, loaded.contract_id, parent, entry["titre"], entry["clair"]
            )
    for entry in tables["fiches"]:
        _write(play, director, loaded, known, entry)


def _write(
    play: Play, director: Actor, loaded: Loaded, known: Mapping[str, str], entry: Mapping[str, Any]
) -> None:
    session, contract_id = play.session, loaded.contract_id
    item_id = loaded.items[ItemKind.OBJECTIVE, entry["objectif"]]
    for said, why in _states(entry):
        typed, seen = _typed(play, loaded, known, said), _seen(play, loaded, item_id)
        service.rewrite(session, director, contract_id, item_id, typed, seen, why)
    for one in entry.get("actions", ()):
        (first, _why), *later = _states(one)
        action_id = actions.add(session, director, contract_id, item_id, _action(first))
        for number, (said, why) in enumerate(later, 1):
            typed_action = replace(_action(said), reason=why)
            actions.write(session, director, contract_id, action_id, typed_action, number)
    if "etat" in entry:
        state, seen = word(State, entry["etat"]), _seen(play, loaded, item_id)
        service.progress(session, director, contract_id, item_id, state, entry["mots"], seen)


def _states(entry: Mapping[str, Any]) -> list[tuple[Mapping[str, Any], str]]:
    """What an entry said at first, when it was written otherwise, then what it says now and why."""
    if "dabord" not in entry:
        return [(entry, "")]
    return [({**entry, **entry["dabord"]}, ""), (entry, entry["raison"])]


def _typed(play: Play, loaded: Loaded, known: Mapping[str, str], entry: Mapping[str, Any]) -> Typed:
    item_id = loaded.items[ItemKind.OBJECTIVE, entry["objectif"]]
    item = _now(play, loaded, item_id).item
    lines = queries.lines(play.session, item_id)
    return Typed(
        expected=entry["resultat"],
        title=item.title,
        plain=item.plain.source if item.plain else "",
        technical=item.technical.source if item.technical else "",
        branch_id=known[entry["sous"]],
        priority=word(Priority, entry["priorite"]),
        places=frozenset(loaded.places[one] for one in entry.get("lieux", ())),
        findings=frozenset(loaded.items[ItemKind.FINDING, one] for one in entry.get("constats", ())),
        indicators=frozenset(
            one.id
            for one in indicators.followed(play.session, loaded.contract_id)
            if one.code in entry.get("indicateurs", ())
        ),
        said=entry.get("liens", {}),
        leeway={name: getattr(item.leeway, name) for box in BOXES for name in (box, f"{box}_by")},
        lines=[
            {"label": one.label, "initial": one.initial, "target": one.target, "yearly": one.yearly}
            for one in lines
        ],
    )


def _action(entry: Mapping[str, Any]) -> TypedAction:
    return TypedAction(
        label=entry["quoi"],
        starts_on=entry["debut"],
        ends_on=entry["fin"],
        state=word(State, entry.get("etat", State.NOT_STARTED.value)),
        justification=entry.get("mots", ""),
        lead=entry["qui"],
        team=entry.get("equipe", ""),
        partners=entry.get("avec", ""),
        financing=word(Financing, entry["argent"]),
        funded_until=entry.get("jusque"),
    )


def _now(play: Play, loaded: Loaded, item_id: str) -> queries.SheetView:
    found = queries.sheet(play.session, loaded.contract_id, item_id)
    if found is None:
        raise NotFoundError(item_id)
    return found


def _seen(play: Play, loaded: Loaded, item_id: str) -> int:
    return _now(play, loaded, item_id).item.version
