"""Whom appeals, reports and erasures are told to: the readers named for a space, who reported, who confirms."""

from __future__ import annotations

from sqlalchemy import column, func, select, table
from sqlalchemy.orm import Session

from portal.domain.contributions.models import Contribution
from portal.domain.moderation import readers
from portal.domain.moderation.models import Appeal, AppealState, Report, ReportOutcome
from portal.domain.notifications.rules import Whom
from portal.domain.participants import queries as participants

PEOPLE = frozenset({Whom.APPEAL_READERS, Whom.REPORTERS, Whom.SPARED, Whom.ERASURE})
_ERASURE = table("erasure", column("contribution_id"), column("asked_by"), column("refused_at"))


def people(session: Session, whom: Whom, row: Contribution) -> set[str]:
    """The participants concerned by what happened to these words."""
    if whom is Whom.APPEAL_READERS:
        return _reading(session, row)
    if whom is Whom.ERASURE:
        return _confirming(session, row)
    last = select(func.max(Report.settled_at)).where(Report.contribution_id == row.id).scalar_subquery()
    query = select(Report.participant_id).where(Report.contribution_id == row.id, Report.settled_at == last)
    if whom is Whom.SPARED:
        query = query.where(Report.outcome == ReportOutcome.WITHDRAWN)
    return set(session.scalars(query))


def _reading(session: Session, row: Contribution) -> set[str]:
    """Who is named for the space, but for who left to somebody else the appeal that waits about these words."""
    waits = Appeal.contribution_id == row.id, Appeal.state == AppealState.ASKED
    asked = session.scalars(select(Appeal.id).where(*waits)).all()
    left = readers.aside(session, asked) if asked else {}
    named = {one.participant_id for one in readers.named(session, row.space_id)}
    return named.difference(*left.values())


def _confirming(session: Session, row: Contribution) -> set[str]:
    """Who can end what was asked; nobody once it is done, or taken back."""
    query = select(_ERASURE.c.asked_by).where(
        _ERASURE.c.contribution_id == row.id, _ERASURE.c.refused_at.is_(None)
    )
    asked_by = session.scalar(query)
    if asked_by is None:
        return set()
    if asked_by != row.participant_id:
        return {row.participant_id}
    return {one.participant_id for one in participants.members(session, row.contract_id)}
