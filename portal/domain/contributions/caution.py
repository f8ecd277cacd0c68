"""What a person may prefer not to write where others read it: it asks, it never blocks. Pure, nothing is kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from enum import Enum

from portal.domain.contributions import naming
from portal.kernel.speech import Sentence, say

SHOWN_AT_MOST = 3


class Care(Enum):
    """Why a passage deserves a second look, and what to do instead."""

    DANGER = say(
        "Une personne est peut-être en danger. N’attendez pas une réponse du portail : appelez, puis envoyez "
        "votre texte si vous le voulez."
    )
    NIR = say("Un numéro de Sécurité sociale : il ne regarde que la personne. Vous pouvez l’enlever.")
    PHONE = say("Un numéro de téléphone : toutes les personnes qui lisent ces mots le verraient.")
    EMAIL = say("Une adresse électronique : toutes les personnes qui lisent ces mots la verraient.")
    NAME = say("Le nom d’une personne : vous pouvez écrire « une personne », « un soignant », « un proche ».")
    HEALTH = say(
        "La santé de quelqu’un : racontez ce qui s’est passé, sans dire la maladie ni le traitement."
    )
    IDENTIFIES = say("Un détail qui peut vous faire reconnaître, vous ou un proche.")


@dataclass(frozen=True, slots=True)
class Caution:
    """One kind of passage, and those that were found."""

    care: Care
    passages: tuple[str, ...]

    @property
    def sentence(self) -> Sentence:
        """Why it deserves a second look."""
        return self.care.value


_SPACE = "[ \u00a0\u202f]"
_NIR = re.compile(r"(?<!\d)[1278](?:[ .\u00a0\u202f-]?[0-9ABab]){12}(?:[ .\u00a0\u202f-]?\d{2})?(?!\d)")
_PHONE = re.compile(
    r"(?<![\d+])(?:(?:\+33|0033)(?:[ \u00a0]?\(0\))?|0)[ .\u00a0\u202f-]?[1-9](?:[ .\u00a0\u202f-]?\d{2}){4}(?!\d)"
)
# Looked for where a run of signs begins only: from each of them, a long run would take seconds.
_EMAIL = re.compile(
    rf"(?<![\w.+-])[\w.+-]+(?:@|{_SPACE}?[(\[]{_SPACE}?(?:at|arobase|chez){_SPACE}?[)\]]{_SPACE}?|{_SPACE}+arobase{_SPACE}+)"
    rf"[\w-]+(?:(?:\.|{_SPACE}+point{_SPACE}+|{_SPACE}?[(\[](?:point|dot)[)\]]{_SPACE}?)[\w-]+)+\b"
    # Without brackets « chez » is an ordinary word: only before an address that is spelled to its end.
    rf"|(?<![\w.+-])[\w.+-]+{_SPACE}+chez{_SPACE}+[\w-]+{_SPACE}+point{_SPACE}+(?:fr|com|org|net|eu|be|ch)\b",
    re.IGNORECASE,
)
_HEALTH = re.compile(
    r"\b(?:alzheimer|parkinson|d[ée]mence|cancer|tumeur|diab[èe]te|diab[ée]tique|[ée]pilep\w+|schizophr\w+|bipolaire|"
    r"d[ée]pressi(?:on|f|ve)|incontinen\w+|escarres?|VIH|sida|h[ée]patite|AVC|infarctus|chimioth[ée]rapie|"
    r"dialyse|morphine|antid[ée]presseurs?|neuroleptiques?|insuline|diagnostic m[ée]dical|dossier m[ée]dical|"
    r"ordonnance|handicap mental)\b",
    re.IGNORECASE,
)
# A short list, of what is done to a person; a knock on a door and a helping hand are none.
_DANGER = re.compile(
    # One knocks at a door too: « frapper » alone is no danger, only when somebody is hit.
    r"\b(?:(?<!sans[ \u00a0])(?<!de[ \u00a0])frapp(?:e|es|ent|ait|aient|[ée]e?s?)\b(?![ \u00a0](?:à|avant|aux?|(?:du|de)[ \u00a0](?:texte|clavier|document|compte))\b|[.,;!?])|"
    r"(?:on|ils?|elles?|qui)[ \u00a0](?:(?:me|nous|les?|la)[ \u00a0]|[ml][’'])(?:(?:a|ont)[ \u00a0])?frapp\w+|"
    r"attach\w+[ \u00a0](?:au|(?:dans|sur|à)[ \u00a0](?:mon|son|le|leur|sa|ma|la))[ \u00a0](?:lit|fauteuil|chaise|radiateur)|"
    r"frapper[ \u00a0](?:ma|mon|mes|sa|son|ses|une?|des|les?|la|notre|nos|maman|papa|quelqu)\b|"
    r"coups\b(?![ \u00a0]de[ \u00a0](?:main|t[ée]l[ée]phone|fil|pouce|soleil|c[œo]))|coup[ \u00a0]de[ \u00a0](?:poing|pied)|"
    r"(?:des|ses|de)[ \u00a0]bleus|ecchymoses?|h[ée]matomes?|maltrait\w+|viols?|viol[ée]e?s?|violeurs?|violences?|"
    r"attouch\w+|agress(?:[ée]e?s?|ions?)|gifl(?:e|es|ent|er|[ée]e?s?)|suicid\w+|(?:se|me|nous)[ \u00a0]tuer|en[ \u00a0]danger|"
    r"(?:veu[xt]|voudrai[st]|vouloir|envie[ \u00a0]de|préfère)[ \u00a0]mourir|en[ \u00a0]finir[ \u00a0]avec[ \u00a0](?:la[ \u00a0]vie|moi)|"
    # « tiré par les cheveux », « s’arracher les cheveux », « chacun prend son argent » are no harm.
    r"(?<!s[’'])(?:tir\w+|arrach\w+)[ \u00a0]les[ \u00a0]cheveux|"
    r"(?:(?:me|la|le|les|lui|nous)[ \u00a0](?:(?:a|ont)[ \u00a0])?|[ml][’'](?:a|ont)[ \u00a0])tir\w+[ \u00a0]par[ \u00a0]les[ \u00a0]cheveux|"
    r"(?:(?:me|lui|nous|leur)[ \u00a0](?:(?:a|ont)[ \u00a0])?|m[’'](?:a|ont)[ \u00a0])(?:prend|prennent|pris)[ \u00a0](?:son|notre|leur)[ \u00a0]argent|"
    r"(?:prend|prennent|pris)[ \u00a0](?:de[ \u00a0])?mon[ \u00a0]argent|"
    r"vol(?:e|ent|é)[ \u00a0](?:de[ \u00a0])?(?:mon|son|notre|leur)[ \u00a0]argent|"
    r"(?:veu[xt]|voudrai[st])[ \u00a0]en[ \u00a0]finir\b(?![ \u00a0]avec)|"
    r"(?<!je[ \u00a0])(?:m[’']|me[ \u00a0]|nous[ \u00a0])(?:(?:a|ont)[ \u00a0])?(?:enferm|menac|insult|humili)\w+|(?<!je[ \u00a0])m[’']attach\w+|"
    r"m[’'](?:a|ont)[ \u00a0](?:pouss[ée]|bouscul[ée]|tap[ée]|pinc[ée])\w*(?![ \u00a0](?:à|en[ \u00a0]fauteuil|au))|(?:me|nous)[ \u00a0]tap(?:e|ent)\b(?![ \u00a0]sur)|"
    r"tap(?:e|ent|é)[ \u00a0](?:ma|mon|sa|son)[ \u00a0](?:m[èe]re|p[èe]re|maman|papa|mari|femme|voisine?)\b|"
    r"ne[ \u00a0](?:me|nous|lui|leur)[ \u00a0]donn\w+[ \u00a0](?:pas|rien)[ \u00a0]à[ \u00a0](?:boire|manger)|"
    # The portal is read in English too.
    r"(?:hits?|beats?|beat|hurts?|slaps?|abuses?)[ \u00a0](?:me|my|her|him|them|us)\b|wants?[ \u00a0]to[ \u00a0]die|"
    r"kill[ \u00a0](?:myself|himself|herself|themselves))\b",
    re.IGNORECASE,
)
_KIN = (
    "mère|père|maman|papa|mari|femme|épouse|époux|conjointe?|compagne|compagnon|fille|fils|frère|sœur|soeur|"
    "grand-mère|grand-père|tante|oncle|tutrice|tuteur"
)
_DETAIL = re.compile(
    rf"\b(?:ma|mon|sa|notre){_SPACE}+(?:chambre|appartement|studio|lit){_SPACE}+(?:n°{_SPACE}*)?\d+\w?\b"
    rf"|\b(?:chambre|appartement){_SPACE}+(?:n°{_SPACE}*)?\d+\w?\b"
    rf"|\b(?:ma|mon|notre){_SPACE}+(?:{_KIN})\b"
    rf"|\bje{_SPACE}+(?:suis|reste){_SPACE}+(?:la|le){_SPACE}+seule?\b"
    rf"|\bj[’']ai{_SPACE}+(?:[6-9]\d|1[01]\d){_SPACE}+ans\b",
    re.IGNORECASE,
)


def cautions(*texts: str, known: Collection[str] = ()) -> tuple[Caution, ...]:
    """What deserves a second look in these texts, the gravest first; empty when nothing does.

    `known` are names of houses: whoever gave theirs to a house is not who is written about.
    """
    whole = "\n".join(text for text in texts if text)
    # Without the houses nothing else is looked at: an address of theirs would no longer be one.
    for_names = naming.without(whole, known)
    found = (
        (care, tuple(dict.fromkeys(look(for_names if care is Care.NAME else whole)))) for care, look in _LOOKS
    )
    return tuple(Caution(care, passages[:SHOWN_AT_MOST]) for care, passages in found if passages)


def _numbers(text: str) -> Iterator[str]:
    for hit in _NIR.finditer(text):
        if is_nir(hit[0]):
            yield hit[0]


# From 20 on, the month of birth was not known when the number was given.
_MONTHS = frozenset((*range(1, 13), *range(20, 100)))


def is_nir(written: str) -> bool:
    """Whether these are the thirteen signs of a NIR and perhaps a key: one that is copied wrong hides nobody."""
    signs = re.sub(r"[ .\u00a0\u202f-]", "", written).upper()
    body, key = signs[:13], signs[13:]
    if len(body) != 13 or len(key) not in (0, 2):  # noqa: PLR2004 — the length that the law gives
        return False
    number = body.replace("2A", "19").replace("2B", "18")
    return number.isdigit() and int(number[3:5]) in _MONTHS


def _all(pattern: re.Pattern[str]) -> Callable[[str], Iterator[str]]:
    return lambda text: (hit[0].strip() for hit in pattern.finditer(text))


def _phones(text: str) -> Iterator[str]:
    without = _NIR.sub(lambda hit: " " if is_nir(hit[0]) else hit[0], text)
    return (hit[0].strip() for hit in _PHONE.finditer(without))


_LOOKS: tuple[tuple[Care, Callable[[str], Iterator[str]]], ...] = (
    (Care.DANGER, _all(_DANGER)),
    (Care.NIR, _numbers),
    (Care.PHONE, _phones),
    (Care.EMAIL, _all(_EMAIL)),
    (Care.NAME, naming.names),
    (Care.HEALTH, _all(_HEALTH)),
    (Care.IDENTIFIES, _all(_DETAIL)),
)
