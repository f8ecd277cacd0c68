"""What a space asks, and what it asked before: a question that changes stays readable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.facts import Fact, FactKind
from portal.domain.journal import service as journal
from portal.domain.participants.queries import function_of
from portal.domain.spaces import queries, rules
from portal.domain.spaces.models import Space, SpaceQuestion
from portal.kernel import clock, lines
from portal.kernel.errors import InvalidError
from portal.kernel.speech import Sentence, say
from portal.policy.actor import Actor
from portal.vocabulary import Phase


@dataclass(frozen=True, slots=True)
class Replaced:
    """A question that is not put any more: until when, which one followed, and who put that one."""

    space_id: str
    question: str
    until: datetime
    then: str
    by_function: str


def first(session: Session, space: Space, person: Actor) -> None:
    """Remember the question that a new space asks."""
    session.add(
        SpaceQuestion(
            space_id=space.id,
            question=space.question,
            since=space.created_at,
            by_function=function_of(person),
        )
    )


def change(session: Session, space: Space, person: Actor, typed: str) -> None:
    """Put another question, and keep the one that was read; what was written answers that one.

    Errors: InvalidError (`question`).
    """
    asked = lines.check_line(typed, "question", rules.MAX_QUESTION)
    was = space.question
    if not lines.says_otherwise(was, asked):
        space.question = asked
        _put_right(session, space)
        return
    if queries.written(session, space.id):
        told = say(
            "Des personnes ont déjà écrit ici, ou répondu à un questionnaire : la question ne change plus. "
            "Pour en poser une autre, ouvrez un autre espace d’échange."
        )
        raise InvalidError({"question": [told]})
    space.question = asked
    if space.phase is Phase.DRAFT:
        _rewrite(session, space)
        return
    row = SpaceQuestion(space_id=space.id, question=asked, since=clock.now(), by_function=function_of(person))
    session.add(row)
    session.flush()
    journal.append(
        session,
        Fact(
            FactKind.SPACE_QUESTION_CHANGED,
            space.contract_id,
            row.id,
            group=person.group,
            participant_id=person.participant_id,
            content=f"{was} → {asked}",
            space_id=space.id,
        ),
    )


def _put_right(session: Session, space: Space) -> None:
    """The typography of the question that stands: it is what later reads as asked before."""
    query = select(SpaceQuestion).where(SpaceQuestion.space_id == space.id)
    row = session.scalar(query.order_by(SpaceQuestion.since.desc(), SpaceQuestion.id.desc()).limit(1))
    if row is not None:
        row.question = space.question


def _rewrite(session: Session, space: Space) -> None:
    """What a draft asked was asked of nobody: the first question is that of the announcement."""
    query = select(SpaceQuestion).where(SpaceQuestion.space_id == space.id)
    for row in session.scalars(query):
        row.question = space.question


def replaced(session: Session, space_ids: Sequence[str]) -> list[Replaced]:
    """The questions that these spaces asked before, the oldest first; one query."""
    rows = session.scalars(
        select(SpaceQuestion)
        .where(SpaceQuestion.space_id.in_(space_ids))
        .order_by(SpaceQuestion.since, SpaceQuestion.id)
    )
    found: list[Replaced] = []
    standing: dict[str, SpaceQuestion] = {}
    for row in rows:
        was = standing.get(row.space_id)
        if was is not None:
            found.append(
                Replaced(row.space_id, was.question, row.since, row.question, Sentence(row.by_function))
            )
        standing[row.space_id] = row
    return found
