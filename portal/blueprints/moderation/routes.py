"""Moderation: the queue, and one decision at a time."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session

from portal import paths
from portal.blueprints._directing import Answered, current_space, direct
from portal.blueprints._guards import Asked, allow
from portal.blueprints.moderation.forms import DecisionForm
from portal.blueprints.moderation.pages import Review, done, review
from portal.blueprints.spaces.pages import frame
from portal.domain.contributions import queries as contributions
from portal.domain.figures import moderation as set_aside
from portal.domain.figures import queries as figures
from portal.domain.moderation import danger, service
from portal.domain.moderation import queries as appeals
from portal.extensions import db
from portal.kernel.errors import NotFoundError, StaleError
from portal.kernel.ids import is_id
from portal.policy.actor import Actor
from portal.policy.permissions import Permission

bp = Blueprint("moderation", __name__)

PUBLISH, REFUSE, HIDE = "publier", "refuser", "masquer"


@bp.get("/espaces/<id:space_id>/moderation")
@allow(Permission.QUEUE_READ)
def queue(asked: Asked) -> str:
    """What waits: one version to read at a time, then the contributions without an answer."""
    session, space = db.session(), asked.in_space
    first = next(iter(contributions.waiting(session, space.id, _cursor("apres"), size=1)), None)
    owed = contributions.unanswered(session, space.id, _cursor("sans-reponse"))
    reported = appeals.reported(session, space.id, after=_cursor("signalees"))
    counts = figures.awaiting(session, [space.id]).get(space.id, figures.Awaiting())
    form = DecisionForm(formdata=None)
    form.fresh()
    alerts = danger.around(
        session,
        space.id,
        first.id if first is not None else None,
        waiting_after=_cursor("alertes"),
        going_on_after=_cursor("procedures"),
    )
    shown = review(first.id, deciding=False, known=first) if first is not None else None
    if shown is not None:
        form.show(shown.seen)
    return render_template(
        "moderation/queue.html",
        space=space,
        frame=frame(asked),
        review=replace(shown, danger=alerts.own) if shown is not None else None,
        dangers=alerts.waiting,
        going_on=alerts.going_on,
        form=form,
        waiting=counts.to_review,
        owed=owed,
        reported=reported,
        next_reported=reported[-1].id if len(reported) == appeals.PAGE else None,
        unanswered=counts.unanswered,
        next_owed=owed[-1].id if len(owed) == contributions.PAGE else None,
        skipped=bool(_cursor("apres")),
        skipped_dangers=bool(_cursor("alertes")),
        skipped_procedures=bool(_cursor("procedures")),
        done=done(asked, request.args.get("fait", "")),
        can_moderate=Permission.MODERATE in asked.can,
        can_answer=Permission.ANSWER_IN in asked.can,
    )


@bp.get("/contributions/<id:contribution_id>/moderer")
@allow(Permission.MODERATE)
def consider(asked: Asked) -> str:
    """The words in full, and what may be decided of them."""
    form = DecisionForm(formdata=None)
    form.fresh()
    return decision_page(asked, form, review(asked.about.id))


@bp.post("/contributions/<id:contribution_id>/moderer")
@allow(Permission.MODERATE)
def decide(asked: Asked) -> Answered:
    """Publish, refuse or hide what was on the screen."""
    form, contribution_id = DecisionForm(), asked.about.id
    decision, seen, facing = form.decision.data, form.seen, form.facing
    sentences = review(contribution_id).sentences
    if decision not in (PUBLISH, REFUSE, HIDE):
        raise NotFoundError

    def do(session: Session, person: Actor) -> None:
        if decision == PUBLISH:
            service.approve(session, person, contribution_id, seen, facing=facing)
            return
        # Who comes second reads that it is decided, whatever they left out.
        service.decidable(session, person, contribution_id, seen, asked.now, waiting=decision == REFUSE)
        set_apart = service.refuse if decision == REFUSE else service.hide
        set_apart(session, person, contribution_id, seen, form.reason(sentences), facing=facing)

    def again(stale: StaleError | None) -> str:
        return decision_page(asked, form, review(contribution_id), stale)

    passages = tuple(sorted(form.passages.data or []))
    body = (contribution_id, decision, seen, form.rule.data, form.sentence.data, passages, facing)
    return direct(asked, form, body, _next(asked, decision, contribution_id), do, again)


def _next(asked: Asked, decision: str, contribution_id: str) -> str:
    """After a reading, the next one; after hiding, back to the thread."""
    if decision == HIDE:
        return paths.contribution(contribution_id)
    return (
        f"{paths.space(asked.in_space.id)}/moderation?fait={'publiee' if decision == PUBLISH else 'refusee'}"
    )


def decision_page(asked: Asked, form: DecisionForm, shown: Review, stale: StaleError | None = None) -> str:
    """The words as they are now, and what may be decided of them."""
    form.show(shown.seen)
    form.offer(shown.labels)
    return render_template(
        "moderation/decide.html",
        asked=asked,
        space=current_space(asked),
        review=shown,
        form=form,
        stale=stale,
        told=tuple(danger.steps(db.session(), shown.danger.id)) if shown.danger is not None else (),
        reported=set_aside.reported(db.session(), shown.card.id) if shown.reports else None,
        can_name_readers=Permission.APPEAL_READERS_NAME in asked.can,
    )


def _cursor(name: str) -> str | None:
    value = request.args.get(name, "")
    return value if is_id(value) else None
