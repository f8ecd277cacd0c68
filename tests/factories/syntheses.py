"""A synthesis that was written and published, through the services."""

from __future__ import annotations

from sqlalchemy.orm import Session

from portal.domain.contributions.models import Contribution
from portal.domain.spaces import service as spaces
from portal.domain.spaces.models import Space
from portal.domain.syntheses import queries, rules, service
from portal.domain.syntheses.rules import Part
from portal.domain.syntheses.service import NewDraft
from portal.vocabulary import ContributionStatus, Phase
from tests.factories.world import House


def a_draft(session: Session, house: House, *parts: tuple[str, str], space_id: str | None = None) -> int:
    """What is being written, saved by the director; the version to publish."""
    space_id = space_id or house.space_id
    seen = queries.draft(session, space_id).version
    command = NewDraft(tuple(Part(*one) for one in parts), seen)
    return service.save(session, house["director"].actor, space_id, command).version


def ended(session: Session, house: House, space_id: str | None = None) -> None:
    """The time of contributions is over."""
    space = session.get_one(Space, space_id or house.space_id)
    if space.phase is Phase.OPEN:
        spaces.end(session, house["director"].actor, space.id, "Tout le monde a parlé.")


def a_synthesis(
    session: Session,
    house: House,
    *parts: tuple[str, str],
    space_id: str | None = None,
    reason: str = "",
) -> int:
    """A published synthesis; without parts it cites everything in one. Its number."""
    space_id = space_id or house.space_id
    ended(session, house, space_id)
    if not parts:
        said = session.query(Contribution.id).filter_by(
            space_id=space_id, status=ContributionStatus.PUBLISHED
        )
        marks = " ".join(rules.mark(one) for (one,) in said)
        parts = (("Ce qui a été dit", f"Voici ce qui a été dit. {marks}"),)
    seen = a_draft(session, house, *parts, space_id=space_id)
    return service.publish(session, house["director"].actor, space_id, seen=seen, reason=reason).number
