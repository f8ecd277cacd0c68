"""Surveys end by themselves: at their date, or when their space takes no words any more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from portal.domain.duties import clocks
from portal.domain.journal import service as journal
from portal.domain.spaces.models import Space, SpacePause
from portal.domain.surveys import queries, rules, service
from portal.domain.surveys.models import Survey, SurveyState
from portal.kernel.units import CONFLICTS, means_unavailable, sqlstate

# A job holds few contracts at a time: people write meanwhile.
AT_ONCE = 3
AGAIN = timedelta(seconds=30)

log = structlog.get_logger(__name__)


class Ending:
    """The job of one process. A survey that fails to end is passed over for a while: the others end."""

    def __init__(self) -> None:
        self._failed: dict[str, datetime] = {}

    def advance_due(self, session: Session, at: datetime) -> bool:
        """End some surveys whose time has come; True when others may wait.

        One that fails is left as it is, logged, and tried again after `AGAIN`.
        """
        # Failed in the future: the clock was put back since.
        self._failed = {one: when for one, when in self._failed.items() if when <= at < when + AGAIN}
        over = select(Space.id).where(or_(Space.phase.in_(rules.OVER), Space.ends_at <= at))
        is_due = (
            Survey.state == SurveyState.OPEN,
            or_(Survey.ends_at <= at, Survey.space_id.in_(over)),
        )
        left = [*self._failed, *_held(session, at)]
        due = select(Survey.id, Survey.contract_id).where(*is_due, Survey.id.not_in(left))
        found = session.execute(due.order_by(Survey.ends_at, Survey.id).limit(AT_ONCE)).all()
        # Before any savepoint: what is locked inside one is let go when it fails.
        journal.hold(session, *{one.contract_id for one in found})
        # A pause may have begun before the contracts were held; none begins since.
        held = _held(session, at, among=[one.id for one in found])
        for survey_id in (one.id for one in found if one.id not in held):
            if not _ended(session, survey_id, is_due):
                self._failed[survey_id] = at
        return bool(found)


def _held(session: Session, at: datetime, *, among: Sequence[str] | None = None) -> set[str]:
    """The open surveys whose announced end has come, and that a pause of their space still keeps open.

    `among` these alone when it is given; two queries.
    """
    if among is not None and not among:
        return set()
    query = (
        select(Survey, Space)
        .join(Space, Space.id == Survey.space_id)
        .where(
            Survey.state == SurveyState.OPEN,
            Survey.ends_at <= at,
            Space.phase.not_in(rules.OVER),
            Space.ends_at > at,
            exists().where(SpacePause.space_id == Space.id),
        )
    )
    if among is not None:
        query = query.where(Survey.id.in_(among))
    rows = session.execute(query.execution_options(populate_existing=True)).all()
    dates = clocks.read(session, {space.id for _row, space in rows}, at)
    return {row.id for row, space in rows if queries.open_until(row, space, dates) > at}


def _ended(session: Session, survey_id: str, is_due: Sequence[Any]) -> bool:
    """End one in a savepoint of its own, unless it is not due any more; False when it fails."""
    try:
        with session.begin_nested():
            query = select(Survey).where(Survey.id == survey_id, *is_due)
            row = session.scalar(query.execution_options(populate_existing=True))
            if row is not None:
                service.finish(session, row, None)
    except Exception as error:
        # The database is not there, or two met: the whole unit ends, and is done again.
        if means_unavailable(error) or sqlstate(error) in CONFLICTS:
            raise
        log.exception("surveys.not_ended", survey=survey_id)
        return False
    return True
