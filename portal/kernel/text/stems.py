"""Words as one looks for them: a light French stemmer of our own, the same on every store.

A word loses its accents, its elision (« l’aide »), the marks of number and gender, and the endings that a verb and
its noun do not share: « accompagnés », « accompagner » and « accompagnement » give one stem. It is light on purpose:
a stem is never shorter than three letters, and what is in doubt stays apart. Pure; knows no store.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from portal.kernel.text.french import folded

_LONGEST: Final = 40
_SHORTEST_STEM: Final = 3
_WORD: Final = re.compile(r"[^\W_]+")
# What is elided before a vowel, with its apostrophe: the word begins after it.
_ELIDED: Final = re.compile(r"(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu|quelqu|presqu)[’']", re.IGNORECASE)

STOP: Final = frozenset(
    """
    a ai aie ainsi alors au aucun aucune aussi autre autres aux avait avant avec avoir ayant c ca car ce ceci cela celle
    celles celui ces cet cette ceux chaque chez ci comme comment d dans de depuis des deux doit donc dont du elle elles
    en encore entre es est et etaient etait etant etre eu eux fait font hors il ils j je jusqu l la le lequel les
    leur leurs lors lorsqu lui m ma mais me meme memes mes moi mon n ne ni nos notre nous on ont ou par parce pas pendant
    peu peut peuvent plus pour pourquoi pres puis puisqu qu quand que quel quelle quelles quels qui quoi s sa sans se
    sera seront ses si sinon soit son sont sous sur t ta te tes toi ton tous tout toute toutes tres tu un une vers vos
    votre vous y
    """.split()  # noqa: SIM905 — a hundred words read better in lines
)

# What a word ends with, and what is put in its place; the first that leaves enough wins, until none does.
_ENDINGS: Final = tuple(
    sorted(
        {
            **dict.fromkeys(
                (
                    "issements", "issement", "issantes", "issante", "issants", "issant", "issent", "issions",
                    "isations", "isation", "isateurs", "isateur", "isatrices", "isatrice", "isees", "isee", "ises", "ise", "iser",
                    "ations", "ation", "ateurs", "ateur", "atrices", "atrice", "itions", "ition", "utions", "ution",
                    "teurs", "teur", "trices", "trice", "tions", "tion",
                    "tionnements", "tionnement", "tionnelles", "tionnelle", "tionnels", "tionnel", "tionnees", "tionnee",
                    "tionnes", "tionne", "tionner", "ionnements", "ionnement", "ionnelles", "ionnelle", "ionnels", "ionnel", "ionnees", "ionnee", "ionner",
                    "ionnes", "ionne", "ions", "ion",
                    "ements", "ement", "amment", "emment", "abilites", "abilite", "ibilites", "ibilite",
                    "ables", "able", "ibles", "ible", "ites", "ite", "ences", "ence", "ances", "ance",
                    "antes", "ante", "ants", "ant", "entes", "ente", "ents", "ent",
                    "ieres", "iere", "iers", "ier", "eries", "erie", "euses", "euse", "eurs", "eur",
                    "iques", "ique", "ees", "ee", "er", "ez", "ir", "ies", "ie", "e",
                ),
                "",
            ),
            **dict.fromkeys(("ivites", "ivite", "ives", "ive", "ifs", "if", "ivement", "ivements"), "iv"),
            **dict.fromkeys(("elles", "elle", "els"), "el"),
            **dict.fromkeys(("ales", "ale", "als", "ail", "ails", "aille", "ailles"), "al"),
            "eaux": "eau", "aux": "al", "s": "", "x": "", "isme": "", "ismes": "", "iste": "", "istes": "",
        }.items(),
        key=lambda one: (-len(one[0]), one[0]),
    )
)  # fmt: skip

_ROOM: Final = {"eaux": 2}


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text: where it stands, and how it is written once folded."""

    start: int
    end: int
    word: str

    @property
    def stem(self) -> str:
        """What it is looked for by; empty for a word that says nothing alone."""
        return "" if self.word in STOP else stem(self.word)


def tokens(text: str) -> Iterator[Token]:
    """The words of a text in their order, without their elisions; the text is plain, and left as it is."""
    at = 0
    while found := _WORD.search(text, at):
        elided = _ELIDED.match(text, found.start())
        if elided is not None and _WORD.match(text, elided.end()):
            at = elided.end()
            continue
        at = found.end()
        yield Token(found.start(), found.end(), folded(found.group())[:_LONGEST])


def words(text: str) -> list[str]:
    """The words of a text as they are written, folded, in their order."""
    return [one.word for one in tokens(text)]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The stem of a folded word; the stem of a stem is itself. A word with a digit stays as it is."""
    if not word.isalpha():
        return word
    while (shorter := _shorter(word)) != word:
        word = shorter
    return word


@lru_cache(maxsize=5_000)
def begun(start: str) -> frozenset[str]:
    """The stems of the words that these first letters may be the beginning of, when they stop within an ending.

    « hospitalisat » is longer than the stem of « hospitalisation »: it gives it all the same.
    """
    found = {stem(start)}
    for ending, _put in _ENDINGS:
        for size in range(1, len(ending)):
            if len(start) - size >= _SHORTEST_STEM + 1 and start.endswith(ending[:size]):
                found.add(stem(start[:-size] + ending))
    return frozenset(found)


def _shorter(word: str) -> str:
    for ending, put in _ENDINGS:
        kept = word.removesuffix(ending)
        if kept != word and len(kept) >= _ROOM.get(ending, _SHORTEST_STEM) and kept + put != word:
            return _single(kept + put)
    return word


def _single(word: str) -> str:
    """A consonant that was doubled for an ending stands alone: « bonne », « bon »."""
    return (
        word[:-1] if len(word) > _SHORTEST_STEM and word[-1] == word[-2] and word[-1] not in "aeiou" else word
    )
