"""What tests of the documents share: a file that was cleaned, documents beside things of a contract."""

from __future__ import annotations

import resource
import time

from sqlalchemy.orm import Session

from portal.domain.documents import service
from portal.domain.documents.models import Subject
from portal.domain.documents.rules import Presented, Received
from portal.domain.documents.service import Place
from portal.kernel.files.kinds import FileKind, Left
from portal.policy.actor import Actor
from tests.factories.sent_files import a_jpeg
from tests.factories.world import House

TITLE, SUMMARY = "Plan des travaux", "Les chambres du rez-de-chaussée seront plus grandes."


def spent() -> float:
    """Seconds of processor, of this process and of those that it started: the same however busy the machine is."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def cleaned(
    content: bytes = b"Le plan des travaux.", kind: FileKind = FileKind.TXT, preview: bytes = b""
) -> Received:
    """A file as the process that opens files gives it back."""
    return Received(
        kind, content, preview, content.decode("utf-8", "replace")[:100], frozenset({Left.COMMENTS})
    )


def place(house: House, subject: Subject = Subject.CONTRACT, object_id: str = "") -> Place:
    return Place(house.contract_id, subject, object_id or house.contract_id)


def a_document(
    session: Session,
    house: House,
    where: Place | None = None,
    *,
    who: str = "director",
    title: str = TITLE,
    summary: str = SUMMARY,
    file: Received | None = None,
) -> str:
    """A document that somebody of the house attaches; its id."""
    return service.attach(
        session, house[who].actor, where or place(house), Presented(title, summary), file or cleaned()
    )


def some_papers(session: Session, director: Actor) -> dict[str, str]:
    """A document with two versions beside the contract, by what addresses call it."""
    where = Place(director.contract_id, Subject.CONTRACT, director.contract_id)
    found = service.attach(session, director, where, Presented(TITLE, SUMMARY), cleaned())
    picture = cleaned(a_jpeg(), FileKind.JPEG, a_jpeg())
    service.replace(session, director, director.contract_id, found, picture, "Le plan a été corrigé.", 1)
    return {"document_id": found}
