"""Reasons that a direction gives often: kept for a contract, edited before each sending, counted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.domain.answers.models import ReasonTemplate
from portal.domain.spaces import queries as spaces
from portal.kernel import clock, text
from portal.kernel.errors import InvalidError, NotFoundError
from portal.kernel.speech import say
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission

MAX_TITLE = 80
LIMIT = 30


def keep(
    session: Session, person: Actor, space_id: str, title: str, source: str, *, at: datetime | None = None
) -> None:
    """Keep a reason under a title, for who answers in a space; the same title is written anew.

    Errors: NotFoundError, RefusedError, InvalidError (`title`).
    """
    contract_id = _allowed(session, person, space_id)
    try:
        named = text.typography(text.clean_line(title, maximum=MAX_TITLE))
    except text.TextEmpty:
        raise InvalidError(
            {"title": [say("Donnez un titre court à cette réponse, pour la retrouver.")]}
        ) from None
    except text.TextTooLong:
        raise InvalidError({"title": [say("Ce titre est trop long (80 signes au plus).")]}) from None
    known = list(session.scalars(select(ReasonTemplate).where(ReasonTemplate.contract_id == contract_id)))
    same = next((one for one in known if one.title == named), None)
    if same is not None:
        same.source = source
    elif len(known) >= LIMIT:
        raise InvalidError({"title": [say("Vous gardez déjà 30 réponses. Retirez-en une d’abord.")]})
    else:
        session.add(
            ReasonTemplate(contract_id=contract_id, title=named, source=source, used=0, at=at or clock.now())
        )


def count(session: Session, person: Actor, space_id: str, reason_id: str) -> None:
    """One more use of a reason, by who answers in a space. Errors: NotFoundError, RefusedError."""
    contract_id = _allowed(session, person, space_id)
    session.execute(
        update(ReasonTemplate)
        .where(ReasonTemplate.id == reason_id, ReasonTemplate.contract_id == contract_id)
        .values(used=ReasonTemplate.used + 1)
    )


def forget(session: Session, person: Actor, space_id: str, reason_id: str) -> None:
    """Remove a reason; the answers that were given with it stay. Errors: NotFoundError, RefusedError."""
    contract_id = _allowed(session, person, space_id)
    session.execute(
        delete(ReasonTemplate).where(
            ReasonTemplate.id == reason_id, ReasonTemplate.contract_id == contract_id
        )
    )


def _allowed(session: Session, person: Actor, space_id: str) -> str:
    """The contract whose reasons these are, once the actor answers in this space of it."""
    space = spaces.view(session, space_id, clock.now())
    if space is None:
        raise NotFoundError
    permits.require(person, Permission.ANSWER_IN, space.target)
    return space.contract_id
