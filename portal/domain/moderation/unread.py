"""Second looks that nobody named may decide now: the author is told so, the direction is asked to name somebody."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.contributions.models import Contribution
from portal.domain.moderation import readers
from portal.domain.moderation.models import Appeal, AppealReader, AppealState, ModerationDecision
from portal.domain.participants import queries as participants
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.policy.targets import AppealTarget


def waiting(session: Session, space_ids: Collection[str], *, without: str = "") -> list[Appeal]:
    """The appeals of these spaces that wait and that nobody who is named may decide, the oldest first.

    `without` is a reader who would be named no longer. Four queries, and one a contract where somebody is named.
    """
    query = (
        select(Appeal, Contribution.participant_id)
        .join(Contribution, Contribution.id == Appeal.contribution_id)
        .where(Appeal.space_id.in_(list(space_ids)), Appeal.state == AppealState.ASKED)
    )
    found = session.execute(query.order_by(Appeal.at, Appeal.id)).all()
    if not found:
        return []
    named = _named(session, {appeal.space_id for appeal, _author in found}, without)
    aside = readers.aside(session, [appeal.id for appeal, _author in found])
    return [
        appeal
        for appeal, author in found
        if not _somebody(
            session, _target(appeal, author), _without(named.get(appeal.space_id, ()), aside.get(appeal.id))
        )
    ]


def somebody_for(
    session: Session, row: Contribution, decision: ModerationDecision, aside: Collection[str] = ()
) -> bool:
    """Whether somebody is named who may look again at this decision; `aside` left it to somebody else."""
    decider = participants.actor_of(session, decision.by_participant)
    named = _without(_named(session, {row.space_id}, "").get(row.space_id, ()), aside)
    if decider is None:
        return bool(named)
    target = AppealTarget(
        contract_id=row.contract_id,
        appeal_id="",
        author_id=row.participant_id,
        decider_id=decider.participant_id,
        college=decider.group.college,
        readers=frozenset(),
        decided=False,
    )
    return _somebody(session, target, named)


def _named(session: Session, space_ids: set[str], without: str) -> dict[str, list[Actor]]:
    """Who is named for each space and is a member still."""
    query = select(AppealReader.space_id, AppealReader.participant_id).where(
        AppealReader.space_id.in_(space_ids),
        AppealReader.ended_at.is_(None),
        AppealReader.participant_id != without,
    )
    seats = session.execute(query).all()
    people = participants.actors_of(session, {one.participant_id for one in seats})
    named: dict[str, list[Actor]] = {}
    for one in seats:
        if one.participant_id in people:
            named.setdefault(one.space_id, []).append(people[one.participant_id])
    return named


def _without(named: Collection[Actor], aside: Collection[str] | None) -> list[Actor]:
    return [one for one in named if one.participant_id not in (aside or ())]


def _target(appeal: Appeal, author: str) -> AppealTarget:
    return AppealTarget(
        contract_id=appeal.contract_id,
        appeal_id=appeal.id,
        author_id=author,
        decider_id=appeal.decider_id,
        college=appeal.college,
        readers=frozenset(),
        decided=False,
    )


def _somebody(session: Session, target: AppealTarget, named: Collection[Actor]) -> bool:
    judged = replace(target, readers=frozenset(one.participant_id for one in named))
    return any(
        permits.allows(one, Permission.APPEAL_DECIDE, judged)
        and readers.unfit(session, target.contract_id, one) is None
        for one in named
    )
