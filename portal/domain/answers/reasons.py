"""Reasons that a direction gives often: kept for a contract, edited before each sending, counted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.domain.answers.models import ReasonTemplate
from portal.kernel import clock, text
from portal.kernel.errors import InvalidError
from portal.kernel.speech import say

MAX_TITLE = 80
LIMIT = 30


def keep(session: Session, contract_id: str, title: str, source: str, *, at: datetime | None = None) -> None:
    """Keep a reason under a title; the same title is written anew. Errors: InvalidError (`title`)."""
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


def count(session: Session, contract_id: str, reason_id: str) -> None:
    """One more use of a reason."""
    session.execute(
        update(ReasonTemplate)
        .where(ReasonTemplate.id == reason_id, ReasonTemplate.contract_id == contract_id)
        .values(used=ReasonTemplate.used + 1)
    )


def forget(session: Session, contract_id: str, reason_id: str) -> None:
    """Remove a reason; the answers that were given with it stay."""
    session.execute(
        delete(ReasonTemplate).where(
            ReasonTemplate.id == reason_id, ReasonTemplate.contract_id == contract_id
        )
    )
