"""What the people of the demonstration were told: a history they have read, and a little that is new."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from portal.domain.answers.models import Answer
from portal.domain.contributions.models import Contribution
from portal.domain.moderation.models import ModerationDecision
from portal.domain.notifications import reminders, service
from portal.domain.notifications.models import Notice
from portal.domain.participants.models import Seat
from portal.domain.spaces.models import Space
from portal.domain.surveys.models import Survey
from portal.vocabulary import NoticeKind

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

NEWS = 2
READ_AFTER = timedelta(hours=9)
_SURVEYS = {NoticeKind.SURVEY: Survey.opened_at, NoticeKind.SURVEY_RESULTS: Survey.published_at}


def tell(session: Session, at: datetime) -> None:
    """Tell everybody of everything, at the dates when it happened; all but the last two was read."""
    while service.follow(session, at):
        pass
    reminders.remind(session, at)
    # Who follows several contracts has one bell.
    accounts = dict(session.execute(select(Seat.participant_id, Seat.account_id)).all())
    unread: dict[str, list[Notice]] = defaultdict(list)
    for notice in session.scalars(select(Notice)):
        notice.at = min(_when(session, notice) or at, at)
        if notice.read_at is None:
            unread[accounts.get(notice.participant_id, notice.participant_id)].append(notice)
    for mine in unread.values():
        for notice in sorted(mine, key=lambda one: one.at)[:-NEWS]:
            notice.read_at = notice.at + READ_AFTER
    session.flush()


def _when(session: Session, notice: Notice) -> datetime | None:
    """The date of what a notice tells, as the demonstration plays it."""
    if notice.kind is NoticeKind.LEVEL:
        return notice.due_at
    if notice.kind is NoticeKind.OPENED:
        return session.scalar(select(Space.opens_at).where(Space.id == notice.space_id))
    if notice.kind in _SURVEYS:
        moment = _SURVEYS[notice.kind]
        told = select(moment).where(Survey.space_id == notice.space_id)
        return session.scalar(told.order_by(moment.desc()).limit(1))
    about = notice.contribution_id
    if notice.kind is NoticeKind.ANSWERED:
        return session.scalar(select(Answer.at).where(Answer.contribution_id == about))
    if notice.kind is NoticeKind.REVIEWED:
        decided = select(ModerationDecision.at).where(ModerationDecision.contribution_id == about)
        return session.scalar(decided.order_by(ModerationDecision.at.desc()).limit(1))
    return session.scalar(select(Contribution.created_at).where(Contribution.id == about))
