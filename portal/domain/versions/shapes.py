"""What a piece of a contract is made of: fields, each with a shape, and the state that they make together. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto

from portal.kernel import text as words
from portal.kernel.dates import day_label
from portal.kernel.speech import say

# A field holds words, several ids, or rows of words.
Value = str | list[str] | list[list[str]]
State = Mapping[str, Value]
Names = Mapping[str, str]


class Shape(Enum):
    """How a field is compared and merged."""

    LINE = auto()
    TEXT = auto()
    CHOICE = auto()
    DAY = auto()
    SEVERAL = auto()
    ROWS = auto()
    NUMBER = auto()


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its name in the code and in forms, what people read, its shape.

    `words` are the choices when they are those of a vocabulary; `named` says among what an id is looked for.
    """

    name: str
    label: str
    shape: Shape = Shape.LINE
    words: type[Enum] | None = None
    named: str = ""

    @property
    def empty(self) -> Value:
        """The value of a field that was never written."""
        return [] if self.shape in (Shape.SEVERAL, Shape.ROWS) else ""


# What stands for an id whose thing is gone.
GONE = say("ce qui n’existe plus")


def value(field: Field, state: State) -> Value:
    """The value of a field in a state, whether it was written or not."""
    return state.get(field.name, field.empty)


def sentences(field: Field, held: Value, names: Names) -> list[str]:
    """A value in words that people read: one for each thing that it holds."""
    if isinstance(held, str):
        return [_one(field, held, names)] if held else []
    if field.shape is Shape.ROWS:
        return [" · ".join(part for part in row if part) for row in held]
    return sorted((_one(field, str(one), names) for one in held), key=str)


def tidy(field: Field, typed: Value) -> Value:
    """A value as it would be kept: what a browser or a keyboard changes in it is no change."""
    if isinstance(typed, str):
        return _tidied(field.shape, typed)
    if field.shape is Shape.ROWS:
        return [[_tidied(Shape.LINE, str(part)) for part in row] for row in typed]
    return sorted(str(one) for one in typed)


def paragraphs(source: str) -> list[str]:
    """The paragraphs of a text."""
    return words.paragraphs(source) if source else []


def rows(held: Value) -> list[tuple[str, ...]]:
    """The rows of a value, to be compared."""
    return [tuple(one) if not isinstance(one, str) else (one,) for one in held]


def ids(fields: Sequence[Field], states: Sequence[State]) -> dict[str, set[str]]:
    """The ids that these states hold, by what they name."""
    found: dict[str, set[str]] = {}
    for field in fields:
        if field.named:
            for state in states:
                held = value(field, state)
                some = [held] if isinstance(held, str) else [str(one) for one in held]
                found.setdefault(field.named, set()).update(one for one in some if one)
    return found


def _one(field: Field, held: str, names: Names) -> str:
    if field.words is not None:
        return next((label(one) for one in field.words if str(one.value) == held), held)
    if field.named:
        return names.get(held, GONE)
    if field.shape is Shape.DAY:
        return day_label(date.fromisoformat(held))
    return held


def label(one: Enum) -> str:
    """The label of a word of the vocabulary."""
    return getattr(one, "label", str(one.value))


def _tidied(shape: Shape, typed: str) -> str:
    try:
        if shape is Shape.TEXT:
            return words.clean_source(typed, maximum=len(typed) + 1)
        if shape is Shape.LINE:
            return words.typography(words.clean_line(typed, maximum=len(typed) + 1))
    except words.TextEmpty:
        return ""
    return "".join(typed.split()) if shape is Shape.NUMBER else typed.strip()
