"""Words passed on to somebody else are followed like the others: each step is dated and read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.answers import queries
from portal.domain.answers.models import Answer, HandoverStep
from portal.domain.contributions.models import Contribution
from portal.domain.contributions.service import fact, located
from portal.domain.contributions.states import HandoverState
from portal.domain.facts import FactKind
from portal.domain.journal import service as journal
from portal.domain.participants.queries import function_of
from portal.kernel import clock, reasons, text
from portal.kernel.errors import InvalidError, StaleError
from portal.kernel.speech import say
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.vocabulary import Fate

MAX_WORDS = 600
SILENCE = timedelta(days=30)
ORDER = list(HandoverState)


@dataclass(frozen=True, slots=True)
class NewStep:
    """What is known of words that were passed on; `seen` is the state that was on the screen."""

    state: HandoverState | None
    words: str
    seen: HandoverState | None = None


def begin(session: Session, rows: Sequence[Contribution], function: str, at: datetime) -> None:
    """The first step of each: passed on today."""
    session.add_all(
        HandoverStep(contribution_id=row.id, state=HandoverState.SENT, words="", by_function=function, at=at)
        for row in rows
    )


def move(
    session: Session, person: Actor, contribution_id: str, command: NewStep, *, at: datetime | None = None
) -> list[HandoverStep]:
    """Tell what became of words that were passed on, for all that were answered together.

    Errors: NotFoundError, RefusedError, InvalidError (`state`, `words`), StaleError.
    """
    now = at or clock.now()
    row, _space = located(session, person, contribution_id, Permission.ANSWER_IN, now)
    answer = session.scalar(select(Answer).where(Answer.contribution_id == row.id))
    if answer is None or answer.fate is not Fate.PASSED_ON:
        raise StaleError(say("Cette contribution n’a pas été transmise."), seen=None, current=None)
    last = steps(session, row.id)[-1:]
    current = last[0].state if last else HandoverState.SENT
    if command.seen is not None and command.seen is not current:
        raise StaleError(
            say("Quelqu’un a donné des nouvelles de cette contribution. Les voici."),
            seen=command.seen,
            current=current,
        )
    words = _checked(command, current)
    given = [
        HandoverStep(
            contribution_id=about.id,
            state=command.state,
            words=words,
            by_function=function_of(person),
            at=now,
        )
        for _one, about in queries.together(session, answer)
    ]
    session.add_all(given)
    session.flush()
    for _one, about in queries.together(session, answer):
        journal.append(session, fact(FactKind.HANDOVER_MOVED, about, person, words))
    return given


def steps(session: Session, contribution_id: str) -> list[HandoverStep]:
    """The steps of words that were passed on, the first one first."""
    query = select(HandoverStep).where(HandoverStep.contribution_id == contribution_id)
    return list(session.scalars(query.order_by(HandoverStep.at, HandoverStep.id)))


def silent(
    session: Session, space_id: str, at: datetime, after: str | None = None
) -> tuple[list[str], str | None]:
    """The contributions of a space that were passed on, without news for a month: a page, and where the next begins."""
    return queries.without_news(session, space_id, at - SILENCE, after)


def under_way(
    session: Session, space_id: str, at: datetime, after: str | None = None
) -> tuple[list[str], str | None]:
    """Those of which there is news since, or that were passed on since, without an answer yet: a page too."""
    return queries.with_news(session, space_id, at - SILENCE, after)


def _checked(command: NewStep, current: HandoverState) -> str:
    errors: dict[str, list[str]] = {}
    words = ""
    if command.state is None or command.state is HandoverState.SENT:
        errors["state"] = [say("Dites où en est cette contribution.")]
    elif ORDER.index(command.state) < ORDER.index(current):
        errors["state"] = [say("Cette contribution a déjà reçu une réponse. Vous pouvez la compléter.")]
    try:
        words = text.typography(text.clean_source(command.words, maximum=MAX_WORDS))
    except text.TextEmpty:
        errors["words"] = [say("Écrivez ce que l’on vous a dit, en une phrase.")]
    except text.TextTooLong:
        errors["words"] = [say("Ces nouvelles sont trop longues (600 signes au plus).")]
    if words and not reasons.tells(words):
        errors["words"] = [reasons.TOO_SHORT]
    if errors:
        raise InvalidError(errors)
    return words
