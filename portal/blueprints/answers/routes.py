"""Answers: one at a time, with what became of the words, then the next one."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal import paths
from portal.blueprints._directing import Answered, current_space, direct
from portal.blueprints._guards import Asked, allow
from portal.blueprints.answers.forms import AnswerForm
from portal.domain.answers import changes, merging, service
from portal.domain.answers import queries as answers
from portal.domain.answers.rules import strictest
from portal.domain.contracts import queries as contracts
from portal.domain.contributions import queries as contributions
from portal.domain.contributions.models import Contribution
from portal.domain.contributions.service import by_id
from portal.domain.contributions.told import Told
from portal.domain.duties import clocks, rules
from portal.domain.figures import queries as figures
from portal.domain.spaces.queries import SpaceView
from portal.extensions import db
from portal.kernel.clock import paris
from portal.kernel.errors import NotFoundError, RefusedError, StaleError
from portal.kernel.ids import is_id
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.vocabulary import Audience, ContributionStatus

bp = Blueprint("answers", __name__)


@bp.get("/contributions/<id:contribution_id>/reponse")
@allow(Permission.ANSWER_IN)
def write(asked: Asked) -> str:
    """The words in full, and the answer to write."""
    form = AnswerForm(formdata=None)
    form.fresh()
    form.version.data = str(asked.about.shown_version or "")
    return _page(asked, form)


@bp.post("/contributions/<id:contribution_id>/reponse")
@allow(Permission.ANSWER_IN)
def give(asked: Asked) -> Answered:
    """Answer, once; then the next contribution that waits for one."""
    form, contribution_id, space_id = AnswerForm(), asked.about.id, asked.in_space.id
    command = form.answer

    def do(session: Session, person: Actor) -> None:
        try:
            service.give(session, person, contribution_id, command)
        except RefusedError as error:
            if error.code != "etat":
                raise
            raise StaleError(error.sentence, seen=None, current=None) from error

    def again(stale: StaleError | None) -> str:
        return _page(asked, form, stale)

    outcome = f"{paths.space(space_id)}/reponses/suivante?apres={contribution_id}"
    return direct(asked, form, (contribution_id, command), outcome, do, again)


@bp.get("/espaces/<id:space_id>/reponses/suivante")
@allow(Permission.ANSWER_IN)
def following(asked: Asked) -> Response:
    """To the next contribution without an answer, or back to the list when none is left."""
    space_id, after = asked.in_space.id, request.args.get("apres", "")
    found = contributions.unanswered(db.session(), space_id, after if is_id(after) else None, size=1)
    found = found or contributions.unanswered(db.session(), space_id, size=1)
    if not found:
        return redirect(f"{paths.space(space_id)}/moderation?fait=repondu")
    told = f"?apres={after}" if is_id(after) else ""
    return redirect(paths.contribution(found[0].id, "reponse") + told)


def _page(asked: Asked, form: AnswerForm, stale: StaleError | None = None) -> str:
    session = db.session()
    # Whoever only opens the page has just read it; a form was sent meanwhile, and things may have changed.
    row = asked.about if request.method == "GET" else by_id(session, asked.about.id)
    told = Told(session, [one for one in (asked.about.id, asked.about.parent_id) if one])
    card = told.card(asked.about.id, Audience.READERS)
    if row is None or card is None:
        permits.require(asked.actor, Permission.ANSWER, asked.target)
        raise NotFoundError
    item = contracts.item(session, row.item_id)
    form.about(strictest([row.kind, *(one.kind for one in merging.answerable_with(session, [row]))]))
    form.changes.offer(changes.offered(session, [row.item_id], row.created_at))
    if stale is not None:
        form.version.data = str(row.shown_version or "")
    space = current_space(asked)
    return render_template(
        "answers/write.html",
        space=space,
        card=card.about(item.title if item else "", paths.item(row.space_id, row.item_id)),
        parent=told.card(row.parent_id, Audience.READERS) if row.parent_id else None,
        replies=row.root_id is None and bool(answers.open_replies(session, row.id, size=1)),
        open=row.status is ContributionStatus.PUBLISHED and card.answer is None,
        unanswered=figures.unanswered(session, row.space_id),
        recipients=answers.recipients(session, asked.contract_id),
        can_explain=card.unkept is None and _is_due(asked, row, space),
        form=form,
        stale=stale,
        done=_answered_before(asked),
    )


def _is_due(asked: Asked, row: Contribution, space: SpaceView) -> bool:
    """Whether the day has come to write why there will be no answer."""
    due = clocks.of(db.session(), [space], asked.now).due_on(space, row.group, row.id)
    return rules.may_be_explained(due, paris(asked.now).date())


def _answered_before(asked: Asked) -> str | None:
    """The contribution whose answer was published just before this page, when it is so."""
    before = request.args.get("apres", "")
    if request.method != "GET" or not is_id(before):
        return None
    session = db.session()
    row, card = by_id(session, before), Told(session, [before]).card(before, Audience.READERS)
    if row is None or card is None or row.space_id != asked.about.space_id:
        return None
    return before if card.answer else None
