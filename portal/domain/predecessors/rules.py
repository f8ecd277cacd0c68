"""What a file of the contract before says that this noun keeps, and what must be said of each commitment. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from portal.domain.imports.pieces import Aside, Doubt, Piece, PieceKind, Understood, Why
from portal.domain.predecessors.models import Outcome
from portal.domain.predecessors.outcomes import PATTERNS, outcome_of, suggested
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
    words = " ; ".join(dict.fromkeys(rest for _one, rest in read if rest)) if outcome in PATTERNS else ""
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
