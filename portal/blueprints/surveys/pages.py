"""What the pages of a survey show, from what was read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from portal.domain.figures import surveys as figures
from portal.domain.figures.surveys import QuestionFigures, Results, WordsFigures
from portal.domain.surveys import queries, wording
from portal.domain.surveys.models import QuestionKind
from portal.domain.surveys.queries import FIRST_WORDS, SurveyView, WordsView
from portal.domain.surveys.rules import DECLINED, Question
from portal.extensions import db
from portal.kernel.speech import Sentence, say
from portal.languages import spoken
from portal.vocabulary import Group

FEW = say("moins de 5, ou non montré")
ALL = say("toutes les personnes")
COLUMNS = (say("Question"), say("Réponse"), say("Qui"), say("Nombre"))


@dataclass(frozen=True, slots=True)
class Row:
    """One option: its words, whether they are the contract's own, how often, by group; `share` of the longest bar."""

    label: str
    typed: bool
    number: int | None
    share: int
    by_group: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """One question with its results."""

    question: Question
    sentence: Sentence | None
    declined: Sentence | None
    rows: tuple[Row, ...]
    groups: tuple[Group, ...]
    words: WordsFigures | None
    said: tuple[WordsView, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Page:
    """The results of a survey."""

    few: bool
    questions: tuple[Shown, ...]


def results(survey: SurveyView) -> Page:
    """Folded results, and the first words of each question whose words may be shown."""
    found = figures.results(db.session(), survey.id)
    told = [one.id for one in survey.questions if _told(found, one)]
    # One more says that there are others.
    first = queries.first_words(db.session(), told, FIRST_WORDS + 1)
    return Page(found.few, tuple(_shown(one, found, first.get(one.id, [])) for one in survey.questions))


def table(survey: SurveyView) -> Iterator[list[str]]:
    """The same folded results for a spreadsheet."""
    yield [spoken(name) for name in COLUMNS]
    found = figures.results(db.session(), survey.id)
    for question in survey.questions:
        shown = _shown(question, found, [])
        for row in shown.rows:
            yield [question.body, spoken(row.label), spoken(ALL), _number(row.number)]
            for group, number in zip(shown.groups, row.by_group, strict=True):
                yield [question.body, spoken(row.label), spoken(group.label), _number(number)]


def words_shown(survey: SurveyView, question_id: str) -> Question | None:
    """The question, when its words may be shown."""
    found = figures.results(db.session(), survey.id)
    return next((one for one in survey.questions if one.id == question_id and _told(found, one)), None)


def _told(found: Results, question: Question) -> bool:
    known = found.words.get(question.id)
    return known is not None and known.enough


def _number(number: int | None) -> str:
    return spoken(FEW) if number is None else str(number)


def _shown(question: Question, found: Results, first: list[WordsView]) -> Shown:
    nobody = QuestionFigures({}, {}, only_bodies=False)
    known = found.questions.get(question.id, nobody)
    written = question.kind is QuestionKind.WORDS
    return Shown(
        question=question,
        sentence=None if written else wording.in_words(question, known),
        declined=wording.declined(known),
        rows=() if written else _rows(question, known),
        groups=tuple(known.by_group),
        words=found.words.get(question.id),
        said=tuple(first[:FIRST_WORDS]),
        more=len(first) > FIRST_WORDS,
    )


def _rows(question: Question, known: QuestionFigures) -> tuple[Row, ...]:
    values = (*question.values, DECLINED)
    longest = max([known.told(value) or 0 for value in values]) or 1
    return tuple(
        Row(
            label=question.label(value),
            typed=value != DECLINED and question.kind is not QuestionKind.SCALE,
            number=known.told(value),
            share=round(400 * (known.told(value) or 0) / longest),
            by_group=tuple(known.told_by(group, value) for group in known.by_group),
        )
        for value in values
    )
