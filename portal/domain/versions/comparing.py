"""What changed between two states of a piece, field by field, in words. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.domain.texts.changes import Change, same_words, word_changes
from portal.domain.versions.shapes import Field, Names, Shape, State, Value, sentences, value


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed in one field: paragraphs of words that were kept, added or removed."""

    field: Field
    paragraphs: list[list[Change]]


def differences(fields: Sequence[Field], old: State, new: State, names: Names) -> list[Difference]:
    """The fields that changed, with their words before and after."""
    found = []
    for field in fields:
        before, after = value(field, old), value(field, new)
        told = [] if same(before, after) else changes(field, before, after, names)
        if told:
            found.append(Difference(field, told))
    return found


def same(before: Value, after: Value) -> bool:
    """Whether two values of a field say the same: spaces alone make no difference."""
    if isinstance(before, str) and isinstance(after, str):
        return same_words(before, after)
    return _rows(before) == _rows(after)


def changes(field: Field, before: Value, after: Value, names: Names) -> list[list[Change]]:
    """The words of one field, kept, added and removed."""
    if field.shape in (Shape.LINE, Shape.TEXT) and isinstance(before, str) and isinstance(after, str):
        return word_changes(before, after)
    old, new = sentences(field, before, names), sentences(field, after, names)
    was, now = {_bare(one) for one in old}, {_bare(one) for one in new}
    gone = [[Change("removed", one)] for one in old if _bare(one) not in now]
    come = [[Change("added", one)] for one in new if _bare(one) not in was]
    return gone + come


def changed(fields: Sequence[str], old: Mapping[str, object], new: Mapping[str, object]) -> list[str]:
    """The names of the fields whose values differ."""
    return [name for name in fields if (old.get(name) or "") != (new.get(name) or "")]


def _rows(held: Value) -> list[tuple[str, ...]]:
    """Rows of words as they compare: what ends a row without saying anything is no part of it."""
    found: list[tuple[str, ...]] = []
    for row in held:
        parts = [_bare(row)] if isinstance(row, str) else [_bare(part) for part in row]
        while parts and not parts[-1]:
            parts.pop()
        found.append(tuple(parts))
    return found


def _bare(words: str) -> str:
    """Words with plain spaces."""
    return " ".join(words.split())
