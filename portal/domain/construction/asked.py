"""What short surveys said: in words first, then folded numbers."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select

from portal.domain.construction.blocks import Block, Bullets, Heading, Paragraph, Section, Table
from portal.domain.construction.sources import Sources
from portal.domain.figures import surveys as figures
from portal.domain.figures.surveys import QuestionFigures, Results
from portal.domain.surveys import wording
from portal.domain.surveys.models import (
    QuestionKind,
    Survey,
    SurveyQuestion,
    SurveyState,
    SurveyWords,
    WordsState,
)
from portal.domain.surveys.rules import DECLINED, Question
from portal.kernel import text
from portal.kernel.dates import day_label
from portal.kernel.speech import number_words, say

SURVEYS, EACH, EXCERPT = 30, 5, 320
FEW = say("moins de 5")
NOBODY = QuestionFigures({}, {}, only_bodies=False)


def surveys(src: Sources) -> Section | None:
    """The surveys whose results are published, of the spaces that the reader reads."""
    if not src.readable:
        return None
    query = select(Survey).where(
        Survey.space_id.in_(sorted(src.readable)), Survey.state == SurveyState.PUBLISHED
    )
    found = list(src.session.scalars(query.order_by(Survey.published_at, Survey.id).limit(SURVEYS)))
    if not found:
        return None
    results = figures.results_of(src.session, [one.id for one in found])
    asked, said = _questions(src, found), _words(src, results)
    blocks: list[Block] = []
    for one in found:
        blocks += [Heading(one.title), Paragraph(_about(src, one), quiet=True)]
        if results[one.id].few:
            blocks.append(
                Paragraph(
                    say("Moins de 5 personnes ont répondu : les réponses ne sont pas montrées en nombres.")
                )
            )
            continue
        for question in asked.get(one.id, []):
            blocks += _question(question, results[one.id], said.get(question.id, []))
    return Section("questionnaires", say("Les questionnaires courts"), tuple(blocks))


def _about(src: Sources, one: Survey) -> str:
    return say(
        "%(question)s Résultats publiés le %(day)s.",
        question=src.question(one.space_id),
        day=day_label(one.published_at or src.at),
    )


def _question(question: Question, results: Results, said: list[str]) -> Iterator[Block]:
    known = results.questions.get(question.id, NOBODY)
    yield Paragraph(question.body, strong=True)
    if question.kind is QuestionKind.WORDS:
        if said:
            yield Bullets(tuple(said))
        else:
            yield Paragraph(say("Moins de 5 personnes ont écrit, ou aucun texte n’est montré."))
        return
    yield Paragraph(wording.in_words(question, known))
    rows = tuple(
        (question.label(value), FEW if number is None else number_words(number))
        for value in (*question.values, DECLINED)
        for number in (known.told(value),)
    )
    caption = say("Les réponses à la question %(number)s", number=number_words(question.position))
    yield Table(caption, (say("Réponse"), say("Nombre")), rows)


def _questions(src: Sources, found: list[Survey]) -> dict[str, list[Question]]:
    query = select(SurveyQuestion).where(SurveyQuestion.survey_id.in_([one.id for one in found]))
    asked: dict[str, list[Question]] = {}
    for row in src.session.scalars(query.order_by(SurveyQuestion.position, SurveyQuestion.id)):
        several = asked.setdefault(row.survey_id, [])
        options = tuple(row.options.splitlines())
        several.append(Question(row.id, len(several) + 1, row.kind, row.body, options))
    return asked


def _words(src: Sources, results: dict[str, Results]) -> dict[str, list[str]]:
    """The first words of each question where enough persons wrote, in an order that tells nothing."""
    ids = [key for one in results.values() for key, known in one.words.items() if known.enough]
    if not ids:
        return {}
    place = func.row_number().over(partition_by=SurveyWords.question_id, order_by=SurveyWords.id)
    ranked = (
        select(SurveyWords.question_id, SurveyWords.source, place.label("place"))
        .where(SurveyWords.question_id.in_(ids), SurveyWords.state == WordsState.SHOWN)
        .subquery()
    )
    query = select(ranked.c.question_id, ranked.c.source).where(ranked.c.place <= EACH)
    found: dict[str, list[str]] = {}
    for question_id, source in src.session.execute(query.order_by(ranked.c.question_id, ranked.c.place)):
        found.setdefault(question_id, []).append(text.excerpt(source, EXCERPT))
    return found
