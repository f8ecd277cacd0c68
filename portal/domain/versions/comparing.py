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
        if not same(before, after):
            found.append(Difference(field, changes(field, before, after, names)))
    return found


def same(before: Value, after: Value) -> bool:
    """Whether two values of a field say the same: spaces alone make no difference."""
    if isinstance(before, str) and isinstance(after, str):
        return same_words(before, after)
    return before == after


def changes(field: Field, before: Value, after: Value, names: Names) -> list[list[Change]]:
    """The words of one field, kept, added and removed."""
    if field.shape in (Shape.LINE, Shape.TEXT) and isinstance(before, str) and isinstance(after, str):
        return word_changes(before, after)
    old, new = sentences(field, before, names), sentences(field, after, names)
    gone = [[Change("removed", one)] for one in old if one not in new]
    come = [[Change("added", one)] for one in new if one not in old]
    return gone + come


def changed(fields: Sequence[str], old: Mapping[str, object], new: Mapping[str, object]) -> list[str]:
    """The names of the fields whose values differ."""
    return [name for name in fields if (old.get(name) or "") != (new.get(name) or "")]
