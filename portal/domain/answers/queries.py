"""Reads about answers that are owed."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.answers.models import Answer
from portal.domain.contributions.models import Contribution
from portal.vocabulary import ORGANISER, ContributionStatus


def open_replies(session: Session, contribution_id: str, size: int = 500) -> list[Contribution]:
    """The published replies of a thread that nobody answered yet; the organiser's own excluded."""
    return list(
        session.scalars(
            select(Contribution)
            .outerjoin(Answer, Answer.contribution_id == Contribution.id)
            .where(
                Contribution.root_id == contribution_id,
                Contribution.status == ContributionStatus.PUBLISHED,
                Contribution.group != ORGANISER,
                Answer.id.is_(None),
            )
            .order_by(Contribution.arrival)
            .limit(size)
        )
    )
