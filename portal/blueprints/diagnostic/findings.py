"""One finding: read it, write it, say whether one's party validates it, move it, withdraw it."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from sqlalchemy.orm import Session

from portal.blueprints._directing import Answered, direct
from portal.blueprints._guards import Asked, allow
from portal.blueprints._merging import MERGED, Met, meet, put
from portal.blueprints.diagnostic import forms, pages
from portal.blueprints.diagnostic.forms import (
    FindingForm,
    MoveForm,
    NothingForm,
    ValidationForm,
    WithdrawForm,
)
from portal.blueprints.documents.pages import shelf
from portal.blueprints.plain import helping
from portal.domain.contracts import signed
from portal.domain.diagnostic import queries, service, states, validation
from portal.domain.diagnostic.models import ValidationState
from portal.domain.diagnostic.queries import FindingView
from portal.domain.documents.models import Subject
from portal.domain.plain import queries as plain
from portal.extensions import db
from portal.kernel.errors import StaleError
from portal.policy.actor import Actor
from portal.policy.permissions import Permission

bp = Blueprint("findings", __name__)


@bp.get("/contrats/<id:contract_id>/diagnostic/ajouter")
@allow(Permission.FINDING_WRITE)
def begin(asked: Asked) -> str:
    """The form of a new finding."""
    form = FindingForm(formdata=None)
    form.fresh()
    form.axis_id.data = request.args.get("axe", "")[:26]
    return _form_page(asked, form)


@bp.post("/contrats/<id:contract_id>/diagnostic/ajouter")
@allow(Permission.FINDING_WRITE)
def add(asked: Asked) -> Answered:
    """Add a finding of one's party."""
    form = FindingForm()
    typed = form.typed

    def do(session: Session, person: Actor) -> None:
        service.add(session, person, asked.contract_id, typed)

    if helping.wanted():
        return _form_page(asked, form)
    outcome = f"{pages.here(asked)}?axe={typed.axis_id}&fait=ajoute"
    return direct(
        asked,
        form,
        (asked.contract_id, *form.said),
        outcome,
        do,
        lambda stale: _form_page(asked, form, stale=stale),
    )


@bp.get("/contrats/<id:contract_id>/diagnostic/constats/<id:finding_id>")
@allow(Permission.CONTRACT_READ)
def show(asked: Asked, finding_id: str) -> str:
    """One finding, whole, and where each party stands."""
    return _page(asked, pages.finding(asked, finding_id))


@bp.get("/contrats/<id:contract_id>/diagnostic/constats/<id:finding_id>/recrire")
@allow(Permission.FINDING_WRITE)
def edit(asked: Asked, finding_id: str) -> str:
    """The finding as it reads now, to write anew."""
    found, form = pages.finding(asked, finding_id), FindingForm(formdata=None)
    service.require_words(db.session(), asked.actor, found.item)
    form.fresh()
    form.fill(found)
    return _form_page(asked, form, found)


@bp.post("/contrats/<id:contract_id>/diagnostic/constats/<id:finding_id>/recrire")
@allow(Permission.FINDING_WRITE)
def rewrite(asked: Asked, finding_id: str) -> Answered:
    """Write it anew, unless somebody did since it was read."""
    pages.finding(asked, finding_id)
    form = FindingForm()
    said, typed, seen, reason = form.said, form.typed, form.seen, form.reason.data or ""
    piece, mine = states.piece(asked.contract_id, finding_id), states.of_typed(typed)
    met, outcome = meet(piece, mine, seen), f"{pages.finding_url(asked, finding_id)}?fait=recrit"
    if met is not None and met.settled:
        outcome = f"{pages.finding_url(asked, finding_id)}?fait={MERGED}"
        if met.same:
            return redirect(outcome, 303)
        typed, seen = states.to_typed(met.state), met.number

    def do(session: Session, person: Actor) -> None:
        service.rewrite(session, person, asked.contract_id, finding_id, typed, seen, reason)

    def again(stale: StaleError | None) -> str:
        now = pages.finding(asked, finding_id)
        stands = stale is not None and now.item.withdrawn_at is None
        both = meet(piece, mine, form.seen) if stands else None
        if both is not None:
            put(form, both.state)
        if stale is not None:
            form.version.data = str(now.item.version)
        return _form_page(asked, form, now, stale, both)

    if helping.wanted():
        return again(None)
    return direct(asked, form, (finding_id, *said), outcome, do, again)


@bp.post("/contrats/<id:contract_id>/diagnostic/constats/<id:finding_id>/validation")
@allow(Permission.FINDING_VALIDATE)
def validate(asked: Asked, finding_id: str) -> Answered:
    """Say for one's party where it stands."""
    pages.finding(asked, finding_id)
    form = ValidationForm()
    state, reason, seen = form.chosen, form.reason.data or "", form.seen

    def do(session: Session, person: Actor) -> None:
        validation.declare(session, person, asked.contract_id, finding_id, state, reason, seen)

    def again(stale: StaleError | None) -> str:
        now = pages.finding(asked, finding_id)
        form.version.data, form.back.data = str(now.item.version), ""
        return _page(asked, now, validating=form, stale=stale)

    outcome = f"{pages.finding_url(asked, finding_id)}?fait=dit"
    if form.back.data == forms.WAITING:
        outcome = f"{pages.here(asked)}?{forms.WAITING}={forms.WAITS}&fait=dit"
    return direct(asked, form, (finding_id, form.state.data, reason, seen), outcome, do, again)


@bp.post("/contrats/<id:contract_id>/diagnostic/constats/<id:finding_id>/axe")
@allow(Permission.DIAGNOSTIC_WRITE)
def move(asked: Asked, finding_id: str) -> Answered:
    """Put it on another axis."""
    pages.finding(asked, finding_id)
    form = MoveForm()
    axis, seen = form.axis_id.data or "", form.seen

    def do(session: Session, person: Actor) -> None:
        service.move(session, person, asked.contract_id, finding_id, axis, seen)

    def again(stale: StaleError | None) -> str:
        return _page(asked, pages.finding(asked, finding_id), moving=form, stale=stale)

    outcome = f"{pages.finding_url(asked, finding_id)}?fait=range"
    return direct(asked, form, (finding_id, axis, seen), outcome, do, again)


@bp.get("/contrats/<id:contract_id>/diagnostic/constats/<id:finding_id>/retirer")
@allow(Permission.FINDING_WRITE)
def ask_withdraw(asked: Asked, finding_id: str) -> str:
    """Why it leaves, before it does."""
    found, form = pages.finding(asked, finding_id), WithdrawForm(formdata=None)
    service.require_words(db.session(), asked.actor, found.item)
    form.fresh()
    form.version.data = str(found.item.version)
    return _withdraw_page(asked, form, found)


@bp.post("/contrats/<id:contract_id>/diagnostic/constats/<id:finding_id>/retirer")
@allow(Permission.FINDING_WRITE)
def withdraw(asked: Asked, finding_id: str) -> Answered:
    """Take it out of the diagnostic; it stays readable."""
    pages.finding(asked, finding_id)
    form = WithdrawForm()
    reason, seen = form.reason.data or "", form.seen

    def do(session: Session, person: Actor) -> None:
        service.withdraw(session, person, asked.contract_id, finding_id, reason, seen)

    def again(stale: StaleError | None) -> str:
        now = pages.finding(asked, finding_id)
        if stale is not None:
            form.version.data = str(now.item.version)
        return _withdraw_page(asked, form, now, stale)

    outcome = f"{pages.finding_url(asked, finding_id)}?fait=retire"
    return direct(asked, form, (finding_id, "retirer", reason, seen), outcome, do, again)


@bp.post("/contrats/<id:contract_id>/diagnostic/constats/<id:finding_id>/reprendre")
@allow(Permission.FINDING_WRITE)
def restore(asked: Asked, finding_id: str) -> Answered:
    """Put it back."""
    pages.finding(asked, finding_id)
    form = NothingForm()

    def do(session: Session, person: Actor) -> None:
        service.restore(session, person, asked.contract_id, finding_id)

    def again(stale: StaleError | None) -> str:
        return _page(asked, pages.finding(asked, finding_id), stale=stale)

    outcome = f"{pages.finding_url(asked, finding_id)}?fait=repris"
    return direct(asked, form, (finding_id, "reprendre"), outcome, do, again)


def _page(
    asked: Asked,
    found: FindingView,
    *,
    validating: ValidationForm | None = None,
    moving: MoveForm | None = None,
    stale: StaleError | None = None,
) -> str:
    mine, stands = pages.party(asked), found.item.withdrawn_at is None
    axes = queries.axes(db.session(), asked.contract_id)
    own = mine is not None and mine == found.by.id and Permission.FINDING_WRITE in asked.can
    restoring = NothingForm(formdata=None)
    restoring.fresh()
    return render_template(
        "diagnostic/finding.html",
        asked=asked,
        here=pages.here(asked),
        url=pages.finding_url(asked, found.item.id),
        finding=found,
        reading=plain.reading(db.session(), found.item),
        axis=next((one for one in axes if one.id == found.item.axis_id), None),
        talks=pages.talks(asked, [found.item.id]).of.get(found.item.id, []),
        form=validating or moving,
        validating=_validating(asked, found, mine, validating) if stands else None,
        moving=_moving(asked, found, axes, moving) if stands else None,
        restoring=restoring,
        own=own,
        mine=mine,
        nobody=Permission.FINDING_VALIDATE in asked.can and mine is None,
        for_nobody=validation.FOR_NOBODY,
        reserved=ValidationState.RESERVED,
        to_review=ValidationState.TO_REVIEW,
        not_yet=ValidationState.NOT_YET,
        stale=stale,
        shelf=shelf(asked, Subject.FINDING, found.item.id),
        done=request.args.get("fait", ""),
    )


def _validating(
    asked: Asked, found: FindingView, mine: str | None, typed: ValidationForm | None
) -> ValidationForm | None:
    if mine is None or Permission.FINDING_VALIDATE not in asked.can:
        return None
    if typed is not None:
        return typed
    form = ValidationForm(formdata=None)
    form.fresh()
    form.version.data, now = str(found.item.version), found.of(mine)
    if now is not None and now.state in (ValidationState.VALIDATED, ValidationState.RESERVED):
        form.state.data, form.reason.data = now.state.value, now.reason
    return form


def _moving(
    asked: Asked, found: FindingView, axes: tuple[queries.AxisView, ...], typed: MoveForm | None
) -> MoveForm | None:
    if Permission.DIAGNOSTIC_WRITE not in asked.can or len(axes) < 2:  # noqa: PLR2004 — one to leave, one to reach
        return None
    form = typed or MoveForm(formdata=None)
    if typed is None:
        form.fresh()
    form.version.data = str(found.item.version)
    form.offer(axes, found.item.axis_id or "")
    return form


def _form_page(
    asked: Asked,
    form: FindingForm,
    found: FindingView | None = None,
    stale: StaleError | None = None,
    met: Met | None = None,
) -> str:
    session = db.session()
    axes = queries.axes(session, asked.contract_id)
    places = queries.places(session, asked.contract_id)
    # A place that left the perimeter stays on the findings that it was on.
    former = [] if found is None else [one for one in found.places if one not in places]
    form.offer(axes, [*places, *former])
    mine = pages.party(asked)
    return render_template(
        "diagnostic/write.html",
        asked=asked,
        here=pages.here(asked),
        form=form,
        finding=found,
        axes=axes,
        party=next((one for one in queries.parties(session, asked.contract_id) if one.id == mine), None),
        for_nobody=validation.FOR_NOBODY,
        promised=signed.promised(session, asked.contract_id),
        looked=helping.looked(form.plain.data),
        stale=stale,
        met=met,
    )


def _withdraw_page(
    asked: Asked, form: WithdrawForm, found: FindingView, stale: StaleError | None = None
) -> str:
    return render_template(
        "diagnostic/withdraw.html",
        asked=asked,
        here=pages.here(asked),
        url=pages.finding_url(asked, found.item.id),
        form=form,
        finding=found,
        stale=stale,
    )
