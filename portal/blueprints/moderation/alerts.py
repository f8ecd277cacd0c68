"""Report what breaks a rule; open the procedure when a person may be in danger."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session

from portal import paths
from portal.blueprints._directing import Answered, direct
from portal.blueprints._forms import ActForm
from portal.blueprints._guards import Asked, allow
from portal.blueprints.moderation.alert_forms import FollowForm, ReportForm, ToldForm
from portal.blueprints.moderation.forms import DecisionForm
from portal.blueprints.moderation.pages import review
from portal.blueprints.moderation.routes import decision_page
from portal.blueprints.spaces.pages import audience_of
from portal.domain.contributions import queries as contributions
from portal.domain.moderation import danger, in_person, reports, settings
from portal.domain.moderation.models import DangerChannel
from portal.extensions import db
from portal.kernel.errors import NotFoundError, StaleError
from portal.languages import gettext as _
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.vocabulary import Audience, ContributionStatus

bp = Blueprint("alerts", __name__)


@bp.get("/contributions/<id:contribution_id>/signaler")
@allow(Permission.REPORT)
def consider(asked: Asked) -> str:
    """Which rule is broken."""
    form = ReportForm(formdata=None)
    form.fresh()
    return _report_page(asked, form)


@bp.post("/contributions/<id:contribution_id>/signaler")
@allow(Permission.REPORT)
def report(asked: Asked) -> Answered:
    """Tell the moderation."""
    form, contribution_id = ReportForm(), asked.about.id
    words = form.words.data or ""

    def do(session: Session, person: Actor) -> None:
        reports.report(session, person, contribution_id, form.chosen, words)

    outcome = f"{paths.contribution(contribution_id, 'signaler')}?fait=signale"
    body = (contribution_id, form.rule.data, words)
    return direct(asked, form, body, outcome, do, lambda stale: _report_page(asked, form, stale))


@bp.post("/contributions/<id:contribution_id>/signalement")
@allow(Permission.MODERATE_ONE)
def keep(asked: Asked) -> Answered:
    """Find that reported words may stay."""
    contribution_id = asked.about.id

    def do(session: Session, person: Actor) -> None:
        reports.keep(session, person, contribution_id)

    def again(stale: StaleError | None) -> str:
        form = DecisionForm(formdata=None)
        form.fresh()
        return decision_page(asked, form, review(contribution_id), stale)

    outcome = f"{paths.space(asked.in_space.id)}/moderation?fait=gardee"
    return direct(asked, ActForm(), (contribution_id, "garder"), outcome, do, again)


@bp.get("/contributions/<id:contribution_id>/danger")
@allow(Permission.DANGER_RAISE)
def procedure(asked: Asked) -> str:
    """Whom to tell when a person may be in danger, and who was told."""
    return _danger_page(asked)


@bp.post("/contributions/<id:contribution_id>/danger")
@allow(Permission.DANGER_RAISE)
def open_procedure(asked: Asked) -> Answered:
    """Say it: the direction and the moderation are told at once."""
    contribution_id = asked.about.id

    def do(session: Session, person: Actor) -> None:
        danger.raise_(session, person, contribution_id)

    here = paths.contribution(contribution_id, "danger")
    if Permission.QUEUE_READ not in asked.can:
        # Of an alert that somebody else gave, nothing is shown to who does not follow it.
        here += "?fait=dit"
    return direct(asked, ActForm(), (contribution_id, "danger"), here, do, lambda _stale: _danger_page(asked))


@bp.post("/contributions/<id:contribution_id>/danger/prevenu")
@allow(Permission.DANGER_RAISE)
def told(asked: Asked) -> Answered:
    """Write down who was told."""
    form, contribution_id = ToldForm(), asked.about.id
    seen = form.seen.data or ""

    def do(session: Session, person: Actor) -> None:
        danger.told(session, person, contribution_id, form.chosen, seen=seen)

    here = paths.contribution(contribution_id, "danger")
    body = (contribution_id, form.channel.data, seen)
    return direct(asked, form, body, here, do, lambda stale: _danger_page(asked, form, stale))


@bp.post("/contributions/<id:contribution_id>/danger/fin")
@allow(Permission.QUEUE_READ)
def end(asked: Asked) -> Answered:
    """End the procedure: words that were taken back are read by nobody any more."""
    form, contribution_id = FollowForm(), asked.about.id
    seen = form.seen.data or ""

    def do(session: Session, person: Actor) -> None:
        danger.end(session, person, contribution_id, seen=seen)

    here = paths.contribution(contribution_id, "danger")
    body = (contribution_id, "danger", "fin", seen)
    return direct(asked, form, body, here, do, lambda stale: _danger_page(asked, stale=stale))


def _report_page(asked: Asked, form: ReportForm, stale: StaleError | None = None) -> str:
    return render_template(
        "moderation/report.html",
        asked=asked,
        card=_card(asked),
        form=form,
        stale=stale,
        said=reports.own(db.session(), asked.actor, asked.about.id),
        done=request.args.get("fait") == "signale",
    )


def _danger_page(asked: Asked, form: ToldForm | None = None, stale: StaleError | None = None) -> str:
    session = db.session()
    session.rollback()
    known_alert, alert = danger.of(session, asked.about.id), danger.followed(session, asked.about.id)
    keeps = Permission.QUEUE_READ in asked.can
    if form is None:
        form = ToldForm(formdata=None)
    form.fresh()
    known, _version = settings.of(session, asked.contract_id)
    words = danger.kept(session, alert) if alert is not None and keeps else []
    houses, elsewhere = in_person.houses_near(session, asked.about, asked.place, kept=bool(words))
    return render_template(
        "moderation/danger.html",
        asked=asked,
        card=_card(asked) if not keeps else None,
        alert=alert if keeps else None,
        said=not keeps and request.args.get("fait") == "dit",
        ended=known_alert if alert is None and keeps else None,
        words=words,
        withdrawn=asked.about.status is ContributionStatus.WITHDRAWN,
        steps=danger.steps(session, known_alert.id) if known_alert is not None and keeps else {},
        stale=stale,
        channels=tuple(DangerChannel),
        keeps=keeps,
        settings=known,
        houses=houses,
        elsewhere=elsewhere,
        form=form,
        title=_("La procédure est ouverte") if alert and keeps else _("Une personne est peut-être en danger"),
    )


def _card(asked: Asked) -> object:
    audience = audience_of(asked)
    card = contributions.card(db.session(), asked.about.id, audience)
    if card is None and audience is Audience.READERS:
        raise NotFoundError
    return card
