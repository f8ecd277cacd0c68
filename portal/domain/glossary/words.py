"""The hard words of the field and of budgets, each in plain sentences, and how they are recognised in a text."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from portal.domain.means import glossary as means
from portal.kernel.speech import Sentence
from portal.kernel.text import stems

FILE = Path(__file__).with_name("words.toml")
# More would be a page of its own.
MOST = 12


@dataclass(frozen=True, slots=True)
class Explained:
    """A word with what it means. `forms`: what is recognised in texts; `source`: the article that speaks of it, if known."""

    code: str
    word: Sentence
    plain: Sentence
    forms: tuple[str, ...] = ()
    source: str = ""


@cache
def every() -> tuple[Explained, ...]:
    """All of them, in alphabetical order; read once."""
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    field = [
        Explained(
            one["code"],
            Sentence(one["mot"]),
            Sentence(one["clair"]),
            tuple(one["formes"]),
            one.get("source", ""),
        )
        for one in data["mot"]
    ]
    budget = [
        Explained(one.code, one.word, one.plain, (*_acronyms(one.word), *_whole(one.word)), one.source)
        for one in means.by_code().values()
    ]
    return tuple(sorted((*field, *budget), key=lambda one: one.word.casefold()))


def explained(texts: Iterable[str]) -> tuple[Explained, ...]:
    """The words that these texts hold, each once, in the order in which they come; plain texts."""
    found: dict[str, Explained] = {}
    for text in texts:
        for one in _of(text):
            found.setdefault(one.code, one)
            if len(found) == MOST:
                return tuple(found.values())
    return tuple(found.values())


def _of(text: str) -> Iterator[Explained]:
    words = list(stems.tokens(text))
    known = [stems.stem(one.word) for one in words]
    for place, one in enumerate(words):
        acronym = _by_acronym().get(text[one.start : one.end])
        if acronym is not None:
            yield acronym
        for form, meant in _by_stem().get(known[place], ()):
            if tuple(known[place : place + len(form)]) == form:
                yield meant


@cache
def _by_acronym() -> Mapping[str, Explained]:
    return {form: one for one in every() for form in one.forms if form.isupper()}


@cache
def _by_stem() -> Mapping[str, list[tuple[tuple[str, ...], Explained]]]:
    """The forms of several words, or of one that is no acronym, by the stem of their first word."""
    found: dict[str, list[tuple[tuple[str, ...], Explained]]] = {}
    for one in every():
        for form in one.forms:
            if not form.isupper():
                stemmed = tuple(stems.stem(word) for word in stems.words(form))
                found.setdefault(stemmed[0], []).append((stemmed, one))
    return found


def _acronyms(word: str) -> Iterator[str]:
    """« CRPP et CRPA » is recognised by each."""
    return (word[one.start : one.end] for one in stems.tokens(word) if word[one.start : one.end].isupper())


def _whole(word: str) -> Iterator[str]:
    """A word that is no acronym is recognised as it is written, before any comma."""
    head = word.partition(",")[0].partition(" (")[0]
    if head and not any(part.isupper() for part in head.split()):
        yield head
