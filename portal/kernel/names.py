"""Names of houses and organisations in the middle of a French sentence: « des Tilleuls », « de l’EHPAD du Parc »."""

from __future__ import annotations

import re

from portal.kernel.speech import Language, Sentence

# A name that begins with what the house is takes the article of that word.
_FEMININE = frozenset(
    [
        "caisse",
        "collectivité",
        "commune",
        "fédération",
        "fondation",
        "maison",
        "métropole",
        "mutualité",
        "mutuelle",
        "résidence",
        "villa",
        "ville",
    ]
)
_MASCULINE = frozenset(
    [
        "centre",
        "château",
        "clos",
        "conseil",
        "département",
        "domaine",
        "foyer",
        "groupe",
        "groupement",
        "manoir",
        "pôle",
        "samsah",
        "savs",
        "service",
        "sessad",
        "ssiad",
        "syndicat",
    ]
)
_ELIDED = frozenset(
    [
        "accueil",
        "agence",
        "ars",
        "association",
        "ehpad",
        "ehpa",
        "établissement",
        "esat",
        "hôpital",
        "ime",
        "institut",
        "organisme",
        "union",
        "unité",
        "usld",
    ]
)
# What comes before a name, and names nobody alone; « l’ » and « d’ » without their apostrophe.
ARTICLES = frozenset(["l", "le", "la", "les", "un", "une", "d", "de", "du", "des", "à", "a", "au", "aux"])
_VOWEL = re.compile(r"[aàâeéèêëiîïoôœuùûyAÀÂEÉÈÊËIÎÏOÔŒUÙÛ]")


class Of(Sentence):
    """A name after « de »; the name alone where a language has no contraction."""

    __slots__ = ()

    def said(self, language: Language) -> str:
        """« des Tilleuls », or “Les Tilleuls”."""
        name = str(self._values["name"])
        return _of(name) if language.code == "fr" else name


def of(name: str) -> Of:
    """« de » and a name, as French contracts them: « des Tilleuls », « du Parc », « de La Roseraie », « d’Avel ».

    In the model of a sentence the value takes the place of both words: « La direction %(of_house)s ».
    """
    return Of.made(_of(name), name=name)


class At(Sentence):
    """A name after « à »; the name alone where a language has no contraction."""

    __slots__ = ()

    def said(self, language: Language) -> str:
        """« aux Tilleuls », or “Les Tilleuls”."""
        name = str(self._values["name"])
        return _at(name) if language.code == "fr" else name


def at(name: str) -> At:
    """« à » and a name, as French contracts them: « aux Tilleuls », « au Clos », « à l’EHPAD », « à Avel ».

    In the model of a sentence the value takes the place of both words.
    """
    return At.made(_at(name), name=name)


def _at(name: str) -> str:
    first, _space, rest = name.partition(" ")
    if rest and first in ("Les", "les"):
        return f"aux {rest}"
    if rest and first in ("Le", "le"):
        return f"au {rest}"
    word = first.lower()
    if word in _FEMININE:
        return f"à la {name}"
    if word in _MASCULINE:
        return f"au {name}"
    return f"à l’{name}" if word in _ELIDED else f"à {name}"


def _of(name: str) -> str:
    first, _space, rest = name.partition(" ")
    if rest and first in ("Les", "les"):
        return f"des {rest}"
    if rest and first in ("Le", "le"):
        return f"du {rest}"
    word = first.lower()
    if word in _FEMININE:
        return f"de la {name}"
    if word in _MASCULINE:
        return f"du {name}"
    if word in _ELIDED:
        return f"de l’{name}"
    return f"d’{name}" if _VOWEL.match(name) else f"de {name}"
