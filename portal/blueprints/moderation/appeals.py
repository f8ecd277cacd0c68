"""A second look: the author reads the decision and asks, a person of another college reads and decides."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal import paths
from portal.blueprints._directing import Answered, current_space, direct
from portal.blueprints._forms import ActForm
from portal.blueprints._guards import Asked, allow
from portal.blueprints.moderation.appeal_forms import AskForm, ReaderForm, SettingsForm, VerdictForm
from portal.blueprints.moderation.appeal_pages import decided, sealed
from portal.domain.moderation import appeals, aside, naming, queries, readers, settings
from portal.extensions import db
from portal.kernel.errors import InvalidError, NotFoundError, StaleError
from portal.kernel.ids import is_id
from portal.languages import gettext as _
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission

bp = Blueprint("appeals", __name__)


@bp.get("/contributions/<id:contribution_id>/decision")
@allow(Permission.CONTRIBUTION_READ)
def decision(asked: Asked) -> str | Response:
    """What was decided of my words, which words, how to mend, and what I may do."""
    if asked.about.participant_id != asked.actor.participant_id:
        raise NotFoundError
    if decided(asked) is None:
        return redirect(paths.contribution(asked.about.id, "envoyee"))
    form = AskForm(formdata=None)
    form.fresh()
    return _decision_page(asked, form)


@bp.post("/contributions/<id:contribution_id>/recours")
@allow(Permission.APPEAL)
def ask(asked: Asked) -> Answered:
    """Ask that a person of another college look again."""
    form, contribution_id = AskForm(), asked.about.id
    words = form.words.data or ""

    def do(session: Session, person: Actor) -> None:
        appeals.ask(session, person, contribution_id, words)

    outcome = paths.contribution(contribution_id, "decision")
    return direct(
        asked, form, (contribution_id, words), outcome, do, lambda stale: _decision_page(asked, form, stale)
    )


@bp.get("/contrats/<id:contract_id>/recours")
@allow(Permission.APPEALS_READ)
def listed(asked: Asked) -> str:
    """The appeals that I may read, the oldest first."""
    after = request.args.get("apres", "")
    lines = queries.to_read(db.session(), asked.actor, after=after if is_id(after) else None)
    seats = readers.seats_of(db.session(), asked.actor.participant_id)
    form = ActForm(formdata=None)
    form.fresh()
    return render_template(
        "moderation/appeal_list.html",
        asked=asked,
        lines=lines,
        seats=seats,
        promised=all(one.accepted_at for one in seats),
        promise=readers.PROMISE,
        form=form,
        following=lines[-1].id if len(lines) == queries.PAGE else None,
        done=_done(request.args.get("fait", "")),
    )


@bp.post("/contrats/<id:contract_id>/recours")
@allow(Permission.APPEALS_READ)
def promise(asked: Asked) -> Answered:
    """Accept to keep for oneself what one will read."""
    here = f"{paths.contract(asked.contract_id)}/recours"

    def do(session: Session, person: Actor) -> None:
        readers.promise(session, person)

    return direct(asked, ActForm(), ("promesse",), here, do, lambda _stale: listed(asked))


@bp.get("/recours/<id:appeal_id>")
@allow(Permission.APPEAL_READ)
def read(asked: Asked) -> str:
    """The sealed words, the decision and its reason, once confidentiality is accepted."""
    form = VerdictForm(formdata=None)
    form.fresh()
    return _appeal_page(asked, form)


@bp.post("/recours/<id:appeal_id>")
@allow(Permission.APPEAL_READ)
def decide(asked: Asked) -> Answered:
    """Uphold the decision or reverse it, or leave that to somebody else."""
    form, appeal_id = VerdictForm(), asked.in_appeal.id
    listed_again = f"{paths.contract(asked.contract_id)}/recours?fait="

    def do(session: Session, person: Actor) -> None:
        if form.aside.data:
            aside.stand(session, person, appeal_id, form.why.data or "")
        else:
            appeals.decide(session, person, appeal_id, form.state, form.reason.data or "")

    body = (appeal_id, form.verdict.data, form.reason.data, form.aside.data, form.why.data)
    outcome = f"{listed_again}{'laisse' if form.aside.data else 'decide'}"
    return direct(asked, form, body, outcome, do, lambda stale: _appeal_page(asked, form, stale))


@bp.get("/espaces/<id:space_id>/recours")
@allow(Permission.APPEAL_READERS_NAME)
def named(asked: Asked) -> str:
    """Who reads the appeals of this space."""
    form = ReaderForm(formdata=None)
    form.fresh()
    return _readers_page(asked, form)


@bp.post("/espaces/<id:space_id>/recours")
@allow(Permission.APPEAL_READERS_NAME)
def name(asked: Asked) -> Answered:
    """Name somebody, or name somebody no longer."""
    form, space_id = ReaderForm(), asked.in_space.id
    chosen, ended = form.reader.data or "", form.ended.data or ""

    def do(session: Session, person: Actor) -> None:
        if ended:
            naming.end(session, person, space_id, ended)
        elif not chosen:
            raise InvalidError({"reader": [_("Choisissez une personne.")]})
        else:
            naming.name(session, person, space_id, chosen)

    here = f"{paths.space(space_id)}/recours"
    return direct(asked, form, (space_id, chosen, ended), here, do, lambda _stale: _readers_page(asked, form))


@bp.get("/contrats/<id:contract_id>/moderation")
@allow(Permission.MODERATION_SETTLE)
def settings_page(asked: Asked) -> str:
    """How the contract moderates."""
    form = SettingsForm(formdata=None)
    form.fresh()
    form.fill(*settings.of(db.session(), asked.contract_id))
    return _settings_page(asked, form)


@bp.post("/contrats/<id:contract_id>/moderation")
@allow(Permission.MODERATION_SETTLE)
def settle(asked: Asked) -> Answered:
    """Write how the contract moderates."""
    form = SettingsForm()
    wanted, seen = form.settings, form.seen

    def do(session: Session, person: Actor) -> None:
        settings.settle(session, person, wanted, version=seen)

    outcome = f"{paths.contract(asked.contract_id)}/moderation?fait=enregistre"
    return direct(asked, form, (seen, wanted), outcome, do, lambda stale: _settings_page(asked, form, stale))


def _decision_page(asked: Asked, form: AskForm, stale: StaleError | None = None) -> str:
    shown = decided(asked)
    if shown is None:
        raise NotFoundError
    may_ask = permits.allows(asked.actor, Permission.APPEAL, asked.target)
    return render_template(
        "moderation/appeal_decision.html", asked=asked, shown=shown, form=form, stale=stale, may_ask=may_ask
    )


def _appeal_page(asked: Asked, form: VerdictForm, stale: StaleError | None = None) -> str:
    return render_template(
        "moderation/appeal_read.html",
        asked=asked,
        shown=sealed(asked),
        form=form,
        stale=stale,
        promise=readers.PROMISE,
        another=appeals.ANOTHER,
    )


def _readers_page(asked: Asked, form: ReaderForm) -> str:
    space = current_space(asked)
    people = readers.members(db.session(), asked.contract_id, space.id)
    known, _version = settings.of(db.session(), asked.contract_id)
    return render_template(
        "moderation/appeal_readers.html",
        asked=asked,
        space=space,
        people=people,
        left=readers.left(db.session(), space.id),
        form=form,
        settings=known,
    )


def _settings_page(asked: Asked, form: SettingsForm, stale: StaleError | None = None) -> str:
    known, version = settings.of(db.session(), asked.contract_id)
    if stale is not None:
        form.version.data = str(version)
    return render_template(
        "moderation/appeal_settings.html",
        asked=asked,
        form=form,
        stale=stale,
        known=known,
        done=_done(request.args.get("fait", "")),
    )


def _done(word: str) -> str:
    return {
        "decide": _(
            "Votre décision est enregistrée. La personne qui a écrit et la modération en sont informées."
        ),
        "laisse": _(
            "Ce recours est laissé à quelqu’un d’autre. La direction et la personne qui a écrit le savent."
        ),
        "enregistre": _("Ces réglages sont enregistrés."),
    }.get(word, "")
