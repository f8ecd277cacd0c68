"""« Comment ce contrat a été construit »: the sections of the account, in their order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from enum import Enum

from sqlalchemy.orm import Session

from portal.domain.construction import (
    asked,
    before,
    changes,
    contents,
    formal,
    keeping,
    negotiated,
    sources,
    story,
    voices,
)
from portal.domain.construction.blocks import Document, Seal, Section
from portal.domain.construction.sources import Sources
from portal.domain.register import queries as registers
from portal.kernel.clock import paris
from portal.kernel.speech import say
from portal.policy.actor import Actor

Make = Callable[[Sources], Section | None]


class Reach(Enum):
    """Whether a section can be about one establishment, or is about the whole contract always."""

    PLACE = 1
    WHOLE = 2


# THE registry, in its order: what persons said and what became of it, then how the organiser kept its word.
# Each section reads its own noun and says nothing (None) while that has no line.
SECTIONS: tuple[tuple[Make, Reach], ...] = (
    (story.calendar, Reach.WHOLE),
    (before.before, Reach.WHOLE),
    (contents.diagnostic, Reach.WHOLE),
    (voices.people, Reach.PLACE),
    (voices.contributions, Reach.PLACE),
    (voices.balanced, Reach.WHOLE),
    (asked.surveys, Reach.WHOLE),
    (formal.syntheses, Reach.WHOLE),
    (changes.passages, Reach.PLACE),
    (negotiated.negotiation, Reach.WHOLE),
    (formal.formal, Reach.PLACE),
    (keeping.moderation, Reach.WHOLE),
    (changes.disagreements, Reach.PLACE),
    (keeping.duties, Reach.WHOLE),
    (story.levels, Reach.WHOLE),
)


def whole(session: Session, reader: Actor, place_id: str | None, at: datetime) -> Document | None:
    """The account of the reader's contract, whole or for one establishment; None if that is not one of its own."""
    seal = seal_of(session, reader.contract_id)
    src = sources.read(session, reader, place_id, at)
    if src is None:
        return None
    told = [named(section, reach, src) for make, reach in SECTIONS if (section := make(src)) is not None]
    return Document(
        say("Comment ce contrat a été construit"),
        src.contract.title,
        about(src),
        paris(at).date(),
        (*told, keeping.register(seal, src), keeping.files()),
        seal,
        places=tuple((one.id, one.name) for one in src.places),
    )


def named(section: Section, reach: Reach, src: Sources) -> Section:
    """The section; in the document of one establishment, what is of the whole contract says so."""
    if src.place is None or reach is Reach.PLACE:
        return section
    return replace(section, title=say("%(title)s : pour tout le contrat", title=section.title))


def about(src: Sources) -> str:
    """What the document is about: everything, or one establishment."""
    return say("Tout le contrat") if src.place is None else src.place.name


def seal_of(session: Session, contract_id: str) -> Seal:
    """How far the register goes now; read before anything else, so that it never promises more than is told."""
    head = registers.head(session, contract_id)
    return Seal(head.seq, head.hash)
