"""What the pages of the parts of a trame share: their addresses, one part, where people speak of it."""

from __future__ import annotations

from collections.abc import Mapping

from portal.blueprints._guards import Asked
from portal.blueprints.diagnostic.pages import Talk, talks
from portal.blueprints.trames.pages import here
from portal.domain.trame_parts import queries
from portal.domain.trame_parts.queries import PartView
from portal.extensions import db
from portal.kernel.errors import NotFoundError


def url(asked: Asked, part_id: str) -> str:
    """One part."""
    return here(asked, "parties", part_id)


def part(asked: Asked, part_id: str) -> PartView:
    """One part of the trame of the contract, as it is now. Errors: NotFoundError."""
    found = queries.part(db.session(), asked.contract_id, part_id)
    if found is None:
        raise NotFoundError
    return found


def discussed(asked: Asked) -> tuple[Mapping[str, str], Mapping[str, list[Talk]]]:
    """The part of each block that is in discussion, and where this person may read what is said of it; five questions."""
    parts = queries.of_blocks(db.session(), asked.contract_id)
    return parts, talks(asked, sorted(parts.values())).of if parts else {}
