"""What a file of the contract before says that this noun keeps, and what must be said of each commitment. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from portal.domain.imports.pieces import Aside, Piece, PieceKind, Understood, Why
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
    return Understood(kept, (*understood.asides, *left))


def commitments(understood: Understood) -> Iterator[Understood]:
    """Each commitment with what stands under it."""
    for one in understood.of(K.OBJECTIVE):
        under = tuple(
            other
            for other in understood.pieces
            if other.parent == one.ref and other.kind in (K.ACTION, K.LINE)
        )
        yield Understood((one, *under), ())


def titled(carried: Understood, title: str) -> Understood:
    """The same under another title, and under nothing: what it stood under was another contract’s."""
    first, *rest = carried.pieces
    said = {name: words for name, words in first.said.items() if name != UNDER}
    return Understood((replace(first, text=title, parent="", said=said), *rest), ())


def _commitment(piece: Piece, above: Piece | None) -> Piece:
    said = {**piece.said, UNDER: above.text} if above is not None else dict(piece.said)
    return replace(piece, kind=K.OBJECTIVE, parent="", said=said)
