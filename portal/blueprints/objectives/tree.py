"""The tree, kept by the direction: orientations and objectifs stratégiques, their words, their order."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session

from portal.blueprints._directing import Answered, direct
from portal.blueprints._guards import Asked, allow
from portal.blueprints._merging import Met
from portal.blueprints.objectives import pages
from portal.blueprints.objectives.forms import BEFORE, BranchForm, PlaceForm, VersionedForm
from portal.domain.objectives import queries, tree
from portal.domain.objectives.queries import BranchView
from portal.extensions import db
from portal.kernel.errors import NotFoundError, StaleError
from portal.policy.actor import Actor
from portal.policy.permissions import Permission

bp = Blueprint("objective_tree", __name__)


@bp.get("/contrats/<id:contract_id>/objectifs/arbre")
@allow(Permission.OBJECTIVE_WRITE)
def listed(asked: Asked) -> str:
    """The tree in its order."""
    form = BranchForm(formdata=None)
    form.fresh()
    return _list_page(asked, form)


@bp.post("/contrats/<id:contract_id>/objectifs/arbre")
@allow(Permission.OBJECTIVE_WRITE)
def add(asked: Asked) -> Answered:
    """Add an orientation or an objectif stratégique."""
    form = BranchForm()
    parent, title, plain = form.parent_id.data or None, form.title.data or "", form.plain.data or ""

    def do(session: Session, person: Actor) -> None:
        tree.add(session, person, asked.contract_id, parent, title, plain)

    body = (asked.contract_id, "arbre", parent, title, plain)
    again = lambda stale: _list_page(asked, form, stale)  # noqa: E731 — one line, said once
    return direct(asked, form, body, f"{_here(asked)}?fait=ajoute", do, again)


@bp.get("/contrats/<id:contract_id>/objectifs/arbre/<id:branch_id>")
@allow(Permission.OBJECTIVE_WRITE)
def edit(asked: Asked, branch_id: str) -> str:
    """One of them, to write it anew or to take it away."""
    branch, form = _branch(asked, branch_id), BranchForm(formdata=None)
    form.fresh()
    form.fill(branch)
    return _branch_page(asked, branch, form)


@bp.post("/contrats/<id:contract_id>/objectifs/arbre/<id:branch_id>")
@allow(Permission.OBJECTIVE_WRITE)
def change(asked: Asked, branch_id: str) -> Answered:
    """Write it anew."""
    _branch(asked, branch_id)
    form = BranchForm()
    title, plain, seen = form.title.data or "", form.plain.data or "", form.seen

    def do(session: Session, person: Actor) -> None:
        tree.change(session, person, asked.contract_id, branch_id, title, plain, seen)

    def again(stale: StaleError | None) -> str:
        now = _branch(asked, branch_id)
        met = None
        if stale is not None:
            saved = BranchForm(formdata=None)
            saved.fill(now)
            form.version.data, met = saved.version.data, form.meet(saved)
        return _branch_page(asked, now, form, stale, met=met)

    return direct(asked, form, (branch_id, title, plain, seen), f"{_here(asked)}?fait=change", do, again)


@bp.post("/contrats/<id:contract_id>/objectifs/arbre/<id:branch_id>/place")
@allow(Permission.OBJECTIVE_WRITE)
def move(asked: Asked, branch_id: str) -> Answered:
    """One place up or down."""
    _branch(asked, branch_id)
    form = PlaceForm()
    up, seen = form.way.data == BEFORE, form.seen

    def do(session: Session, person: Actor) -> None:
        tree.move(session, person, asked.contract_id, branch_id, up, seen)

    def again(stale: StaleError | None) -> str:
        fresh = BranchForm(formdata=None)
        fresh.fresh()
        return _list_page(asked, fresh, stale, told=form)

    outcome = f"{_here(asked)}?fait=place#branche-{branch_id}"
    return direct(asked, form, (branch_id, up, seen), outcome, do, again)


@bp.post("/contrats/<id:contract_id>/objectifs/arbre/<id:branch_id>/retirer")
@allow(Permission.OBJECTIVE_WRITE)
def remove(asked: Asked, branch_id: str) -> Answered:
    """Take away one under which nothing is."""
    _branch(asked, branch_id)
    form = VersionedForm()
    seen = form.seen

    def do(session: Session, person: Actor) -> None:
        tree.remove(session, person, asked.contract_id, branch_id, seen)

    def again(stale: StaleError | None) -> str:
        now, written = _branch(asked, branch_id), BranchForm(formdata=None)
        written.fresh()
        written.fill(now)
        return _branch_page(asked, now, written, stale, told=form)

    return direct(asked, form, (branch_id, "retirer", seen), f"{_here(asked)}?fait=retire", do, again)


def _list_page(
    asked: Asked,
    form: BranchForm,
    stale: StaleError | None = None,
    told: PlaceForm | None = None,
) -> str:
    known = queries.branches(db.session(), asked.contract_id)
    form.offer(known)
    return render_template(
        "objectives/tree.html",
        asked=asked,
        here=pages.here(asked),
        branches=known,
        places={one.id: (_place(one), _place(one)) for one in known},
        form=form,
        told=told,
        stale=stale,
        done=request.args.get("fait", ""),
    )


def _place(branch: BranchView) -> PlaceForm:
    """One button: up and down are two acts, each with its own id."""
    form = PlaceForm(formdata=None)
    form.fresh()
    form.version.data = str(branch.version)
    return form


def _branch_page(
    asked: Asked,
    branch: BranchView,
    form: BranchForm,
    stale: StaleError | None = None,
    told: VersionedForm | None = None,
    met: Met | None = None,
) -> str:
    removing = VersionedForm(formdata=None)
    removing.fresh()
    removing.version.data = str(branch.version)
    known = queries.branches(db.session(), asked.contract_id)
    return render_template(
        "objectives/branch.html",
        asked=asked,
        here=pages.here(asked),
        branch=branch,
        held=branch.objectives or any(one.parent_id == branch.id for one in known),
        form=form,
        told=told,
        removing=removing,
        stale=stale,
        met=met,
    )


def _branch(asked: Asked, branch_id: str) -> BranchView:
    known = queries.branches(db.session(), asked.contract_id)
    found = next((one for one in known if one.id == branch_id), None)
    if found is None:
        raise NotFoundError
    return found


def _here(asked: Asked) -> str:
    return f"{pages.here(asked)}/arbre"
