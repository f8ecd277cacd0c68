"""« Cinq contrats à regarder, et pourquoi »: once a week, to who follows contracts for an authority.

The week of an account is written with its notices, in the same unit of work: after a crash either both
are there or none, and nobody is told twice. The reasons are kept in the mark of the notice: neither a
person nor the words of anybody are.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

import structlog
from sqlalchemy import Select, exists, select, tuple_
from sqlalchemy.orm import Session

from portal.domain.accounts.models import Account
from portal.domain.notifications.models import Notice, NoticeChoice
from portal.domain.participants import queries as participants
from portal.domain.participants.models import Participant, ParticipantRole, Seat
from portal.domain.portfolio import queries as portfolio
from portal.domain.portfolio import rules
from portal.domain.portfolio.models import PortfolioWeek
from portal.domain.portfolio.rules import Reason
from portal.kernel.clock import paris
from portal.kernel.units import CONFLICTS, means_unavailable, sqlstate
from portal.policy.actor import Actor
from portal.vocabulary import NoticeChoiceKind, NoticeKind, Role

PREFIX = "regard"
# Sixty contracts are read for each: few accounts hold the one writer at a time.
ACCOUNTS_AT_ONCE = 3

log = structlog.get_logger(__name__)


def choose(session: Session, at: datetime) -> bool:
    """Choose the contracts of the week for some accounts that have none yet; True when there were some."""
    week = rules.week_of(paris(at).date())
    waiting = list(session.scalars(_waiting(week)))
    for account_id in waiting:
        session.add(PortfolioWeek(account_id=account_id, week=week, at=at))
        session.flush()
        _apart(session, account_id, week, at)
    return bool(waiting)


def reasons(notices: Iterable[Notice]) -> dict[str, tuple[Reason, ...]]:
    """Why each notice of a contract to look at was written, by its id."""
    return {
        one.id: rules.read(one.mark.split(":", 2)[2]) for one in notices if one.kind is NoticeKind.TO_LOOK_AT
    }


def seats(session: Session, account_id: str) -> list[Actor]:
    """The places from which an account follows contracts for an authority; empty for who follows none."""
    people = participants.actors(session, account_id)
    return [one for one in people if Role.AUTHORITY_AGENT in one.roles]


def is_wanted(session: Session, account_id: str) -> bool:
    """Whether an account wants to be told every Monday: yes, until it mutes its contracts.

    One refusal holds for all of them, those that it comes to follow later too.
    """
    pairs = [(one.participant_id, one.contract_id) for one in seats(session, account_id)]
    key = tuple_(NoticeChoice.participant_id, NoticeChoice.object_id)
    refused = select(NoticeChoice).where(key.in_(pairs), NoticeChoice.choice == NoticeChoiceKind.MUTED)
    return session.scalar(refused.limit(1)) is None


def _apart(session: Session, account_id: str, week: date, at: datetime) -> None:
    """One account that fails is left alone this week: the others are told."""
    try:
        with session.begin_nested():
            _tell(session, account_id, week, at)
    except Exception as error:
        if means_unavailable(error) or sqlstate(error) in CONFLICTS:
            raise
        log.exception("portfolio.account_failed")


def _tell(session: Session, account_id: str, week: date, at: datetime) -> None:
    if not is_wanted(session, account_id):
        return
    people = {one.contract_id: one for one in participants.actors(session, account_id)}
    contracts = portfolio.followed(session, portfolio.follows(session, account_id), at)
    for look in rules.five((one.situation for one in contracts), paris(at).date()):
        session.add(
            Notice(
                participant_id=people[look.contract_id].participant_id,
                kind=NoticeKind.TO_LOOK_AT,
                mark=f"{PREFIX}:{week.isoformat()}:{rules.kept(look.reasons)}",
                contract_id=look.contract_id,
                at=at,
            )
        )
    session.flush()


def _waiting(week: date) -> Select[str]:
    agent = exists().where(
        Seat.account_id == Account.id,
        Participant.id == Seat.participant_id,
        Participant.left_at.is_(None),
        ParticipantRole.participant_id == Participant.id,
        ParticipantRole.role == Role.AUTHORITY_AGENT,
        ParticipantRole.ended_at.is_(None),
    )
    told = exists().where(PortfolioWeek.account_id == Account.id, PortfolioWeek.week == week)
    return (
        select(Account.id)
        .where(Account.disabled_at.is_(None), agent, ~told)
        .order_by(Account.id)
        .limit(ACCOUNTS_AT_ONCE)
    )
