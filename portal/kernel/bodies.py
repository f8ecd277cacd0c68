"""Bodies that people name (« Conseil d’administration »), as a French sentence goes on: « par le conseil d’administration »."""

from __future__ import annotations

import re

from portal.kernel.speech import Language, Sentence

_ARTICLE = re.compile(
    r"^(?:l[’']|d[’']|les?\b|la\b|une?\b|des\b|du\b|notre\b|nos\b|ses?\b|son\b|sa\b|chaque\b|tous\b|toutes\b)",
    re.IGNORECASE,
)
_FIRST = re.compile(r"^[^\W\d_]+")
# The first words of bodies, by the article that stands before each.
_NOUNS = {
    "le": "conseil comité bureau département préfet président siège service groupe syndicat ca cvs cse cd groupement ministère collège",
    "la": "direction commission présidence présidente région préfecture dreets ddets dirpjj fondation mutuelle caisse délégation",
    "l’": "agence ars assemblée association autorité équipe ehpad organisme établissement instance union esat ime",
    "les": "autorités départements parties élus représentants services",
}
_ARTICLES = {noun: article for article, nouns in _NOUNS.items() for noun in nouns.split()}


def with_article(words: str) -> str:
    """The same with its article, its first letter small unless it is a name of its own; as it is when it has one, or none is known."""
    first = _FIRST.match(words)
    if first is None or _ARTICLE.match(words):
        return words
    noun = first[0]
    article = _ARTICLES.get(noun.casefold())
    if article is None:
        return words
    rest = words[len(noun) :]
    if not noun.isupper() and rest == rest.lower():
        noun = noun.lower()
    return f"{article}{noun}{rest}" if article.endswith("’") else f"{article} {noun}{rest}"


class Body(Sentence):
    """The name of a body inside a sentence: with its article in French, as it was written elsewhere."""

    __slots__ = ()

    @classmethod
    def named(cls, words: str) -> Body:
        """The body of these words."""
        return cls.made(with_article(words), words=words)

    def said(self, language: Language) -> str:
        """Its words there."""
        words: str = self._values["words"]
        return with_article(words) if language.code == "fr" else words
