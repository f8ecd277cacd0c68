"""Contributions that say the same are answered together: each keeps its words, its place and its author."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from portal.domain.answers import queries
from portal.domain.answers.models import Answer, ContributionMerge
from portal.domain.contributions.models import Contribution
from portal.domain.contributions.service import fact, located
from portal.domain.facts import FactKind
from portal.domain.journal import service as journal
from portal.domain.participants.queries import function_of
from portal.domain.spaces import queries as spaces
from portal.kernel import clock
from portal.kernel.errors import InvalidError, NotFoundError, RefusedError, StaleError
from portal.kernel.lines import check_reason
from portal.kernel.speech import say
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.vocabulary import ContributionStatus

MAX_REASON = 200
MANY = 100


def merge(
    session: Session,
    person: Actor,
    space_id: str,
    contribution_ids: Collection[str],
    reason: str,
    *,
    at: datetime | None = None,
) -> Contribution:
    """Group these contributions around the oldest one, which is returned.

    Errors: NotFoundError, RefusedError, InvalidError (`chosen`, `why`); StaleError when one was answered,
    grouped or taken back meanwhile.
    """
    now = at or clock.now()
    space = spaces.view(session, space_id, now)
    if space is None:
        raise NotFoundError
    permits.require(person, Permission.ANSWER_IN, space.target)
    if not 1 < len(contribution_ids) <= MANY:
        raise InvalidError(
            {"chosen": [say("Choisissez au moins deux contributions qui disent la même chose.")]}
        )
    told = check_reason(reason, "why", MAX_REASON)
    rows = queries.rows_in(session, space_id, contribution_ids)
    if len(rows) != len(set(contribution_ids)):
        raise NotFoundError
    kept = _kept(session, rows)
    others = [row for row in rows if row.id != kept.id]
    session.add_all(
        ContributionMerge(
            contribution_id=row.id,
            kept_id=kept.id,
            by_participant=person.participant_id,
            by_function=function_of(person),
            reason=told,
            at=now,
        )
        for row in others
    )
    session.flush()
    for row in [kept, *others]:
        journal.append(session, fact(FactKind.CONTRIBUTIONS_MERGED, row, person, told))
    return kept


def part(
    session: Session, person: Actor, contribution_id: str, *, at: datetime | None = None
) -> list[Contribution]:
    """Undo a grouping, as long as no answer was given to it.

    Errors: NotFoundError, RefusedError (code `repondu`).
    """
    now = at or clock.now()
    row, _space = located(session, person, contribution_id, Permission.ANSWER_IN, now)
    whole = circle(session, [row.id])
    if len(whole) < 2:  # noqa: PLR2004 — alone, it is grouped with nothing
        raise StaleError(
            say("Cette contribution n’est pas regroupée avec d’autres."), seen=None, current=None
        )
    if queries.answered_ids(session, [one.id for one in whole]):
        raise RefusedError(
            "repondu",
            say("Ces contributions ont déjà reçu leur réponse ensemble."),
            say("Elles restent regroupées, pour que chacun comprenne la réponse."),
        )
    session.execute(
        delete(ContributionMerge).where(ContributionMerge.contribution_id.in_([one.id for one in whole]))
    )
    session.flush()
    for one in whole:
        journal.append(session, fact(FactKind.CONTRIBUTIONS_PARTED, one, person))
    return whole


def circle(session: Session, contribution_ids: Collection[str]) -> list[Contribution]:
    """These contributions with all that are grouped with them, in order of arrival."""
    merged = ContributionMerge
    heads = select(merged.kept_id).where(merged.contribution_id.in_(contribution_ids))
    kept = select(Contribution.id).where(
        or_(Contribution.id.in_(contribution_ids), Contribution.id.in_(heads))
    )
    others = select(merged.contribution_id).where(merged.kept_id.in_(kept))
    query = select(Contribution).where(or_(Contribution.id.in_(kept), Contribution.id.in_(others)))
    return list(session.scalars(query.order_by(Contribution.arrival)))


def answerable_with(session: Session, rows: Sequence[Contribution]) -> list[Contribution]:
    """What is grouped with these and still waits for an answer: one answer serves all."""
    known = {row.id for row in rows}
    others = [row for row in circle(session, list(known)) if row.id not in known]
    done = queries.answered_ids(session, [row.id for row in others]) if others else set()
    return [row for row in others if row.status is ContributionStatus.PUBLISHED and row.id not in done]


def reason_of(session: Session, kept_id: str) -> str:
    """Why contributions were grouped around this one."""
    query = select(ContributionMerge.reason).where(ContributionMerge.kept_id == kept_id)
    return session.scalar(query.order_by(ContributionMerge.at.desc()).limit(1)) or ""


def _kept(session: Session, rows: Sequence[Contribution]) -> Contribution:
    """The one around which these are grouped: the one that others were grouped with already, or the oldest."""
    ids = [row.id for row in rows]
    merged = set(
        session.scalars(
            select(ContributionMerge.contribution_id).where(ContributionMerge.contribution_id.in_(ids))
        )
    )
    answered = set(session.scalars(select(Answer.contribution_id).where(Answer.contribution_id.in_(ids))))
    public = all(row.status is ContributionStatus.PUBLISHED for row in rows)
    heads = set(session.scalars(select(ContributionMerge.kept_id).where(ContributionMerge.kept_id.in_(ids))))
    if merged or answered or not public or len(heads) > 1:
        raise StaleError(
            say("Une de ces contributions a déjà sa réponse, ou est déjà regroupée. Rien n’a été regroupé."),
            seen=None,
            current=None,
        )
    return next((row for row in rows if row.id in heads), rows[0])
