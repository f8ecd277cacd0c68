"""The life of a contract: its page, its dates, its stages, its avenants."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session

from portal.blueprints._directing import Answered, number_of
from portal.blueprints._guards import Asked, allow
from portal.blueprints.documents.pages import shelves
from portal.blueprints.lifecycle import pages
from portal.blueprints.lifecycle.forms import (
    AmendmentForm,
    CorrectionForm,
    DatesForm,
    ReopenForm,
    StageForm,
)
from portal.blueprints.lifecycle.pages import ADDRESSES, STEPS, here
from portal.domain.acts import queries as acts
from portal.domain.lifecycle import amendments, laws, queries, service
from portal.domain.lifecycle.story import story
from portal.domain.lifecycle.views import AmendmentView
from portal.domain.negotiation import service as negotiation
from portal.extensions import db
from portal.kernel import clock
from portal.kernel.errors import NotFoundError, StaleError
from portal.kernel.speech import say
from portal.languages import gettext as _
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.vocabulary import Stage

bp = Blueprint("life", __name__)

STAGE_URL = (
    "/contrats/<id:contract_id>/vie/etapes/<any(programmation,lancement,diagnostic,objectifs,negociation,"
    "redaction,avis,signature,execution,milieu,fin):etape>"
)


@bp.get("/contrats/<id:contract_id>/vie")
@allow(Permission.CONTRACT_READ)
def show(asked: Asked) -> str:
    """Past, now and next in words, then everything in detail."""
    life = queries.life(db.session(), asked.contract_id, clock.today())
    return render_template(
        "lifecycle/show.html",
        asked=asked,
        here=here(asked),
        life=life,
        story=story(life),
        laws=laws,
        addresses=ADDRESSES,
        shelves=shelves(asked),
        minutes=acts.minutes(db.session(), asked.contract_id),
        can_write=Permission.LIFE_WRITE in asked.can,
        can_record=Permission.ACT_RECORD_EVERY in asked.can,
        done=request.args.get("fait", ""),
    )


@bp.get("/contrats/<id:contract_id>/vie/dates")
@allow(Permission.LIFE_WRITE)
def open_dates(asked: Asked) -> str:
    """The dates of the contract, to write them anew."""
    form = DatesForm(formdata=None)
    form.fill(queries.contract_dates(db.session(), asked.contract_id))
    return _dates_page(asked, form)


@bp.post("/contrats/<id:contract_id>/vie/dates")
@allow(Permission.LIFE_WRITE)
def write_dates(asked: Asked) -> Answered:
    """Write them."""
    form = DatesForm()

    def do(session: Session, person: Actor) -> None:
        signed = queries.contract_dates(session, asked.contract_id).signed_on
        service.write_dates(session, person, asked.contract_id, form.typed, form.seen)
        if signed is None and form.typed.signed_on is not None:
            negotiation.require_closed(session, asked.contract_id)

    def again(stale: StaleError | None) -> str:
        return _dates_page(asked, form, stale)

    return pages.send(asked, form, ("dates",), f"{here(asked)}?fait=dates#dates", do, again)


def _dates_page(asked: Asked, form: DatesForm, stale: StaleError | None = None) -> str:
    session, now = db.session(), DatesForm(formdata=None)
    current, known = (
        queries.contract_dates(session, asked.contract_id),
        acts.latest(session, asked.contract_id),
    )
    now.fill(current)
    for one in (form, now):
        one.offer(known)
    if stale:
        form.version.data = now.version.data
    return pages.draw(
        asked,
        form,
        _("Les dates du contrat"),
        laws.DATES,
        button=_("Enregistrer ces dates"),
        stale=stale,
        now=now,
    )


@bp.get(STAGE_URL)
@allow(Permission.LIFE_WRITE)
def open_stage(asked: Asked, etape: str) -> str:
    """A stage, to write its dates or to open it again."""
    form = StageForm(formdata=None)
    form.fill(queries.stages(db.session(), asked.contract_id)[STEPS[etape]])
    return _stage_page(asked, STEPS[etape], form)


@bp.post(STAGE_URL)
@allow(Permission.LIFE_WRITE)
def write_stage(asked: Asked, etape: str) -> Answered:
    """Write its dates."""
    form, stage = StageForm(), STEPS[etape]

    def do(session: Session, person: Actor) -> None:
        service.write_stage(session, person, asked.contract_id, stage, form.typed, form.seen)

    def again(stale: StaleError | None) -> str:
        return _stage_page(asked, stage, form, stale=stale)

    return pages.send(asked, form, ("etape", etape), f"{here(asked)}?fait=etape#etapes", do, again)


@bp.post(f"{STAGE_URL}/rouvrir")
@allow(Permission.LIFE_WRITE)
def reopen_stage(asked: Asked, etape: str) -> Answered:
    """Open it again, with a reason."""
    form, stage = ReopenForm(), STEPS[etape]

    def do(session: Session, person: Actor) -> None:
        day, reason = form.on.data, form.reason.data or ""
        service.reopen_stage(session, person, asked.contract_id, stage, day, reason, form.seen)

    def again(stale: StaleError | None) -> str:
        return _stage_page(asked, stage, reopening=form, stale=stale)

    return pages.send(asked, form, ("rouvrir", etape), f"{here(asked)}?fait=rouverte#etapes", do, again)


def _stage_page(
    asked: Asked,
    stage: Stage,
    form: StageForm | None = None,
    *,
    reopening: ReopenForm | None = None,
    stale: StaleError | None = None,
) -> str:
    session, now = db.session(), StageForm(formdata=None)
    view = queries.stages(session, asked.contract_id)[stage]
    now.fill(view)
    asked_again = reopening is not None
    if reopening is None:
        reopening = ReopenForm(formdata=None)
        reopening.fresh()
    reopening.version.data = now.version.data
    if form is None:
        form = StageForm(formdata=None)
        form.fill(view)
    elif stale:
        form.version.data = now.version.data
    form.version.id, reopening.version.id = "version", "version-reouverture"
    return pages.draw(
        asked,
        form,
        say("L’étape « %(stage)s »", stage=stage.label),
        laws.STAGES,
        button=_("Enregistrer cette étape"),
        stale=stale,
        now=now,
        template="lifecycle/stage.html",
        stage=view,
        reopening=reopening,
        reopening_first=asked_again,
        reopenings=queries.reopenings(session, asked.contract_id, stage),
        action=here(asked, "etapes", ADDRESSES[stage]),
    )


@bp.get("/contrats/<id:contract_id>/vie/avenants")
@allow(Permission.CONTRACT_READ)
def list_amendments(asked: Asked) -> str:
    """Every avenant with its former versions, by pages."""
    session, below = db.session(), number_of(request.args.get("avant"))
    found, more = queries.page_of_amendments(session, asked.contract_id, below=below if below > 0 else None)
    return render_template(
        "lifecycle/amendments.html",
        asked=asked,
        here=here(asked),
        amendments=found,
        former=queries.former(session, [one.id for one in found]),
        more=more,
        later=below > 0,
        law=laws.AMENDMENTS,
        can_write=Permission.LIFE_WRITE in asked.can,
        done=request.args.get("fait", ""),
    )


@bp.get("/contrats/<id:contract_id>/vie/avenants/nouveau")
@allow(Permission.LIFE_WRITE)
def begin_amendment(asked: Asked) -> str:
    """A new avenant."""
    form = AmendmentForm(formdata=None)
    form.number.data = str(queries.next_number(db.session(), asked.contract_id))
    return _amendment_page(asked, form)


@bp.post("/contrats/<id:contract_id>/vie/avenants/nouveau")
@allow(Permission.LIFE_WRITE)
def record_amendment(asked: Asked) -> Answered:
    """Record it."""
    form = AmendmentForm()

    def do(session: Session, person: Actor) -> None:
        amendments.record(session, person, asked.contract_id, form.typed)

    def again(stale: StaleError | None) -> str:
        return _amendment_page(asked, form, stale=stale)

    return pages.send(asked, form, ("avenant",), f"{here(asked)}?fait=avenant#avenants", do, again)


@bp.get("/contrats/<id:contract_id>/vie/avenants/<id:amendment_id>")
@allow(Permission.LIFE_WRITE)
def open_amendment(asked: Asked, amendment_id: str) -> str:
    """An avenant, to correct it."""
    form = CorrectionForm(formdata=None)
    form.fill(_amendment(asked, amendment_id))
    return _amendment_page(asked, form, amendment_id)


@bp.post("/contrats/<id:contract_id>/vie/avenants/<id:amendment_id>")
@allow(Permission.LIFE_WRITE)
def correct_amendment(asked: Asked, amendment_id: str) -> Answered:
    """Write its new version."""
    form = CorrectionForm()

    def do(session: Session, person: Actor) -> None:
        reason = form.reason.data or ""
        amendments.correct(session, person, asked.contract_id, amendment_id, form.typed, reason, form.seen)

    def again(stale: StaleError | None) -> str:
        return _amendment_page(asked, form, amendment_id, stale)

    outcome = f"{here(asked, 'avenants')}?fait=corrige"
    return pages.send(asked, form, ("corriger", amendment_id), outcome, do, again)


def _amendment_page(
    asked: Asked, form: AmendmentForm, amendment_id: str = "", stale: StaleError | None = None
) -> str:
    now = CorrectionForm(formdata=None) if amendment_id else None
    if now is not None:
        now.fill(_amendment(asked, amendment_id))
        if stale:
            form.version.data = now.version.data
    return pages.draw(
        asked,
        form,
        _("Corriger un avenant") if amendment_id else _("Enregistrer un avenant"),
        laws.AMENDMENTS,
        button=_("Enregistrer la correction") if amendment_id else _("Enregistrer cet avenant"),
        stale=stale,
        now=now,
    )


def _amendment(asked: Asked, amendment_id: str) -> AmendmentView:
    found = queries.amendment(db.session(), asked.contract_id, amendment_id)
    if found is None:
        raise NotFoundError
    return found
