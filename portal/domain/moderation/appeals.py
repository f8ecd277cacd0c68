"""A second look at a decision of moderation: asked by the author, decided by a person of another college."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.contracts import queries as contracts
from portal.domain.contributions.models import Contribution, ContributionVersion
from portal.domain.contributions.service import by_id, fact, located
from portal.domain.facts import FactKind
from portal.domain.journal import service as journal
from portal.domain.moderation import readers
from portal.domain.moderation.models import Appeal, AppealState, Decision, ModerationDecision
from portal.domain.moderation.rules import appeal_due
from portal.domain.participants.models import Participant
from portal.kernel import clock, reasons, text
from portal.kernel.errors import InvalidError, NotFoundError, RefusedError, StaleError
from portal.kernel.speech import Sentence, say
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.policy.targets import AppealTarget
from portal.vocabulary import ContributionStatus

MAX_WORDS = 500
MAX_REASON = 500
FUNCTION = say("la personne qui lit les recours")
ANOTHER = say("La direction du contrat peut nommer une autre personne pour les recours de cet espace.")


def decision_on(session: Session, contribution_id: str) -> ModerationDecision | None:
    """The last decision against these words; None when there is none."""
    query = select(ModerationDecision).where(
        ModerationDecision.contribution_id == contribution_id,
        ModerationDecision.decision != Decision.APPROVED,
    )
    return session.scalar(query.order_by(ModerationDecision.at.desc(), ModerationDecision.id.desc()).limit(1))


def of_decision(session: Session, decision_id: str) -> Appeal | None:
    """The appeal against a decision, if there is one."""
    return session.scalar(select(Appeal).where(Appeal.decision_id == decision_id))


def ask(
    session: Session, person: Actor, contribution_id: str, words: str, *, at: datetime | None = None
) -> Appeal:
    """Ask for a second look at the decision on one's words.

    Errors: NotFoundError, RefusedError, InvalidError (`words`), StaleError (asked already, or erased).
    """
    now = at or clock.now()
    row, _space = located(session, person, contribution_id, Permission.APPEAL, now)
    decision = decision_on(session, row.id)
    if decision is None:
        raise NotFoundError
    known = of_decision(session, decision.id)
    if known is not None or row.erased:
        raise StaleError(
            say("Un second regard a déjà été demandé, ou ce texte a été effacé. Voici où il en est."),
            seen=None,
            current=known,
        )
    told = _words(words, "words", MAX_WORDS)
    decider = session.get_one(Participant, decision.by_participant)
    appeal = Appeal(
        contract_id=row.contract_id,
        space_id=row.space_id,
        contribution_id=row.id,
        decision_id=decision.id,
        number=decision.number,
        decider_id=decider.id,
        college=decider.group.college,
        words=told,
        at=now,
        due_at=appeal_due(now, contracts.department(session, row.contract_id)),
    )
    session.add(appeal)
    session.flush()
    journal.append(session, fact(FactKind.APPEAL_MADE, row, person, told))
    return appeal


def target_of(session: Session, appeal: Appeal) -> AppealTarget:
    """What rights about an appeal depend on."""
    row = by_id(session, appeal.contribution_id)
    named = {one.participant_id for one in readers.named(session, appeal.space_id)}
    return AppealTarget(
        contract_id=appeal.contract_id,
        appeal_id=appeal.id,
        author_id=row.participant_id if row else "",
        decider_id=appeal.decider_id,
        college=appeal.college,
        readers=frozenset(named - readers.aside(session, [appeal.id]).get(appeal.id, set())),
        decided=appeal.state is not AppealState.ASKED,
    )


def promised(session: Session, person: Actor, appeal: Appeal) -> bool:
    """Whether this reader accepted confidentiality for the space of the appeal."""
    return any(
        one.participant_id == person.participant_id and one.accepted_at is not None
        for one in readers.named(session, appeal.space_id)
    )


def decide(
    session: Session,
    person: Actor,
    appeal_id: str,
    state: AppealState,
    reason: str,
    *,
    at: datetime | None = None,
) -> Appeal:
    """Uphold a decision or reverse it, with a reason that author and moderation read.

    Errors: NotFoundError, RefusedError (not this person, no longer fit, nothing promised), StaleError
    (decided or erased meanwhile), InvalidError (`reason`).
    """
    now = at or clock.now()
    appeal = session.get(Appeal, appeal_id)
    if appeal is None:
        raise NotFoundError
    target = target_of(session, appeal)
    permits.require(person, Permission.APPEAL_READ, target)
    row = by_id(session, appeal.contribution_id)
    if row is None or row.erased or target.decided:
        raise StaleError(
            say("Ce recours est déjà décidé, ou le texte a été effacé. Voici son état actuel."),
            seen=AppealState.ASKED,
            current=appeal.state,
        )
    permits.require(person, Permission.APPEAL_DECIDE, target)
    unfit = readers.unfit(session, appeal.contract_id, person)
    if unfit is not None:
        raise RefusedError("lecture", unfit, ANOTHER)
    if not promised(session, person, appeal):
        raise RefusedError(
            "confidentialite",
            say("Acceptez d’abord de garder ces mots pour vous."),
            say("Vous pouvez l’accepter sur la page des recours."),
        )
    told = reasons.check(_words(reason, "reason", MAX_REASON), "reason")
    if not told:
        raise InvalidError(
            {"reason": [say("Écrivez une phrase : la personne qui a écrit lira votre raison.")]}
        )
    appeal.state, appeal.reason = state, told
    appeal.decided_by, appeal.decided_function, appeal.decided_at = person.participant_id, FUNCTION, now
    reversed_ = state is AppealState.REVERSED
    if reversed_:
        _show_again(session, row, appeal, now)
    session.flush()
    kind = FactKind.APPEAL_REVERSED if reversed_ else FactKind.APPEAL_UPHELD
    journal.append(session, fact(kind, row, person, told))
    return appeal


def _show_again(session: Session, row: Contribution, appeal: Appeal, now: datetime) -> None:
    """Words that nobody had read are published now; those that were hidden are shown as they were.

    A correction that waited when they were hidden waits again.
    """
    row.status, row.pending = ContributionStatus.PUBLISHED, kept_correction(session, row)
    if row.shown_version is None:
        row.shown_version = appeal.number
        row.published_at = row.published_at or now
        session.get_one(ContributionVersion, (row.id, appeal.number)).public = True


def kept_correction(session: Session, row: Contribution) -> bool:
    """Whether a correction was sent, and nobody judged it, before the published words were hidden."""
    if row.erased or row.shown_version is None or row.version == row.shown_version:
        return False
    query = select(ModerationDecision.id).where(
        ModerationDecision.contribution_id == row.id, ModerationDecision.number == row.version
    )
    return session.scalar(query.limit(1)) is None


def _words(raw: str, field: str, limit: int) -> str:
    try:
        return text.typography(text.clean_source(raw, maximum=limit))
    except text.TextEmpty:
        return ""
    except text.TextTooLong:
        problem: Sentence = say(
            "Votre texte est trop long. Il peut avoir %(limit)s signes au plus.", limit=text.number(limit)
        )
    raise InvalidError({field: [problem]})
