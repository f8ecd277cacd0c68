"""The axes of the diagnostic, kept by the direction: proposed or one's own, their words, their order."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session

from portal.blueprints._directing import Answered, direct
from portal.blueprints._guards import Asked, allow
from portal.blueprints.diagnostic import pages
from portal.blueprints.diagnostic.forms import BEFORE, AxisForm, AxisPlaceForm, NothingForm, VersionedForm
from portal.domain.diagnostic import axes, queries
from portal.domain.diagnostic.queries import AxisView
from portal.extensions import db
from portal.kernel.errors import NotFoundError, StaleError
from portal.policy.actor import Actor
from portal.policy.permissions import Permission

bp = Blueprint("axes", __name__)


@bp.get("/contrats/<id:contract_id>/diagnostic/axes")
@allow(Permission.DIAGNOSTIC_WRITE)
def listed(asked: Asked) -> str:
    """The axes in their order."""
    form = AxisForm(formdata=None)
    form.fresh()
    return _list_page(asked, form)


@bp.post("/contrats/<id:contract_id>/diagnostic/axes")
@allow(Permission.DIAGNOSTIC_WRITE)
def add(asked: Asked) -> Answered:
    """Add an axis of one's own."""
    form = AxisForm()
    name, question = form.name.data or "", form.question.data or ""

    def do(session: Session, person: Actor) -> None:
        axes.add(session, person, asked.contract_id, name, question)

    body = (asked.contract_id, "axe", name, question)
    return direct(
        asked, form, body, f"{_here(asked)}?fait=ajoute", do, lambda stale: _list_page(asked, form, stale)
    )


@bp.post("/contrats/<id:contract_id>/diagnostic/axes/proposes")
@allow(Permission.DIAGNOSTIC_WRITE)
def begin(asked: Asked) -> Answered:
    """Take the proposed axes that are missing."""
    form = NothingForm()

    def do(session: Session, person: Actor) -> None:
        axes.begin(session, person, asked.contract_id)

    def again(stale: StaleError | None) -> str:
        fresh = AxisForm(formdata=None)
        fresh.fresh()
        return _list_page(asked, fresh, stale, told=form)

    outcome = f"{_here(asked)}?fait=proposes"
    return direct(asked, form, (asked.contract_id, "proposes"), outcome, do, again)


@bp.get("/contrats/<id:contract_id>/diagnostic/axes/<id:axis_id>")
@allow(Permission.DIAGNOSTIC_WRITE)
def edit(asked: Asked, axis_id: str) -> str:
    """One axis, to write it anew or to take it away."""
    axis, form = _axis(asked, axis_id), AxisForm(formdata=None)
    form.fresh()
    form.fill(axis)
    return _axis_page(asked, axis, form)


@bp.post("/contrats/<id:contract_id>/diagnostic/axes/<id:axis_id>")
@allow(Permission.DIAGNOSTIC_WRITE)
def change(asked: Asked, axis_id: str) -> Answered:
    """Write an axis anew."""
    _axis(asked, axis_id)
    form = AxisForm()
    name, question, seen = form.name.data or "", form.question.data or "", form.seen

    def do(session: Session, person: Actor) -> None:
        axes.change(session, person, asked.contract_id, axis_id, name, question, seen)

    def again(stale: StaleError | None) -> str:
        now = _axis(asked, axis_id)
        if stale is not None:
            form.version.data = str(now.version)
        return _axis_page(asked, now, form, stale)

    return direct(asked, form, (axis_id, name, question, seen), f"{_here(asked)}?fait=change", do, again)


@bp.post("/contrats/<id:contract_id>/diagnostic/axes/<id:axis_id>/place")
@allow(Permission.DIAGNOSTIC_WRITE)
def move(asked: Asked, axis_id: str) -> Answered:
    """One place up or down."""
    _axis(asked, axis_id)
    form = AxisPlaceForm()
    up, seen = form.way.data == BEFORE, form.seen

    def do(session: Session, person: Actor) -> None:
        axes.move(session, person, asked.contract_id, axis_id, up, seen)

    def again(stale: StaleError | None) -> str:
        fresh = AxisForm(formdata=None)
        fresh.fresh()
        return _list_page(asked, fresh, stale, told=form)

    outcome = f"{_here(asked)}?fait=place#axe-{axis_id}"
    return direct(asked, form, (axis_id, up, seen), outcome, do, again)


@bp.post("/contrats/<id:contract_id>/diagnostic/axes/<id:axis_id>/retirer")
@allow(Permission.DIAGNOSTIC_WRITE)
def remove(asked: Asked, axis_id: str) -> Answered:
    """Take away an axis on which nothing is."""
    _axis(asked, axis_id)
    form = VersionedForm()
    seen = form.seen

    def do(session: Session, person: Actor) -> None:
        axes.remove(session, person, asked.contract_id, axis_id, seen)

    def again(stale: StaleError | None) -> str:
        now, written = _axis(asked, axis_id), AxisForm(formdata=None)
        written.fresh()
        written.fill(now)
        return _axis_page(asked, now, written, stale, told=form)

    return direct(asked, form, (axis_id, "retirer", seen), f"{_here(asked)}?fait=retire", do, again)


def _list_page(
    asked: Asked,
    form: AxisForm,
    stale: StaleError | None = None,
    told: NothingForm | AxisPlaceForm | None = None,
) -> str:
    known = queries.axes(db.session(), asked.contract_id)
    names = {one.name.casefold() for one in known}
    begin = NothingForm(formdata=None)
    begin.fresh()
    return render_template(
        "diagnostic/axes.html",
        asked=asked,
        here=pages.here(asked),
        axes=known,
        missing=[one for one in axes.PROPOSED if one[0].casefold() not in names],
        places={one.id: (_place(one), _place(one)) for one in known},
        form=form,
        told=told,
        begin=begin,
        stale=stale,
        done=request.args.get("fait", ""),
    )


def _place(axis: AxisView) -> AxisPlaceForm:
    """One button: up and down are two acts, each with its own id."""
    form = AxisPlaceForm(formdata=None)
    form.fresh()
    form.version.data = str(axis.version)
    return form


def _axis_page(
    asked: Asked,
    axis: AxisView,
    form: AxisForm,
    stale: StaleError | None = None,
    told: VersionedForm | None = None,
) -> str:
    removing = VersionedForm(formdata=None)
    removing.fresh()
    removing.version.data = str(axis.version)
    return render_template(
        "diagnostic/axis.html",
        asked=asked,
        here=pages.here(asked),
        axis=axis,
        form=form,
        told=told,
        removing=removing,
        stale=stale,
    )


def _axis(asked: Asked, axis_id: str) -> AxisView:
    known = queries.axes(db.session(), asked.contract_id)
    found = next((one for one in known if one.id == axis_id), None)
    if found is None:
        raise NotFoundError
    return found


def _here(asked: Asked) -> str:
    return f"{pages.here(asked)}/axes"
