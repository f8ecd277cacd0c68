"""Preparing a short survey, opening it, reading the words that people wrote."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal import paths
from portal.blueprints._directing import Answered, current_space, direct
from portal.blueprints._guards import Asked, allow
from portal.blueprints.surveys.forms import QuestionForm, ReadForm, SurveyForm, VersionForm
from portal.blueprints.surveys.routes import LIST, ONE, known, page, see
from portal.domain.surveys import queries, rules, service
from portal.domain.surveys import words as reading
from portal.domain.surveys.models import SurveyState, WordsState
from portal.domain.surveys.queries import SurveyView
from portal.domain.surveys.rules import Question
from portal.extensions import db
from portal.kernel.errors import NotFoundError, StaleError
from portal.kernel.ids import is_id
from portal.languages import gettext as _
from portal.policy.actor import Actor
from portal.policy.permissions import Permission

bp = Blueprint("survey_prepare", __name__)


@bp.get(f"{LIST}/nouveau")
@allow(Permission.SURVEY_PREPARE)
def new(asked: Asked) -> str:
    """The title, the sentence and the dates of a new survey."""
    form = SurveyForm(formdata=None)
    form.fresh()
    return _new_page(asked, form)


@bp.post(f"{LIST}/nouveau")
@allow(Permission.SURVEY_PREPARE)
def create(asked: Asked) -> Answered:
    """Begin a survey, then go on to its questions."""
    form, space_id = SurveyForm(), asked.in_space.id
    # Sent twice, it is the same survey: its id comes from the operation.
    survey_id = form.operation if is_id(form.operation) else None

    def do(session: Session, person: Actor) -> None:
        service.prepare(session, person, space_id, form.command(survey_id))

    outcome = paths.survey(space_id, survey_id or "", "preparer" if survey_id else "")
    return direct(
        asked, form, (space_id, form.body), outcome, do, lambda stale: _new_page(asked, form, stale)
    )


@bp.get(f"{ONE}/preparer")
@allow(Permission.SURVEY_PREPARE)
def draft(asked: Asked, survey_id: str) -> str:
    """A survey in preparation: its words, its questions, and the way to open it."""
    return _draft_page(asked, survey_id)


@bp.post(f"{ONE}/preparer")
@allow(Permission.SURVEY_PREPARE)
def amend(asked: Asked, survey_id: str) -> Answered:
    """Change what is told of it."""
    form, survey = SurveyForm(), known(asked, survey_id)
    seen = form.seen

    def do(session: Session, person: Actor) -> None:
        service.amend(session, person, survey.id, form.command(), version=seen)

    outcome = f"{paths.survey(survey.space_id, survey.id, 'preparer')}?fait=enregistre"
    body = (survey.id, seen, form.body)
    return direct(asked, form, body, outcome, do, lambda stale: _draft_page(asked, survey_id, form, stale))


@bp.get(f"{ONE}/questions/nouvelle")
@allow(Permission.SURVEY_PREPARE)
def new_question(asked: Asked, survey_id: str) -> str | Response:
    """A new question."""
    survey = known(asked, survey_id)
    if survey.state is not SurveyState.DRAFT:
        return see(survey)
    form = QuestionForm(formdata=None)
    form.fresh()
    form.version.data = str(survey.version)
    return _question_page(asked, survey, None, form)


@bp.post(f"{ONE}/questions/nouvelle")
@allow(Permission.SURVEY_PREPARE)
def add_question(asked: Asked, survey_id: str) -> Answered:
    """Add a question at the end."""
    return _put(asked, survey_id, None)


@bp.get(f"{ONE}/questions/<id:question_id>")
@allow(Permission.SURVEY_PREPARE)
def question(asked: Asked, survey_id: str, question_id: str) -> str | Response:
    """One question, to change it."""
    survey = known(asked, survey_id)
    if survey.state is not SurveyState.DRAFT:
        return see(survey)
    form, found = QuestionForm(formdata=None), _question(survey, question_id)
    form.fresh()
    form.fill(found)
    form.version.data = str(survey.version)
    return _question_page(asked, survey, found, form)


@bp.post(f"{ONE}/questions/<id:question_id>")
@allow(Permission.SURVEY_PREPARE)
def change_question(asked: Asked, survey_id: str, question_id: str) -> Answered:
    """Change a question."""
    return _put(asked, survey_id, question_id)


@bp.post(f"{ONE}/questions/<id:question_id>/place")
@allow(Permission.SURVEY_PREPARE)
def place_question(asked: Asked, survey_id: str, question_id: str) -> Answered:
    """Put a question higher, or take it away."""
    form, survey = VersionForm(), known(asked, survey_id)
    act, seen = str(form.acte.data or ""), form.seen

    def do(session: Session, person: Actor) -> None:
        move = {"monter": service.raise_question, "enlever": service.drop_question}.get(act)
        if move is None:
            raise NotFoundError
        move(session, person, survey.id, question_id, version=seen)

    outcome = f"{paths.survey(survey.space_id, survey.id, 'preparer')}?fait=questions"
    body = (survey.id, seen, question_id, act)
    return direct(asked, form, body, outcome, do, lambda stale: _draft_page(asked, survey_id, None, stale))


@bp.post(f"{ONE}/abandon")
@allow(Permission.SURVEY_PREPARE)
def discard(asked: Asked, survey_id: str) -> Answered:
    """Give up a survey in preparation."""
    form, survey = VersionForm(), known(asked, survey_id)
    seen = form.seen

    def do(session: Session, person: Actor) -> None:
        service.discard(session, person, survey.id, version=seen)

    outcome = f"{paths.survey(survey.space_id)}?fait=abandon"
    body = (survey.id, seen, "abandon")
    return direct(asked, form, body, outcome, do, lambda stale: _draft_page(asked, survey_id, None, stale))


@bp.post(f"{ONE}/ouverture")
@allow(Permission.SURVEY_OPEN)
def open_survey(asked: Asked, survey_id: str) -> Answered:
    """Open the survey to the groups that have the level today."""
    form, survey = VersionForm(), known(asked, survey_id)
    seen = form.seen

    def do(session: Session, person: Actor) -> None:
        service.open_(session, person, survey.id, version=seen)

    def again(stale: StaleError | None) -> str:
        return _draft_page(asked, survey_id, None, stale, opening=form)

    outcome = f"{paths.survey(survey.space_id, survey.id)}?fait=ouverture"
    return direct(asked, form, (survey.id, seen, "ouverture"), outcome, do, again)


@bp.get(f"{ONE}/relire")
@allow(Permission.MODERATE)
def to_read(asked: Asked, survey_id: str) -> str | Response:
    """Words that nobody read yet."""
    if known(asked, survey_id).state is not SurveyState.CLOSED:
        return see(known(asked, survey_id))
    return _read_page(asked, survey_id)


@bp.post(f"{ONE}/relire")
@allow(Permission.MODERATE)
def read(asked: Asked, survey_id: str) -> Answered:
    """Let words be shown, or set them aside."""
    form, survey = ReadForm(), known(asked, survey_id)
    words_id, rule, shows = str(form.words.data or ""), form.chosen, form.shows

    def do(session: Session, person: Actor) -> None:
        reading.read(session, person, survey.id, words_id, rule, show=shows)

    outcome = f"{paths.survey(survey.space_id, survey.id, 'relire')}?fait=lu"
    body = (survey.id, words_id, rule, shows)
    return direct(asked, form, body, outcome, do, lambda stale: _read_page(asked, survey_id, form, stale))


def _put(asked: Asked, survey_id: str, question_id: str | None) -> Answered:
    form, survey = QuestionForm(), known(asked, survey_id)
    seen = form.seen

    def do(session: Session, person: Actor) -> None:
        service.put_question(session, person, survey.id, form.command, version=seen, question_id=question_id)

    def again(stale: StaleError | None) -> str:
        now = known(asked, survey_id)
        there = question_id is None or any(one.id == question_id for one in now.questions)
        if now.state is not SurveyState.DRAFT or not there:
            return _draft_page(asked, survey_id, None, stale)
        found = None if question_id is None else _question(now, question_id)
        if stale is not None:
            form.version.data = str(now.version)
        return _question_page(asked, now, found, form, stale)

    outcome = f"{paths.survey(survey.space_id, survey.id, 'preparer')}?fait=questions"
    body = (survey.id, seen, question_id, form.kind.data, form.body.data, form.options.data)
    return direct(asked, form, body, outcome, do, again)


def _question(survey: SurveyView, question_id: str) -> Question:
    found = next((one for one in survey.questions if one.id == question_id), None)
    if found is None:
        raise NotFoundError
    return found


def _new_page(asked: Asked, form: SurveyForm, stale: StaleError | None = None) -> str:
    return render_template("surveys/new.html", space=asked.in_space, form=form, stale=stale)


def _draft_page(
    asked: Asked,
    survey_id: str,
    typed: SurveyForm | None = None,
    stale: StaleError | None = None,
    *,
    opening: VersionForm | None = None,
) -> str:
    survey = known(asked, survey_id)
    form = typed or SurveyForm(formdata=None)
    if typed is None:
        form.fill(survey)
    act = opening or VersionForm(formdata=None)
    for one in (form, act):
        one.fresh()
        one.version.data = str(survey.version)
    space = current_space(asked)
    return render_template(
        "surveys/draft.html",
        space=space,
        survey=survey,
        form=form,
        act=act,
        editing=survey.state is SurveyState.DRAFT,
        invited=rules.invited(space.target),
        full=len(survey.questions) >= rules.MAX_QUESTIONS,
        may_open=Permission.SURVEY_OPEN in asked.can,
        stale=stale,
        done=_done(request.args.get("fait", "")),
    )


def _question_page(
    asked: Asked,
    survey: SurveyView,
    found: Question | None,
    form: QuestionForm,
    stale: StaleError | None = None,
) -> str:
    form.offer()
    return render_template(
        "surveys/question.html", space=asked.in_space, survey=survey, question=found, form=form, stale=stale
    )


def _read_page(
    asked: Asked, survey_id: str, typed: ReadForm | None = None, stale: StaleError | None = None
) -> str:
    survey = known(asked, survey_id)
    # Until the close words have an author, and nobody else reads them.
    if survey.state is not SurveyState.CLOSED:
        return page(asked, survey_id, None, stale)
    form = typed or ReadForm(formdata=None)
    form.fresh()
    form.offer()
    ids = [one.id for one in survey.questions]
    return render_template(
        "surveys/read.html",
        space=asked.in_space,
        survey=survey,
        said=queries.words(db.session(), ids, WordsState.WAITING),
        form=form,
        stale=stale,
        done=_done(request.args.get("fait", "")),
    )


def _done(word: str) -> str:
    return {
        "enregistre": _("Vos changements sont enregistrés."),
        "questions": _("Les questions sont enregistrées."),
        "lu": _("Votre décision est enregistrée."),
    }.get(word, "")
