"""Somebody may be in danger: a procedure opens, who was told is written down, the words are kept."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Subquery, and_, func, or_, select, true
from sqlalchemy.orm import Session

from portal.domain.contributions.models import ContributionVersion
from portal.domain.contributions.service import located
from portal.domain.facts import Fact, FactKind
from portal.domain.journal import service as journal
from portal.domain.moderation.models import DangerAlert, DangerChannel, DangerStep
from portal.domain.participants.queries import function_of
from portal.kernel import clock
from portal.kernel.errors import InvalidError, RefusedError, StaleError
from portal.kernel.speech import Sentence, say
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
class Listed:
    """The oldest procedures after a place in a list, and whether others come after them."""

    alerts: tuple[DangerAlert, ...]
    others: bool = False

    @property
    def next(self) -> str | None:
        """The place after which the others come; None when there is none."""
        return self.alerts[-1].id if self.others else None


@dataclass(frozen=True, slots=True)
class Around:
    """The open procedures of one space: of these words, those that wait for who is told, those that go on."""

    own: DangerAlert | None
    waiting: Listed
    going_on: Listed


def around(
    session: Session,
    space_id: str,
    contribution_id: str | None,
    *,
    waiting_after: str | None = None,
    going_on_after: str | None = None,
) -> Around:
    """The open procedures of a space, the oldest first, each list after one that was read; one query at first."""
    known = _TOLD.label("known")
    every = select(DangerAlert.id, DangerAlert.at, known).where(DangerAlert.space_id == space_id, _OPEN)
    one = every.subquery()
    wanted = or_(
        and_(~one.c.known, _after(session, one, waiting_after)),
        and_(one.c.known, _after(session, one, going_on_after)),
    )
    rank = func.row_number().over(partition_by=one.c.known, order_by=(one.c.at, one.c.id)).label("rank")
    ranked = select(one.c.id, one.c.known, rank).where(wanted).subquery()
    own = DangerAlert.contribution_id == (contribution_id or "")
    found = session.execute(
        select(DangerAlert, ranked.c.known, ranked.c.rank)
        .join(ranked, ranked.c.id == DangerAlert.id)
        .where(or_(ranked.c.rank <= OPEN + 1, own))
        .order_by(ranked.c.rank)
    ).all()

    def listed(*, told: bool) -> Listed:
        rows = [row for row in found if row.known == told and row.rank <= OPEN + 1]
        return Listed(tuple(row[0] for row in rows[:OPEN]), len(rows) > OPEN)

    mine = next((row[0] for row in found if row[0].contribution_id == contribution_id), None)
    if mine is None and contribution_id is not None and (waiting_after or going_on_after):
        mine = followed(session, contribution_id)
    return Around(mine, listed(told=False), listed(told=True))


def _after(session: Session, one: Subquery, alert_id: str | None) -> ColumnElement[bool]:
    """What comes after this alert; all of them when it is not known."""
    read = session.get(DangerAlert, alert_id) if alert_id else None
    if read is None:
        return true()
    return or_(one.c.at > read.at, and_(one.c.at == read.at, one.c.id > read.id))


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


NOTE_FIRST = say("Notez d’abord qui a été prévenu, sur la page de la procédure.")


def told_first(session: Session, contribution_id: str, advice: Sentence = NOTE_FIRST) -> None:
    """Let what is done to such words wait until somebody was told. Errors: RefusedError (`danger`)."""
    alert = followed(session, contribution_id)
    if alert is not None and not steps(session, alert.id):
        raise RefusedError(
            "danger",
            say(
                "Une procédure de danger est ouverte sur ces mots, et personne n’est encore noté comme prévenu."
            ),
            advice,
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
