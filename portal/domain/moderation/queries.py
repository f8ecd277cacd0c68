"""Reads about appeals: what a reader may look at, and where each stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from portal.domain.contracts.models import Item
from portal.domain.contributions.cards import cards, select_cards
from portal.domain.contributions.models import Contribution
from portal.domain.contributions.views import CardView
from portal.domain.moderation import readers
from portal.domain.moderation.models import Appeal, AppealAside, AppealState, Report
from portal.domain.spaces.models import Space
from portal.policy.actor import Actor
from portal.vocabulary import Audience, ContributionStatus

PAGE = 20


@dataclass(frozen=True, slots=True)
class AppealLine:
    """One appeal of a list: where it is about, never its words."""

    id: str
    title: str
    question: str
    at: datetime
    due_at: datetime
    state: AppealState


def reported(session: Session, space_id: str, *, after: str | None = None) -> tuple[CardView, ...]:
    """Published contributions with reports that nobody examined yet, in the order of their places.

    As people read them: a correction that waits is not what was reported.
    """
    waiting = select(Report.contribution_id).where(Report.space_id == space_id, Report.settled_at.is_(None))
    query = select_cards(Audience.MODERATORS, published=True).where(
        Contribution.space_id == space_id,
        Contribution.status == ContributionStatus.PUBLISHED,
        Contribution.id.in_(waiting),
    )
    if after is not None:
        place = select(Contribution.arrival).where(Contribution.id == after).scalar_subquery()
        query = query.where(Contribution.arrival > place)
    rows = session.execute(query.order_by(Contribution.arrival).limit(PAGE)).all()
    return tuple(cards(session, rows, Audience.MODERATORS))


def to_read(session: Session, person: Actor, *, after: str | None = None) -> tuple[AppealLine, ...]:
    """The appeals that this reader may look at, the oldest first; three queries at most."""
    spaces = [one.space_id for one in readers.seats_of(session, person.participant_id)]
    if not spaces:
        return ()
    left = select(AppealAside.appeal_id).where(AppealAside.participant_id == person.participant_id)
    query = (
        select(Appeal, Item.title, Space.question)
        .join(Contribution, Contribution.id == Appeal.contribution_id)
        .join(Item, Item.id == Contribution.item_id)
        .join(Space, Space.id == Appeal.space_id)
        .where(
            Appeal.contract_id == person.contract_id,
            Appeal.space_id.in_(spaces),
            Appeal.college != person.group.college,
            Appeal.decider_id != person.participant_id,
            Contribution.participant_id != person.participant_id,
            Appeal.id.not_in(left),
        )
    )
    if after is not None:
        last = session.get(Appeal, after)
        if last is None:
            return ()
        query = query.where(or_(Appeal.at > last.at, and_(Appeal.at == last.at, Appeal.id > last.id)))
    rows = session.execute(query.order_by(Appeal.at, Appeal.id).limit(PAGE))
    return tuple(
        AppealLine(one.id, title, question, one.at, one.due_at, one.state) for one, title, question in rows
    )
