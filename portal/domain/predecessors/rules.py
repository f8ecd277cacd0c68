"""What a file of the contract before says that this noun keeps, and what must be said of each commitment. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from portal.domain.imports.columns import bare
from portal.domain.imports.pieces import Aside, Doubt, Piece, PieceKind, Understood, Why
from portal.domain.predecessors.models import Outcome
from portal.kernel.speech import say

K = PieceKind
UNDER = "under"
# Those that an objective of this contract comes from.
GOES_ON = frozenset({Outcome.KEPT, Outcome.CHANGED})
# What is read, in this order: what goes on first.
ORDER = (Outcome.KEPT, Outcome.CHANGED, Outcome.ENDED, Outcome.DROPPED, Outcome.UNSAID, Outcome.ASIDE)
# What each asks to be told.
NEEDS_WORDS = frozenset({Outcome.CHANGED, Outcome.ENDED, Outcome.DROPPED})
# What a piece of such a file may become.
KINDS = (K.OBJECTIVE, K.ACTION, K.LINE, K.ASIDE)
# What a file may say at once that a commitment became: the others ask for an objective of this contract.
TOLD_BY_A_FILE = (Outcome.UNSAID, Outcome.ENDED, Outcome.DROPPED)
DAYS = ("starts", "ends", "until")
# What was said of it then, and is nothing of an objective.
_BEFORE = ("bilan", "outcome", "became")
_MONTH = r"janvier|fevrier|mar|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre"
_MORE = rf"(?P<more> en (?:(?:{_MONTH}) )?20\d\d| (?:car|faute|par manque|en raison|suite|depui|le|au|fin|debut) .*)?"
_OUTCOMES = {
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
_TITLE = re.compile(r"^(?:bilan|r.sultat|.valuation)(?: finale?)?[ \u00a0]?:[ \u00a0]?", re.IGNORECASE)
_UNREACHED = re.compile(
    r"^non[ \u00a0-](?:atteint|r.alis.|tenu)e?[ \u00a0]?[,;:–-]?[ \u00a0](?:et |puis )?(?=abandonn.|annul.|supprim.)",
    re.IGNORECASE,
)
_WHOLE = re.compile(r"100[ \u00a0\u202f]?%")
_PAUSE = re.compile(r" ?[:;.,(–—] ?| - ")
ASKED = {
    Outcome.CHANGED: say("Dites en une phrase ce qui change."),
    Outcome.ENDED: say("Dites ce qu’il est devenu : ce qui a été fait, ce qui reste."),
    Outcome.DROPPED: say("Dites pourquoi il est abandonné."),
}


def former(understood: Understood) -> Understood:
    """The commitments of a file, with their actions and indicators; the rest of it is told to be left aside.

    Where no objective is named, what stands highest is a commitment: an objectif stratégique, or else an orientation.
    """
    refs = understood.by_ref()
    named = next(
        (kind for kind in (K.OBJECTIVE, K.STRATEGIC, K.ORIENTATION) if any(understood.of(kind))), K.OBJECTIVE
    )
    above = {K.ORIENTATION, K.STRATEGIC} - {named}
    kept = tuple(
        _commitment(one, refs.get(one.parent)) if one.kind is named else one
        for one in understood.pieces
        if one.kind in (named, K.ACTION, K.LINE)
    )
    left = tuple(
        Aside(one.place, one.quote, Why.NO_COMMITMENT)
        for one in understood.pieces
        if one.kind not in (named, K.ACTION, K.LINE, *above)
    )
    whole = Understood(kept, (*understood.asides, *left))
    return whole.changed({one.id: _became(one, whole) for one in whole.of(K.OBJECTIVE)})


def outcome_of(words: str) -> tuple[Outcome, str]:
    """What a commitment became by the words of a file, and the rest of these words; UNSAID where they may mean something else."""
    line = _UNREACHED.sub("", _TITLE.sub("", " ".join(words.split())))
    parts = _PAUSE.split(line, maxsplit=1)
    head, rest = bare(parts[0]), parts[1].strip(" ).") if len(parts) > 1 else ""
    if _GOES_ON.match(bare(rest)):
        return Outcome.UNSAID, ""
    if _WHOLE.fullmatch(parts[0].strip()):
        return Outcome.ENDED, rest
    for outcome, pattern in _OUTCOMES.items():
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


def past(piece: Piece, today: date) -> tuple[date, ...]:
    """The days of a piece that are over; an objective that is made of a commitment does not take them."""
    days = (date.fromisoformat(piece.said[name]) for name in DAYS if name in piece.said)
    return tuple(day for day in days if day < today)


def commitments(understood: Understood) -> Iterator[Understood]:
    """Each commitment with what stands under it."""
    for one in understood.of(K.OBJECTIVE):
        under = tuple(
            other
            for other in understood.pieces
            if other.parent == one.ref and other.kind in (K.ACTION, K.LINE)
        )
        yield Understood((one, *under), ())


def titled(carried: Understood, title: str, today: date) -> Understood:
    """The same under another title, without what was the contract before’s: its place, its bilan, the days that are over."""
    first, *rest = carried.pieces
    said = {name: words for name, words in first.said.items() if name not in (UNDER, *_BEFORE, *DAYS)}
    again = (replace(one, said=_to_come(one, today)) for one in rest)
    return Understood((replace(first, text=title, parent="", said=said), *again), ())


def _commitment(piece: Piece, above: Piece | None) -> Piece:
    said = {**piece.said, UNDER: above.text} if above is not None else dict(piece.said)
    return replace(piece, kind=K.OBJECTIVE, parent="", said=said)


def _became(piece: Piece, understood: Understood) -> Piece:
    """A commitment with what its own words, or else those of all its actions, say that it became."""
    acting = [one for one in understood.of(K.ACTION) if one.parent == piece.ref]
    told = [piece.said["bilan"]] if piece.said.get("bilan") else [one.said.get("bilan", "") for one in acting]
    if not any(told):
        return piece
    read = [outcome_of(words) for words in told]
    outcome = read[0][0] if len({one for one, _rest in read}) == 1 else Outcome.UNSAID
    words = " ; ".join(dict.fromkeys(rest for _one, rest in read if rest)) if outcome in _OUTCOMES else ""
    said = {**piece.said, "outcome": outcome.value, **({"became": words} if words else {})}
    doubt = _doubt(outcome, words, told)
    more = ((doubt, " ; ".join(dict.fromkeys(filter(None, told)))),) if doubt else ()
    return replace(piece, said=said, doubts=(*piece.doubts, *more))


def _doubt(outcome: Outcome, words: str, told: Sequence[str]) -> Doubt | None:
    if outcome is Outcome.DROPPED:
        return None if words else Doubt.NO_REASON
    if outcome is Outcome.ENDED:
        return None
    return Doubt.GOES_ON if all(suggested(one) for one in told) else Doubt.OUTCOME


def _to_come(piece: Piece, today: date) -> dict[str, str]:
    over = {name for name in DAYS if name in piece.said and date.fromisoformat(piece.said[name]) < today}
    if "until" in over:
        # Money that is found until a day that is over is found no more.
        over.add("money")
    return {name: words for name, words in piece.said.items() if name not in over and name not in _BEFORE}
