"""Gentle remarks on plain words while somebody writes them: never a score, never a certificate (pure).

The rules are those that the European rules for easy-to-read information share with any guide to plain French: short
sentences, known words, the active form, no double negation, no unknown initials, few numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass

from portal.domain.plain import french
from portal.kernel.speech import Sentence, say
from portal.kernel.text import MAX_CHARACTERS, excerpt
from portal.kernel.text import paragraphs as parts_of
from portal.vocabulary import Labelled

# Words of a sentence, letters of a word, remarks that one paragraph shows, signs of what is shown.
LONG_SENTENCE, LONG_WORD, SHOWN, SEEN = 15, 13, 6, 60
# Paragraphs that are looked at in one go.
PARAGRAPHS = 60
NUMBERS, LARGE = 2, 10_000


class Rule(Labelled):
    """What a remark is about."""

    LONG_SENTENCE = "phrase-longue", say("phrase longue")
    LONG_WORD = "mot-long", say("mot long")
    INITIALS = "sigle", say("sigle")
    PASSIVE = "passif", say("forme passive")
    DOUBLE_NEGATION = "double-negation", say("double négation")
    NOUN_CHAIN = "suite-de-noms", say("suite de noms")
    NUMBERS = "nombres", say("nombres")


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to look at again: which words, and what could be done."""

    rule: Rule
    words: str
    advice: Sentence


@dataclass(frozen=True, slots=True)
class Looked:
    """A paragraph that was looked at: its first words, what is remarked, whether there would be more."""

    place: int
    words: str
    remarks: tuple[Remark, ...]
    more: bool


def look(source: str, known: Container[str]) -> list[Looked]:
    """Each paragraph of a text with its remarks; `known` are the initials that the glossary explains."""
    found = []
    for place, part in enumerate(parts_of(source)[:PARAGRAPHS], 1):
        told = remarks(part, known)
        # A paragraph that is too long to be kept is looked at all the same.
        first = excerpt(" ".join(part.split())[:MAX_CHARACTERS], SEEN)
        found.append(Looked(place, first, told[:SHOWN], len(told) > SHOWN))
    return found


def remarks(paragraph: str, known: Container[str] = ()) -> tuple[Remark, ...]:
    """What may be looked at again in a paragraph, rule by rule, each words once."""
    read = sentences(paragraph)
    found: dict[tuple[Rule, str], Remark] = {}
    for rule in RULES:
        for sentence in read:
            for one in rule(sentence, known):
                found.setdefault((one.rule, one.words.casefold()), one)
    return tuple(found.values())


def sentences(paragraph: str) -> list[str]:
    """The sentences of a paragraph, and the lines of its lists."""
    whole = french.ABBREVIATED.sub(lambda match: match[0].replace(".", "\u2024"), paragraph)
    parts = (part.lstrip("- ").replace("*", "").strip() for part in french.END.split(whole))
    return [part.replace("\u2024", ".") for part in parts if part]


def words_of(sentence: str) -> list[str]:
    """The words of a sentence, numbers among them."""
    return french.WORD.findall(sentence)


def initials(words: str) -> list[str]:
    """The sets of initials that these words name."""
    return [match[0].replace(".", "") for match in french.INITIALS.finditer(words)]


def _long_sentence(sentence: str, _known: Container[str]) -> Iterator[Remark]:
    number = len(words_of(sentence))
    if number > LONG_SENTENCE:
        told = say(
            "Cette phrase a %(number)s mots. Pouvez-vous en faire deux ? Une idée par phrase se lit mieux.",
            number=str(number),
        )
        yield Remark(Rule.LONG_SENTENCE, excerpt(sentence, SEEN), told)


def _long_word(sentence: str, _known: Container[str]) -> Iterator[Remark]:
    for word in french.LETTERS.findall(sentence):
        if len(word) >= LONG_WORD and not word.isupper():
            told = say("Ce mot est long. Y a-t-il un mot plus courant ? Sinon, expliquez-le.")
            yield Remark(Rule.LONG_WORD, word, told)


def _initials(sentence: str, known: Container[str]) -> Iterator[Remark]:
    for match in french.INITIALS.finditer(sentence):
        name = match[0].replace(".", "")
        if name in known or french.ROMAN.fullmatch(name) or _shouted(sentence):
            continue
        told = say("Le glossaire n’explique pas ce sigle. Écrivez ce qu’il veut dire.")
        yield Remark(Rule.INITIALS, match[0], told)


def _shouted(sentence: str) -> bool:
    """Whether the whole sentence is in capitals: none of its words is then a set of initials."""
    letters = [one for one in sentence if one.isalpha()]
    return len(french.LETTERS.findall(sentence)) > 2 and all(one.isupper() for one in letters)  # noqa: PLR2004


def _passive(sentence: str, _known: Container[str]) -> Iterator[Remark]:
    for match in french.PASSIVE.finditer(sentence):
        if not french.ACTIVE.fullmatch(match[1]):
            told = say(
                "Dites plutôt qui fait quoi : « la cuisine sert le dîner », pas « le dîner est servi »."
            )
            yield Remark(Rule.PASSIVE, match[0], told)


def _double_negation(sentence: str, _known: Container[str]) -> Iterator[Remark]:
    plain = french.ONLY.sub("", sentence)
    denied = len(french.NOT.findall(plain))
    others = [
        match for match in french.DENIED.finditer(plain) if not (denied and french.ONCE.fullmatch(match[0]))
    ]
    if denied > 1 or (denied and others):
        told = say("Il y a deux négations. Dites la même chose avec ce qui est, ou ce qui se fait.")
        yield Remark(Rule.DOUBLE_NEGATION, excerpt(sentence, SEEN), told)


def _noun_chain(sentence: str, _known: Container[str]) -> Iterator[Remark]:
    for match in french.CHAIN.finditer(sentence):
        told = say("Ces noms se suivent. Mettez un verbe, ou faites deux phrases.")
        yield Remark(Rule.NOUN_CHAIN, excerpt(match[0], SEEN), told)


def _numbers(sentence: str, _known: Container[str]) -> Iterator[Remark]:
    found = french.NUMBER.findall(sentence)
    if len(found) > NUMBERS:
        told = say("Il y a beaucoup de nombres. Gardez celui qui compte le plus.")
        yield Remark(Rule.NUMBERS, excerpt(sentence, SEEN), told)
        return
    if french.PERCENT.search(sentence):
        told = say("Un pourcentage se lit mal. Dites « 3 personnes sur 10 », ou « beaucoup », ou « peu ».")
        yield Remark(Rule.NUMBERS, excerpt(sentence, SEEN), told)
    for one in found:
        digits = re.sub(r"\D", "", re.split(r"[.,]", one)[0])
        if digits and int(digits[:12]) >= LARGE:
            told = say("Ce nombre est grand. Un ordre d’idée se comprend mieux.")
            yield Remark(Rule.NUMBERS, one, told)


RULES: tuple[Callable[[str, Container[str]], Iterator[Remark]], ...] = (
    _long_sentence,
    _long_word,
    _initials,
    _passive,
    _double_negation,
    _noun_chain,
    _numbers,
)
