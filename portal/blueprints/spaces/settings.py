"""The settings of a space: its words, dates and promises; the ways to its phases and levels."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session

from portal import paths
from portal.blueprints._directing import Answered, current_space, direct
from portal.blueprints._guards import Asked, allow
from portal.blueprints.spaces.settings_forms import SettingsForm, TellForm
from portal.domain.spaces import asked as questions
from portal.domain.spaces import queries, reading, service, words
from portal.extensions import db
from portal.kernel.errors import StaleError
from portal.languages import gettext as _
from portal.policy.actor import Actor
from portal.policy.permissions import Permission

bp = Blueprint("space_settings", __name__)


@bp.get("/espaces/<id:space_id>/reglages")
@allow(Permission.SPACE_CONFIGURE)
def show(asked: Asked) -> str:
    """What may be corrected, and what may be done next."""
    form = SettingsForm(formdata=None)
    form.fresh()
    form.fill(asked.in_space)
    return _page(asked, form)


@bp.post("/espaces/<id:space_id>/reglages")
@allow(Permission.SPACE_CONFIGURE)
def save(asked: Asked) -> Answered:
    """Correct the space, unless somebody corrected it since it was read."""
    form, space = SettingsForm(), asked.in_space
    seen = form.seen

    def do(session: Session, person: Actor) -> None:
        service.correct(session, person, space.id, form.correction(space), version=seen)

    fields = (form.question, form.introduction, form.ends_on, form.answer_days, form.moderation, form.reason)
    body = (space.id, seen, *(field.data for field in fields))
    outcome = f"{paths.space(space.id)}/reglages?fait=enregistre"
    return direct(asked, form, body, outcome, do, lambda stale: _page(asked, form, stale))


@bp.post("/espaces/<id:space_id>/reglages/lecture-des-autorites")
@allow(Permission.SPACE_CONFIGURE)
def tell_words(asked: Asked) -> Answered:
    """Say whether the authorities read the words, or the synthesis only."""
    form, space_id = TellForm(), asked.in_space.id
    reads, seen, why = form.reads, form.seen, form.why.data or ""

    def do(session: Session, person: Actor) -> None:
        words.tell(session, person, space_id, reads=reads, version=seen, reason=why)
        form.confirmed(asked.in_space)

    def again(stale: StaleError | None) -> str:
        settings = SettingsForm(formdata=None)
        settings.fresh()
        settings.fill(current_space(asked))
        return _page(asked, settings, stale, form)

    outcome = f"{paths.space(space_id)}/reglages?fait=lecture"
    return direct(asked, form, (space_id, reads, seen, why), outcome, do, again)


def _page(
    asked: Asked, form: SettingsForm, stale: StaleError | None = None, telling: TellForm | None = None
) -> str:
    space = current_space(asked)
    if stale is not None:
        form.version.data = str(space.version)
    telling = telling or TellForm(formdata=None)
    telling.fresh()
    return render_template(
        "spaces/settings.html",
        space=space,
        asked_before=questions.replaced(db.session(), [space.id]),
        form=form,
        stale=stale,
        can=asked.can,
        Can=Permission,
        telling=telling,
        words_told=reading.told(space.target.words_told),
        may_open_words=not queries.written(db.session(), space.id),
        done=_done(request.args.get("fait", "")),
    )


def _done(word: str) -> str:
    return {
        "enregistre": _("Vos changements sont enregistrés. Tout le monde les voit."),
        "lecture": _("Ce que les autorités lisent est enregistré. Tout le monde le voit."),
        "cree": _("L’espace est créé. Seule la direction le voit. Ouvrez-le quand vous êtes prêt."),
        "ouverture": _("L’espace est ouvert, ou annoncé jusqu’à sa date d’ouverture."),
        "pause": _("L’espace est en pause. Tout le monde lit votre raison."),
        "reprise": _("L’espace est de nouveau ouvert."),
        "fin": _("Le temps des contributions est terminé. Il reste à répondre."),
    }.get(word, "")
