"""What changed between two versions of a trame, in words; how blocks are numbered; where each stands. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import Enum, auto

from portal.domain.trames.catalogue import Block
from portal.domain.trames.models import BlockKind
from portal.kernel.speech import Sentence, say


class BlockState(Enum):
    """Where a block of a contract stands."""

    HEADING = auto()
    FILLED = auto()
    WRITTEN = auto()
    TO_WRITE = auto()


def state(kind: BlockKind, *, filled: bool, written: bool) -> BlockState:
    """Where a block stands: `filled` by what the portal holds, `written` by the direction, who completes or replaces it."""
    if kind is BlockKind.TITLE:
        return BlockState.HEADING
    if written:
        return BlockState.WRITTEN
    return BlockState.FILLED if filled else BlockState.TO_WRITE


def names(blocks: Sequence[Block]) -> dict[str, Sentence]:
    """How each block is called in its order: « Titre 1 », « Article 3 », « Annexe 2 »; openings have only their title.

    Articles are numbered from the first to the last, through the titles, as the model of 3 March 2017 does.
    """
    found: dict[str, Sentence] = {}
    seen = dict.fromkeys(BlockKind, 0)
    for one in blocks:
        seen[one.kind] += 1
        number = seen[one.kind]
        if one.kind is BlockKind.TITLE:
            found[one.id] = say("Titre %(number)s", number=str(number))
        elif one.kind is BlockKind.ARTICLE:
            found[one.id] = say("Article %(number)s", number=str(number))
        elif one.kind is BlockKind.ANNEX:
            found[one.id] = say("Annexe %(number)s", number=str(number))
    return found


def differences(before: Sequence[Block], after: Sequence[Block]) -> list[Sentence]:
    """What changed, one sentence for each thing: blocks added, gone, moved, and what changed in each."""
    old, new = {one.id: one for one in before}, {one.id: one for one in after}
    found = [
        say("Ajouté\u00a0: «\u00a0%(title)s\u00a0».", title=one.title) for one in after if one.id not in old
    ]
    found += [
        say("Retiré\u00a0: «\u00a0%(title)s\u00a0».", title=one.title) for one in before if one.id not in new
    ]
    for one in after:
        if one.id in old:
            found += _changed(old[one.id], one)
    return [*found, *_moved(old, new)]


def gone(written: Mapping[str, str], blocks: Collection[str]) -> list[str]:
    """The blocks that hold words and are not among these, in the order of what they were called."""
    return sorted((one for one in written if one not in blocks), key=lambda one: written[one])


def _changed(old: Block, new: Block) -> Iterator[Sentence]:
    if old.title != new.title:
        yield say(
            "«\u00a0%(before)s\u00a0» s’appelle maintenant «\u00a0%(after)s\u00a0».",
            before=old.title,
            after=new.title,
        )
    if old.kind is not new.kind:
        yield say(
            "«\u00a0%(title)s\u00a0» est maintenant\u00a0: %(kind)s.", title=new.title, kind=new.kind.label
        )
    if old.plain != new.plain:
        yield say("L’explication de «\u00a0%(title)s\u00a0» a changé.", title=new.title)
    if old.filling is not new.filling:
        yield say(
            "Le contenu de «\u00a0%(title)s\u00a0» vient maintenant d’ailleurs\u00a0: %(where)s.",
            title=new.title,
            where=new.filling.label,
        )
    if old.binding and not new.binding:
        yield say("«\u00a0%(title)s\u00a0» n’est plus opposable.", title=new.title)
    if new.binding and not old.binding:
        yield say("«\u00a0%(title)s\u00a0» est maintenant opposable.", title=new.title)


def _moved(old: Mapping[str, Block], new: Mapping[str, Block]) -> list[Sentence]:
    """Those that left their place: as few as explain the new order."""
    places = {one: place for place, one in enumerate(one for one in old if one in new)}
    order = [one for one in new if one in old]
    kept = _longest_rising([places[one] for one in order])
    return [
        say("«\u00a0%(title)s\u00a0» a changé de place.", title=new[one].title)
        for one in order
        if places[one] not in kept
    ]


def _longest_rising(numbers: Sequence[int]) -> set[int]:
    """One of the longest rising runs of different numbers, gaps allowed."""
    ends: list[int] = []
    before: dict[int, int | None] = {}
    for number in numbers:
        place = bisect_left(ends, number)
        before[number] = ends[place - 1] if place else None
        ends[place : place + 1] = [number]
    kept: set[int] = set()
    last = ends[-1] if ends else None
    while last is not None:
        kept.add(last)
        last = before[last]
    return kept
