"""Thanks within days, the fate later: words were read, and somebody says so."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.answers import queries
from portal.domain.answers.models import Thanks
from portal.domain.contributions.models import Contribution
from portal.domain.contributions.service import fact
from portal.domain.facts import FactKind
from portal.domain.journal import service as journal
from portal.domain.participants.queries import function_of
from portal.domain.spaces import queries as spaces
from portal.kernel import clock
from portal.kernel.errors import InvalidError, NotFoundError
from portal.kernel.speech import say
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.vocabulary import ContributionStatus

MANY = 200


def thank(
    session: Session,
    person: Actor,
    space_id: str,
    contribution_ids: Collection[str],
    *,
    at: datetime | None = None,
) -> list[Contribution]:
    """Thank the authors of these published words, each once; those that were thanked.

    Errors: NotFoundError, RefusedError, InvalidError (`chosen`).
    """
    now = at or clock.now()
    space = spaces.view(session, space_id, now)
    if space is None:
        raise NotFoundError
    permits.require(person, Permission.ANSWER_IN, space.target)
    if not 0 < len(contribution_ids) <= MANY:
        raise InvalidError({"chosen": [say("Choisissez au moins une contribution, et 200 au plus.")]})
    rows = queries.rows_in(session, space_id, contribution_ids)
    if len(rows) != len(set(contribution_ids)):
        raise NotFoundError
    known = set(
        session.scalars(
            select(Thanks.contribution_id).where(Thanks.contribution_id.in_([row.id for row in rows]))
        )
    )
    told = [row for row in rows if row.status is ContributionStatus.PUBLISHED and row.id not in known]
    session.add_all(Thanks(contribution_id=row.id, by_function=function_of(person), at=now) for row in told)
    session.flush()
    for row in told:
        journal.append(session, fact(FactKind.CONTRIBUTION_THANKED, row, person))
    return told
