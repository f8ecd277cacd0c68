"""Finishes the removal of a document: no table holds its files any more, the files of the database must not either."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.domain.documents.models import Document
from portal.kernel.cleaning import Noun

TABLES = ("document_file", "document_version", "document", "search_word", "search_entry", "search_paper")


def uncleaned(session: Session) -> list[str]:
    """The documents that were removed and of which the files of the database may still hold something."""
    query = select(Document.id).where(Document.removed_at.is_not(None), Document.cleaned_at.is_(None))
    return list(session.scalars(query))


def cleaned(session: Session, document_ids: list[str], at: datetime) -> None:
    """Note that nothing is left in the files."""
    session.execute(update(Document).where(Document.id.in_(document_ids)).values(cleaned_at=at))


NOUN = Noun(TABLES, uncleaned, cleaned)
