"""What a file says otherwise than the contract, of what is there already: an objective, an action, an indicator of an objective."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.contracts.models import Indicator
from portal.domain.imports.building import SITES
from portal.domain.imports.compare import Compared
from portal.domain.imports.pieces import THERE, Piece, PieceKind, Understood
from portal.domain.imports.standing import folded
from portal.domain.imports.tables import MISSING
from portal.domain.objectives.models import Action, ObjectivePlace, ObjectiveSheet, Priority
from portal.domain.objectives.typed import LINKS, NOTES
from portal.domain.texts import queries as texts
from portal.kernel import text as words_of
from portal.vocabulary import Register

K = PieceKind
KINDS = (K.OBJECTIVE, K.ACTION, K.LINE)
FIELDS: Mapping[PieceKind, tuple[str, ...]] = {
    K.OBJECTIVE: ("expected", "plain", "technical", "priority", *LINKS, *NOTES, SITES),
    K.ACTION: ("lead", "team", "partners", "starts", "ends", "state", "why", "money", "until"),
    K.LINE: ("initial", "target", "yearly"),
}
# The kind of something, the objective that it is or stands under, its words; an objective is known without its words.
Key = tuple[PieceKind, str, str]


@dataclass(frozen=True, slots=True)
class Held:
    """What the contract says of something, in the words that a piece would say it with; `action` is the id of an action."""

    objective: str
    said: Mapping[str, str]
    action: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """A field with the words of the contract and those of the file, as a piece keeps them."""

    name: str
    here: str
    file: str


@dataclass(frozen=True, slots=True)
class Otherwise:
    """What a file says otherwise of something of the contract."""

    held: Held
    differences: tuple[Difference, ...]


def otherwise(session: Session, understood: Understood, compared: Compared) -> Mapping[int, Otherwise]:
    """By piece, what the file says otherwise; a number of queries that does not grow, none where nothing is there already."""
    known = [one for one in understood.of(*KINDS) if one.id in compared.known]
    if not known:
        return {}
    here = _here(session, {_key(one, compared)[1] for one in known})
    found = {one.id: told(one, here.get(_key(one, compared), ())) for one in known}
    return {number: one for number, one in found.items() if one is not None}


def told(piece: Piece, those: Sequence[Held]) -> Otherwise | None:
    """What a piece says otherwise than what bears its words; None when one of these says the same. Pure."""
    all_of_them = [Otherwise(one, differences(piece, one.said)) for one in those]
    if not all_of_them or any(not one.differences for one in all_of_them):
        return None
    return all_of_them[0]


def differences(piece: Piece, here: Mapping[str, str]) -> tuple[Difference, ...]:
    """The fields that a piece says otherwise; one that the file leaves empty says nothing. Pure."""
    found = []
    for name in FIELDS[piece.kind]:
        file, now = piece.said.get(name, ""), here.get(name, "")
        if _plain(name, file) not in ("", str(MISSING), _plain(name, now)):
            found.append(Difference(name, now, file))
    return tuple(found)


def _plain(name: str, words: str) -> str:
    """Words as two of them are compared: spaces, paragraphs and typography say nothing, nor the order of establishments."""
    parts = words.split()
    return " ".join(sorted(parts)) if name == SITES else words_of.typography(" ".join(parts))


def _key(piece: Piece, compared: Compared) -> Key:
    objective = compared.known[piece.id].removeprefix(THERE)
    return piece.kind, objective, "" if piece.kind is K.OBJECTIVE else folded(piece.text)


def _here(session: Session, ids: set[str]) -> Mapping[Key, Sequence[Held]]:
    found: dict[Key, list[Held]] = {
        (K.OBJECTIVE, one.objective, ""): [one] for one in _objectives(session, ids)
    }
    for row in session.scalars(
        select(Action).where(Action.item_id.in_(ids), Action.removed_at.is_(None)).order_by(Action.number)
    ):
        held = Held(row.item_id, _action(row), row.id)
        found.setdefault((K.ACTION, row.item_id, folded(row.label)), []).append(held)
    for line in session.scalars(
        select(Indicator).where(Indicator.item_id.in_(ids)).order_by(Indicator.position)
    ):
        held = Held(line.item_id, {name: getattr(line, name) for name in FIELDS[K.LINE]})
        found.setdefault((K.LINE, line.item_id, folded(line.label)), []).append(held)
    return found


def _objectives(session: Session, ids: set[str]) -> Iterable[Held]:
    sheets = {
        row.item_id: row
        for row in session.scalars(select(ObjectiveSheet).where(ObjectiveSheet.item_id.in_(ids)))
    }
    words = texts.current(session, sorted(ids))
    places: dict[str, list[str]] = {}
    for row in session.scalars(select(ObjectivePlace).where(ObjectivePlace.item_id.in_(ids))):
        places.setdefault(row.item_id, []).append(row.establishment_id)
    for one in ids:
        sheet = sheets.get(one)
        said = {name: getattr(sheet, name) for name in ("expected", *LINKS, *NOTES)} if sheet else {}
        said["priority"] = (sheet.priority if sheet else Priority.NEXT).value
        for name, register in (("plain", Register.PLAIN), ("technical", Register.TECHNICAL)):
            text = words.get((one, register))
            said[name] = text.source if text else ""
        yield Held(one, said | {SITES: " ".join(places.get(one, ()))})


def _action(row: Action) -> dict[str, str]:
    return {
        "lead": row.lead,
        "team": row.team,
        "partners": row.partners,
        "starts": _day(row.starts_on),
        "ends": _day(row.ends_on),
        "state": row.state.value,
        "why": row.justification,
        "money": row.financing.value,
        "until": _day(row.funded_until),
    }


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
