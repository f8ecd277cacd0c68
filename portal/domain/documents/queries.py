"""Reads of documents: those beside one thing, those of a contract that a person may read, one with its versions, a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, or_, select, tuple_
from sqlalchemy.orm import Session, undefer

from portal.domain.documents import subjects
from portal.domain.documents.models import Change, Document, DocumentFile, DocumentVersion, Subject
from portal.domain.documents.rules import LEFT, MAX_BESIDE, MAX_VERSIONS, TOLD, beyond_title
from portal.domain.documents.subjects import Beside
from portal.domain.spaces import queries as spaces
from portal.kernel.files.kinds import FileKind, Left, Told
from portal.kernel.speech import Sentence
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission

PAGE = 20
# What the page of the life of a contract shows of all its stages and reviews.
MOST = 400


@dataclass(frozen=True, slots=True)
class FileView:
    """A file without its bytes: `left` and `told` as they are said to readers."""

    kind: FileKind
    size: int
    words: str
    has_preview: bool
    left: tuple[Sentence, ...]
    told: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document as it reads now; a place with a reason when it was removed."""

    id: str
    subject: Subject
    object_id: str
    title: str
    summary: str
    version: int
    at: datetime
    by_function: Sentence
    file: FileView | None
    removed_at: datetime | None
    removed_by: Sentence
    removed_reason: str
    beside: str = ""

    @property
    def stands(self) -> bool:
        """Whether it was not removed."""
        return self.removed_at is None


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version; `readable` while its file is kept."""

    number: int
    change: Change
    was: int | None
    title: str
    summary: str
    kind: FileKind
    size: int
    sha256: str
    reason: str
    by_function: Sentence
    at: datetime
    readable: bool


def beside(session: Session, of: Beside) -> list[DocumentView]:
    """The documents beside one thing that stand, the latest first; one query."""
    query = _documents().where(
        Document.contract_id == of.contract_id,
        Document.subject == of.subject,
        Document.object_id == of.object_id,
        Document.removed_at.is_(None),
    )
    rows = session.execute(query.order_by(Document.at.desc(), Document.id.desc()).limit(MAX_BESIDE))
    return [_view(row, file, of.title) for row, file in rows]


def of_subjects(session: Session, contract_id: str, subjects: Sequence[Subject]) -> list[DocumentView]:
    """The documents beside everything of these kinds, the latest first; one query."""
    query = _documents().where(
        Document.contract_id == contract_id,
        Document.subject.in_(subjects),
        Document.removed_at.is_(None),
    )
    rows = session.execute(query.order_by(Document.at.desc(), Document.id.desc()).limit(MOST))
    return [_view(row, file, "") for row, file in rows]


def removed(session: Session, of: Beside) -> list[DocumentView]:
    """Those that were removed from there, the latest first; one query."""
    query = _documents().where(
        Document.contract_id == of.contract_id,
        Document.subject == of.subject,
        Document.object_id == of.object_id,
        Document.removed_at.is_not(None),
    )
    rows = session.execute(query.order_by(Document.removed_at.desc(), Document.id.desc()).limit(MAX_BESIDE))
    return [_view(row, file, of.title) for row, file in rows]


def page(
    session: Session,
    reader: Actor,
    now: datetime,
    *,
    subject: Subject | None = None,
    before: str | None = None,
    size: int = PAGE,
) -> tuple[list[DocumentView], str | None]:
    """The documents of a contract that a person may read, the latest first, and after which id they go on."""
    open_spaces = readable_spaces(session, reader, now)
    query = _documents().where(Document.contract_id == reader.contract_id, Document.removed_at.is_(None))
    query = query.where(or_(Document.subject != Subject.SPACE, Document.object_id.in_(sorted(open_spaces))))
    if subject is not None:
        query = query.where(Document.subject == subject)
    last = session.get(Document, before) if before else None
    if last is not None and last.contract_id == reader.contract_id:
        query = query.where(tuple_(Document.at, Document.id) < (last.at, last.id))
    found = session.execute(query.order_by(Document.at.desc(), Document.id.desc()).limit(size + 1)).all()
    shown = found[:size]
    places = ((row.subject, row.object_id) for row, _file in shown)
    names = subjects.titles(session, reader.contract_id, places)
    views = [
        _view(row, file, names.get((row.subject, row.object_id)) or open_spaces.get(row.object_id, ""))
        for row, file in shown
    ]
    return views, views[-1].id if len(found) > size else None


def readable_spaces(session: Session, reader: Actor, now: datetime) -> Mapping[str, str]:
    """The spaces whose documents a person may read, with their questions."""
    views = spaces.of_contracts(session, [reader.contract_id], now)
    return {
        one.id: one.question for one in views if permits.allows(reader, Permission.DOCUMENT_READ, one.target)
    }


def one(
    session: Session, contract_id: str, document_id: str, now: datetime
) -> tuple[DocumentView, Beside] | None:
    """A document of a contract with what it is beside, or None."""
    query = _documents().where(Document.contract_id == contract_id, Document.id == document_id)
    row = session.execute(query).first()
    if row is None:
        return None
    of = subjects.find(session, contract_id, row[0].subject, row[0].object_id, now)
    return _view(row[0], row[1], of.title), of


def versions(session: Session, document_id: str) -> list[VersionView]:
    """Every version of a document, the latest first; one query."""
    query = (
        select(DocumentVersion)
        .where(DocumentVersion.document_id == document_id)
        .order_by(DocumentVersion.number.desc())
        .limit(MAX_VERSIONS)
    )
    return [_version(row) for row in session.scalars(query)]


def file(session: Session, document_id: str, number: int, *, small: bool = False) -> DocumentFile | None:
    """The file of a version with its bytes, or with those of its small picture; None when it is not kept."""
    wanted = DocumentFile.preview if small else DocumentFile.content
    query = (
        select(DocumentFile)
        .join(DocumentVersion, DocumentVersion.file_id == DocumentFile.id)
        .where(DocumentVersion.document_id == document_id, DocumentVersion.number == number)
        .options(undefer(wanted))
    )
    return session.scalar(query)


def _documents() -> Select[Document, DocumentFile]:
    return select(Document, DocumentFile).outerjoin(DocumentFile, DocumentFile.id == Document.file_id)


def _view(row: Document, file: DocumentFile | None, of: str) -> DocumentView:
    return DocumentView(
        row.id,
        row.subject,
        row.object_id,
        row.title,
        row.summary,
        row.version,
        row.at,
        Sentence(row.by_function),
        None if file is None else _file(file, row.title),
        row.removed_at,
        Sentence(row.removed_by),
        row.removed_reason,
        of,
    )


def _file(row: DocumentFile, title: str) -> FileView:
    return FileView(
        row.kind,
        row.size,
        beyond_title(title, row.words),
        row.has_preview,
        tuple(LEFT[Left(one)] for one in row.left.split()),
        tuple(TOLD[Told(one)] for one in row.told.split()),
    )


def _version(row: DocumentVersion) -> VersionView:
    return VersionView(
        row.number,
        row.change,
        row.was,
        row.title,
        row.summary,
        row.kind,
        row.size,
        row.sha256,
        row.reason,
        Sentence(row.by_function),
        row.at,
        row.file_id is not None,
    )
