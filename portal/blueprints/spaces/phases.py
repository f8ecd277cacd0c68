"""The phases of a space: open, pause, resume, end, close; each is asked before it is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, render_template
from sqlalchemy.orm import Session

from portal import paths
from portal.blueprints._directing import Answered, current_space, direct
from portal.blueprints._guards import Asked, allow
from portal.blueprints.spaces.settings_forms import PhaseForm, typed
from portal.domain.answers import service as answers
from portal.domain.duties import queries as duties
from portal.domain.figures import queries as figures
from portal.domain.spaces import rules, service
from portal.extensions import db
from portal.kernel.errors import InvalidError, RefusedError, StaleError
from portal.languages import gettext
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.vocabulary import DutyKind

bp = Blueprint("space_phases", __name__)

Move = Callable[[Session, Actor, str, int], Any]


@bp.get("/espaces/<id:space_id>/ouverture")
@allow(Permission.SPACE_OPEN)
def ask_open(asked: Asked) -> str:
    """What opening does."""
    return _asking(asked, "ouverture")


@bp.post("/espaces/<id:space_id>/ouverture")
@allow(Permission.SPACE_OPEN)
def open_(asked: Asked) -> Answered:
    """Open the space, or announce it until its date."""
    return _move(
        asked,
        "ouverture",
        lambda session, person, id_, seen: service.open_(session, person, id_, version=seen),
    )


@bp.get("/espaces/<id:space_id>/pause")
@allow(Permission.SPACE_PAUSE)
def ask_pause(asked: Asked) -> str:
    """What a pause does, and its reason to write."""
    return _asking(asked, "pause")


@bp.post("/espaces/<id:space_id>/pause")
@allow(Permission.SPACE_PAUSE)
def pause(asked: Asked) -> Answered:
    """Suspend contributions with a reason that everyone reads."""
    reason = typed(PhaseForm().reason)
    return _move(
        asked,
        "pause",
        lambda session, person, id_, seen: service.pause(session, person, id_, reason, version=seen),
    )


@bp.get("/espaces/<id:space_id>/reprise")
@allow(Permission.SPACE_RESUME)
def ask_resume(asked: Asked) -> str:
    """What resuming does."""
    return _asking(asked, "reprise")


@bp.post("/espaces/<id:space_id>/reprise")
@allow(Permission.SPACE_RESUME)
def resume(asked: Asked) -> Answered:
    """Open again after a pause."""
    return _move(
        asked,
        "reprise",
        lambda session, person, id_, seen: service.resume(session, person, id_, version=seen),
    )


@bp.get("/espaces/<id:space_id>/fin")
@allow(Permission.SPACE_END)
def ask_end(asked: Asked) -> str:
    """What ending early does."""
    return _asking(asked, "fin")


@bp.post("/espaces/<id:space_id>/fin")
@allow(Permission.SPACE_END)
def end(asked: Asked) -> Answered:
    """End the time of contributions before the announced date, with a reason that everyone reads."""
    reason = typed(PhaseForm().reason)
    return _move(
        asked,
        "fin",
        lambda session, person, id_, seen: service.end(session, person, id_, reason, version=seen),
    )


@bp.get("/espaces/<id:space_id>/cloture")
@allow(Permission.SPACE_CLOSE)
def ask_close(asked: Asked) -> str:
    """What is left before closing."""
    return _closing(asked, _blank(asked))


@bp.post("/espaces/<id:space_id>/cloture")
@allow(Permission.SPACE_CLOSE)
def close(asked: Asked) -> Answered:
    """Close: everything answered, or the promise unkept explained."""
    form, space_id = PhaseForm(), asked.in_space.id
    explained, seen = typed(form.broken_promise), form.seen

    def do(session: Session, person: Actor) -> None:
        try:
            answers.close(session, person, space_id, version=seen, broken_promise=explained)
        except RefusedError as error:
            if error.code == "engagements":
                raise InvalidError({"broken_promise": [error.sentence, error.who]}) from error
            if error.code in ("relecture", "second-regard"):
                raise StaleError(f"{error.sentence} {error.who}", seen=None, current=None) from error
            raise

    return direct(
        asked,
        form,
        (space_id, "cloture", seen, explained),
        paths.space(space_id),
        do,
        lambda stale: _closing(asked, form, stale),
    )


def _asking(asked: Asked, act: str) -> str:
    return _confirm(asked, act, _blank(asked))


def _blank(asked: Asked) -> PhaseForm:
    form = PhaseForm(formdata=None)
    form.fresh()
    form.version.data = str(asked.in_space.version)
    return form


def _move(asked: Asked, act: str, move: Move) -> Answered:
    form, space_id = PhaseForm(), asked.in_space.id
    seen = form.seen
    return direct(
        asked,
        form,
        (space_id, act, seen, typed(form.reason)),
        f"{paths.space(space_id)}/reglages?fait={act}",
        lambda session, person: move(session, person, space_id, seen),
        lambda stale: _confirm(asked, act, form, stale),
    )


def _confirm(asked: Asked, act: str, form: PhaseForm, stale: StaleError | None = None) -> str:
    space = current_space(asked)
    form.version.data = str(space.version)
    if act == "fin":
        form.reason.label.text = gettext("Pourquoi finir plus tôt qu’annoncé")
    sooner = rules.on_an_earlier_day(asked.now, space.ends_at)
    return render_template("spaces/phase.html", space=space, act=act, form=form, stale=stale, sooner=sooner)


def _closing(asked: Asked, form: PhaseForm, stale: StaleError | None = None) -> str:
    session, space = db.session(), current_space(asked)
    form.version.data = str(space.version)
    unmet = {one.owed.kind for one in duties.unmet(session, space, asked.now)}
    return render_template(
        "spaces/close.html",
        space=space,
        form=form,
        stale=stale,
        waiting=figures.waiting_for_review(session, space.id),
        second_look=figures.second_look_waits(session, space.id),
        unanswered=figures.unanswered(session, space.id),
        synthesis_owed=DutyKind.SYNTHESIS in unmet,
        results_owed=DutyKind.SURVEY_RESULTS in unmet,
    )
