"""What the pages of documents share, and what the page of anything that has documents shows of them."""

from __future__ import annotations

from dataclasses import dataclass

from portal import paths
from portal.blueprints._guards import Asked
from portal.domain.documents import queries, subjects
from portal.domain.documents.models import Subject
from portal.domain.documents.queries import DocumentView
from portal.domain.documents.subjects import Beside
from portal.extensions import db
from portal.kernel.errors import NotFoundError
from portal.policy.permissions import Permission

# Where each thing is read, below its contract.
PLACES = {
    Subject.CONTRACT: "",
    Subject.OBJECTIVE: "/objectifs/{}",
    Subject.FINDING: "/diagnostic/constats/{}",
    Subject.INDICATOR: "/indicateurs/{}",
    Subject.STAGE: "/vie#etapes",
    Subject.REVIEW: "/vie#bilan-{}",
}


@dataclass(frozen=True, slots=True)
class Shelf:
    """The documents beside one thing, as its own page shows them; `offers` says whether one may be attached."""

    root: str
    url: str
    documents: tuple[DocumentView, ...]
    offers: bool

    @property
    def shown(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.documents) or self.offers


def here(asked: Asked) -> str:
    """The documents of the contract."""
    return f"{paths.contract(asked.contract_id)}/documents"


def url(asked: Asked, document_id: str) -> str:
    """One document."""
    return f"{here(asked)}/{document_id}"


def on(contract_id: str, subject: Subject, object_id: str) -> str:
    """The documents beside one thing."""
    return f"{paths.contract(contract_id)}/documents/sur/{subject.value}/{object_id}"


def place(beside: Beside) -> str:
    """The page of what a document is beside."""
    if beside.subject is Subject.SPACE:
        return paths.space(beside.object_id)
    return paths.contract(beside.contract_id) + PLACES[beside.subject].format(beside.object_id)


def find(asked: Asked, kind: str, object_id: str) -> Beside:
    """One thing of the contract that this person reads. Errors: NotFoundError, RefusedError."""
    subject = next((one for one in Subject if one.value == kind), None)
    if subject is None:
        raise NotFoundError
    beside = subjects.find(db.session(), asked.contract_id, subject, object_id, asked.now)
    subjects.require_read(asked.actor, beside)
    return beside


def document(asked: Asked, document_id: str) -> tuple[DocumentView, Beside]:
    """One document that this person reads, with what it is beside. Errors: NotFoundError, RefusedError."""
    found = queries.one(db.session(), asked.contract_id, document_id, asked.now)
    if found is None:
        raise NotFoundError
    subjects.require_read(asked.actor, found[1])
    return found


def standing(asked: Asked, document_id: str, right: Permission) -> tuple[DocumentView, Beside]:
    """One document that this person writes and that was not removed. Errors: NotFoundError, RefusedError."""
    found, beside = document(asked, document_id)
    subjects.require_write(db.session(), asked.actor, beside, right)
    return found, beside


def shelf(asked: Asked, subject: Subject, object_id: str, title: str = "") -> Shelf:
    """What the page of a thing shows of its documents: one query."""
    beside = Beside(
        asked.contract_id,
        subject,
        object_id,
        title,
        asked.space.target if subject is Subject.SPACE and asked.space else None,
    )
    return Shelf(
        here(asked),
        on(asked.contract_id, subject, object_id),
        tuple(queries.beside(db.session(), beside)),
        subjects.may_write(db.session(), asked.actor, beside, Permission.DOCUMENT_ATTACH),
    )


def shelves(asked: Asked) -> dict[tuple[Subject, str], Shelf]:
    """The same for every stage and every review: one query."""
    known: dict[tuple[Subject, str], list[DocumentView]] = {
        (subject, one.value): [] for subject, words in subjects.WORDS.items() for one in words
    }
    for one in queries.of_subjects(db.session(), asked.contract_id, list(subjects.WORDS)):
        known[one.subject, one.object_id].append(one)
    offers = Permission.LIFE_WRITE in asked.can and Permission.DOCUMENT_ATTACH in asked.can
    return {
        (subject, object_id): Shelf(
            here(asked), on(asked.contract_id, subject, object_id), tuple(found), offers
        )
        for (subject, object_id), found in known.items()
    }
