"""Two people wrote the same thing: what only one of them changed is merged, what both changed is theirs to settle. Pure.

`base` is what both read, `mine` what the second person sends, `now` what the first has saved meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, TypeVar

from portal.domain.versions.shapes import Field, Shape, State, Value, paragraphs, rows, value

Part = TypeVar("Part")
BREAK = "\n\n"


@dataclass(frozen=True, slots=True)
class Clash:
    """What both changed, each in their own way: a field, or some paragraphs or rows of it."""

    field: Field
    base: Value
    mine: Value
    now: Value


@dataclass(frozen=True, slots=True)
class Merge:
    """The state that came of it, with the second person's words wherever both wrote.

    `taken` are the fields in which something of the first person was taken by itself.
    """

    state: dict[str, Value]
    clashes: tuple[Clash, ...]
    taken: tuple[Field, ...]


def merge(fields: Sequence[Field], base: State, mine: State, now: State) -> Merge:
    """Put together what two people wrote, field by field; texts paragraph by paragraph, lists one by one."""
    state: dict[str, Value] = {}
    clashes: list[Clash] = []
    taken: list[Field] = []
    for field in fields:
        was, own, there = (value(field, one) for one in (base, mine, now))
        state[field.name], found = _field(field, was, own, there)
        clashes += found
        if there not in (was, own):
            taken += [] if state[field.name] == own else [field]
    return Merge(state, tuple(clashes), tuple(taken))


def _field(field: Field, base: Value, mine: Value, now: Value) -> tuple[Value, list[Clash]]:
    if mine in (base, now):
        return now, []
    if now == base:
        return mine, []
    if field.shape is Shape.SEVERAL:
        return _several(base, mine, now), []
    if field.shape is Shape.TEXT:
        done, found = _sequence(*(paragraphs(str(one)) for one in (base, mine, now)))
        said = [Clash(field, *(BREAK.join(part) for part in three)) for three in found]
        return BREAK.join(done), said
    if field.shape is Shape.ROWS:
        kept, apart = _sequence(*(rows(one) for one in (base, mine, now)))
        clashes = [Clash(field, *([list(row) for row in part] for part in three)) for three in apart]
        return [list(row) for row in kept], clashes
    return mine, [Clash(field, base, mine, now)]


def _several(base: Value, mine: Value, now: Value) -> list[str]:
    """Each side adds and takes away by itself."""
    was, own, there = ({str(one) for one in side} for side in (base, mine, now))
    return sorted((there - (was - own)) | (own - was))


@dataclass(frozen=True, slots=True)
class _Edit:
    """One side puts `parts` in place of the parts of the base from `start` to before `end`."""

    start: int
    end: int
    parts: list[Any]
    mine: bool

    def meets(self, start: int, end: int) -> bool:
        """Whether it touches the same parts, or is added at the same place."""
        if (self.start, self.end) == (start, end):
            return True
        if self.start == self.end or start == end:
            return start < self.start < end or self.start < start < self.end
        return self.start < end and start < self.end


def _sequence(
    base: list[Part], mine: list[Part], now: list[Part]
) -> tuple[list[Part], list[tuple[list[Part], list[Part], list[Part]]]]:
    """The parts of both sides in their order, and those which both changed: as they were, mine, as they are now."""
    done: list[Part] = []
    clashes: list[tuple[list[Part], list[Part], list[Part]]] = []
    at = 0
    for group in _groups([*_edits(base, mine, own=True), *_edits(base, now, own=False)]):
        start, end = min(one.start for one in group), max(one.end for one in group)
        done += base[at:start]
        own, there = (_applied(base, start, end, group, mine=side) for side in (True, False))
        was = base[start:end]
        done += there if own == was else own
        if own not in (was, there) and there != was:
            clashes.append((was, own, there))
        at = end
    return done + base[at:], clashes


def _edits(base: list[Part], other: list[Part], *, own: bool) -> Iterator[_Edit]:
    """What one side changed; parts that were rewritten where they stood, one by one, as `texts.rules.follow` knows them."""
    matcher = SequenceMatcher(a=base, b=other, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            continue
        paired = min(i2 - i1, j2 - j1)
        for offset in range(paired):
            yield _Edit(i1 + offset, i1 + offset + 1, other[j1 + offset : j1 + offset + 1], own)
        if i2 - i1 != j2 - j1:
            yield _Edit(i1 + paired, i2, other[j1 + paired : j2], own)


def _groups(edits: list[_Edit]) -> list[list[_Edit]]:
    """The edits in their order, those together that meet."""
    found: list[list[_Edit]] = []
    for edit in sorted(edits, key=lambda one: (one.start, one.end)):
        last = found[-1] if found else []
        start, end = min((one.start for one in last), default=0), max((one.end for one in last), default=0)
        if last and edit.meets(start, end):
            last.append(edit)
        else:
            found.append([edit])
    return found


def _applied(base: list[Part], start: int, end: int, group: list[_Edit], *, mine: bool) -> list[Part]:
    """What one side made of the parts from `start` to `end`."""
    found: list[Part] = []
    at = start
    for edit in group:
        if edit.mine is mine:
            found += base[at : edit.start] + edit.parts
            at = edit.end
    return found + base[at:end]
