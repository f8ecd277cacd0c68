"""What a short survey may be, and what may be answered in it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from portal.domain.surveys.models import QuestionKind, ScaleStep, SurveyState
from portal.kernel import text
from portal.kernel.clock import paris
from portal.kernel.dates import day_label
from portal.kernel.errors import InvalidError
from portal.kernel.lines import check_line
from portal.kernel.speech import say
from portal.kernel.text import folded
from portal.policy.targets import SpaceTarget
from portal.vocabulary import Group, Level, Phase

MAX_QUESTIONS = 10
MIN_OPTIONS, MAX_OPTIONS = 2, 8
MAX_TITLE = 100
MAX_INTRODUCTION = 250
MAX_BODY = 160
MAX_OPTION = 80
MAX_WORDS = 1000
MAX_REASON = 500
# What every question offers by itself, without what tells two ways to type it apart.
ALWAYS_OFFERED = "je ne souhaite pas repondre"
# A mark of this value says that the person prefers not to answer; options begin at one.
DECLINED = 0
STEPS = tuple(int(step.value) for step in ScaleStep)
NOTHING_ANSWERED = say(
    "Vous n’avez encore répondu à rien. Répondez à une question au moins, ou cochez « Je ne souhaite pas répondre »."
)
SECONDS = {QuestionKind.ONE: 20, QuestionKind.SEVERAL: 30, QuestionKind.SCALE: 15, QuestionKind.WORDS: 90}
OVER = frozenset({Phase.ANSWERING, Phase.CLOSED})


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it is asked."""

    id: str
    position: int
    kind: QuestionKind
    body: str
    options: tuple[str, ...]

    @property
    def name(self) -> str:
        """What its field is called in a form."""
        return f"mots{self.position}" if self.kind is QuestionKind.WORDS else f"q{self.position}"

    @property
    def values(self) -> tuple[int, ...]:
        """What a mark may say, apart from preferring not to answer."""
        if self.kind is QuestionKind.SCALE:
            return STEPS
        return tuple(range(1, len(self.options) + 1))

    def label(self, value: int) -> str:
        """The words of a value."""
        if value == DECLINED:
            return say("Je ne souhaite pas répondre")
        return ScaleStep(str(value)).label if self.kind is QuestionKind.SCALE else self.options[value - 1]


@dataclass(frozen=True, slots=True)
class Given:
    """What one person answers to one question; empty when it was passed over."""

    values: tuple[int, ...] = ()
    words: str = ""
    declined: bool = False


def state_at(state: SurveyState, ends_at: datetime, phase: Phase, at: datetime) -> SurveyState:
    """The state at `at`: its own date and the end of its space count at once, before the job has written them."""
    if state is SurveyState.OPEN and (ends_at <= at or phase in OVER):
        return SurveyState.CLOSED
    return state


def minutes(kinds: Sequence[QuestionKind]) -> int:
    """About how long answering takes, in whole minutes."""
    return max(1, -(-sum(SECONDS[kind] for kind in kinds) // 60))


def invited(space: SpaceTarget) -> list[Group]:
    """The groups whose level opens a survey; authorities only where they read the space."""
    asked = [group for group in Group if (space.levels.get(group) or 0) >= Level.CONSULTATION]
    return [group for group in asked if space.words_told or group is not Group.AUTHORITIES]


def is_late(promised_on: date, at: datetime) -> bool:
    """Whether the promised day of the results has passed."""
    return paris(at).date() > promised_on


def check_dates(ends_at: datetime, promised_on: date, space_ends_at: datetime, at: datetime) -> None:
    """Refuse an end in the past or after the space's, and results promised before it. Errors: InvalidError."""
    errors: dict[str, list[str]] = {}
    if ends_at <= at:
        errors["ends_on"] = [say("Choisissez un dernier jour qui n’est pas encore passé.")]
    elif ends_at > space_ends_at:
        errors["ends_on"] = [
            say(
                "L’espace d’échange se termine le %(day)s : choisissez ce jour ou un jour plus tôt.",
                day=day_label(space_ends_at),
            )
        ]
    if promised_on < paris(ends_at).date():
        errors["promised_on"] = [say("Choisissez un jour après le dernier jour pour répondre.")]
    if errors:
        raise InvalidError(errors)


def check_question(kind: QuestionKind, body: str, options: str) -> tuple[str, tuple[str, ...]]:
    """The words of a question and of its options. Errors: InvalidError (`body`, `options`)."""
    asked = check_line(body, "body", MAX_BODY)
    if kind not in (QuestionKind.ONE, QuestionKind.SEVERAL):
        return asked, ()
    typed = [line for line in options.splitlines() if line.strip()]
    if not MIN_OPTIONS <= len(typed) <= MAX_OPTIONS:
        raise InvalidError({"options": [say("Écrivez de deux à huit réponses, une par ligne.")]})
    cleaned = tuple(check_line(line, "options", MAX_OPTION) for line in typed)
    if any(_bare(one) == ALWAYS_OFFERED for one in cleaned):
        told = say("Ce choix est déjà proposé à chaque question. Retirez cette ligne.")
        raise InvalidError({"options": [told]})
    if len(set(cleaned)) != len(cleaned):
        raise InvalidError({"options": [say("Deux réponses sont pareilles. Changez-en une.")]})
    return asked, cleaned


def _bare(words: str) -> str:
    """Words alone, to compare them: no accent, no case, no quotation mark or full stop."""
    return " ".join("".join(sign if sign.isalnum() else " " for sign in folded(words)).split())


def check_sheet(questions: Sequence[Question], given: Mapping[str, Given]) -> dict[str, Given]:
    """What is kept of a sheet: nothing for a question passed over; to prefer not to answer is an answer.

    Errors: InvalidError (by the names of the questions; `sheet` when all of them were passed over).
    """
    kept: dict[str, Given] = {}
    errors: dict[str, list[str]] = {}
    for question in questions:
        answer = given.get(question.id, Given())
        try:
            checked = _check(question, answer)
        except InvalidError as error:
            errors[question.name] = error.errors["answer"]
            continue
        if checked != Given():
            kept[question.id] = checked
    if errors:
        raise InvalidError(errors)
    if not kept:
        raise InvalidError({"sheet": [NOTHING_ANSWERED]})
    return kept


def _check(question: Question, answer: Given) -> Given:
    values = tuple(sorted(set(answer.values)))
    known = set(values) <= set(question.values)
    one = question.kind in (QuestionKind.ONE, QuestionKind.SCALE)
    if not known or (one and len(values) > 1):
        raise InvalidError({"answer": [say("Choisissez une réponse dans la liste.")]})
    words = _words(answer.words) if question.kind is QuestionKind.WORDS else ""
    if answer.declined and (values or words):
        raise InvalidError(
            {
                "answer": [
                    say(
                        "Vous avez répondu, et vous avez aussi choisi de ne pas répondre. Gardez l’un ou l’autre."
                    )
                ]
            }
        )
    return Given(values, words, answer.declined)


def _words(typed: str) -> str:
    try:
        return text.clean_source(typed, maximum=MAX_WORDS)
    except text.TextEmpty:
        return ""
    except text.TextTooLong:
        raise InvalidError(
            {
                "answer": [
                    say(
                        "Votre texte est trop long. Il peut avoir %(limit)s signes au plus.",
                        limit=text.number(MAX_WORDS),
                    )
                ]
            }
        ) from None
