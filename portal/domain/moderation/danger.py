"""Somebody may be in danger: a procedure opens, who was told is written down, the words are kept."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from portal.domain.contributions.models import ContributionVersion
from portal.domain.contributions.service import located
from portal.domain.facts import Fact, FactKind
from portal.domain.journal import service as journal
from portal.domain.moderation.models import DangerAlert, DangerChannel, DangerStep
from portal.domain.participants.queries import function_of
from portal.kernel import clock
from portal.kernel.errors import InvalidError, RefusedError, StaleError
from portal.kernel.speech import say
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.vocabulary import ContributionStatus

# So many at once: the next ones come as these are followed.
OPEN = 20
_OPEN = DangerAlert.ended_at.is_(None)
# Opened again, a procedure asks anew who is told.
_SINCE = and_(DangerStep.alert_id == DangerAlert.id, DangerStep.at >= DangerAlert.at)
_TOLD = select(DangerStep.alert_id).where(_SINCE).correlate(DangerAlert).exists()


@dataclass(frozen=True, slots=True)
class Facing:
    """What who decides says of the procedure open on the words: whom they told, or that they know of it."""

    told: DangerChannel | None = None
    knowing: bool = False


def of(session: Session, contribution_id: str) -> DangerAlert | None:
    """What was said of these words, if anything."""
    return session.scalar(select(DangerAlert).where(DangerAlert.contribution_id == contribution_id))


def followed(session: Session, contribution_id: str) -> DangerAlert | None:
    """The procedure that is open on these words, if any."""
    alert = of(session, contribution_id)
    return alert if alert is not None and alert.ended_at is None else None


def kept(session: Session, alert: DangerAlert) -> list[ContributionVersion]:
    """The words as they stood when the alert was given, the version that people read before the one that waited.

    For who follows the procedure alone. Nothing is left of them once it ended, or once they were erased.
    """
    if alert.ended_at is not None:
        return []
    query = select(ContributionVersion).where(
        ContributionVersion.contribution_id == alert.contribution_id,
        ContributionVersion.number <= alert.version,
        ContributionVersion.source != "",
    )
    found = list(session.scalars(query.order_by(ContributionVersion.number)))
    last_read = next((one for one in reversed(found[:-1]) if one.public), None)
    before = [last_read] if last_read is not None and not found[-1].public else []
    return [*before, *found[-1:]]


def steps(session: Session, alert_id: str) -> dict[DangerChannel, DangerStep]:
    """Who was told, by channel, since the alert was given."""
    query = select(DangerStep).join(DangerAlert, _SINCE).where(DangerStep.alert_id == alert_id)
    return {one.channel: one for one in session.scalars(query)}


def open_in(session: Session, space_ids: Collection[str]) -> list[DangerAlert]:
    """The alerts of these spaces for which nobody wrote down whom they told, the oldest first."""
    query = select(DangerAlert).where(DangerAlert.space_id.in_(list(space_ids)), _OPEN, ~_TOLD)
    return list(session.scalars(query.order_by(DangerAlert.at, DangerAlert.id).limit(OPEN)))


@dataclass(frozen=True, slots=True)
class Around:
    """The open procedures of one space: of these words, those that wait for who is told, those that go on."""

    own: DangerAlert | None
    waiting: tuple[DangerAlert, ...]
    going_on: tuple[DangerAlert, ...]


def around(session: Session, space_id: str, contribution_id: str | None) -> Around:
    """The open procedures of a space, the oldest first; one query."""
    own = DangerAlert.contribution_id == (contribution_id or "")
    found = session.execute(
        select(DangerAlert, _TOLD)
        .where(DangerAlert.space_id == space_id, _OPEN)
        .order_by(own.desc(), _TOLD, DangerAlert.at, DangerAlert.id)
        .limit(2 * OPEN + 1)
    ).all()
    ordered = sorted(found, key=lambda one: (one[0].at, one[0].id))
    return Around(
        next((alert for alert, _known in found if alert.contribution_id == contribution_id), None),
        tuple(alert for alert, known in ordered if not known)[:OPEN],
        tuple(alert for alert, known in ordered if known)[:OPEN],
    )


def raise_(
    session: Session, person: Actor, contribution_id: str, *, at: datetime | None = None
) -> DangerAlert:
    """Say that a person may be in danger; the first to say it opens the procedure, others change nothing.

    One that ended opens again. Errors: NotFoundError, RefusedError.
    """
    now = at or clock.now()
    row, _space = located(session, person, contribution_id, Permission.DANGER_RAISE, now)
    alert = of(session, row.id)
    if alert is not None and alert.ended_at is None:
        return alert
    if alert is None:
        alert = DangerAlert(contract_id=row.contract_id, space_id=row.space_id, contribution_id=row.id)
        session.add(alert)
    # What was taken back before is read by nobody: an alert does not give it to who follows the procedure.
    alert.version = 0 if row.status is ContributionStatus.WITHDRAWN else row.version
    alert.at, alert.ended_at, alert.ended_function = now, None, None
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
    seen: str | None = None,
    at: datetime | None = None,
) -> None:
    """Write down that somebody was told, once for each; it was said then, if nobody ever had.

    `seen` is the procedure that was on the screen, when there was one.
    Errors: NotFoundError, RefusedError, StaleError (ended, or another one opened since).
    """
    now = at or clock.now()
    located(session, person, contribution_id, Permission.QUEUE_READ, now)
    if of(session, contribution_id) is None:
        alert = raise_(session, person, contribution_id, at=now)
    else:
        alert = _still(session, contribution_id, seen)
    if channel not in steps(session, alert.id):
        _note(session, person, alert, channel, now)


def end(
    session: Session,
    person: Actor,
    contribution_id: str,
    *,
    seen: str | None = None,
    at: datetime | None = None,
) -> None:
    """End a procedure once somebody was told: who followed it reads no more words that were taken back.

    `seen` is the procedure that was on the screen.
    Errors: NotFoundError, RefusedError (`danger` while nobody wrote whom they told), StaleError (ended already,
    or another one opened since).
    """
    now = at or clock.now()
    located(session, person, contribution_id, Permission.QUEUE_READ, now)
    alert = _still(session, contribution_id, seen)
    told_first(session, contribution_id)
    alert.ended_at, alert.ended_function = now, function_of(person)
    session.flush()


def face(session: Session, person: Actor, contribution_id: str, facing: Facing, at: datetime) -> None:
    """Let nobody decide by habit of words on which a procedure is open; whom they told is written down.

    Errors: InvalidError (`channel` when nobody was told yet, `procedure` when somebody was).
    """
    alert = followed(session, contribution_id)
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
    alert = followed(session, contribution_id)
    if alert is not None and not steps(session, alert.id):
        raise RefusedError(
            "danger",
            say(
                "Une procédure de danger est ouverte sur ces mots, et personne n’est encore noté comme prévenu."
            ),
            say("Notez d’abord qui a été prévenu, sur la page de la procédure."),
        )


def _still(session: Session, contribution_id: str, seen: str | None) -> DangerAlert:
    """The procedure that is open, and that was seen when a page says which. Errors: StaleError."""
    alert = followed(session, contribution_id)
    if alert is None:
        ended = say("Aucune procédure n’est ouverte sur ces mots. Voici où elle en est.")
        raise StaleError(ended, seen=seen, current=None)
    if seen is not None and seen != alert.seen:
        other = say("Une nouvelle procédure a été ouverte sur ces mots depuis. Voici où elle en est.")
        raise StaleError(other, seen=seen, current=alert.seen)
    return alert


def _note(session: Session, person: Actor, alert: DangerAlert, channel: DangerChannel, at: datetime) -> None:
    # Told again since the procedure opened again: the same channel has one line.
    session.merge(DangerStep(alert_id=alert.id, channel=channel, by_function=function_of(person), at=at))
    session.flush()
