"""Removes what no page and no form will ask for again (docs/registre.md, §6).

The register itself is never touched: only what tells open pages that something changed,
and what remembers that a form was sent.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, exists, or_, select

from portal.domain.accounts.models import SessionRow
from portal.domain.journal.models import AudienceCursor, AudienceFrame
from portal.domain.participants.models import Operation
from portal.jobs.runner import Job

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

KEPT_FRAMES = 1_000
KEPT_OPERATIONS = timedelta(days=30)
KEPT_SESSIONS = timedelta(days=30)
EVERY_SECONDS = 3_600.0

# A piece is small: other units wait while it runs.
AUDIENCES_AT_ONCE = 20
ROWS_AT_ONCE = 500


def compact(session: Session, at: datetime) -> bool:
    """Remove one piece of what is out of date; True when something was removed."""
    frames = _forget_frames(session)
    operations = _forget_operations(session, at)
    sessions = _forget_sessions(session, at)
    return frames or operations or sessions


def jobs() -> list[Job]:
    """The job that cleans, once an hour."""
    return [Job("menage", EVERY_SECONDS, compact)]


def _forget_frames(session: Session) -> bool:
    last_forgotten = AudienceCursor.count - KEPT_FRAMES
    old = exists().where(
        AudienceFrame.space_id == AudienceCursor.space_id,
        AudienceFrame.audience == AudienceCursor.audience,
        AudienceFrame.cursor <= last_forgotten,
    )
    place = select(AudienceCursor.space_id, AudienceCursor.audience, last_forgotten)
    audiences = session.execute(
        place.where(AudienceCursor.count > KEPT_FRAMES, old).limit(AUDIENCES_AT_ONCE)
    ).all()
    for space_id, audience, last in audiences:
        _forget_frames_of(session, space_id, audience, last)
    return bool(audiences)


def _forget_frames_of(session: Session, space_id: str, audience: str, last: int) -> None:
    here = (AudienceFrame.space_id == space_id, AudienceFrame.audience == audience)
    oldest = select(AudienceFrame.cursor).where(*here).order_by(AudienceFrame.cursor).limit(1)
    first = session.execute(oldest).scalar_one()
    session.execute(
        delete(AudienceFrame).where(*here, AudienceFrame.cursor <= min(last, first + ROWS_AT_ONCE - 1))
    )


def _forget_sessions(session: Session, at: datetime) -> bool:
    """Who came when is nobody's to keep: sessions that ended or expired a month ago go."""
    before = at - KEPT_SESSIONS
    over = or_(SessionRow.ended_at < before, SessionRow.expires_at < before)
    found = session.scalars(select(SessionRow.token_hash).where(over).limit(ROWS_AT_ONCE)).all()
    session.execute(delete(SessionRow).where(SessionRow.token_hash.in_(found)))
    return bool(found)


def _forget_operations(session: Session, at: datetime) -> bool:
    old = select(Operation.participant_id, Operation.op_id).where(Operation.at < at - KEPT_OPERATIONS)
    found = session.execute(old.limit(ROWS_AT_ONCE)).all()
    for participant_id, op_id in found:
        session.execute(
            delete(Operation).where(Operation.participant_id == participant_id, Operation.op_id == op_id)
        )
    return bool(found)
