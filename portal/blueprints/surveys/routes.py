"""Short surveys as members meet them: the list, one survey, answering, results, words."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal import paths
from portal.blueprints._directing import Answered, current_space, direct
from portal.blueprints._guards import Asked, allow
from portal.blueprints.contributions import care
from portal.blueprints.surveys import pages
from portal.blueprints.surveys.forms import CloseForm, SheetForm, VersionForm, sheet_form
from portal.domain.register import export
from portal.domain.surveys import queries, service, sheets
from portal.domain.surveys.models import SurveyState, WordsState
from portal.domain.surveys.queries import SurveyView
from portal.extensions import db
from portal.kernel.errors import NotFoundError, RefusedError, StaleError
from portal.kernel.ids import is_id
from portal.kernel.speech import say
from portal.languages import gettext as _
from portal.policy.actor import Actor
from portal.policy.permissions import Permission

bp = Blueprint("surveys", __name__)

LIST = "/espaces/<id:space_id>/questionnaires"
ONE = f"{LIST}/<id:survey_id>"


@bp.get(LIST)
@allow(Permission.SPACE_READ)
def listed(asked: Asked) -> str:
    """The surveys of a space, the latest first."""
    after = request.args.get("apres", "")
    space = asked.in_space
    lines = queries.of_space(
        db.session(),
        space,
        asked.actor.participant_id,
        asked.now,
        group=asked.actor.group,
        drafts=Permission.SURVEY_PREPARE in asked.can,
        after=after if is_id(after) else None,
    )
    return render_template(
        "surveys/list.html",
        space=space,
        lines=lines,
        may_prepare=Permission.SURVEY_PREPARE in asked.can,
        may_answer=Permission.SURVEY_ANSWER in asked.can,
        following=lines[-1].id if len(lines) == queries.PAGE else None,
        done=_done(request.args.get("fait", "")),
    )


@bp.get(ONE)
@allow(Permission.SPACE_READ)
def show(asked: Asked, survey_id: str) -> str:
    """One survey: what it asks, who is invited, where it stands, its results."""
    return page(asked, survey_id)


@bp.get(f"{ONE}/repondre")
@allow(Permission.SURVEY_ANSWER)
def fill(asked: Asked, survey_id: str) -> str:
    """The questions, on one page."""
    survey = _open(asked, survey_id)
    form = sheet_form(survey.questions)(formdata=None)
    form.fresh()
    sent = queries.own_sheet(db.session(), survey.id, asked.actor.participant_id)
    form.fill(sent or {})
    return _sheet_page(asked, survey, form, sent_before=sent is not None)


@bp.post(f"{ONE}/repondre")
@allow(Permission.SURVEY_ANSWER)
def answer(asked: Asked, survey_id: str) -> Answered:
    """Keep my answers, in place of those I sent before."""
    survey = known(asked, survey_id)
    form = sheet_form(survey.questions)()

    def do(session: Session, person: Actor) -> None:
        sheets.answer(session, person, survey.id, form.given)

    def again(stale: StaleError | None) -> str:
        return _sheet_page(asked, known(asked, survey_id), form, stale=stale)

    question = care.before(asked, form, form.texts, lambda: again(None))
    if question is not None:
        return question
    outcome = sheets.sent(survey.space_id, survey.id)
    return direct(asked, form, (survey.id, form.body), outcome, do, again)


@bp.get(f"{ONE}/tableur")
@allow(Permission.SPACE_READ)
def download(asked: Asked, survey_id: str) -> Response:
    """The published results for a spreadsheet: the same folded figures."""
    survey = known(asked, survey_id)
    if survey.state is not SurveyState.PUBLISHED:
        return see(survey)
    file = Response(b"".join(export.comma_separated(pages.table(survey))), mimetype="text/csv")
    file.headers["Content-Disposition"] = 'attachment; filename="resultats.csv"'
    return file


@bp.get(f"{ONE}/mots/<id:question_id>")
@allow(Permission.SPACE_READ)
def words(asked: Asked, survey_id: str, question_id: str) -> str | Response:
    """All that people wrote in answer to one question, once it was read."""
    survey = known(asked, survey_id)
    question = pages.words_shown(survey, question_id) if survey.state is SurveyState.PUBLISHED else None
    if question is None:
        return see(survey)
    after = request.args.get("apres", "")
    said = queries.words(db.session(), [question_id], WordsState.SHOWN, after=after if is_id(after) else None)
    return render_template(
        "surveys/words.html",
        space=asked.in_space,
        survey=survey,
        question=question,
        said=said,
        following=said[-1].id if len(said) == queries.PAGE else None,
    )


@bp.post(f"{ONE}/fin")
@allow(Permission.SURVEY_CLOSE)
def close(asked: Asked, survey_id: str) -> Answered:
    """End the survey before its date."""
    form, survey = CloseForm(), known(asked, survey_id)
    reason, seen = form.reason.data or "", form.seen

    def do(session: Session, person: Actor) -> None:
        service.close(session, person, survey.id, reason, version=seen)

    outcome = f"{paths.survey(survey.space_id, survey.id)}?fait=fin"
    body = (survey.id, seen, reason)
    return direct(asked, form, body, outcome, do, lambda stale: page(asked, survey_id, form, stale))


@bp.post(f"{ONE}/publication")
@allow(Permission.SURVEY_PUBLISH)
def publish(asked: Asked, survey_id: str) -> Answered:
    """Show the results."""
    form, survey = VersionForm(), known(asked, survey_id)
    seen = form.seen

    def do(session: Session, person: Actor) -> None:
        service.publish(session, person, survey.id, version=seen)

    outcome = f"{paths.survey(survey.space_id, survey.id)}?fait=publication"
    return direct(
        asked, form, (survey.id, seen), outcome, do, lambda stale: page(asked, survey_id, form, stale)
    )


def known(asked: Asked, survey_id: str) -> SurveyView:
    """The survey, as this person may meet it. Errors: NotFoundError."""
    survey = queries.view(db.session(), survey_id, asked.in_space, asked.now)
    hidden = survey is not None and survey.state is SurveyState.DRAFT
    if survey is None or (hidden and Permission.SURVEY_PREPARE not in asked.can):
        raise NotFoundError
    return survey


def see(survey: SurveyView) -> Response:
    """On to the page of the survey, which says where it stands."""
    return redirect(paths.survey(survey.space_id, survey.id), 303)


def page(
    asked: Asked, survey_id: str, form: VersionForm | None = None, stale: StaleError | None = None
) -> str:
    """The page of a survey, with the form as it was filled when one is given."""
    space = current_space(asked)
    survey = known(asked, survey_id)
    closing = form if isinstance(form, CloseForm) else CloseForm(formdata=None)
    publishing = form if type(form) is VersionForm else VersionForm(formdata=None)
    for one in (closing, publishing):
        one.fresh()
        one.version.data = str(survey.version)
    published = survey.state is SurveyState.PUBLISHED
    moderates = Permission.MODERATE in asked.can
    waiting = survey.state is SurveyState.CLOSED and moderates and _waits(survey)
    return render_template(
        "surveys/show.html",
        space=space,
        survey=survey,
        can=asked.can,
        Can=Permission,
        group=asked.actor.group,
        answered=queries.answered(db.session(), survey.id, asked.actor.participant_id),
        results=pages.results(survey) if published else None,
        waiting=waiting,
        form=form if form is not None and form.errors else None,
        closing=closing,
        publishing=publishing,
        stale=stale,
        done=_done(request.args.get("fait", "")),
        sent=request.args.get("fait", "") == "envoye",
    )


def _waits(survey: SurveyView) -> bool:
    asked = [one.id for one in survey.questions]
    return bool(queries.words(db.session(), asked, WordsState.WAITING, size=1))


def _open(asked: Asked, survey_id: str) -> SurveyView:
    survey = known(asked, survey_id)
    if survey.state is not SurveyState.OPEN:
        raise RefusedError(
            "etat",
            say("Ce questionnaire n’est pas ouvert : %(state)s.", state=survey.state.label),
            say("La direction du contrat peut en ouvrir un autre."),
        )
    if asked.actor.group not in survey.groups:
        raise RefusedError(
            "groupe",
            say("Ce questionnaire a été ouvert à d’autres groupes que le vôtre."),
            say("La direction du contrat peut en ouvrir un autre."),
        )
    return survey


def _sheet_page(
    asked: Asked,
    survey: SurveyView,
    form: SheetForm,
    *,
    sent_before: bool = False,
    stale: StaleError | None = None,
) -> str:
    return render_template(
        "surveys/answer.html",
        space=asked.in_space,
        survey=survey,
        form=form,
        institutional=asked.actor.group.institutional,
        sent_before=sent_before,
        stale=stale,
    )


def _done(word: str) -> str:
    return {
        "envoye": _("Merci. Vos réponses sont enregistrées. Vous pouvez les changer jusqu’à la fin."),
        "fin": _("Le questionnaire est terminé. Plus rien ne relie les réponses aux personnes."),
        "publication": _("Les résultats sont publiés. Les groupes invités en sont prévenus."),
        "ouverture": _("Le questionnaire est ouvert. Les groupes invités en sont prévenus."),
        "abandon": _("Le questionnaire en préparation est supprimé."),
    }.get(word, "")
