"""What the pages of documents share, and what the page of anything that has documents shows of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portal import paths
from portal.blueprints._guards import Asked
from portal.blueprints.lifecycle.pages import REVIEWS, STEPS
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
# Where its documents are, and what addresses call it.
SHELVES = {
    Subject.CONTRACT: "/documents/du-contrat",
    Subject.OBJECTIVE: "/objectifs/{}/documents",
    Subject.FINDING: "/diagnostic/constats/{}/documents",
    Subject.INDICATOR: "/indicateurs/{}/documents",
    Subject.STAGE: "/vie/etapes/{}/documents",
    Subject.REVIEW: "/vie/bilans/{}/documents",
}
NAMED = {
    "objective_id": Subject.OBJECTIVE,
    "finding_id": Subject.FINDING,
    "indicator_id": Subject.INDICATOR,
    "etape": Subject.STAGE,
    "bilan": Subject.REVIEW,
}
WORDS = {
    **{(Subject.STAGE, one.value): name for name, one in STEPS.items()},
    **{(Subject.REVIEW, one.value): name for name, one in REVIEWS.items()},
}
MOMENTS = {
    Subject.STAGE: {name: one.value for name, one in STEPS.items()},
    Subject.REVIEW: {name: one.value for name, one in REVIEWS.items()},
}
ON_CONTRACT = "/contrats/<id:contract_id>/documents/du-contrat"
ON_OBJECTIVE = "/contrats/<id:contract_id>/objectifs/<id:objective_id>/documents"
ON_FINDING = "/contrats/<id:contract_id>/diagnostic/constats/<id:finding_id>/documents"
ON_INDICATOR = "/contrats/<id:contract_id>/indicateurs/<id:indicator_id>/documents"
ON_STAGE = f"/contrats/<id:contract_id>/vie/etapes/<any({','.join(STEPS)}):etape>/documents"
ON_REVIEW = f"/contrats/<id:contract_id>/vie/bilans/<any({','.join(REVIEWS)}):bilan>/documents"
ON_SPACE = "/espaces/<id:space_id>/documents"


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
    """The documents beside one thing: below its own address."""
    if subject is Subject.SPACE:
        return f"{paths.space(object_id)}/documents"
    named = WORDS.get((subject, object_id), object_id)
    return paths.contract(contract_id) + SHELVES[subject].format(named)


def place(beside: Beside) -> str:
    """The page of what a document is beside."""
    if beside.subject is Subject.SPACE:
        return paths.space(beside.object_id)
    return paths.contract(beside.contract_id) + PLACES[beside.subject].format(beside.object_id)


def find(asked: Asked, address: Mapping[str, str]) -> Beside:
    """What the rest of an address names, that this person reads. Errors: NotFoundError, RefusedError."""
    subject, object_id = _named(asked, address)
    beside = subjects.find(db.session(), asked.contract_id, subject, object_id, asked.now)
    subjects.require_read(asked.actor, beside)
    return beside


def _named(asked: Asked, address: Mapping[str, str]) -> tuple[Subject, str]:
    if asked.space is not None:
        return Subject.SPACE, asked.space.id
    for name, value in address.items():
        subject = NAMED[name]
        return subject, MOMENTS[subject][value] if subject in MOMENTS else value
    return Subject.CONTRACT, asked.contract_id


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
