"""Verbs of a document: attached, replaced, presented anew, an earlier version taken again, removed with its reason.

Every one of them but the last makes a version, and the former ones stay readable; removing erases the files of all of them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from portal.domain.documents import rules, subjects
from portal.domain.documents.models import Change, Document, DocumentFile, DocumentVersion, Subject
from portal.domain.documents.rules import MAX_REASON, MAX_SUMMARY, MAX_TITLE, Presented, Received
from portal.domain.facts import Fact, FactKind
from portal.domain.journal import service as journal
from portal.domain.participants.queries import function_of
from portal.kernel import clock
from portal.kernel.errors import InvalidError, NotFoundError, StaleError
from portal.kernel.lines import check_line, check_reason, says_otherwise
from portal.kernel.speech import say
from portal.policy.actor import Actor
from portal.policy.permissions import Permission

MOVED_ON = say("Quelqu’un vient de changer ce document. Voici ce qui est enregistré.")
GONE = say("Ce document vient d’être retiré.")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document is put: a contract, and what of it."""

    contract_id: str
    subject: Subject
    object_id: str


def attach(
    session: Session,
    person: Actor,
    place: Place,
    presented: Presented,
    received: Received,
    *,
    at: datetime | None = None,
) -> str:
    """Attach a document; its id. Errors: NotFoundError, RefusedError, InvalidError (`title`, `summary`, `document`)."""
    journal.hold(session, place.contract_id)
    now = at or clock.now()
    beside = subjects.find(session, place.contract_id, place.subject, place.object_id, now)
    subjects.require_write(session, person, beside, Permission.DOCUMENT_ATTACH)
    title, summary = _checked(presented)
    _require_room(session, place)
    row = Document(
        contract_id=place.contract_id,
        subject=place.subject,
        object_id=place.object_id,
        title=title,
        summary=summary,
        at=now,
        by_function=function_of(person),
        version=0,
    )
    session.add(row)
    session.flush()
    _next(session, person, row, Change.ATTACHED, now, file=_kept(session, place.contract_id, received))
    _tell(session, person, FactKind.DOCUMENT_ATTACHED, row)
    return row.id


def replace(
    session: Session,
    person: Actor,
    contract_id: str,
    document_id: str,
    received: Received,
    reason: str,
    seen: int,
    *,
    at: datetime | None = None,
) -> None:
    """Put another file as the next version, with its reason; the former ones stay readable.

    Errors: NotFoundError, RefusedError, StaleError, InvalidError (`document`, `reason`).
    """
    row, now = _held(session, person, contract_id, document_id, seen, at)
    why = check_reason(reason, "reason", MAX_REASON)
    if hashlib.sha256(received.content).hexdigest() == _last(session, row).sha256:
        raise InvalidError({rules.FILE: [say("C’est le fichier qui est déjà joint.")]})
    file = _kept(session, contract_id, received)
    _next(session, person, row, Change.REPLACED, now, file=file, reason=why)
    _tell(session, person, FactKind.DOCUMENT_REPLACED, row, why)


def describe(
    session: Session, person: Actor, contract_id: str, document_id: str, presented: Presented, seen: int
) -> None:
    """Write its name and its sentence anew. Errors: NotFoundError, RefusedError, StaleError, InvalidError (`title`, `summary`)."""
    row, now = _held(session, person, contract_id, document_id, seen)
    title, summary = _checked(presented)
    if not (says_otherwise(row.title, title) or says_otherwise(row.summary, summary)):
        raise InvalidError({"title": [say("Vous n’avez rien changé.")]})
    row.title, row.summary = title, summary
    _next(session, person, row, Change.DESCRIBED, now)
    _tell(session, person, FactKind.DOCUMENT_DESCRIBED, row)


def restore(
    session: Session, person: Actor, contract_id: str, document_id: str, number: int, seen: int
) -> None:
    """Take an earlier version again, its file and its words, as the next one. Errors: NotFoundError, RefusedError, StaleError."""
    row, now = _held(session, person, contract_id, document_id, seen)
    former = session.get(DocumentVersion, (document_id, number))
    if former is None or former.file_id is None or number == row.version:
        raise NotFoundError
    row.title, row.summary = former.title, former.summary
    file = session.get_one(DocumentFile, former.file_id)
    _next(session, person, row, Change.RESTORED, now, file=file, was=number)
    _tell(session, person, FactKind.DOCUMENT_REPLACED, row)


def remove(
    session: Session, person: Actor, contract_id: str, document_id: str, reason: str, seen: int
) -> None:
    """Remove a document: its place, its name and the reason stay, the files of all its versions are erased.

    Errors: NotFoundError, RefusedError, StaleError, InvalidError (`reason`).
    """
    row, now = _held(session, person, contract_id, document_id, seen, right=Permission.DOCUMENT_REMOVE)
    row.removed_reason = check_reason(reason, "reason", MAX_REASON)
    row.removed_at, row.removed_by = now, function_of(person)
    row.file_id, row.summary = None, ""
    versions = DocumentVersion.document_id == document_id
    files = {one for one in session.scalars(select(DocumentVersion.file_id).where(versions)) if one}
    session.flush()
    session.execute(update(DocumentVersion).where(versions).values(file_id=None, summary=""))
    session.execute(delete(DocumentFile).where(DocumentFile.id.in_(files)))
    _tell(session, person, FactKind.DOCUMENT_REMOVED, row, row.removed_reason)


def _held(
    session: Session,
    person: Actor,
    contract_id: str,
    document_id: str,
    seen: int,
    at: datetime | None = None,
    *,
    right: Permission = Permission.DOCUMENT_ATTACH,
) -> tuple[Document, datetime]:
    """A document that this person may write, as it was seen. Errors: NotFoundError, RefusedError, StaleError."""
    journal.hold(session, contract_id)
    now = at or clock.now()
    row = session.get(Document, document_id, populate_existing=True)
    if row is None or row.contract_id != contract_id:
        raise NotFoundError
    beside = subjects.find(session, contract_id, row.subject, row.object_id, now)
    subjects.require_write(session, person, beside, right)
    if row.removed_at is not None:
        raise StaleError(GONE, seen=seen, current=row.removed_reason)
    if row.version != seen:
        raise StaleError(MOVED_ON, seen=seen, current=row.version)
    return row, now


def _checked(presented: Presented) -> tuple[str, str]:
    errors: dict[str, list[str]] = {}
    title = summary = ""
    try:
        title = check_line(presented.title, "title", MAX_TITLE)
    except InvalidError as error:
        errors |= error.errors
    try:
        summary = check_line(presented.summary, "summary", MAX_SUMMARY, optional=True)
    except InvalidError as error:
        errors |= error.errors
    if errors:
        raise InvalidError(errors)
    return title, summary


def _require_room(session: Session, place: Place) -> None:
    beside = (
        select(Document.id)
        .where(
            Document.contract_id == place.contract_id,
            Document.subject == place.subject,
            Document.object_id == place.object_id,
            Document.removed_at.is_(None),
        )
        .limit(rules.MAX_BESIDE)
    )
    if len(session.scalars(beside).all()) >= rules.MAX_BESIDE:
        problem = say(
            "Il y a déjà %(most)s documents ici, le plus possible. Retirez-en un d’abord.",
            most=rules.MAX_BESIDE,
        )
        raise InvalidError({rules.FILE: [problem]})


def _kept(session: Session, contract_id: str, received: Received) -> DocumentFile:
    """The file, if there is room for it in the contract. Errors: InvalidError (`document`)."""
    query = select(func.sum(DocumentFile.size)).where(DocumentFile.contract_id == contract_id)
    if (session.scalar(query) or 0) + len(received.content) > rules.MAX_WHOLE:
        problem = say(
            "Les documents du contrat pèsent déjà %(most)s Mo, le plus possible. Retirez-en un d’abord.",
            most=rules.MAX_WHOLE // rules.MEGABYTE,
        )
        raise InvalidError({rules.FILE: [problem]})
    file = DocumentFile(
        contract_id=contract_id,
        kind=received.kind,
        size=len(received.content),
        sha256=hashlib.sha256(received.content).hexdigest(),
        words=received.words,
        left=" ".join(sorted(received.left)),
        told=" ".join(sorted(received.told)),
        has_preview=bool(received.preview),
        content=received.content,
        preview=received.preview,
    )
    session.add(file)
    session.flush()
    return file


def _last(session: Session, row: Document) -> DocumentVersion:
    return session.get_one(DocumentVersion, (row.id, row.version))


def _next(
    session: Session,
    person: Actor,
    row: Document,
    change: Change,
    at: datetime,
    *,
    file: DocumentFile | None = None,
    reason: str = "",
    was: int | None = None,
) -> None:
    """Write the next version; without a file, the one that is there stays. Errors: InvalidError (`document`)."""
    if row.version >= rules.MAX_VERSIONS:
        problem = say(
            "Ce document a déjà %(most)s versions, le plus possible. Retirez-le et joignez-le à nouveau.",
            most=rules.MAX_VERSIONS,
        )
        raise InvalidError({rules.FILE: [problem]})
    file = file or session.get_one(DocumentFile, row.file_id)
    row.version, row.file_id = row.version + 1, file.id
    session.add(
        DocumentVersion(
            document_id=row.id,
            number=row.version,
            change=change,
            was=was,
            title=row.title,
            summary=row.summary,
            file_id=file.id,
            kind=file.kind,
            size=file.size,
            sha256=file.sha256,
            reason=reason,
            by_participant=person.participant_id,
            by_function=function_of(person),
            at=at,
        )
    )
    session.flush()


def _tell(session: Session, person: Actor, kind: FactKind, row: Document, more: str = "") -> None:
    """The line of the register: what the file was is in its digest, never in its words."""
    seal = "" if row.removed_at else _last(session, row).sha256
    journal.append(
        session,
        Fact(
            kind,
            row.contract_id,
            row.id,
            group=person.group,
            participant_id=person.participant_id,
            content=f"{row.title}\n{row.summary}\n{seal}\n{more}",
        ),
    )
