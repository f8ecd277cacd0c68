"""Verbs of the organiser: answer with a fate, close a space once all is answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.answers import queries, rules
from portal.domain.answers.models import Answer
from portal.domain.contributions.models import Contribution
from portal.domain.contributions.service import fact, located, target_of
from portal.domain.facts import FactKind
from portal.domain.figures import queries as figures
from portal.domain.journal import service as journal
from portal.domain.participants.queries import function_of
from portal.domain.spaces import service as spaces
from portal.domain.spaces.models import Space
from portal.kernel import clock, text
from portal.kernel.errors import InvalidError, RefusedError, StaleError
from portal.kernel.speech import plural, say
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.vocabulary import Fate


@dataclass(frozen=True, slots=True)
class NewAnswer:
    """An answer; `with_replies` gives it to the unanswered replies of the thread too."""

    source: str
    fate: Fate | None
    passed_to: str = ""
    version: int | None = None
    with_replies: bool = False


def give(
    session: Session, person: Actor, contribution_id: str, command: NewAnswer, *, at: datetime | None = None
) -> Answer:
    """Answer a published contribution.

    Errors: NotFoundError, RefusedError, InvalidError; StaleError when somebody answered
    first or the words changed since they were read.
    """
    now = at or clock.now()
    row, space = located(session, person, contribution_id, Permission.ANSWER_IN, now)
    known = session.scalar(select(Answer).where(Answer.contribution_id == row.id))
    if known is not None:
        raise StaleError(say("Quelqu’un a déjà répondu à cette contribution."), seen=None, current=known.id)
    if command.version is not None and command.version != row.shown_version:
        raise StaleError(
            say("Ces mots ont été corrigés depuis que vous les avez lus. Voici la nouvelle version."),
            seen=command.version,
            current=row.shown_version,
        )
    permits.require(person, Permission.ANSWER, target_of(session, row, space, now))
    covered = queries.open_replies(session, row.id) if command.with_replies else []
    cleaned = rules.check_answer(
        row.kind, command.source, command.fate, command.passed_to, also=bool(covered)
    )
    answer = _answer(person, row, cleaned, command, now)
    session.add(answer)
    session.add_all(_answer(person, reply, cleaned, command, now) for reply in covered)
    session.flush()
    for answered in [row, *covered]:
        journal.append(session, fact(FactKind.ANSWER_GIVEN, answered, person, cleaned))
    return answer


def close(
    session: Session, person: Actor, space_id: str, *, version: int | None = None, broken_promise: str = ""
) -> Space:
    """Close a space: everything answered, or a written « engagement non tenu, expliqué ».

    Errors: RefusedError (code `engagements`) while a duty is unmet, StaleError.
    """
    space = spaces.decided(session, person, space_id, Permission.SPACE_CLOSE, version)
    waiting, unanswered = figures.waiting_for_review(session, space_id), figures.unanswered(session, space_id)
    if waiting:
        raise RefusedError(
            "relecture",
            plural(
                "Il reste %(num)s contribution à relire.", "Il reste %(num)s contributions à relire.", waiting
            ),
            say("Relisez-les d’abord : publiez-les ou refusez-les avec une raison."),
        )
    explained = _explained(broken_promise)
    if unanswered and not explained:
        raise RefusedError(
            "engagements",
            plural(
                "Il reste %(num)s contribution sans réponse.",
                "Il reste %(num)s contributions sans réponse.",
                unanswered,
            ),
            say(
                "Répondez-y, ou écrivez pourquoi cet engagement n’est pas tenu. Tout le monde pourra le lire."
            ),
        )
    return spaces.close(session, person, space, explained if unanswered else "")


def _explained(broken_promise: str) -> str:
    if not broken_promise.strip():
        return ""
    try:
        return text.typography(text.clean_source(broken_promise, maximum=1000))
    except text.TextEmpty:
        return ""
    except text.TextTooLong:
        raise InvalidError(
            {"broken_promise": [say("Votre explication est trop longue (1 000 signes au plus).")]}
        ) from None


def _answer(person: Actor, row: Contribution, cleaned: str, command: NewAnswer, now: datetime) -> Answer:
    return Answer(
        contribution_id=row.id,
        answered_version=row.shown_version or row.version,
        fate=command.fate,
        passed_to=text.typography(" ".join(command.passed_to.split()))
        if command.fate is Fate.PASSED_ON
        else "",
        source=cleaned,
        html=text.render(cleaned),
        renderer=text.RENDERER_VERSION,
        by_participant=person.participant_id,
        by_function=function_of(person),
        at=now,
    )
