"""Gentle remarks on plain words while somebody writes them: never a score, never a certificate (pure).

The rules are those that the European rules for easy-to-read information share with any guide to plain French: short
sentences, known words, the active form, no double negation, no unknown initials, few numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass

from portal.kernel.speech import Sentence, say
from portal.kernel.text import excerpt
from portal.kernel.text import paragraphs as parts_of
from portal.vocabulary import Labelled

# Words of a sentence, letters of a word, remarks that one paragraph shows, signs of what is shown.
LONG_SENTENCE, LONG_WORD, SHOWN, SEEN = 15, 13, 6, 60
# Paragraphs that are looked at in one go.
PARAGRAPHS = 60
NUMBERS, LARGE = 2, 10_000

_END = re.compile(r"(?<=[.!?…])[\s»\")]+(?=[\"«(]?\s?[A-ZÀ-ÖØ-Þ0-9])|\n+")
_ABBREVIATED = re.compile(r"\b(?:M|Mme|MM|Dr|art|etc|n°|cf|p|ex|env)\.", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*|\d+(?:[.,\u00a0\u202f ]\d+)*")
_LETTERS = re.compile(r"[^\W\d_]+")
_INITIALS = re.compile(r"\b[A-ZÀ-Þ](?:\.?[A-ZÀ-Þ0-9]){1,9}\b")
_ROMAN = re.compile(r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_NUMBER = re.compile(r"\d+(?:[\u00a0\u202f ]\d{3})*(?:[.,]\d+)?")
_PERCENT = re.compile(r"\d\s*%|\bpour cent\b", re.IGNORECASE)

_BE = (
    r"(?:suis|es|est|sommes|êtes|sont|était|étaient|sera|seront|serait|seraient|soit|soient|fut|furent"
    r"|être|été)"
)
_IRREGULAR = (
    "servi|fini|choisi|défini|établi|fourni|garanti|réuni|réparti|suivi|accueilli|nourri|averti|saisi|rendu|perdu|"
    "vendu|attendu|entendu|répandu|défendu|élu|battu|prévu|vu|revu|lu|relu|tenu|obtenu|retenu|soutenu|maintenu|reconnu|"
    "connu|reçu|fait|refait|pris|compris|appris|repris|mis|permis|promis|remis|soumis|transmis|admis|dit|écrit|"
    "décrit|inscrit|prescrit|conduit|construit|produit|réduit|ouvert|offert|couvert|joint|atteint"
)
_DONE = rf"(?:[^\W\d_]{{2,}}(?:é|ée|és|ées)|(?:{_IRREGULAR})e?s?)"
_PASSIVE = re.compile(
    rf"\b{_BE}\s+(?:(?:pas|plus|jamais|bien|mal|déjà|toujours|aussi|souvent|encore|tous|toutes|très|trop)\s+)*"
    rf"({_DONE})\b",
    re.IGNORECASE,
)
# « Elle est arrivée » is active; « il est fatigué » says how somebody is.
_ACTIVE = re.compile(
    r"(?:all|arriv|entr|rentr|rest|mont|tomb|retourn|pass|décéd|âg|fatigu|handicap|isol|désol|situ|domicili|press|"
    r"étonn|énerv)(?:é|ée|és|ées)",
    re.IGNORECASE,
)
_NOT = re.compile(r"\b(?:ne|n[’'])(?=\s|[^\W\d_])", re.IGNORECASE)
# « Ne … que » limits, it denies nothing.
_ONLY = re.compile(r"\b(?:ne|n[’'])\s?(?:[^\W\d_]+\s+){1,3}qu(?:e\b|[’'])", re.IGNORECASE)
_DENIED = re.compile(
    r"\b(?:sans|impossibles?|inutiles?|interdite?s?|incapables?|inacceptables?|insuffisante?s?|inexistante?s?|"
    r"illisibles?|irréalisables?|inaccessibles?|inhabituel(?:le)?s?|refuse[rsnt]*|manque[rsnt]*|aucune?|nulle?)\b",
    re.IGNORECASE,
)
# « N’a aucun », « ne manque de rien » are said once.
_ONCE = re.compile(r"\b(?:aucune?|nulle?)\b", re.IGNORECASE)
_OF = r"(?:de\s+la\s+|de\s+l[’']|du\s+|des\s+|de\s+|d[’'])"
_CHAIN = re.compile(
    rf"\b[^\W\d_]+(?:\s+[^\W\d_]+)?(?:\s+{_OF}[^\W\d_-]+(?:\s+[^\W\d_]+)??){{3,}}", re.IGNORECASE
)


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
        found.append(Looked(place, excerpt(" ".join(part.split()), SEEN), told[:SHOWN], len(told) > SHOWN))
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
    whole = _ABBREVIATED.sub(lambda match: match[0].replace(".", "\u2024"), paragraph)
    parts = (part.lstrip("- ").replace("*", "").strip() for part in _END.split(whole))
    return [part.replace("\u2024", ".") for part in parts if part]


def words_of(sentence: str) -> list[str]:
    """The words of a sentence, numbers among them."""
    return _WORD.findall(sentence)


def _long_sentence(sentence: str, _known: Container[str]) -> Iterator[Remark]:
    number = len(words_of(sentence))
    if number > LONG_SENTENCE:
        told = say(
            "Cette phrase a %(number)s mots. Pouvez-vous en faire deux ? Une idée par phrase se lit mieux.",
            number=str(number),
        )
        yield Remark(Rule.LONG_SENTENCE, excerpt(sentence, SEEN), told)


def _long_word(sentence: str, _known: Container[str]) -> Iterator[Remark]:
    for word in _LETTERS.findall(sentence):
        if len(word) >= LONG_WORD and not word.isupper():
            told = say("Ce mot est long. Y a-t-il un mot plus courant ? Sinon, expliquez-le.")
            yield Remark(Rule.LONG_WORD, word, told)


def _initials(sentence: str, known: Container[str]) -> Iterator[Remark]:
    for match in _INITIALS.finditer(sentence):
        name = match[0].replace(".", "")
        if name in known or _ROMAN.fullmatch(name) or _shouted(sentence):
            continue
        told = say("Le glossaire n’explique pas ce sigle. Écrivez ce qu’il veut dire.")
        yield Remark(Rule.INITIALS, match[0], told)


def _shouted(sentence: str) -> bool:
    """Whether the whole sentence is in capitals: none of its words is then a set of initials."""
    letters = [one for one in sentence if one.isalpha()]
    return len(_LETTERS.findall(sentence)) > 2 and all(one.isupper() for one in letters)  # noqa: PLR2004


def _passive(sentence: str, _known: Container[str]) -> Iterator[Remark]:
    for match in _PASSIVE.finditer(sentence):
        if not _ACTIVE.fullmatch(match[1]):
            told = say(
                "Dites plutôt qui fait quoi : « la cuisine sert le dîner », pas « le dîner est servi »."
            )
            yield Remark(Rule.PASSIVE, match[0], told)


def _double_negation(sentence: str, _known: Container[str]) -> Iterator[Remark]:
    plain = _ONLY.sub("", sentence)
    denied = len(_NOT.findall(plain))
    others = [match for match in _DENIED.finditer(plain) if not (denied and _ONCE.fullmatch(match[0]))]
    if denied > 1 or (denied and others):
        told = say("Il y a deux négations. Dites la même chose avec ce qui est, ou ce qui se fait.")
        yield Remark(Rule.DOUBLE_NEGATION, excerpt(sentence, SEEN), told)


def _noun_chain(sentence: str, _known: Container[str]) -> Iterator[Remark]:
    for match in _CHAIN.finditer(sentence):
        told = say("Ces noms se suivent. Mettez un verbe, ou faites deux phrases.")
        yield Remark(Rule.NOUN_CHAIN, excerpt(match[0], SEEN), told)


def _numbers(sentence: str, _known: Container[str]) -> Iterator[Remark]:
    found = _NUMBER.findall(sentence)
    if len(found) > NUMBERS:
        told = say("Il y a beaucoup de nombres. Gardez celui qui compte le plus.")
        yield Remark(Rule.NUMBERS, excerpt(sentence, SEEN), told)
        return
    if _PERCENT.search(sentence):
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
