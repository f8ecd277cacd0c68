"""What tests of the two texts share: a text written anew, a passage to review."""

from __future__ import annotations

from sqlalchemy.orm import Session

from portal.domain.contracts import queries as contracts
from portal.domain.plain import queries
from portal.domain.plain.queries import Reading
from portal.domain.texts import queries as texts
from portal.domain.texts import service
from portal.kernel.errors import NotFoundError
from portal.vocabulary import Register
from tests.factories.world import House


def write_anew(
    session: Session,
    house: House,
    item_id: str,
    before: str,
    after: str,
    register: Register = Register.TECHNICAL,
) -> None:
    """The director writes `after` for `before` in a text of an item."""
    text = texts.current(session, [item_id])[item_id, register]
    command = service.NewWords(text.source.replace(before, after), text.version)
    service.revise(session, house["director"].actor, house.contract_id, item_id, register, command)


def to_review(session: Session, house: House, item_id: str) -> None:
    """The first technical paragraph of an item changes."""
    write_anew(session, house, item_id, "Premier paragraphe", "Un autre premier paragraphe")


def reading(session: Session, item_id: str) -> Reading:
    """Both texts of an item."""
    item = contracts.item(session, item_id)
    if item is None:
        raise NotFoundError(item_id)
    return queries.reading(session, item)
