"""When two people write the same thing: what only one changed is put together, what both changed is theirs to settle.

The second person's words always stay in their form; nothing that either typed is lost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from wtforms import DateField

from portal.blueprints._forms import ActForm
from portal.domain.versions import kinds, reading
from portal.domain.versions.keeping import Piece
from portal.domain.versions.kinds import KINDS
from portal.domain.versions.merging import Clash, Merge, merge
from portal.domain.versions.names import names
from portal.domain.versions.shapes import Field, Shape, State, Value, paragraphs, sentences, tidy, value
from portal.extensions import db

# How the address of a page says that two writings were put together.
MERGED = "fusion"


@dataclass(frozen=True, slots=True)
class Sides:
    """What both changed: the words of the person who writes, those that are saved."""

    label: str
    mine: list[str]
    saved: list[str]


@dataclass(frozen=True, slots=True)
class Met:
    """What came of two writings: `state` holds them together, `number` is the version that is saved now.

    `taken` says in which fields the other person's words were taken; `same` that nothing is left to save.
    """

    state: Mapping[str, Value]
    number: int
    sides: tuple[Sides, ...]
    taken: tuple[str, ...]
    same: bool

    @property
    def settled(self) -> bool:
        """Whether both could be put together without asking."""
        return not self.sides


def meet(piece: Piece, mine: State, seen: int) -> Met | None:
    """Put together what was typed on an older version and what is saved now.

    None when the version on the screen is the one of today, or is not known: then both states are shown.
    """
    session, kind = db.session(), KINDS[piece.kind]
    kept = kinds.now(session, piece)
    if kept is None or kept.number <= seen:
        return None
    base = reading.read_at(session, piece, seen)
    if base is None:
        return None
    fields = [field for field in kind.fields if field.name not in kind.fixed]
    return put_together(
        piece.contract_id, fields, (base, mine, reading.words_now(session, piece, kept)), kept.number
    )


def put_together(
    contract_id: str, fields: Sequence[Field], three: tuple[State, State, State], number: int
) -> Met:
    """The same for any fields, from what both read, what is typed and what is saved."""
    base, mine, now = ({field.name: tidy(field, value(field, one)) for field in fields} for one in three)
    done = merge(fields, base, mine, now)
    return Met(done.state, number, _sides(contract_id, fields, done), _taken(done), done.state == now)


def put(form: ActForm, state: Mapping[str, Value]) -> None:
    """Write a state into the fields of a form that have its names."""
    for name, held in state.items():
        target: Any = form._fields.get(name)
        if target is None:
            continue
        if isinstance(target, DateField):
            target.data, target.raw_data = date.fromisoformat(str(held)) if held else None, None
        else:
            target.data = held


def _taken(done: Merge) -> tuple[str, ...]:
    clashing = {clash.field.name for clash in done.clashes}
    return tuple(field.label for field in done.taken if field.name not in clashing)


def _sides(contract_id: str, fields: Sequence[Field], done: Merge) -> tuple[Sides, ...]:
    if not done.clashes:
        return ()
    states = [{clash.field.name: held} for clash in done.clashes for held in (clash.mine, clash.now)]
    known = names(db.session(), contract_id, fields, states)
    return tuple(
        Sides(clash.field.label, _words(clash, clash.mine, known), _words(clash, clash.now, known))
        for clash in done.clashes
    )


def _words(clash: Clash, held: Value, known: Mapping[str, str]) -> list[str]:
    if clash.field.shape is Shape.TEXT:
        return paragraphs(str(held))
    return sentences(clash.field, held, known)
