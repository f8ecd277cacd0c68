"""Writing an objective: added, from a model or not, written anew, put at its place, told how far it is."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from sqlalchemy.orm import Session

from portal.blueprints._directing import Answered, direct
from portal.blueprints._guards import Asked, allow
from portal.blueprints._merging import MERGED, Met, meet
from portal.blueprints.objectives import pages, routes
from portal.blueprints.objectives.forms import (
    BEFORE,
    LEEWAY,
    LINE_NAMES,
    PlaceForm,
    ProgressForm,
    SheetForm,
)
from portal.blueprints.plain import helping
from portal.domain.contracts import queries as contracts
from portal.domain.contracts import signed
from portal.domain.objectives import queries, ready, service, states, told
from portal.domain.objectives.models import News, Priority
from portal.domain.objectives.queries import SheetView
from portal.domain.objectives.typed import LINES, LINKS, NOTES
from portal.extensions import db
from portal.kernel.errors import StaleError
from portal.kernel.ids import is_id
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.vocabulary import ItemKind

bp = Blueprint("objective_sheets", __name__)


@bp.get("/contrats/<id:contract_id>/objectifs/ajouter")
@allow(Permission.OBJECTIVE_WRITE)
def begin(asked: Asked) -> str:
    """The form of a new objective, filled by a model when one was chosen."""
    form = SheetForm(formdata=None)
    form.fresh()
    form.priority.data = Priority.NEXT.value
    branch = request.args.get("branche", "")
    form.branch_id.data = branch if is_id(branch) else ""
    model = ready.known(request.args.get("modele", "")[:60])
    if model is not None:
        form.begin_from(model)
    return _form_page(asked, form, from_model=model is not None)


@bp.post("/contrats/<id:contract_id>/objectifs/ajouter")
@allow(Permission.OBJECTIVE_WRITE)
def add(asked: Asked) -> Answered:
    """Add an objective."""
    form = SheetForm()
    typed = form.typed

    def do(session: Session, person: Actor) -> None:
        service.add(session, person, asked.contract_id, typed)

    if helping.wanted():
        return _form_page(asked, form)
    outcome = f"{pages.here(asked)}?fait=ajoute"
    return direct(
        asked,
        form,
        (asked.contract_id, *form.said),
        outcome,
        do,
        lambda stale: _form_page(asked, form, stale=stale),
    )


@bp.get("/contrats/<id:contract_id>/objectifs/<id:objective_id>/recrire")
@allow(Permission.OBJECTIVE_WRITE)
def edit(asked: Asked, objective_id: str) -> str:
    """The objective as it reads now, to write anew."""
    found, form, session = pages.sheet(asked, objective_id), SheetForm(formdata=None), db.session()
    form.fresh()
    form.fill(
        found,
        queries.lines(session, objective_id),
        [one for one, _number, _title in queries.answered(session, objective_id)],
        queries.indicator_ids(session, objective_id),
    )
    return _form_page(asked, form, found)


@bp.post("/contrats/<id:contract_id>/objectifs/<id:objective_id>/recrire")
@allow(Permission.OBJECTIVE_WRITE)
def rewrite(asked: Asked, objective_id: str) -> Answered:
    """Write it anew, unless somebody did since it was read."""
    pages.sheet(asked, objective_id)
    form = SheetForm()
    said, typed, seen, reason = form.said, form.typed, form.seen, form.reason.data or ""
    piece, mine = states.objective_piece(asked.contract_id, objective_id), states.of_typed(typed)
    met, outcome = meet(piece, mine, seen), f"{pages.url(asked, objective_id)}?fait=recrit"
    if met is not None and met.settled:
        outcome = f"{pages.url(asked, objective_id)}?fait={MERGED}"
        if met.same:
            return redirect(outcome, 303)
        typed, seen = states.to_typed(met.state), met.number

    def do(session: Session, person: Actor) -> None:
        service.rewrite(session, person, asked.contract_id, objective_id, typed, seen, reason)

    def again(stale: StaleError | None) -> str:
        now = pages.sheet(asked, objective_id)
        found = meet(piece, mine, form.seen) if stale is not None else None
        if found is not None:
            form.put(found.state)
        if stale is not None:
            form.version.data = str(now.item.version)
        return _form_page(asked, form, now, stale, met=found)

    if helping.wanted():
        return again(None)
    return direct(asked, form, (objective_id, *said), outcome, do, again)


@bp.post("/contrats/<id:contract_id>/objectifs/<id:objective_id>/place")
@allow(Permission.OBJECTIVE_WRITE)
def move(asked: Asked, objective_id: str) -> Answered:
    """One place up or down, under the same objectif stratégique."""
    pages.sheet(asked, objective_id)
    form = PlaceForm()
    up, seen = form.way.data == BEFORE, form.seen

    def do(session: Session, person: Actor) -> None:
        service.move(session, person, asked.contract_id, objective_id, up, seen)

    def again(stale: StaleError | None) -> str:
        return routes.page(asked, objective_id, told_form=form, stale=stale)

    outcome = f"{pages.here(asked)}?fait=place#objectif-{objective_id}"
    return direct(asked, form, (objective_id, "place", up, seen), outcome, do, again)


@bp.get("/contrats/<id:contract_id>/objectifs/<id:objective_id>/avancement")
@allow(Permission.OBJECTIVE_WRITE)
def ask_progress(asked: Asked, objective_id: str) -> str:
    """How far it is, to be told."""
    found, form = pages.sheet(asked, objective_id), ProgressForm(formdata=None)
    form.fresh()
    form.version.data, form.state.data = str(found.item.version), found.state.value
    return _progress_page(asked, form, found)


@bp.post("/contrats/<id:contract_id>/objectifs/<id:objective_id>/avancement")
@allow(Permission.OBJECTIVE_WRITE)
def progress(asked: Asked, objective_id: str) -> Answered:
    """Tell how far it is."""
    pages.sheet(asked, objective_id)
    form = ProgressForm()
    state, words, seen = form.chosen, form.words.data or "", form.seen

    def do(session: Session, person: Actor) -> None:
        service.progress(session, person, asked.contract_id, objective_id, state, words, seen)

    def again(stale: StaleError | None) -> str:
        now = pages.sheet(asked, objective_id)
        if stale is not None:
            form.version.data = str(now.item.version)
        return _progress_page(asked, form, now, stale)

    outcome = f"{pages.url(asked, objective_id)}?fait=avancement"
    return direct(asked, form, (objective_id, form.state.data, words, seen), outcome, do, again)


def _form_page(
    asked: Asked,
    form: SheetForm,
    found: SheetView | None = None,
    stale: StaleError | None = None,
    *,
    from_model: bool = False,
    met: Met | None = None,
) -> str:
    session = db.session()
    places = queries.places(session, asked.contract_id)
    # A place that left the perimeter stays on the objectives that it was on.
    former = [] if found is None else [one for one in found.places if one not in places]
    findings = contracts.item_lines(session, asked.contract_id, ItemKind.FINDING, queries.OFFERED)
    known = {one.id for one in findings}
    # And so does a finding that was withdrawn.
    linked = [] if found is None else queries.answered(session, found.item.id)
    form.offer(
        queries.branches(session, asked.contract_id),
        [*places, *former],
        [
            *((one.id, one.number, one.title) for one in findings),
            *(one for one in linked if one[0] not in known),
        ],
        pages.followed(asked),
    )
    return render_template(
        "objectives/write.html",
        asked=asked,
        here=pages.here(asked),
        form=form,
        axes={one.id: one.axis for one in findings},
        sheet=found,
        from_model=from_model,
        leeway_names=LEEWAY,
        link_names=(*LINKS, *NOTES),
        line_names=LINE_NAMES,
        line_numbers=range(1, LINES + 1),
        promised=signed.promised(db.session(), asked.contract_id),
        looked=helping.looked(form.plain.data),
        stale=stale,
        met=met,
    )


def _progress_page(
    asked: Asked, form: ProgressForm, found: SheetView, stale: StaleError | None = None
) -> str:
    news, older = told.history(db.session(), found.item.id)
    return render_template(
        "objectives/progress.html",
        asked=asked,
        here=pages.here(asked),
        url=pages.url(asked, found.item.id),
        form=form,
        sheet=found,
        news=news,
        older=older,
        adapted=News.ADAPTED,
        stale=stale,
    )
