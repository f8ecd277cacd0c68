"""The actions of an objective: added, written, taken away, put back."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template
from sqlalchemy.orm import Session

from portal.blueprints._directing import Answered, direct
from portal.blueprints._guards import Asked, allow
from portal.blueprints._merging import MERGED, Met, meet, put
from portal.blueprints.objectives import pages, routes
from portal.blueprints.objectives.forms import ActionForm, VersionedForm
from portal.domain.objectives import actions, states
from portal.domain.objectives.models import Financing, State
from portal.domain.objectives.queries import SheetView
from portal.domain.objectives.told import ActionView
from portal.kernel.errors import InvalidError, StaleError
from portal.policy.actor import Actor
from portal.policy.permissions import Permission

bp = Blueprint("objective_actions", __name__)


@bp.get("/contrats/<id:contract_id>/objectifs/<id:objective_id>/actions/ajouter")
@allow(Permission.OBJECTIVE_WRITE)
def begin(asked: Asked, objective_id: str) -> str:
    """The form of a new action."""
    found, form = pages.sheet(asked, objective_id), ActionForm(formdata=None)
    form.fresh()
    form.state.data, form.financing.data = State.NOT_STARTED.value, Financing.UNKNOWN.value
    return _page(asked, form, found)


@bp.post("/contrats/<id:contract_id>/objectifs/<id:objective_id>/actions/ajouter")
@allow(Permission.OBJECTIVE_WRITE)
def add(asked: Asked, objective_id: str) -> Answered:
    """Add an action."""
    found, form = pages.sheet(asked, objective_id), ActionForm()
    typed, wrong = form.typed, form.wrong_days

    def do(session: Session, person: Actor) -> None:
        _refuse(wrong)
        actions.add(session, person, asked.contract_id, objective_id, typed)

    outcome = f"{pages.url(asked, objective_id)}?fait=action#actions"
    return direct(
        asked,
        form,
        (objective_id, *form.said),
        outcome,
        do,
        lambda stale: _page(asked, form, found, stale=stale),
    )


@bp.get("/contrats/<id:contract_id>/objectifs/<id:objective_id>/actions/<id:action_id>")
@allow(Permission.OBJECTIVE_WRITE)
def edit(asked: Asked, objective_id: str, action_id: str) -> str:
    """The action as it is now, to write anew."""
    (found, action), form = pages.action(asked, objective_id, action_id), ActionForm(formdata=None)
    form.fresh()
    form.fill(action)
    return _page(asked, form, found, action)


@bp.post("/contrats/<id:contract_id>/objectifs/<id:objective_id>/actions/<id:action_id>")
@allow(Permission.OBJECTIVE_WRITE)
def write(asked: Asked, objective_id: str, action_id: str) -> Answered:
    """Write it anew, unless somebody did since it was read."""
    pages.action(asked, objective_id, action_id)
    form = ActionForm()
    said, typed, wrong, seen = form.said, form.typed, form.wrong_days, form.seen
    piece, mine = states.action_piece(asked.contract_id, action_id), states.of_typed_action(typed)
    met, url = None if wrong else meet(piece, mine, seen), pages.url(asked, objective_id)
    outcome = f"{url}?fait=action#actions"
    if met is not None and met.settled:
        outcome = f"{url}?fait={MERGED}#action-{action_id}"
        if met.same:
            return redirect(outcome, 303)
        typed, seen = states.to_typed_action(met.state, typed.reason), met.number

    def do(session: Session, person: Actor) -> None:
        _refuse(wrong)
        actions.write(session, person, asked.contract_id, action_id, typed, seen)

    def again(stale: StaleError | None) -> str:
        found, now = pages.action(asked, objective_id, action_id)
        both = meet(piece, mine, form.seen) if stale is not None and now.removed_at is None else None
        if both is not None:
            put(form, both.state)
        if stale is not None:
            form.version.data = str(now.version)
        return _page(asked, form, found, now, stale, both)

    return direct(asked, form, (action_id, *said), outcome, do, again)


@bp.post("/contrats/<id:contract_id>/objectifs/<id:objective_id>/actions/<id:action_id>/retirer")
@allow(Permission.OBJECTIVE_WRITE)
def remove(asked: Asked, objective_id: str, action_id: str) -> Answered:
    """Take it away; it can be put back."""
    return _flip(asked, objective_id, action_id, away=True)


@bp.post("/contrats/<id:contract_id>/objectifs/<id:objective_id>/actions/<id:action_id>/remettre")
@allow(Permission.OBJECTIVE_WRITE)
def restore(asked: Asked, objective_id: str, action_id: str) -> Answered:
    """Put it back."""
    return _flip(asked, objective_id, action_id, away=False)


def _flip(asked: Asked, objective_id: str, action_id: str, *, away: bool) -> Answered:
    pages.action(asked, objective_id, action_id)
    form = VersionedForm()
    verb, seen = actions.remove if away else actions.restore, form.seen

    def do(session: Session, person: Actor) -> None:
        verb(session, person, asked.contract_id, action_id, seen)

    def again(stale: StaleError | None) -> str:
        return routes.page(asked, objective_id, told_form=form, stale=stale)

    outcome = f"{pages.url(asked, objective_id)}?fait={'retire' if away else 'remis'}#actions"
    return direct(asked, form, (action_id, away, seen), outcome, do, again)


def _refuse(wrong: dict[str, list[str]]) -> None:
    if wrong:
        raise InvalidError(wrong)


def _page(
    asked: Asked,
    form: ActionForm,
    found: SheetView,
    action: ActionView | None = None,
    stale: StaleError | None = None,
    met: Met | None = None,
) -> str:
    return render_template(
        "objectives/action.html",
        asked=asked,
        here=pages.here(asked),
        url=pages.url(asked, found.item.id),
        form=form,
        sheet=found,
        action=action,
        financing=Financing,
        stale=stale,
        met=met,
    )
