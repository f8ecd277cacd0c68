"""What the pages about an answer share."""

from __future__ import annotations

from sqlalchemy.orm import Session

from portal import paths
from portal.domain.contracts import queries as contracts
from portal.domain.contributions import queries as contributions
from portal.domain.contributions.models import Contribution
from portal.domain.contributions.views import CardView
from portal.kernel.errors import NotFoundError
from portal.vocabulary import Audience


def answered_card(session: Session, row: Contribution) -> CardView:
    """The words as people read them, with their subject; where there are none yet, those that wait.

    Errors: NotFoundError.
    """
    card = contributions.card(session, row.id, Audience.READERS) or contributions.card(
        session, row.id, Audience.MODERATORS
    )
    item = contracts.item(session, row.item_id)
    if card is None or item is None:
        raise NotFoundError
    return card.about(item.title, paths.item(row.space_id, row.item_id))
