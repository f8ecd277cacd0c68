"""When a negotiation may open, what a proposal says, and where its words go (pure)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from portal.domain.negotiation.models import Piece
from portal.kernel.speech import Sentence, say
from portal.vocabulary import Register, Stage

REGISTERS: Mapping[Piece, Register] = {
    Piece.PLAIN: Register.PLAIN,
    Piece.TECHNICAL: Register.TECHNICAL,
}
CARRIED_OUT = frozenset({Stage.EXECUTION, Stage.MIDTERM, Stage.FINAL})
SIGNED = say("Le contrat est signé : ses mots changent maintenant par un avenant.")


def closed_door(stage: Stage, signed_on: date | None, *, alone: bool) -> Sentence | None:
    """Why a negotiation cannot open now; None when it can. `alone`: no authority of the contract is known."""
    if is_signed(stage, signed_on):
        return SIGNED
    if stage is not Stage.NEGOTIATION:
        return say(
            "La négociation confidentielle s’ouvre à l’étape « %(wanted)s ». "
            "Le contrat est à l’étape « %(stage)s ».",
            wanted=Stage.NEGOTIATION.label,
            stage=stage.label,
        )
    if alone:
        return say(
            "Aucune autorité n’est encore écrite parmi les parties du contrat : personne ne négocie seul."
        )
    return None


def told(reason: str) -> str:
    """The reason of a version as it is kept with the words."""
    return str(say("Modifié en négociation : %(reason)s", reason=reason))


def is_signed(stage: Stage, signed_on: date | None) -> bool:
    """Whether words can no longer come back to people before the signature."""
    return signed_on is not None or stage in CARRIED_OUT


def replaced(paragraphs: Iterable[tuple[str, str]], place: str, before: str, after: str) -> str | None:
    """The whole text with one paragraph written anew; None when it is no longer there, or no longer says `before`."""
    known = list(paragraphs)
    if (place, before) not in known:
        return None
    return "\n\n".join(after if stable_id == place else words for stable_id, words in known)


def missing(parties: Iterable[str], agreements: Mapping[str, int], number: int) -> tuple[str, ...]:
    """The parties that do not agree to this proposal: what they agreed to before it changed does not hold for it."""
    return tuple(one for one in parties if agreements.get(one) != number)


def is_agreed(parties: Collection[str], agreements: Mapping[str, int], number: int) -> bool:
    """Whether every party agrees to this proposal; nobody agrees alone."""
    return len(parties) > 1 and not missing(parties, agreements, number)
