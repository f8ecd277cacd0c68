"""What short surveys said: in words first, then folded numbers."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import ColumnElement, select

from portal import paths
from portal.domain.construction.blocks import Block, Bullets, Heading, Paragraph, Section, Table
from portal.domain.construction.sources import Sources
from portal.domain.figures import surveys as figures
from portal.domain.figures.surveys import QuestionFigures, Results
from portal.domain.surveys import queries, wording
from portal.domain.surveys.models import QuestionKind, Survey, SurveyState
from portal.domain.surveys.rules import DECLINED, Question
from portal.kernel import text
from portal.kernel.dates import day_label
from portal.kernel.speech import number_words, say

SURVEYS, EACH, EXCERPT = 30, 5, 320
FEW = say("moins de 5, ou non montré")
NOBODY = QuestionFigures({}, {}, only_bodies=False)


def surveys(src: Sources) -> Section | None:
    """The surveys whose results are published, of the spaces that the reader reads."""
    if not src.readable:
        return None
    query = select(Survey).where(*_published(src))
    latest = query.order_by(Survey.published_at.desc(), Survey.id.desc()).limit(SURVEYS + 1)
    every = list(src.session.scalars(latest))
    found = every[:SURVEYS]
    if not found:
        return None
    ids = [one.id for one in found]
    results, asked = figures.results_of(src.session, ids), queries.questions_of(src.session, ids)
    said = _words(src, results)
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
        for question in asked[one.id]:
            blocks += _question(question, results[one.id], said.get(question.id, []))
    if len(every) > SURVEYS:
        blocks += _others(src)
    return Section("questionnaires", say("Les questionnaires courts"), tuple(blocks))


def _others(src: Sources) -> Iterator[Block]:
    """Where the surveys that came before the last ones are."""
    yield Paragraph(
        say(
            "Seuls les derniers questionnaires sont repris ici. Chaque espace d’échange montre tous les siens."
        ),
        quiet=True,
    )
    query = select(Survey.space_id).where(*_published(src)).distinct()
    told = set(src.session.scalars(query))
    for one in src.views:
        if one.id in told:
            words = say("Tous les questionnaires courts : %(question)s", question=one.question)
            yield Paragraph(words, url=paths.survey(one.id))


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


def _published(src: Sources) -> tuple[ColumnElement[bool], ...]:
    return Survey.space_id.in_(sorted(src.readable)), Survey.state == SurveyState.PUBLISHED


def _words(src: Sources, results: dict[str, Results]) -> dict[str, list[str]]:
    """The first words of each question where enough persons wrote."""
    ids = [key for one in results.values() for key, known in one.words.items() if known.enough]
    first = queries.first_words(src.session, ids, EACH)
    return {key: [text.excerpt(one.source, EXCERPT) for one in some] for key, some in first.items()}
