"""Which plain paragraphs say which technical ones: by order at first, kept through versions (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from portal.kernel.text.stems import tokens

# Two paragraphs say the same thing when they share at least two words, a third of those of the shorter one.
TOGETHER, SHARE = 2, 3
# How many paragraphs a new one looks at.
FAR = 20

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


def filled(links: Iterable[Link], technical: Mapping[str, str], plain: Mapping[str, str]) -> list[Link]:
    """The links that new plain paragraphs make: each says the words, said by nobody yet between its neighbours, that are akin.

    Both texts are their words by id, in order. What is akin to nothing stays alone: a wrong link would hide what is to write.
    """
    names = list(technical)
    known = standing(links, names, list(plain))
    first = _places(names)
    said = {one for one, _ in known}
    spread: dict[str, list[int]] = {}
    for one, other in known:
        spread.setdefault(other, []).append(first[one])
    highs = _ahead([min(spread[one]) if one in spread else None for one in plain], len(first))
    low, new = -1, []
    for at, (one, words) in enumerate(plain.items()):
        if one in spread:
            low = max(low, *spread[one])
            continue
        free = [place for place in range(low + 1, min(highs[at], low + 1 + FAR)) if names[place] not in said]
        found = max(free, key=lambda place: (kinship(technical[names[place]], words), -place), default=None)
        if found is not None and kinship(technical[names[found]], words):
            low = found
            new.append((names[found], one))
    return new


def kinship(technical: str, plain: str) -> int:
    """How many words two paragraphs share; nothing when too few for them to say the same thing."""
    one, other = _said(technical), _said(plain)
    shared, least = len(one & other), min(len(one), len(other))
    if technical == plain:
        return max(shared, 1)
    enough = shared >= min(TOGETHER, least) and shared * SHARE >= least
    return shared if enough else 0


@lru_cache(maxsize=1024)
def _said(words: str) -> frozenset[str]:
    """What a paragraph speaks of: the stems of its words, without those that say nothing alone."""
    return frozenset(stem for one in tokens(words) if (stem := one.stem))


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
