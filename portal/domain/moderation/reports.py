"""Participants report what breaks a rule: one report a person, never shown with who said so."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.domain.contributions import service as contributions
from portal.domain.contributions.models import Contribution
from portal.domain.contributions.service import located
from portal.domain.facts import Fact, FactKind
from portal.domain.journal import service as journal
from portal.domain.moderation import danger
from portal.domain.moderation.models import Report, ReportOutcome
from portal.kernel import clock, text
from portal.kernel.errors import InvalidError, StaleError
from portal.kernel.speech import say
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.vocabulary import ModerationRule

MAX_WORDS = 500


def report(
    session: Session,
    person: Actor,
    contribution_id: str,
    rule: ModerationRule,
    words: str,
    *,
    at: datetime | None = None,
) -> Report:
    """Say that published words break a rule.

    Errors: NotFoundError, RefusedError, InvalidError (`words`), StaleError (said already).
    """
    now = at or clock.now()
    row, _space = located(session, person, contribution_id, Permission.REPORT, now)
    if own(session, person, row.id) is not None:
        raise StaleError(
            say("Vous avez déjà signalé cette contribution. La modération la regarde."),
            seen=None,
            current=None,
        )
    waits = bool(open_on(session, row.id))
    made = Report(
        contribution_id=row.id,
        participant_id=person.participant_id,
        space_id=row.space_id,
        rule=rule,
        words=_words(words),
        version=row.shown_version or row.version,
        at=now,
    )
    session.add(made)
    session.flush()
    if not waits:
        # It is told already that it was reported: one line, frame and notice more for each would count who did.
        journal.append(session, _fact(FactKind.CONTRIBUTION_REPORTED, row))
    return made


def own(session: Session, person: Actor, contribution_id: str) -> Report | None:
    """What this person reported of a contribution, for this person's eyes only; None when nothing."""
    return session.get(Report, (contribution_id, person.participant_id))


def open_on(session: Session, contribution_id: str) -> list[Report]:
    """The reports that nobody examined yet, without an order that tells who came first."""
    query = select(Report).where(Report.contribution_id == contribution_id, Report.settled_at.is_(None))
    return sorted(session.scalars(query), key=lambda one: (one.rule.value, one.words))


def settle(session: Session, row: Contribution, outcome: ReportOutcome, at: datetime) -> bool:
    """Close the open reports on these words; False when there was none."""
    closed = session.execute(
        update(Report)
        .where(Report.contribution_id == row.id, Report.settled_at.is_(None))
        .values(outcome=outcome, settled_at=at)
        .returning(Report.participant_id)
    )
    return bool(closed.all())


def keep(session: Session, person: Actor, contribution_id: str, *, at: datetime | None = None) -> None:
    """Find that reported words may stay: who reported is told.

    Errors: NotFoundError, RefusedError (`danger` while nobody wrote whom they told of it), StaleError.
    """
    now = at or clock.now()
    row, _space = located(session, person, contribution_id, Permission.MODERATE_ONE, now)
    danger.told_first(session, contribution_id)
    if not settle(session, row, ReportOutcome.KEPT, now):
        raise StaleError(
            say("Ce signalement a déjà été examiné. Voici l’état actuel."), seen=None, current=None
        )
    journal.append(session, _fact(FactKind.REPORTS_SETTLED, row))


def withdraw(
    session: Session, person: Actor, contribution_id: str, *, warned: bool = True, at: datetime | None = None
) -> Contribution:
    """Take one's words back; nothing is left to examine in them, and who reported is told so.

    `warned`: whether the author read that an alert keeps them, if one does.
    Errors: NotFoundError, RefusedError, StaleError (an alert was given since the page was read).
    """
    now = at or clock.now()
    row = contributions.withdraw(session, person, contribution_id, at=now)
    # Only once it is known that these words are theirs: nobody else learns of an alert here.
    if not warned and danger.followed(session, row.id) is not None:
        since = say(
            "Une alerte a été donnée depuis que vous avez ouvert cette page. Lisez ce qu’elle change, puis choisissez."
        )
        raise StaleError(since, seen=None, current=None)
    # Without a line of its own: beside that of these words, it would tell that somebody had reported them.
    settle(session, row, ReportOutcome.WITHDRAWN, now)
    return row


def _fact(kind: FactKind, row: Contribution) -> Fact:
    """Neither group nor person: a report tells nobody who made it."""
    return Fact(kind, row.contract_id, row.id, space_id=row.space_id)


def _words(raw: str) -> str:
    try:
        return text.typography(text.clean_source(raw, maximum=MAX_WORDS))
    except text.TextEmpty:
        return ""
    except text.TextTooLong:
        problem = say(
            "Votre texte est trop long. Il peut avoir %(limit)s signes au plus.", limit=text.number(MAX_WORDS)
        )
    raise InvalidError({"words": [problem]})
