"""Naming somebody for the appeals of a space, or no longer: what waits is promised then, and never left to nobody."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain.contracts import queries as contracts
from portal.domain.facts import FactKind
from portal.domain.journal import service as journal
from portal.domain.moderation import readers, unread
from portal.domain.moderation.rules import appeal_due, due_anew
from portal.kernel import clock
from portal.kernel.errors import RefusedError
from portal.kernel.speech import say
from portal.policy.actor import Actor


def name(
    session: Session, person: Actor, space_id: str, participant_id: str, *, at: datetime | None = None
) -> None:
    """Name somebody; for appeals that nobody could decide, the days that are promised begin now.

    They had begun for those that a reader left: these begin again once, and never once they are over.

    Errors: as `readers.name`.
    """
    now = at or clock.now()
    readers.configurable(session, person, space_id, now)
    waited = unread.waiting(session, [space_id])
    readers.name(session, person, space_id, participant_id, at=now)
    still = {one.id for one in unread.waiting(session, [space_id])} if waited else set()
    left = readers.aside(session, [one.id for one in waited])
    for appeal in waited:
        if appeal.id in still:
            continue
        department = contracts.department(session, appeal.contract_id)
        appeal.due_at = (
            due_anew(appeal.at, appeal.due_at, now, department)
            if left.get(appeal.id)
            else appeal_due(now, department)
        )
    session.flush()


def end(
    session: Session, person: Actor, space_id: str, participant_id: str, *, at: datetime | None = None
) -> None:
    """Name somebody no longer; twice changes nothing.

    Errors: NotFoundError, RefusedError (also `recours-en-attente`: nobody else could decide what waits).
    """
    now = at or clock.now()
    readers.configurable(session, person, space_id, now)
    seats = [one for one in readers.named(session, space_id) if one.participant_id == participant_id]
    if not seats:
        return
    left = {one.id for one in unread.waiting(session, [space_id], without=participant_id)}
    if left - {one.id for one in unread.waiting(session, [space_id])}:
        raise RefusedError(
            "recours-en-attente",
            say(
                "Un second regard attend la décision de cette personne, et personne d’autre ne peut le donner."
            ),
            say("Nommez d’abord quelqu’un d’autre, d’un autre collège que la décision."),
        )
    for row in seats:
        row.ended_at = now
    session.flush()
    journal.append(session, readers.fact(FactKind.APPEAL_READER_ENDED, person, space_id, participant_id))
