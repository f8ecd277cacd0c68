"""The words of the files of documents: which are still to be read, and where they are kept while the document stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from portal.domain.documents.models import Document, DocumentFile
from portal.domain.journal import service as journal
from portal.domain.search import service, sources
from portal.domain.search.models import SearchPaper
from portal.kernel.files.kinds import PICTURES


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file to read, with the document that it belongs to."""

    contract_id: str
    document_id: str
    file_id: str
    content: bytes


def waiting(session: Session) -> Waiting | None:
    """A file that a document shows now and that was never read; pictures have no words."""
    query = (
        select(Document, DocumentFile)
        .join(DocumentFile, DocumentFile.id == Document.file_id)
        .outerjoin(SearchPaper, SearchPaper.file_id == DocumentFile.id)
        .where(
            Document.removed_at.is_(None),
            SearchPaper.file_id.is_(None),
            DocumentFile.kind.not_in(sorted(PICTURES)),
        )
        .order_by(Document.id)
        .limit(1)
        .options(undefer(DocumentFile.content))
    )
    found = session.execute(query).first()
    if found is None:
        return None
    document, file = found
    return Waiting(document.contract_id, document.id, file.id, file.content)


def keep(session: Session, file: Waiting, words: str, at: datetime) -> None:
    """Keep the words that were read, if the document is still there, and find it by them."""
    journal.hold(session, file.contract_id)
    document = session.get(Document, file.document_id, populate_existing=True)
    known = session.get(SearchPaper, file.file_id)
    if document is None or document.removed_at is not None or known is not None:
        return
    # No store takes this sign in a text.
    kept = words.replace("\0", " ")[: sources.LONGEST]
    session.add(SearchPaper(file_id=file.file_id, words=kept, tried_at=at))
    session.flush()
    service.refresh(session, file.contract_id, sources.documents, [file.document_id])
