"""« Comment ce contrat a été construit »: the sections of the account, in their order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain.construction import changes, formal, keeping, sources, story, voices
from portal.domain.construction.blocks import Document, Seal, Section
from portal.domain.construction.sources import Sources
from portal.domain.register import queries as registers
from portal.kernel.clock import paris
from portal.kernel.speech import say
from portal.policy.actor import Actor

# THE registry: each section reads its own noun and says nothing (None) while that has no line.
SECTIONS: tuple[Callable[[Sources], Section | None], ...] = (
    story.levels,
    story.calendar,
    voices.people,
    voices.contributions,
    formal.syntheses,
    formal.formal,
    changes.passages,
    changes.disagreements,
    keeping.moderation,
    keeping.duties,
)


def whole(session: Session, reader: Actor, place_id: str | None, at: datetime) -> Document | None:
    """The account of the reader's contract, whole or for one establishment; None if that is not one of its own."""
    seal = seal_of(session, reader.contract_id)
    src = sources.read(session, reader, place_id, at)
    if src is None:
        return None
    told = [section for make in SECTIONS if (section := make(src)) is not None]
    return Document(
        say("Comment ce contrat a été construit"),
        src.contract.title,
        about(src),
        paris(at).date(),
        (*told, keeping.register(seal, src)),
        seal,
    )


def about(src: Sources) -> str:
    """What the document is about: everything, or one establishment."""
    return say("Tout le contrat") if src.place is None else src.place.name


def seal_of(session: Session, contract_id: str) -> Seal:
    """How far the register goes now; read before anything else, so that it never promises more than is told."""
    head = registers.head(session, contract_id)
    return Seal(head.seq, head.hash)
