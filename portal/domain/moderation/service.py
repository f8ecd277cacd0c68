"""Verbs of moderation: approve, refuse, hide. None of them edits words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain.contributions.models import Contribution, ContributionVersion
from portal.domain.contributions.service import fact, located, target_of
from portal.domain.facts import FactKind
from portal.domain.journal import service as journal
from portal.domain.moderation import danger, marks, reports, standing
from portal.domain.moderation.danger import Facing
from portal.domain.moderation.models import Decision, ModerationDecision, ReportOutcome
from portal.domain.participants.queries import function_of
from portal.kernel import clock, reasons, text
from portal.kernel.errors import InvalidError, StaleError
from portal.kernel.speech import say
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.vocabulary import ContributionStatus, ModerationRule

MAX_SENTENCE = 500
NOTHING = Facing()


@dataclass(frozen=True, slots=True)
class Seen:
    """What the decider had on the screen: the last version, the status, and the version that people read.

    `shown` is 0 when people read none of them, None when the decider does not tell.
    """

    version: int
    status: ContributionStatus
    shown: int | None = None

    def is_still(self, row: Contribution) -> bool:
        """Whether the words are as they were on the screen."""
        same = (row.version, row.status) == (self.version, self.status)
        return same and self.shown in (None, row.shown_version or 0)


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule of the closed list, the words meant and a sentence that says how to mend: the author reads them."""

    rule: ModerationRule
    sentence: str
    # The words that are meant; none stands for the words as a whole.
    passages: tuple[str, ...] = ()


def approve(
    session: Session,
    person: Actor,
    contribution_id: str,
    seen: Seen,
    *,
    facing: Facing = NOTHING,
    at: datetime | None = None,
) -> Contribution:
    """Publish the version that waits; `facing` answers a procedure of danger that is open on the words.

    Errors: NotFoundError, RefusedError, StaleError, InvalidError (`channel`, `procedure`).
    """
    now = at or clock.now()
    row = decidable(session, person, contribution_id, seen, now, waiting=True)
    danger.face(session, person, row.id, facing, now)
    first = row.shown_version is None
    row.shown_version = row.version
    row.status = ContributionStatus.PUBLISHED
    row.pending = False
    row.published_at = row.published_at or now
    session.get_one(ContributionVersion, (row.id, row.version)).public = True
    _write(session, person, row, Decision.APPROVED, None, now)
    kind = FactKind.CONTRIBUTION_PUBLISHED if first else FactKind.CONTRIBUTION_CORRECTED
    journal.append(session, fact(kind, row, person))
    return row


def refuse(
    session: Session,
    person: Actor,
    contribution_id: str,
    seen: Seen,
    reason: Reason,
    *,
    facing: Facing = NOTHING,
    at: datetime | None = None,
) -> Contribution:
    """Refuse the version that waits; an approved earlier version stays shown.

    Errors: NotFoundError, RefusedError (also `recours-annule`), StaleError, InvalidError (`sentence`, `channel`, `procedure`).
    """
    now = at or clock.now()
    row = decidable(session, person, contribution_id, seen, now, waiting=True)
    checked = _checked(reason)
    standing.check(session, person, row.id, row.version, checked.rule)
    danger.face(session, person, row.id, facing, now)
    row.pending = False
    correction = row.shown_version is not None
    if not correction:
        row.status = ContributionStatus.REFUSED
    _write(session, person, row, Decision.REFUSED, checked, now)
    kind = FactKind.CORRECTION_REFUSED if correction else FactKind.CONTRIBUTION_REFUSED
    journal.append(session, fact(kind, row, person, _sealed(session, row, row.version, checked)))
    return row


def hide(
    session: Session,
    person: Actor,
    contribution_id: str,
    seen: Seen,
    reason: Reason,
    *,
    facing: Facing = NOTHING,
    at: datetime | None = None,
) -> Contribution:
    """Hide published words; their stone stays. A correction that waits is kept for after an appeal.

    Errors: as `refuse`.
    """
    now = at or clock.now()
    row = decidable(session, person, contribution_id, seen, now, waiting=False)
    checked = _checked(reason)
    standing.check(session, person, row.id, row.shown_version or row.version, checked.rule)
    danger.face(session, person, row.id, facing, now)
    row.status = ContributionStatus.HIDDEN
    row.pending = False
    _write(session, person, row, Decision.HIDDEN, checked, now, number=row.shown_version)
    reports.settle(session, row, ReportOutcome.SET_ASIDE, now)
    told = _sealed(session, row, row.shown_version or row.version, checked)
    journal.append(session, fact(FactKind.CONTRIBUTION_HIDDEN, row, person, told))
    return row


def _checked(reason: Reason) -> Reason:
    try:
        sentence = text.typography(text.clean_source(reason.sentence, maximum=MAX_SENTENCE))
        return Reason(reason.rule, reasons.check(sentence, "sentence"), reason.passages)
    except text.TextEmpty:
        problem = say(
            "Écrivez une phrase pour la personne qui a écrit : quels mots posent problème, et comment les changer."
        )
    except text.TextTooLong:
        problem = say(
            "Votre phrase est trop longue. Elle peut avoir %(limit)s signes au plus.",
            limit=text.number(MAX_SENTENCE),
        )
    raise InvalidError({"sentence": [problem]})


def decidable(
    session: Session, person: Actor, contribution_id: str, seen: Seen, now: datetime, *, waiting: bool
) -> Contribution:
    """The words as they were on the screen: what is asked before anything that was typed is looked at.

    `waiting` tells a version that waits from words that people read. Errors: NotFoundError, RefusedError, StaleError.
    """
    row, space = located(session, person, contribution_id, Permission.MODERATE, now)
    expected = row.pending if waiting else row.status is ContributionStatus.PUBLISHED
    if not expected or not seen.is_still(row):
        raise StaleError(
            say("Cette contribution a changé depuis que vous l’avez ouverte. Voici son état actuel."),
            seen=seen,
            current=Seen(row.version, row.status, row.shown_version or 0),
        )
    permits.require(person, Permission.MODERATE_ONE, target_of(session, row, space, now))
    return row


def _write(
    session: Session,
    person: Actor,
    row: Contribution,
    decision: Decision,
    reason: Reason | None,
    now: datetime,
    number: int | None = None,
) -> None:
    judged = number or row.version
    session.add(
        ModerationDecision(
            contribution_id=row.id,
            number=judged,
            decision=decision,
            rule=reason.rule if reason else None,
            passages=_meant(session, row, judged, reason),
            sentence=reason.sentence if reason else "",
            by_participant=person.participant_id,
            by_function=function_of(person),
            at=now,
        )
    )
    session.flush()


def _sealed(session: Session, row: Contribution, number: int, reason: Reason) -> str:
    """What the line of the register seals of a decision: the rule, the sentence, the words that are meant."""
    return f"{reason.rule.value} {reason.sentence} {_meant(session, row, number, reason)}".strip()


def _meant(session: Session, row: Contribution, number: int, reason: Reason | None) -> str:
    """The words that are meant, as the version that is judged writes them, one passage a line."""
    if reason is None or not reason.passages:
        return ""
    judged = session.get_one(ContributionVersion, (row.id, number))
    try:
        return "\n".join(marks.checked(reason.passages, judged.source, judged.reason_source))
    except InvalidError:
        if row.shown_version in (None, row.version):
            raise
    told = say(
        "Cochez des mots de la version dont vous décidez : la version publiée si vous la masquez, "
        "la correction si vous ne la publiez pas."
    )
    raise InvalidError({"passages": [told]})
