"""What the pages of trames share: their addresses, the agent's own authority, what a contract may choose."""

from __future__ import annotations

from portal import paths
from portal.blueprints._guards import Asked
from portal.domain.contracts import parties
from portal.domain.trames import queries
from portal.domain.trames.catalogue import Model, models
from portal.domain.trames.views import TrameView
from portal.extensions import db
from portal.kernel.errors import NotFoundError
from portal.policy.permissions import Permission


def here(asked: Asked, *parts: str) -> str:
    """The trame of the contract, or a page below it."""
    return "/".join((paths.contract(asked.contract_id), "trame", *parts))


def library(asked: Asked, *parts: str) -> str:
    """The trames that there are, or one of them."""
    return "/".join((paths.contract(asked.contract_id), "trames", *parts))


def trame(asked: Asked, trame_id: str) -> TrameView:
    """A trame as this person may know it: published, or of one's own authority. Errors: NotFoundError."""
    found = queries.trame(db.session(), asked.contract_id, trame_id)
    if found is None or (found.latest is None and not own(asked, found)):
        raise NotFoundError
    return found


def keeps(asked: Asked) -> bool:
    """Whether this person keeps trames at all."""
    return Permission.TRAME_ADAPT in asked.can


def own(asked: Asked, found: TrameView) -> bool:
    """Whether the trame is of the authority that this person acts for."""
    return keeps(asked) and parties.acts_for(db.session(), asked.actor) == found.organisation_id


def model(name: str) -> Model:
    """A model by its name in the address."""
    return models()[name]
