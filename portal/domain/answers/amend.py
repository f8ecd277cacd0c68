"""An answer that was given too fast is taken back; later it is corrected by a new version, which shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.domain.answers import changes, handovers, queries, rules
from portal.domain.answers.models import Answer, AnswerChange, AnswerVersion, HandoverStep
from portal.domain.contributions.models import Contribution
from portal.domain.contributions.service import fact, located
from portal.domain.facts import FactKind
from portal.domain.journal import service as journal
from portal.domain.participants.queries import function_of
from portal.kernel import clock, text
from portal.kernel.errors import InvalidError, RefusedError, StaleError
from portal.kernel.speech import say
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.vocabulary import Fate

UNDO = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class NewVersion:
    """The whole answer anew; `seen` is the version that was on the screen."""

    source: str
    fate: Fate | None
    passed_to: str
    seen: int


def may_take_back(answer: Answer, at: datetime) -> bool:
    """Whether an answer is so fresh that it can still be taken back."""
    return answer.version == 1 and at - answer.at < UNDO


def take_back(
    session: Session, person: Actor, contribution_id: str, *, at: datetime | None = None
) -> list[Contribution]:
    """Remove an answer that was just given, from all that received it.

    Errors: NotFoundError, RefusedError (code `delai` after ten minutes);
    StaleError when there is none.
    """
    now = at or clock.now()
    answer, _row = _found(session, person, contribution_id, now)
    if not may_take_back(answer, now):
        raise RefusedError(
            "delai",
            say("Cette réponse a été donnée il y a plus de dix minutes."),
            say("Vous pouvez la corriger : chacun lira la nouvelle version, et l’ancienne."),
        )
    together = queries.together(session, answer)
    ids, about = [one.id for one, _row in together], [row for _one, row in together]
    session.execute(delete(AnswerChange).where(AnswerChange.answer_id.in_(ids)))
    session.execute(delete(HandoverStep).where(HandoverStep.contribution_id.in_([row.id for row in about])))
    session.execute(delete(Answer).where(Answer.id.in_(ids)))
    session.flush()
    for row in about:
        journal.append(session, fact(FactKind.ANSWER_TAKEN_BACK, row, person))
    return about


def correct(
    session: Session, person: Actor, contribution_id: str, command: NewVersion, *, at: datetime | None = None
) -> list[Answer]:
    """Write a new version of an answer, for all that received it; the former one stays readable.

    Errors: NotFoundError, RefusedError, InvalidError; StaleError when somebody corrected it first.
    """
    now = at or clock.now()
    answer, _row = _found(session, person, contribution_id, now)
    if answer.version != command.seen:
        raise StaleError(
            say("Quelqu’un a corrigé cette réponse pendant que vous écriviez. Voici la version actuelle."),
            seen=command.seen,
            current=answer.version,
        )
    together = queries.together(session, answer)
    kind = rules.strictest([row.kind for _one, row in together])
    cleaned = rules.check_answer(kind, command.source, command.fate, command.passed_to)
    passed_to = rules.passed_to(command.fate, command.passed_to)
    if (cleaned, command.fate, passed_to) == (answer.source, answer.fate, answer.passed_to):
        raise InvalidError({"body": [say("Vous n’avez rien changé.")]})
    for one, row in together:
        session.add(_former(one))
        _rewrite(session, one, row, command, person, now)
        one.source, one.html, one.renderer = cleaned, text.render(cleaned), text.RENDERER_VERSION
        one.passed_to = passed_to
    session.flush()
    for _one, row in together:
        journal.append(session, fact(FactKind.ANSWER_CORRECTED, row, person, cleaned))
    return [one for one, _row in together]


def former(session: Session, contribution_id: str) -> list[AnswerVersion]:
    """The versions of an answer before the one that people read now, the latest first."""
    query = (
        select(AnswerVersion)
        .join(Answer, Answer.id == AnswerVersion.answer_id)
        .where(Answer.contribution_id == contribution_id)
    )
    return list(session.scalars(query.order_by(AnswerVersion.number.desc())))


def current(session: Session, contribution_id: str) -> Answer | None:
    """The answer of a contribution as it reads now."""
    return session.scalar(select(Answer).where(Answer.contribution_id == contribution_id))


def _found(
    session: Session, person: Actor, contribution_id: str, now: datetime
) -> tuple[Answer, Contribution]:
    row, _space = located(session, person, contribution_id, Permission.ANSWER_IN, now)
    answer = current(session, row.id)
    if answer is None:
        raise StaleError(say("Cette contribution n’a pas de réponse."), seen=None, current=None)
    return answer, row


def _former(answer: Answer) -> AnswerVersion:
    return AnswerVersion(
        answer_id=answer.id,
        number=answer.version,
        fate=answer.fate,
        passed_to=answer.passed_to,
        source=answer.source,
        html=answer.html,
        renderer=answer.renderer,
        by_function=answer.by_function,
        at=answer.corrected_at or answer.at,
    )


def _rewrite(
    session: Session, answer: Answer, row: Contribution, command: NewVersion, person: Actor, now: datetime
) -> None:
    """What a new fate brings with it: words that wait to be linked, or words passed on from today."""
    linked = session.scalar(
        select(AnswerChange.answer_id).where(AnswerChange.answer_id == answer.id).limit(1)
    )
    answer.to_link = command.fate in changes.CHANGES_WORDS and linked is None
    if command.fate is Fate.PASSED_ON and answer.fate is not Fate.PASSED_ON:
        handovers.begin(session, [row], function_of(person), now)
    answer.fate, answer.version, answer.corrected_at = command.fate, answer.version + 1, now
    answer.by_participant, answer.by_function = person.participant_id, function_of(person)
