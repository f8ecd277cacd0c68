"""Leaving an appeal to somebody else: who named to read it cannot, and says why to the direction alone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain.contracts import queries as contracts
from portal.domain.contributions.service import by_id, fact
from portal.domain.facts import FactKind
from portal.domain.journal import service as journal
from portal.domain.moderation import appeals, unread
from portal.domain.moderation.models import Appeal, AppealAside
from portal.domain.moderation.rules import due_anew
from portal.kernel import clock, reasons, text
from portal.kernel.errors import NotFoundError, StaleError
from portal.kernel.speech import say
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission

MAX_REASON = 300


def stand(
    session: Session, person: Actor, appeal_id: str, reason: str, *, at: datetime | None = None
) -> None:
    """Leave an appeal to whoever else is named, or will be; the secret needs not be accepted for that.

    The days that are promised begin again once somebody else is there to read it: now, or when one is named.
    Errors: NotFoundError, RefusedError, StaleError (decided or erased meanwhile), InvalidError (`why`).
    """
    now = at or clock.now()
    appeal = session.get(Appeal, appeal_id)
    if appeal is None:
        raise NotFoundError
    journal.hold(session, appeal.contract_id)
    target = appeals.target_of(session, appeal)
    permits.require(person, Permission.APPEAL_READ, target)
    row = by_id(session, appeal.contribution_id)
    if row is None or row.erased or target.decided:
        raise StaleError(
            say("Ce recours est déjà décidé, ou le texte a été effacé. Voici son état actuel."),
            seen=None,
            current=appeal.state,
        )
    told = text.typography(
        reasons.read(
            reason,
            "why",
            MAX_REASON,
            empty=say(
                "Écrivez une phrase : la direction la lira, et nommera quelqu’un d’autre s’il le faut."
            ),
            too_long=say(
                "Votre texte est trop long. Il peut avoir %(limit)s signes au plus.",
                limit=text.number(MAX_REASON),
            ),
        )
    )
    session.add(
        AppealAside(
            appeal_id=appeal.id,
            participant_id=person.participant_id,
            reason=told,
            at=now,
        )
    )
    session.flush()
    if appeal.id not in {one.id for one in unread.waiting(session, [appeal.space_id])}:
        department = contracts.department(session, appeal.contract_id)
        appeal.due_at = due_anew(appeal.at, appeal.due_at, now, department)
        session.flush()
    journal.append(session, fact(FactKind.APPEAL_PASSED, row, person, told))
