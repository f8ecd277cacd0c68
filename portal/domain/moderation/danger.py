"""Somebody may be in danger: a procedure opens, who was told is written down, the words are kept."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.domain.contributions.service import located
from portal.domain.facts import Fact, FactKind
from portal.domain.journal import service as journal
from portal.domain.moderation.models import DangerAlert, DangerChannel, DangerStep
from portal.domain.participants.queries import function_of
from portal.kernel import clock
from portal.kernel.errors import InvalidError, RefusedError
from portal.kernel.speech import say
from portal.policy.actor import Actor
from portal.policy.permissions import Permission

# So many at once: the next ones come as these are followed.
OPEN = 20


@dataclass(frozen=True, slots=True)
class Facing:
    """What who decides says of the procedure open on the words: whom they told, or that they know of it."""

    told: DangerChannel | None = None
    knowing: bool = False


def of(session: Session, contribution_id: str) -> DangerAlert | None:
    """What was said of these words, if anything."""
    return session.scalar(select(DangerAlert).where(DangerAlert.contribution_id == contribution_id))


def steps(session: Session, alert_id: str) -> dict[DangerChannel, DangerStep]:
    """Who was told, by channel."""
    query = select(DangerStep).where(DangerStep.alert_id == alert_id)
    return {one.channel: one for one in session.scalars(query)}


def open_in(session: Session, space_ids: Collection[str]) -> list[DangerAlert]:
    """The alerts of these spaces for which nobody wrote down whom they told, the oldest first."""
    told = select(DangerStep.alert_id).where(DangerStep.alert_id == DangerAlert.id)
    query = select(DangerAlert).where(DangerAlert.space_id.in_(list(space_ids)), ~told.exists())
    return list(session.scalars(query.order_by(DangerAlert.at, DangerAlert.id).limit(OPEN)))


def around(
    session: Session, space_id: str, contribution_id: str | None
) -> tuple[list[DangerAlert], DangerAlert | None]:
    """The same for one space, and the alert of these words whether somebody was told or not; one query."""
    told = select(DangerStep.alert_id).where(DangerStep.alert_id == DangerAlert.id).exists()
    own = DangerAlert.contribution_id == (contribution_id or "")
    found = session.execute(
        select(DangerAlert, told)
        .where(DangerAlert.space_id == space_id, or_(~told, own))
        .order_by(own.desc(), DangerAlert.at, DangerAlert.id)
        .limit(OPEN + 1)
    ).all()
    waiting = sorted((alert for alert, known in found if not known), key=lambda one: (one.at, one.id))
    return waiting[:OPEN], next(
        (alert for alert, _known in found if alert.contribution_id == contribution_id), None
    )


def raise_(
    session: Session, person: Actor, contribution_id: str, *, at: datetime | None = None
) -> DangerAlert:
    """Say that a person may be in danger; the first to say it opens the procedure, others change nothing.

    Errors: NotFoundError, RefusedError.
    """
    now = at or clock.now()
    row, _space = located(session, person, contribution_id, Permission.DANGER_RAISE, now)
    known = of(session, row.id)
    if known is not None:
        return known
    alert = DangerAlert(
        contract_id=row.contract_id,
        space_id=row.space_id,
        contribution_id=row.id,
        version=row.version,
        at=now,
    )
    session.add(alert)
    session.flush()
    # Neither group nor person: whoever says it must not fear for having said it.
    journal.append(session, Fact(FactKind.DANGER_RAISED, row.contract_id, row.id, space_id=row.space_id))
    return alert


def told(
    session: Session,
    person: Actor,
    contribution_id: str,
    channel: DangerChannel,
    *,
    at: datetime | None = None,
) -> None:
    """Write down that somebody was told, once for each; it was said then, if nobody had.

    Errors: NotFoundError, RefusedError.
    """
    now = at or clock.now()
    located(session, person, contribution_id, Permission.QUEUE_READ, now)
    alert = raise_(session, person, contribution_id, at=now)
    if session.get(DangerStep, (alert.id, channel)) is None:
        _note(session, person, alert, channel, now)


def face(session: Session, person: Actor, contribution_id: str, facing: Facing, at: datetime) -> None:
    """Let nobody decide by habit of words on which a procedure is open; whom they told is written down.

    Errors: InvalidError (`channel` when nobody was told yet, `procedure` when somebody was).
    """
    alert = of(session, contribution_id)
    if alert is None:
        return
    known = steps(session, alert.id)
    if not known and facing.told is None:
        raise InvalidError(
            {"channel": [say("Une procédure de danger est ouverte sur ces mots : qui a été prévenu ?")]}
        )
    if known and not facing.knowing:
        asked = say(
            "Une procédure de danger est ouverte sur ces mots. Cochez la case si vous décidez en le sachant."
        )
        raise InvalidError({"procedure": [asked]})
    if facing.told is not None and facing.told not in known:
        _note(session, person, alert, facing.told, at)


def told_first(session: Session, contribution_id: str) -> None:
    """Let reports of such words wait until somebody was told. Errors: RefusedError (`danger`)."""
    alert = of(session, contribution_id)
    if alert is not None and not steps(session, alert.id):
        raise RefusedError(
            "danger",
            say(
                "Une procédure de danger est ouverte sur ces mots, et personne n’est encore noté comme prévenu."
            ),
            say("Notez d’abord qui a été prévenu, sur la page de la procédure."),
        )


def _note(session: Session, person: Actor, alert: DangerAlert, channel: DangerChannel, at: datetime) -> None:
    session.add(DangerStep(alert_id=alert.id, channel=channel, by_function=function_of(person), at=at))
    session.flush()
