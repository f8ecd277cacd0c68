"""Whether the authorities of the contract read the words of a space, or its synthesis only.

People write knowing who reads them: the words are never opened to the authorities once somebody wrote
there, or answered a short survey.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from portal.domain.facts import FactKind
from portal.domain.spaces import queries, reading, rules, service
from portal.domain.spaces.models import Space
from portal.kernel import clock, lines
from portal.kernel.errors import StaleError
from portal.kernel.speech import say
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.vocabulary import Phase

TOO_LATE = say(
    "Des personnes ont déjà écrit dans cet espace, ou répondu à un questionnaire, "
    "en sachant que les autorités ne liraient pas leurs mots. "
    "Ce choix ne peut plus changer dans ce sens."
)


def tell(
    session: Session, person: Actor, space_id: str, *, reads: bool, version: int, reason: str = ""
) -> Space:
    """Say whether the authorities read the words; open pages and sockets follow at once.

    What was told to be read is closed with a reason, which everybody and the authorities read.
    Errors: RefusedError; InvalidError (`why`); StaleError when somebody changed the space meanwhile, or
    wrote there before the words were opened.
    """
    space = service.decided(session, person, space_id, Permission.SPACE_CONFIGURE, version)
    if reads and not space.authorities_read_words and queries.written(session, space_id):
        raise StaleError(TOO_LATE, seen=version, current=queries.view_of(session, space, clock.now()))
    if reads is space.authorities_read_words:
        return space
    why = "" if reads else _reason(space, reason)
    space.authorities_read_words = reads
    row = reading.remember(session, space, person, clock.now(), why)
    content = f"{reading.told(reads)} {why}".strip()
    return service.note(session, space, FactKind.SPACE_WORDS_TOLD, person, content, about=row.id)


def _reason(space: Space, typed: str) -> str:
    """Why words that were told to be read are closed; a draft was told to nobody. Errors: InvalidError (`why`)."""
    return lines.check_reason(typed, "why", rules.MAX_INTRODUCTION, optional=space.phase is Phase.DRAFT)
