"""What an objective, an action and a line of the tree say, as their versions keep it; and the way back."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from sqlalchemy.orm import Session

from portal.domain.objectives import queries
from portal.domain.objectives.models import Action, Branch, Financing, Priority
from portal.domain.objectives.models import State as Progressing
from portal.domain.objectives.typed import LINE_PARTS, LINES, LINKS, NOTES, Typed, TypedAction
from portal.domain.versions.items import LEEWAY, LEEWAY_FIELDS, leeway, texts
from portal.domain.versions.keeping import Kept, Piece
from portal.domain.versions.models import PieceKind
from portal.domain.versions.shapes import Field, Shape, State, value
from portal.kernel.errors import NotFoundError
from portal.kernel.speech import say

SHEET = (
    Field("expected", say("Ce qui va changer pour les personnes")),
    Field("title", say("Le titre de l’objectif")),
    Field("plain", say("L’objectif, en mots simples"), Shape.TEXT),
    Field("technical", say("Le même objectif, avec les mots du métier"), Shape.TEXT),
    Field("branch_id", say("Sa place"), Shape.CHOICE, named="branch"),
    Field("priority", say("Priorité"), Shape.CHOICE, words=Priority),
    Field("places", say("Établissements concernés"), Shape.SEVERAL, named="place"),
    Field("findings", say("Constats auxquels il répond"), Shape.SEVERAL, named="item"),
    Field("indicators", say("Les indicateurs du contrat qui le suivent"), Shape.SEVERAL, named="indicator"),
    Field("lines", say("Ses propres indicateurs"), Shape.ROWS),
    Field("health_plan", say("Projet régional de santé")),
    Field("scheme", say("Schéma départemental")),
    Field("house_plan", say("Projet d’établissement")),
    Field("evaluation", say("Évaluation de la qualité")),
    Field("watch", say("Points de vigilance")),
    Field("obstacles", say("Freins")),
    Field("levers", say("Leviers")),
    Field("follow_up", say("Comment il est suivi")),
    *LEEWAY_FIELDS,
)
ACTION = (
    Field("label", say("Ce qui sera fait")),
    Field("lead", say("Qui la conduit ?")),
    Field("team", say("Avec quelle équipe ?")),
    Field("partners", say("Avec quels partenaires ?")),
    Field("starts_on", say("Début"), Shape.DAY),
    Field("ends_on", say("Fin"), Shape.DAY),
    Field("state", say("Où en est-elle ?"), Shape.CHOICE, words=Progressing),
    Field("justification", say("Qu’est-ce qui le montre, ou pourquoi ?")),
    Field("financing", say("L’argent est-il trouvé ?"), Shape.CHOICE, words=Financing),
    Field("funded_until", say("Financé jusqu’au"), Shape.DAY),
    Field("removed", say("Retirée de l’objectif")),
)
BRANCH = (
    Field("title", say("Son titre")),
    Field("plain", say("La même chose, en une phrase simple")),
    Field("removed", say("Retirée de l’arbre")),
)
YES = say("oui")


def objective_piece(contract_id: str, item_id: str) -> Piece:
    """An objective among the pieces of its contract."""
    return Piece(contract_id, PieceKind.OBJECTIVE, item_id)


def objective(session: Session, contract_id: str, item_id: str) -> Kept:
    """What an objective says now. Errors: NotFoundError."""
    session.flush()
    sheet = queries.sheet(session, contract_id, item_id)
    if sheet is None:
        raise NotFoundError
    item = sheet.item
    fields: dict[str, Any] = {
        "expected": sheet.expected,
        "title": item.title,
        "branch_id": sheet.branch_id or "",
        "priority": sheet.priority.value,
        "places": sorted(place for place, _name in sheet.places),
        "findings": sorted(one for one, _number, _title in queries.answered(session, item_id)),
        "indicators": sorted(queries.indicator_ids(session, item_id)),
        "lines": [
            [one.label, one.initial, one.target, one.yearly] for one in queries.lines(session, item_id)
        ],
        **{name: sheet.said.get(name, "") for name in (*LINKS, *NOTES)},
        **leeway(item),
        **texts(item),
    }
    return Kept(item.version, item.title, fields)


def of_typed(typed: Typed) -> State:
    """What somebody typed of an objective, as a state."""
    lines = [[line.get(part, "") for part, _most in LINE_PARTS] for line in typed.lines]
    return {
        "expected": typed.expected,
        "title": typed.title,
        "plain": typed.plain,
        "technical": typed.technical,
        "branch_id": typed.branch_id,
        "priority": typed.priority.value if typed.priority else "",
        "places": sorted(typed.places),
        "findings": sorted(typed.findings),
        "indicators": sorted(typed.indicators),
        "lines": [line for line in lines if any(part.strip() for part in line)],
        **dict(typed.said),
        **dict(typed.leeway),
    }


def to_typed(state: State) -> Typed:
    """A state as somebody would type it."""
    words = cast("dict[str, str]", {field.name: value(field, state) for field in SHEET})
    several = {
        name: frozenset(cast("list[str]", words[name])) for name in ("places", "findings", "indicators")
    }
    rows = cast("list[list[str]]", words["lines"])[:LINES]
    return Typed(
        expected=words["expected"],
        title=words["title"],
        plain=words["plain"],
        technical=words["technical"],
        branch_id=words["branch_id"],
        priority=next((one for one in Priority if one.value == words["priority"]), None),
        said={name: words[name] for name in (*LINKS, *NOTES)},
        leeway={name: words[name] for name in LEEWAY},
        lines=[dict(zip((part for part, _most in LINE_PARTS), row, strict=False)) for row in rows],
        places=several["places"],
        findings=several["findings"],
        indicators=several["indicators"],
    )


def action_piece(contract_id: str, action_id: str) -> Piece:
    """An action among the pieces of its contract."""
    return Piece(contract_id, PieceKind.ACTION, action_id)


def action(row: Action) -> Kept:
    """What an action says now."""
    fields = {
        **{name: getattr(row, name) for name in ("label", "lead", "team", "partners", "justification")},
        **{name: _day(getattr(row, name)) for name in DAYS},
        "state": row.state.value,
        "financing": row.financing.value,
        "removed": "" if row.removed_at is None else str(YES),
    }
    return Kept(row.version, row.label, fields)


DAYS = ("starts_on", "ends_on", "funded_until")


def of_typed_action(typed: TypedAction) -> State:
    """What somebody typed of an action, as a state; only one that stands is written."""
    return {
        **{name: getattr(typed, name) for name in ("label", "lead", "team", "partners", "justification")},
        **{name: _day(getattr(typed, name)) for name in DAYS},
        "state": typed.state.value if typed.state else "",
        "financing": typed.financing.value if typed.financing else "",
        "removed": "",
    }


def to_typed_action(state: State, reason: str) -> TypedAction:
    """A state as somebody would type it."""
    words = cast("dict[str, str]", {field.name: value(field, state) for field in ACTION})
    days = {name: date.fromisoformat(words[name]) if words[name] else None for name in DAYS}
    return TypedAction(
        label=words["label"],
        state=next((one for one in Progressing if one.value == words["state"]), None),
        justification=words["justification"],
        lead=words["lead"],
        team=words["team"],
        partners=words["partners"],
        financing=next((one for one in Financing if one.value == words["financing"]), None),
        reason=reason,
        **days,
    )


def branch_piece(row: Branch) -> Piece:
    """A line of the tree among the pieces of its contract."""
    return Piece(row.contract_id, PieceKind.BRANCH, row.id)


def branch(row: Branch) -> Kept:
    """What a line of the tree says now."""
    return Kept(row.version, row.title, {"title": row.title, "plain": row.plain, "removed": ""})


def branch_gone(row: Branch) -> Kept:
    """What stays of a line that was taken out of the tree."""
    now = branch(row)
    return Kept(now.number + 1, now.name, {**now.fields, "removed": str(YES)})


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
