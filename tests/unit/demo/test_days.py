"""Every day that the demonstration promises is a working day."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.contracts.models import Contract
from portal.domain.duties import queries as duties
from portal.domain.moderation.models import Appeal
from portal.domain.spaces import queries as spaces
from portal.domain.surveys.models import Survey
from portal.kernel import clock
from portal.kernel.calendar import is_working
from portal.kernel.clock import paris


def test_what_is_promised_is_promised_for_a_working_day(seeded):
    def read(session: Session) -> set:
        now = clock.now()
        views = spaces.of_contracts(session, list(session.scalars(select(Contract.id))), now)
        days = {one.due_on for one in duties.duties(session, views, now)}
        days |= set(session.scalars(select(Survey.promised_on)))
        return days | {paris(at).date() for at in session.scalars(select(Appeal.due_at))}

    days = seeded(read)
    assert days
    assert [day for day in sorted(days) if not is_working(day)] == []
