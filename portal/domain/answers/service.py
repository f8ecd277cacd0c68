"""Verbs of the organiser: answer with a fate, close a space once all is answered."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.answers import changes, handovers, merging, queries, rules
from portal.domain.answers.changes import ChangeRef
from portal.domain.answers.models import Answer, AnswerChange
from portal.domain.contributions.models import Contribution
from portal.domain.contributions.service import fact, located, target_of
from portal.domain.duties import queries as duties
from portal.domain.duties import service as delays
from portal.domain.facts import FactKind
from portal.domain.figures import queries as figures
from portal.domain.journal import service as journal
from portal.domain.participants.queries import function_of
from portal.domain.proposals import service as proposals
from portal.domain.spaces import queries as spaces_read
from portal.domain.spaces import queries as views
from portal.domain.spaces import service as spaces
from portal.domain.spaces.models import Space
from portal.kernel import clock, reasons, text
from portal.kernel.errors import InvalidError, NotFoundError, RefusedError, StaleError
from portal.kernel.ids import new_id
from portal.kernel.speech import Sentence, joined, plural, say
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.vocabulary import ContributionStatus, DutyKind, Fate

# One answer at once for so many: what a page lets one choose.
MANY = 200
# Owed to whole groups at once, not for each contribution.
WHOLE = frozenset({DutyKind.SYNTHESIS, DutyKind.SURVEY_RESULTS})


@dataclass(frozen=True, slots=True)
class NewAnswer:
    """An answer; `with_replies` gives it to the unanswered replies of the thread too.

    `changes` are the passages that the words changed; without one, words that are kept wait to be linked.
    """

    source: str
    fate: Fate | None
    passed_to: str = ""
    version: int | None = None
    with_replies: bool = False
    changes: tuple[ChangeRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """What became of an answer to many: those that received it, those that could not, with why."""

    answers: tuple[Answer, ...]
    late: dict[str, Sentence]


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
    rows = _served(session, [row, *covered])
    return _write(session, person, rows, _checked(rows, command), command, now)[0]


def give_many(
    session: Session,
    person: Actor,
    space_id: str,
    chosen: Mapping[str, int],
    command: NewAnswer,
    *,
    at: datetime | None = None,
) -> Given:
    """Give one answer to several contributions of a space; `chosen` tells the version that was read of each.

    What somebody answered, corrected or withdrew meanwhile is left out and listed; the others are answered.
    Errors: NotFoundError, RefusedError, InvalidError (`chosen` too); StaleError when none is left.
    """
    now = at or clock.now()
    space = spaces_read.view(session, space_id, now)
    if space is None:
        raise NotFoundError
    permits.require(person, Permission.ANSWER_IN, space.target)
    if not 0 < len(chosen) <= MANY:
        raise InvalidError({"chosen": [_how_many()]})
    rows = queries.rows_in(session, space_id, chosen)
    if len(rows) != len(chosen):
        raise NotFoundError
    done = queries.answered_ids(session, chosen)
    late = {row.id: why for row in rows if (why := _why_late(row, chosen[row.id], done)) is not None}
    free = [row for row in rows if row.id not in late]
    # The answer is checked before anything is said to be late: nothing typed is lost for a wrong value.
    served = _served(session, free) if free else []
    cleaned = _checked([*rows, *served], command)
    if not free:
        raise StaleError(
            say("Ces contributions ont changé depuis que vous les avez choisies."), seen=None, current=late
        )
    return Given(tuple(_write(session, person, served, cleaned, command, now)), late)


def _how_many() -> Sentence:
    return say("Choisissez au moins une contribution, et %(limit)s au plus.", limit=text.number(MANY))


def _why_late(row: Contribution, seen: int, done: Container[str]) -> Sentence | None:
    if row.id in done:
        return say("Quelqu’un a déjà répondu à cette contribution.")
    if row.status is not ContributionStatus.PUBLISHED:
        return say("Cette contribution n’est plus publiée.")
    if row.shown_version != seen:
        return say("Ces mots ont été corrigés depuis que vous les avez lus.")
    return None


def _served(session: Session, rows: Sequence[Contribution]) -> list[Contribution]:
    """These, and what is grouped with them: one answer serves all."""
    return [*rows, *merging.answerable_with(session, rows)]


def _checked(rows: Sequence[Contribution], command: NewAnswer) -> str:
    """The answer, judged by what it owes most. Errors: InvalidError."""
    kind = rules.strictest([row.kind for row in rows])
    return rules.check_answer(kind, command.source, command.fate, command.passed_to)


def _write(
    session: Session,
    person: Actor,
    rows: Sequence[Contribution],
    cleaned: str,
    command: NewAnswer,
    now: datetime,
) -> list[Answer]:
    """The same answer for each of these; its lines come last."""
    found: list[AnswerChange] = []
    changes.check_fate(command.fate, command.changes)
    if command.fate in changes.CHANGES_WORDS:
        found = changes.known(session, rows, command.changes)
    group_id = new_id() if len(rows) > 1 else None
    given = [_answer(person, row, cleaned, command, now) for row in rows]
    for answer in given:
        answer.group_id = group_id
    session.add_all(given)
    session.flush()
    changes.note(session, list(zip(given, rows, strict=True)), found, now)
    if command.fate is Fate.PASSED_ON:
        handovers.begin(session, rows, function_of(person), now)
    for row in rows:
        journal.append(session, fact(FactKind.ANSWER_GIVEN, row, person, cleaned))
    return given


def close(
    session: Session, person: Actor, space_id: str, *, version: int | None = None, broken_promise: str = ""
) -> Space:
    """Close a space: everything answered, or a written « engagement non tenu, expliqué ».

    Errors: RefusedError (`relecture`, `second-regard` while words wait for somebody; `engagements` while a
    duty is unmet), StaleError.
    """
    space = spaces.decided(session, person, space_id, Permission.SPACE_CLOSE, version)
    waiting = figures.waiting_for_review(session, space_id)
    now = clock.now()
    unmet = duties.unmet(session, views.view_of(session, space, now), now)
    if waiting:
        raise RefusedError(
            "relecture",
            plural(
                "Il reste %(num)s contribution à relire.", "Il reste %(num)s contributions à relire.", waiting
            ),
            say("Relisez-les d’abord : publiez-les ou refusez-les avec une raison."),
        )
    if figures.second_look_waits(session, space_id):
        raise RefusedError(
            "second-regard",
            say("Un second regard attend sa décision."),
            say("La personne nommée pour les recours de cet espace décide d’abord."),
        )
    explained = _explained(broken_promise)
    if unmet and not explained:
        raise _unmet([one.owed.kind for one in unmet])
    closed = spaces.close(session, person, space, explained if unmet else "")
    proposals.lapse(session, person, space_id)
    delays.lapse(session, person, space_id)
    return closed


# What is owed to whole groups and not shown yet, and what to do about it.
_UNMET: Mapping[DutyKind, tuple[Sentence, Sentence]] = {
    DutyKind.SYNTHESIS: (
        say("La synthèse de ce qui a été dit n’est pas encore publiée."),
        say("Publiez-la, ou écrivez pourquoi cet engagement n’est pas tenu. Tout le monde pourra le lire."),
    ),
    DutyKind.SURVEY_RESULTS: (
        say("Les résultats d’un questionnaire court ne sont pas encore publiés."),
        say("Publiez-les, ou écrivez pourquoi cet engagement n’est pas tenu. Tout le monde pourra le lire."),
    ),
}


def _unmet(kinds: Sequence[DutyKind]) -> RefusedError:
    """Why a space cannot be closed yet: one sentence for each kind that is left."""
    answers = sum(kind not in WHOLE for kind in kinds)
    left: list[tuple[Sentence, Sentence]] = []
    if answers:
        left.append(
            (
                plural(
                    "Il reste %(num)s contribution sans réponse.",
                    "Il reste %(num)s contributions sans réponse.",
                    answers,
                ),
                say(
                    "Répondez-y, ou écrivez pourquoi cet engagement n’est pas tenu. "
                    "Tout le monde pourra le lire."
                ),
            )
        )
    left += [told for kind, told in _UNMET.items() if kind in kinds]
    several = say(
        "Tenez ces engagements, ou écrivez pourquoi ils ne sont pas tenus. Tout le monde pourra le lire."
    )
    who = left[0][1] if len(left) == 1 else several
    return RefusedError("engagements", joined(sentence for sentence, _who in left), who)


def _explained(broken_promise: str) -> str:
    words = reasons.read(
        broken_promise, "broken_promise", delays.MAX_EXPLANATION, empty=None, too_long=delays.TOO_LONG
    )
    return text.typography(words)


def _answer(person: Actor, row: Contribution, cleaned: str, command: NewAnswer, now: datetime) -> Answer:
    return Answer(
        contribution_id=row.id,
        answered_version=row.shown_version or row.version,
        fate=command.fate,
        passed_to=rules.passed_to(command.fate, command.passed_to),
        source=cleaned,
        html=text.render(cleaned),
        renderer=text.RENDERER_VERSION,
        by_participant=person.participant_id,
        by_function=function_of(person),
        at=now,
    )
