"""What is asked, and how what is found is shown: pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from portal.kernel.text import stems
from portal.kernel.text.french import typography
from portal.kernel.text.stems import Token

LONGEST: Final = 200
MOST_TERMS: Final = 8
SNIPPET: Final = 220
BEFORE: Final = 70
# A word of the title is worth more than any number of words of the text.
IN_TITLE, MOST_IN_TEXT = 100, 9
SHORTEST_PREFIX: Final = 2
APART: Final = " . "
_QUOTED: Final = re.compile(r"[\"“«]([^\"“”«»]*)[\"”»]")
_PARTS_OF_SPACE: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Term:
    """A word that is looked for, by its stem; `prefix`: one still types it, whatever begins so is found too."""

    word: str
    stem: str
    prefix: bool = False

    def finds(self, token: Token) -> bool:
        """Whether a word of a text is what is looked for."""
        if token.stem == self.stem:
            return True
        return (
            self.prefix
            and bool(token.stem)
            and (token.stem in stems.begun(self.word) or token.stem.startswith(self.word))
        )


@dataclass(frozen=True)
class Asked:
    """What somebody looks for: words, and words that must stand exactly so, one after the other."""

    text: str
    terms: tuple[Term, ...]
    exact: tuple[str, ...]

    @cached_property
    def empty(self) -> bool:
        """Whether nothing in it can be looked for."""
        return not self.terms

    def finds(self, token: Token) -> bool:
        """Whether a word of a text is one of those."""
        return any(term.finds(token) for term in self.terms)


@dataclass(frozen=True, slots=True)
class Part:
    """Some words of a text; `found` when they are what was looked for."""

    words: str
    found: bool = False


def parsed(typed: str) -> Asked:
    """What was typed, as it is looked for: quotes keep words exact; the last one may be unfinished."""
    # A space after it says that the last word is finished.
    text = _PARTS_OF_SPACE.sub(" ", typed[:LONGEST]).lstrip()
    exact = [words for one in _QUOTED.findall(text) if (words := stems.words(one))]
    loose = _QUOTED.sub(" ", text)
    free = [one for one in stems.tokens(loose) if one.stem]
    unfinished = free[-1] if free and free[-1].end == len(loose) else None
    known: dict[str, Term] = {}
    for words in exact:
        for one in stems.tokens(" ".join(words)):
            if one.stem:
                known.setdefault(one.stem, Term(one.word, one.stem))
    for one in free:
        prefix = one is unfinished and len(one.word) >= SHORTEST_PREFIX
        known.setdefault(one.stem, Term(one.word, one.stem, prefix))
    return Asked(text, tuple(known.values())[:MOST_TERMS], tuple(" ".join(one) for one in exact)[:MOST_TERMS])


def holds(asked: Asked, *texts: str) -> bool:
    """Whether these texts hold, together, every word that is looked for, and the exact ones as they stand."""
    tokens = [one for text in texts for one in stems.tokens(text)]
    kept = folded("", texts)
    return all(any(term.finds(one) for one in tokens) for term in asked.terms) and all(
        f" {exact} " in kept for exact in asked.exact
    )


def weights(title: str, texts: Iterable[str]) -> dict[str, int]:
    """The stems of an entry and how much each counts there."""
    counted = Counter(one.stem for text in texts for one in stems.tokens(text) if one.stem)
    found = {stem: min(number, MOST_IN_TEXT) for stem, number in counted.items()}
    for one in stems.tokens(title):
        if one.stem:
            found[one.stem] = found.get(one.stem, 0) % IN_TITLE + IN_TITLE
    return found


def folded(title: str, texts: Iterable[str]) -> str:
    """The words of an entry in their order, each between two spaces; those of two texts never follow one another."""
    parts = (" ".join(stems.words(one)) for one in (title, *texts))
    return f" {APART.join(one for one in parts if one)} "


def beyond(prefix: str) -> str:
    """The first word, in any order of letters, that does not begin so."""
    kept = prefix.rstrip("z")
    return kept[:-1] + chr(ord(kept[-1]) + 1) if kept else "{"


def marked(text: str, asked: Asked) -> tuple[Part, ...]:
    """A short text whole, with what was looked for."""
    return tuple(_parts(text, [one for one in stems.tokens(text) if asked.finds(one)], 0, len(text)))


def snippet(texts: Iterable[str], asked: Asked) -> tuple[Part, ...]:
    """The words around what was found first, or the first words when it is in none of the texts."""
    # Files hold any spaces: they are written here as the portal writes.
    kept = [typography(" ".join(one.split())) for one in texts]
    for text in kept:
        found = [one for one in stems.tokens(text) if asked.finds(one)]
        if found:
            start, end = _window(text, found)
            return tuple(_cut(text, _parts(text, found, start, end), start, end))
    text = next((one for one in kept if one), "")
    end = _back(text, SNIPPET)
    return tuple(_cut(text, _parts(text, [], 0, end), 0, end))


def _window(text: str, found: list[Token]) -> tuple[int, int]:
    """The stretch that holds the most of what was looked for, between two words."""
    best = max(
        found,
        key=lambda one: (
            len({other.word for other in found if one.start <= other.start < one.start + SNIPPET - BEFORE}),
            -one.start,
        ),
    )
    start = max(best.start - BEFORE, 0)
    if start:
        start = min(text.find(" ", start) + 1 or best.start, best.start)
    return start, max(_back(text, start + SNIPPET), best.end)


def _back(text: str, end: int) -> int:
    """The end of the last whole word before."""
    if end >= len(text):
        return len(text)
    return text.rfind(" ", 0, end) if " " in text[:end] else end


def _cut(text: str, parts: Iterable[Part], start: int, end: int) -> Iterable[Part]:
    if start > 0:
        yield Part("… ")
    yield from parts
    if end < len(text):
        yield Part(" …")


def _parts(text: str, found: Iterable[Token], start: int, end: int) -> Iterable[Part]:
    at = start
    for one in found:
        if one.start < at or one.end > end:
            continue
        if one.start > at:
            yield Part(text[at : one.start])
        yield Part(text[one.start : one.end], found=True)
        at = one.end
    if at < end:
        yield Part(text[at:end])
