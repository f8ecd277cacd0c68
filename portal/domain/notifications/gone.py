"""A notice that leads to what one no longer reads is no news: it stops counting as new."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from portal.domain.facts import FactKind
from portal.domain.involvement.models import Involvement
from portal.domain.notifications import queries
from portal.domain.notifications.models import Notice
from portal.domain.notifications.places import Places
from portal.domain.notifications.queries import LineRow
from portal.policy.actor import Actor
from portal.vocabulary import NoticeKind

# After these, some no longer read what a notice leads to. Words that went leave a stone, which is read.
OF_SPACES = frozenset(
    {FactKind.SPACE_PAUSED, FactKind.SPACE_ANSWERING, FactKind.SPACE_CORRECTED, FactKind.SPACE_CLOSED}
)
OF_LEVELS = frozenset({FactKind.LEVEL_RECORDED, FactKind.LEVEL_EFFECTIVE})
OF_ANYTHING = frozenset({FactKind.ROLE_GIVEN, FactKind.AGENT_ATTACHED})


def mark(
    session: Session, contract_id: str, lines: Iterable[LineRow], members: Iterable[Actor], at: datetime
) -> None:
    """Mark as read, for each member, what these lines took out of their sight."""
    lines = list(lines)
    _forget_answers(session, lines)
    about = _about(session, lines)
    if about is None:
        return
    query = select(Notice).where(Notice.contract_id == contract_id, Notice.read_at.is_(None), about)
    rows = list(session.scalars(query))
    if not rows:
        return
    people = {one.participant_id: one for one in members}
    # Spaces and words are read again: the lines have just changed them.
    places = Places.of_contracts(session, [contract_id], at)
    places.read_contributions(one.contribution_id for one in rows if one.contribution_id)
    for row in rows:
        if not queries.reads(people.get(row.participant_id), row, places):
            row.read_at = at


def _about(session: Session, lines: list[LineRow]) -> ColumnElement[bool] | None:
    """What selects the notices to look at again; None when nothing can be out of sight."""
    if any(one.kind in OF_ANYTHING for one in lines):
        return Notice.contract_id.is_not(None)
    spaces = {one.object for one in lines if one.kind in OF_SPACES}
    levels = {one.object for one in lines if one.kind in OF_LEVELS}
    if levels:
        of_levels = list(session.scalars(select(Involvement.space_id).where(Involvement.id.in_(levels))))
        if None in of_levels:
            return Notice.contract_id.is_not(None)
        spaces.update(one for one in of_levels if one is not None)
    return Notice.space_id.in_(spaces) if spaces else None


def _forget_answers(session: Session, lines: list[LineRow]) -> None:
    """An answer that was taken back was never given: its notice goes, unless an e-mail told of it."""
    taken_back = {one.object for one in lines if one.kind is FactKind.ANSWER_TAKEN_BACK}
    if taken_back:
        session.execute(
            delete(Notice).where(
                Notice.contribution_id.in_(taken_back),
                Notice.kind == NoticeKind.ANSWERED,
                Notice.mailed_on.is_(None),
            )
        )
