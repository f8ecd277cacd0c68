"""What the words of a file say that a commitment of the contract before became; nothing where they may mean something else. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from portal.domain.imports.columns import bare
from portal.domain.predecessors.models import Outcome

_MONTH = r"janvier|fevrier|mar|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre"
_DAY = rf"(?:\d{{1,2}}(?:er)? )?(?:\d{{1,2}} |(?:{_MONTH}) )?20\d\d"
_MORE = (
    rf"(?P<more> (?:en|le|au|fin|debut|fin de|depui) {_DAY}| (?:car|faute|par manque|en raison|suite) .*)?"
)
PATTERNS = {
    Outcome.ENDED: re.compile(
        r"(?:(?:objectif|action|engagement) )?(?:realise|fait|termine|acheve|atteint|tenu|solde|cloture|finalise)e?"
        r"(?: en totalite| totalement| a 100)?" + _MORE
    ),
    Outcome.DROPPED: re.compile(
        r"(?:(?:objectif|action|engagement) )?(?:abandonne|annule|supprime)e?" + _MORE
    ),
}
_GOES_ON = re.compile(
    r"(?:toujour )?(?:en cour|a (?:poursuivre|continuer|reconduire|reprendre|maintenir|finaliser|terminer)"
    r"|(?:poursuivi|reconduit|repri|maintenu|prolonge|continue)e?)\b"
)
# « Bilan : » before the words that say it, and « Non atteint, » before those that say that it was dropped.
_TITLE = re.compile(r"^(?:bilan|résultat|évaluation)(?: finale?)?[ \u00a0]?:[ \u00a0]?", re.IGNORECASE)
_UNREACHED = re.compile(
    r"^non[ \u00a0-](?:atteint|réalisé|tenu)e?[ \u00a0]?[,;:–-]?[ \u00a0](?:et |puis )?(?=abandonné|annulé|supprimé)",
    re.IGNORECASE,
)
# What takes back the word before it: « Réalisé : non », « Réalisé, à 50 % ».
_PARTLY = re.compile(
    r"(?:a |en )?(?:(?:non|pas)(?! (?:reconduit|repri|poursuivi|maintenu|renouvele))|partie\w*|moitie|tiers|quart|environ|pour \d|presque|insuffisa\w*|(?!100\b)\d{1,2}(?= |$))\b"
)
_WHOLE = re.compile(r"100[ \u00a0\u202f]?%")
_PAUSE = re.compile(r" ?[:;.,(–—] ?| - ")


def outcome_of(words: str) -> tuple[Outcome, str]:
    """What a commitment became by the words of a file, and the rest of these words; UNSAID where they may mean something else."""
    line = _UNREACHED.sub("", _TITLE.sub("", " ".join(words.split())))
    parts = _PAUSE.split(line, maxsplit=1)
    head, rest = bare(parts[0]), parts[1].strip(" ).") if len(parts) > 1 else ""
    if _GOES_ON.match(bare(rest)) or _PARTLY.match(bare(rest)):
        return Outcome.UNSAID, ""
    if _WHOLE.fullmatch(parts[0].strip()):
        return Outcome.ENDED, rest
    for outcome, pattern in PATTERNS.items():
        found = pattern.fullmatch(head)
        if found:
            # « Réalisée en 2019 » says more than its first word.
            return outcome, rest if not found["more"] else line
    return Outcome.UNSAID, ""


def suggested(words: str) -> Outcome | None:
    """What is proposed where the words of a file say that a commitment goes on: its objective is still to choose."""
    return Outcome.KEPT if _GOES_ON.match(bare(words)) else None


def proposed(told: Iterable[str]) -> Outcome | None:
    """What is proposed of a commitment whose words, and those of its actions, are told; None when they do not all agree."""
    words = [one for one in told if one]
    found = {suggested(one) for one in words}
    return found.pop() if len(found) == 1 else None
