"""What the pages of the two texts share: their addresses, who may look after which words."""

from __future__ import annotations

from collections.abc import Callable

from portal import paths
from portal.blueprints._guards import Asked
from portal.domain.contracts import queries as contracts
from portal.domain.contracts.queries import ItemView
from portal.domain.diagnostic import validation
from portal.domain.plain import queries
from portal.domain.plain.queries import Reading
from portal.extensions import db
from portal.kernel.errors import NotFoundError
from portal.policy.permissions import Permission
from portal.vocabulary import ItemKind

PLACES = {
    ItemKind.FINDING: "diagnostic/constats",
    ItemKind.OBJECTIVE: "objectifs",
    ItemKind.TRAME_PART: "trame/parties",
}


def here(asked: Asked, *parts: str) -> str:
    """The plain texts of the contract, or a page below them."""
    return "/".join((paths.contract(asked.contract_id), "textes-simples", *parts))


def reading(asked: Asked, item_id: str) -> Reading:
    """Both texts of a subject of the contract, as they are now. Errors: NotFoundError."""
    item = contracts.item(db.session(), item_id)
    if item is None or item.contract_id != asked.contract_id:
        raise NotFoundError
    return queries.reading(db.session(), item)


def keeper(asked: Asked) -> Callable[[ItemView], bool]:
    """Tells of which subjects this person looks after the plain words; one question at most, however many subjects."""
    party = validation.of_person(db.session(), asked.actor) if Permission.PLAIN_REVIEW in asked.can else None
    writes = Permission.TEXT_EDIT in asked.can

    def keeps(item: ItemView) -> bool:
        mine = writes if item.by_authority_id is None else item.by_authority_id == party
        return party is not None and mine and item.withdrawn_at is None

    return keeps


def subject_url(item: ItemView) -> str:
    """The page of a finding, of an objective or of a part of the trame."""
    return f"{paths.contract(item.contract_id)}/{PLACES[item.kind]}/{item.id}"


def write_url(item: ItemView) -> str:
    """Where its plain words are written: an authority writes its own in its finding."""
    if item.by_authority_id is not None:
        return f"{subject_url(item)}/recrire"
    return f"{paths.contract(item.contract_id)}/sujets/{item.id}/texte/clair"
