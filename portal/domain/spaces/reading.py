"""What authorities read of a space, said in a sentence and remembered since when, by whom and why."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain.participants.queries import function_of
from portal.domain.spaces.models import Space, SpaceReading
from portal.kernel.speech import Sentence, say
from portal.policy.actor import Actor

WORDS = say("Les autorités du contrat lisent les mots publiés dans cet espace, et la synthèse.")
SYNTHESIS = say(
    "Les autorités du contrat lisent la synthèse de cet espace, et pas les mots de chaque personne."
)

# What is left to them there, whatever their level.
SYNTHESIS_ACT = say("lire la synthèse, une fois publiée")


def told(words_told: bool) -> Sentence:  # noqa: FBT001 — the one thing that it is about
    """What everybody reads of it, on the page of the space and beside the form."""
    return WORDS if words_told else SYNTHESIS


def remember(
    session: Session, space: Space, person: Actor, since: datetime, reason: str = ""
) -> SpaceReading:
    """Keep what the space says now of who reads its words."""
    row = SpaceReading(
        space_id=space.id,
        words=space.authorities_read_words,
        reason=reason,
        since=since,
        by_function=function_of(person),
    )
    session.add(row)
    session.flush()
    return row
