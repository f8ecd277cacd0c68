"""Decisions that move money between establishments: read, recorded, corrected by another one."""

from __future__ import annotations

from flask import Blueprint
from sqlalchemy.orm import Session

from portal.blueprints._directing import Answered, direct
from portal.blueprints._guards import Asked, allow
from portal.blueprints.means import forms, pages
from portal.blueprints.means.forms import MoveForm
from portal.domain.contracts import sites
from portal.domain.means import moves, queries, reallocations, rules
from portal.domain.means.moves import MoveView
from portal.extensions import db
from portal.kernel.errors import InvalidError, StaleError
from portal.languages import gettext as _
from portal.policy.actor import Actor
from portal.policy.permissions import Permission

bp = Blueprint("means_decisions", __name__)


@bp.get("/contrats/<id:contract_id>/moyens/reaffectations")
@allow(Permission.CONTRACT_READ)
def listed(asked: Asked) -> str:
    """All decisions, the latest first, by pages."""
    before = forms.number("avant")
    found, more = moves.page(db.session(), asked.contract_id, before=before)
    return pages.draw(
        asked,
        "decisions",
        decisions=found,
        more=more,
        later=before > 0,
        can_decide=Permission.MEANS_WRITE in asked.can,
    )


@bp.get("/contrats/<id:contract_id>/moyens/reaffectations/ajouter")
@allow(Permission.MEANS_WRITE)
def begin(asked: Asked) -> str:
    """The form of a new decision."""
    form = MoveForm(formdata=None)
    form.fresh()
    return _form_page(asked, form)


@bp.post("/contrats/<id:contract_id>/moyens/reaffectations/ajouter")
@allow(Permission.MEANS_WRITE)
def decide(asked: Asked) -> Answered:
    """Record it, once it was read again."""
    form = MoveForm()
    typed, sure = form.typed, form.sure.data

    def do(session: Session, person: Actor) -> None:
        reallocations.decide(session, person, asked.contract_id, typed)
        _read_again(sure)

    def again(stale: StaleError | None) -> str:
        return _form_page(asked, form, stale=stale)

    outcome = f"{pages.here(asked, 'reaffectations')}?fait=decide"
    return direct(asked, form, (asked.contract_id, *forms.said(form)), outcome, do, again)


@bp.get("/contrats/<id:contract_id>/moyens/reaffectations/<id:decision_id>")
@allow(Permission.CONTRACT_READ)
def show(asked: Asked, decision_id: str) -> str:
    """One decision, and the one that corrects it when there is one."""
    return pages.draw(
        asked,
        "decision",
        move=pages.move(asked, decision_id),
        can_decide=Permission.MEANS_WRITE in asked.can,
    )


@bp.get("/contrats/<id:contract_id>/moyens/reaffectations/<id:decision_id>/corriger")
@allow(Permission.MEANS_WRITE)
def ask_correct(asked: Asked, decision_id: str) -> str:
    """The form of the decision that replaces another one."""
    form, before = MoveForm(formdata=None), pages.move(asked, decision_id)
    form.fresh()
    form.fill(before)
    return _form_page(asked, form, before)


@bp.post("/contrats/<id:contract_id>/moyens/reaffectations/<id:decision_id>/corriger")
@allow(Permission.MEANS_WRITE)
def correct(asked: Asked, decision_id: str) -> Answered:
    """Record it, unless the first one was replaced already."""
    pages.move(asked, decision_id)
    form = MoveForm()
    typed, sure = form.typed, form.sure.data

    def do(session: Session, person: Actor) -> None:
        reallocations.correct(session, person, asked.contract_id, decision_id, typed)
        _read_again(sure)

    def again(stale: StaleError | None) -> str:
        return _form_page(asked, form, pages.move(asked, decision_id), stale)

    outcome = f"{pages.here(asked, 'reaffectations')}?fait=corrige"
    return direct(asked, form, (decision_id, *forms.said(form)), outcome, do, again)


def _read_again(sure: object) -> None:
    """What cannot be undone is asked about. Errors: InvalidError, which undoes what the unit did."""
    if not sure:
        raise InvalidError({"sure": [_("Relisez votre décision, puis cochez cette case.")]})


def _form_page(
    asked: Asked, form: MoveForm, before: MoveView | None = None, stale: StaleError | None = None
) -> str:
    session = db.session()
    dates, perimeter = queries.dates(session, asked.contract_id), sites.perimeter(session, asked.contract_id)
    told = {before.year} if before else ()
    form.offer(
        [(one.id, one.name) for one in (*perimeter.sites, *perimeter.left)],
        rules.asked(dates.starts_on, dates.ends_on, told),
    )
    form.offer_payers(queries.authorities(session, asked.contract_id), None)
    return pages.draw(
        asked,
        "decide",
        form=form,
        before=before,
        later=pages.move(asked, before.corrected_id) if stale and before and before.corrected_id else None,
        stale=stale,
    )
