"""Which plain paragraphs say which technical ones: by order at first, kept through versions (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# The stable ids of a technical paragraph and of a plain one that says it.
Link = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Passage:
    """Paragraphs that say the same thing, by their ids; one side may be empty."""

    plain: tuple[str, ...]
    technical: tuple[str, ...]


def by_order(technical: Sequence[str], plain: Sequence[str]) -> list[Link]:
    """A first pairing, before anybody has looked: both texts are followed at the same pace."""
    if not technical or not plain:
        return []
    if len(technical) >= len(plain):
        return [(one, plain[at * len(plain) // len(technical)]) for at, one in enumerate(technical)]
    return [(technical[at * len(technical) // len(plain)], one) for at, one in enumerate(plain)]


def standing(links: Iterable[Link], technical: Sequence[str], plain: Sequence[str]) -> list[Link]:
    """The links whose two paragraphs are still there, in the order of the texts."""
    first, second = _places(technical), _places(plain)
    kept = {one for one in links if one[0] in first and one[1] in second}
    return sorted(kept, key=lambda one: (first[one[0]], second[one[1]]))


def filled(links: Iterable[Link], technical: Sequence[str], plain: Sequence[str]) -> list[Link]:
    """The links that new plain paragraphs make: each says what nobody said yet between its two neighbours."""
    known = standing(links, technical, plain)
    first = _places(technical)
    said = {one for one, _ in known}
    spread: dict[str, list[int]] = {}
    for one, other in known:
        spread.setdefault(other, []).append(first[one])
    highs = _ahead([min(spread[one]) if one in spread else None for one in plain], len(first))
    low, new = -1, []
    for at, one in enumerate(plain):
        if one in spread:
            low = max(low, *spread[one])
            continue
        free = next((place for place in range(low + 1, highs[at]) if technical[place] not in said), None)
        if free is not None:
            low = free
            new.append((technical[free], one))
    return new


def passages(links: Iterable[Link], technical: Sequence[str], plain: Sequence[str]) -> list[Passage]:
    """Both texts cut in passages, in the order of the technical one; what nobody linked stands where it is read."""
    known = standing(links, technical, plain)
    groups = _groups(known, technical, plain)
    linked, first = {other for _, other in known}, _places(technical)
    alone: dict[int, list[Passage]] = {}
    before = 0
    for name in plain:
        if name in linked:
            before = id(groups[name])
        else:
            alone.setdefault(before, []).append(Passage((name,), ()))
    found, told, second = alone.get(0, []), set[int](), _places(plain)
    for name in technical:
        group = groups[name]
        if id(group) in told:
            continue
        told.add(id(group))
        found.append(_passage(group, first, second))
        found += alone.get(id(group), [])
    return found


def _passage(group: set[str], first: dict[str, int], second: dict[str, int]) -> Passage:
    return Passage(
        tuple(sorted(group & second.keys(), key=second.__getitem__)),
        tuple(sorted(group & first.keys(), key=first.__getitem__)),
    )


def _ahead(lows: Sequence[int | None], end: int) -> list[int]:
    """For each place, the lowest number that comes after it; `end` when none does."""
    found, lowest = [], end
    for low in reversed(lows):
        found.append(lowest)
        lowest = lowest if low is None else min(lowest, low)
    return found[::-1]


def _groups(links: Iterable[Link], technical: Sequence[str], plain: Sequence[str]) -> dict[str, set[str]]:
    groups = {name: {name} for name in (*technical, *plain)}
    for one, other in links:
        small, large = sorted((groups[one], groups[other]), key=len)
        if small is large:
            continue
        large |= small
        for name in small:
            groups[name] = large
    return groups


def _places(ids: Sequence[str]) -> dict[str, int]:
    return {name: at for at, name in enumerate(ids)}
