"""Reads about answers: what is owed, what was given together, what became of each word."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from portal.domain.answers import rules
from portal.domain.answers.models import Answer, HandoverStep, ReasonTemplate
from portal.domain.contracts.models import ContractEstablishment
from portal.domain.contributions.models import Contribution
from portal.domain.contributions.states import HandoverState
from portal.domain.organisations.models import Establishment
from portal.kernel.names import of
from portal.kernel.speech import say
from portal.vocabulary import ORGANISER, ContributionStatus

REASONS = 30
# What is still to follow, a page at a time.
FOLLOWED = 20
RECIPIENTS = (
    say("Le conseil de la vie sociale"),
    say("La cuisine"),
    say("L’équipe soignante"),
    say("Le conseil départemental"),
    say("L’agence régionale de santé"),
)


def open_replies(session: Session, contribution_id: str, size: int = 500) -> list[Contribution]:
    """The published replies of a thread that nobody answered yet; the organiser's own excluded."""
    return list(
        session.scalars(
            select(Contribution)
            .outerjoin(Answer, Answer.contribution_id == Contribution.id)
            .where(
                Contribution.root_id == contribution_id,
                Contribution.status == ContributionStatus.PUBLISHED,
                Contribution.group != ORGANISER,
                Answer.id.is_(None),
            )
            .order_by(Contribution.arrival)
            .limit(size)
        )
    )


def rows_in(session: Session, space_id: str, contribution_ids: Collection[str]) -> list[Contribution]:
    """These contributions as far as they are of this space and not the organiser's, in order of arrival."""
    return list(
        session.scalars(
            select(Contribution)
            .where(
                Contribution.space_id == space_id,
                Contribution.id.in_(list(contribution_ids)),
                Contribution.group != ORGANISER,
                Contribution.shown_version.is_not(None),
            )
            .order_by(Contribution.arrival)
        )
    )


def answered_ids(session: Session, contribution_ids: Collection[str]) -> set[str]:
    """Which of these have their answer."""
    query = select(Answer.contribution_id).where(Answer.contribution_id.in_(list(contribution_ids)))
    return set(session.scalars(query))


def together(session: Session, answer: Answer) -> list[tuple[Answer, Contribution]]:
    """An answer with those that were given with it, and what each is about."""
    query = select(Answer, Contribution).join(Contribution, Contribution.id == Answer.contribution_id)
    same = Answer.group_id == answer.group_id if answer.group_id else Answer.id == answer.id
    return [(one, about) for one, about in session.execute(query.where(same).order_by(Contribution.arrival))]


def group_of(session: Session, contribution_id: str) -> str | None:
    """What contributions that were answered together share; None for an answer of its own."""
    return session.scalar(select(Answer.group_id).where(Answer.contribution_id == contribution_id))


def group_ids(session: Session, group_id: str, *, after: str | None = None, size: int = 20) -> list[str]:
    """A page of the contributions that were answered together, in order of arrival."""
    query = (
        select(Contribution.id)
        .join(Answer, Answer.contribution_id == Contribution.id)
        .where(Answer.group_id == group_id)
    )
    if after is not None:
        start = select(Contribution.arrival).where(Contribution.id == after).scalar_subquery()
        query = query.where(Contribution.arrival > start)
    return list(session.scalars(query.order_by(Contribution.arrival).limit(size)))


def to_link(session: Session, space_id: str, after: str | None = None) -> tuple[list[str], str | None]:
    """Contributions whose words are kept while no text says so yet, one of each group: a page, and after which the next begins."""
    first = (
        select(func.min(Contribution.arrival))
        .join(Answer, Answer.contribution_id == Contribution.id)
        .where(Contribution.space_id == space_id, Answer.to_link.is_(True))
        .group_by(func.coalesce(Answer.group_id, Answer.id))
    )
    return _a_page(session, select(Contribution.id).where(Contribution.arrival.in_(first)), after)


def without_news(
    session: Session, space_id: str, since: datetime, after: str | None = None
) -> tuple[list[str], str | None]:
    """Contributions that were passed on, whose last step is no answer and is that old: a page, as `to_link`."""
    return _a_page(session, _waiting_there(space_id).where(HandoverStep.at <= since), after)


def with_news(
    session: Session, space_id: str, since: datetime, after: str | None = None
) -> tuple[list[str], str | None]:
    """The same, whose last step is later than that."""
    return _a_page(session, _waiting_there(space_id).where(HandoverStep.at > since), after)


def _waiting_there(space_id: str) -> Select[Any]:
    """What was passed on, with its last step, which is no answer."""
    later = aliased(HandoverStep)
    newer = select(later.id).where(
        later.contribution_id == HandoverStep.contribution_id,
        or_(later.at > HandoverStep.at, and_(later.at == HandoverStep.at, later.id > HandoverStep.id)),
    )
    return (
        select(Contribution.id)
        .join(HandoverStep, HandoverStep.contribution_id == Contribution.id)
        .where(
            Contribution.space_id == space_id,
            HandoverStep.state != HandoverState.ANSWERED,
            ~newer.exists(),
        )
    )


def _a_page(session: Session, query: Select[Any], after: str | None) -> tuple[list[str], str | None]:
    if after is not None:
        start = select(Contribution.arrival).where(Contribution.id == after).scalar_subquery()
        query = query.where(Contribution.arrival > start)
    found = list(session.scalars(query.order_by(Contribution.arrival).limit(FOLLOWED + 1)))
    return found[:FOLLOWED], found[FOLLOWED - 1] if len(found) > FOLLOWED else None


def reasons(session: Session, contract_id: str) -> list[ReasonTemplate]:
    """The reasons that are kept for a contract, the most used first."""
    query = select(ReasonTemplate).where(ReasonTemplate.contract_id == contract_id)
    return list(
        session.scalars(query.order_by(ReasonTemplate.used.desc(), ReasonTemplate.title).limit(REASONS))
    )


def recipients(session: Session, contract_id: str) -> list[str]:
    """To whom words may be passed on: the houses of the contract, and those to whom some were passed on already."""
    houses = session.scalars(
        select(Establishment.name)
        .join(ContractEstablishment, ContractEstablishment.establishment_id == Establishment.id)
        .where(ContractEstablishment.contract_id == contract_id)
        .order_by(Establishment.name)
    )
    before = session.scalars(
        select(Answer.passed_to)
        .join(Contribution, Contribution.id == Answer.contribution_id)
        .where(Contribution.contract_id == contract_id, Answer.passed_to != "")
        .group_by(Answer.passed_to)
        .order_by(func.max(Answer.at).desc(), Answer.passed_to)
        .limit(REASONS)
    )
    directions = [say("La direction %(of_house)s", of_house=of(house)) for house in houses]
    written = {one.casefold(): one for one in RECIPIENTS}
    known: dict[str, str] = {}
    for one in [*before, *RECIPIENTS, *directions]:
        if rules.names_somebody(one):
            known.setdefault(one.casefold(), written.get(one.casefold(), one))
    return list(known.values())
