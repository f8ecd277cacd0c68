"""What a document may be beside: found in its contract, named, and who may read or write it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.contracts import queries as contracts
from portal.domain.contracts.models import Item
from portal.domain.diagnostic import service as diagnostic
from portal.domain.documents.models import Subject
from portal.domain.documents.rules import WRITING
from portal.domain.indicators import queries as indicators
from portal.domain.lifecycle.models import ReviewKind
from portal.domain.spaces import queries as spaces
from portal.kernel.errors import InvalidError, NotFoundError, RefusedError
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.policy.targets import ContractTarget, SpaceTarget
from portal.vocabulary import ItemKind, Stage

ITEMS = {Subject.OBJECTIVE: ItemKind.OBJECTIVE, Subject.FINDING: ItemKind.FINDING}
WORDS: Mapping[Subject, type[Stage | ReviewKind]] = {Subject.STAGE: Stage, Subject.REVIEW: ReviewKind}


@dataclass(frozen=True, slots=True)
class Beside:
    """One thing that documents are beside; `space` is what rights depend on when it is a space."""

    contract_id: str
    subject: Subject
    object_id: str
    title: str
    space: SpaceTarget | None = None

    @property
    def target(self) -> ContractTarget | SpaceTarget:
        """What the right on a document is asked about."""
        return self.space or ContractTarget(self.contract_id)


def find(session: Session, contract_id: str, subject: Subject, object_id: str, at: datetime) -> Beside:
    """One thing of the contract. Errors: NotFoundError."""
    if subject is Subject.SPACE:
        view = spaces.view(session, object_id, at)
        if view is None or view.contract_id != contract_id:
            raise NotFoundError
        return Beside(contract_id, subject, object_id, view.question, view.target)
    title = _TITLES[subject](session, contract_id, subject, [object_id]).get(object_id)
    if title is None:
        raise NotFoundError
    return Beside(contract_id, subject, object_id, title)


def titles(
    session: Session, contract_id: str, wanted: Iterable[tuple[Subject, str]]
) -> dict[tuple[Subject, str], str]:
    """The names of many things of a contract, spaces apart: one query for each kind at most."""
    by_kind: dict[Subject, set[str]] = {}
    for subject, object_id in wanted:
        by_kind.setdefault(subject, set()).add(object_id)
    return {
        (subject, object_id): title
        for subject, ids in by_kind.items()
        if subject in _TITLES
        for object_id, title in _TITLES[subject](session, contract_id, subject, ids).items()
    }


def require_read(person: Actor, beside: Beside) -> None:
    """Return when this person reads what the document is beside. Errors: RefusedError, NotFoundError."""
    permits.require(person, Permission.DOCUMENT_READ, beside.target)


def require_write(session: Session, person: Actor, beside: Beside, permission: Permission) -> None:
    """Return when this person writes what the document is beside; `permission` is that on documents.

    Errors: RefusedError, NotFoundError, InvalidError (`party`).
    """
    permits.require(person, permission, beside.target)
    if beside.space is not None:
        return
    permits.require(person, WRITING[beside.subject], beside.target)
    if beside.subject is Subject.FINDING:
        item = contracts.item(session, beside.object_id)
        if item is None:
            raise NotFoundError
        diagnostic.require_words(session, person, item)


def may_write(session: Session, person: Actor, beside: Beside, permission: Permission) -> bool:
    """Whether this person writes it."""
    try:
        require_write(session, person, beside, permission)
    except (RefusedError, InvalidError):
        return False
    return True


def _contract(session: Session, contract_id: str, _subject: Subject, ids: Collection[str]) -> dict[str, str]:
    found = contracts.titles(session, [contract_id]) if contract_id in ids else {}
    return {one: title for one, title in found.items() if one in ids}


def _items(session: Session, contract_id: str, subject: Subject, ids: Collection[str]) -> dict[str, str]:
    query = select(Item.id, Item.title).where(
        Item.contract_id == contract_id, Item.kind == ITEMS[subject], Item.id.in_(sorted(ids))
    )
    return dict(session.execute(query).all())


def _indicators(
    session: Session, contract_id: str, _subject: Subject, ids: Collection[str]
) -> dict[str, str]:
    return {one.id: one.label for one in indicators.every(session, contract_id) if one.id in ids}


def _words(_session: Session, _contract_id: str, subject: Subject, ids: Collection[str]) -> dict[str, str]:
    return {one.value: one.label for one in WORDS[subject] if one.value in ids}


_TITLES: Mapping[Subject, Callable[[Session, str, Subject, Collection[str]], dict[str, str]]] = {
    Subject.CONTRACT: _contract,
    Subject.OBJECTIVE: _items,
    Subject.FINDING: _items,
    Subject.INDICATOR: _indicators,
    Subject.STAGE: _words,
    Subject.REVIEW: _words,
}
