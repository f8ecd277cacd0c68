"""Whom appeals and reports are told to: the readers named for a space, those who reported."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.contributions.models import Contribution
from portal.domain.moderation import readers
from portal.domain.moderation.models import Report
from portal.domain.notifications.rules import Whom

PEOPLE = frozenset({Whom.APPEAL_READERS, Whom.REPORTERS})


def people(session: Session, whom: Whom, row: Contribution) -> set[str]:
    """The participants concerned by what happened to these words."""
    if whom is Whom.APPEAL_READERS:
        return {one.participant_id for one in readers.named(session, row.space_id)}
    last = select(func.max(Report.settled_at)).where(Report.contribution_id == row.id).scalar_subquery()
    query = select(Report.participant_id).where(Report.contribution_id == row.id, Report.settled_at == last)
    return set(session.scalars(query))
