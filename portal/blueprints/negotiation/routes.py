"""The negotiation: what everybody reads of it, opening and closing it, its points."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from sqlalchemy.orm import Session

from portal.blueprints._directing import Answered
from portal.blueprints._guards import Asked, allow
from portal.blueprints.lifecycle.pages import send
from portal.blueprints.negotiation import pages
from portal.blueprints.negotiation.forms import CloseForm, OpenForm, PointForm
from portal.blueprints.negotiation.pages import here
from portal.domain.contracts.models import Contract
from portal.domain.lifecycle.queries import parties_of
from portal.domain.negotiation import queries, rules, service, subjects
from portal.domain.negotiation.subjects import Subject
from portal.extensions import db
from portal.kernel.errors import StaleError
from portal.kernel.ids import is_id
from portal.languages import gettext as _
from portal.policy.actor import Actor
from portal.policy.permissions import Permission

bp = Blueprint("negotiation", __name__)


@bp.get("/contrats/<id:contract_id>/negociation")
@allow(Permission.CONTRACT_READ)
def show(asked: Asked) -> str:
    """That there is a negotiation, who takes part, and what it changed in the words of the contract."""
    return _page(asked, OpenForm(formdata=None))


@bp.post("/contrats/<id:contract_id>/negociation/ouvrir")
@allow(Permission.NEGOTIATION_OPEN)
def open_(asked: Asked) -> Answered:
    """Open the zone."""
    form = OpenForm()

    def do(session: Session, person: Actor) -> None:
        service.open_(session, person, asked.contract_id, form.seen)

    def again(stale: StaleError | None) -> str:
        return _page(asked, form, stale)

    return send(asked, form, ("ouvrir",), f"{here(asked, 'points')}?fait=ouverte", do, again)


def _page(asked: Asked, form: OpenForm, stale: StaleError | None = None) -> str:
    session, before = db.session(), request.args.get("avant", "")
    zones = queries.zones(session, asked.contract_id)
    found, more = queries.changes(session, asked.contract_id, before=before if is_id(before) else None)
    parties = parties_of(session, asked.contract_id)
    signs = Permission.NEGOTIATION_READ in asked.can
    contract = session.get_one(Contract, asked.contract_id)
    if not form.op_id.data:
        form.fresh()
    if stale or form.version.data is None:
        form.version.data = str(zones[0].number if zones else 0)
    return render_template(
        "negotiation/show.html",
        asked=asked,
        here=here(asked),
        base=here(asked).removesuffix("/negociation"),
        zones=zones,
        open=zones[0] if zones and zones[0].closed_at is None else None,
        changes=found,
        more=more,
        later=is_id(before),
        parties=parties,
        signs=signs,
        door=rules.closed_door(contract.stage, contract.signed_on, alone=len(parties) < 2) if signs else None,  # noqa: PLR2004
        form=form,
        stale=stale,
        done=request.args.get("fait", ""),
    )


@bp.get("/contrats/<id:contract_id>/negociation/points")
@allow(Permission.NEGOTIATION_READ)
def list_points(asked: Asked) -> str:
    """What is on the table, by pages: for signatories."""
    session, before = db.session(), request.args.get("avant", "")
    own = pages.party(asked)
    zones = queries.zones(session, asked.contract_id)
    found, more = queries.points(session, asked.contract_id, below=before if is_id(before) else None)
    return render_template(
        "negotiation/points.html",
        asked=asked,
        here=here(asked),
        party=own,
        zone=zones[0] if zones else None,
        points=found,
        more=more,
        later=is_id(before),
        done=request.args.get("fait", ""),
    )


@bp.get("/contrats/<id:contract_id>/negociation/points/nouveau")
@allow(Permission.NEGOTIATION_WRITE)
def begin_point(asked: Asked) -> Answered:
    """Something to put on the table; `sujet` names what it is about. Without an open zone, it leads to its page."""
    if not _is_open(asked):
        return redirect(here(asked), 303)
    form = PointForm(formdata=None)
    form.about.data = request.args.get("sujet", "")[:40]
    return _point_page(asked, form)


@bp.post("/contrats/<id:contract_id>/negociation/points/nouveau")
@allow(Permission.NEGOTIATION_WRITE)
def add_point(asked: Asked) -> Answered:
    """Put it there, with the position of one's own party."""
    form = PointForm()

    def do(session: Session, person: Actor) -> None:
        title, about, position = form.title.data or "", form.about.data or "", form.position.data or ""
        service.add_point(session, person, asked.contract_id, title, about[:40], position)

    def again(stale: StaleError | None) -> str:
        return _point_page(asked, form, stale)

    return send(asked, form, ("point",), f"{here(asked, 'points')}?fait=point", do, again)


def _is_open(asked: Asked) -> bool:
    zone = service.latest(db.session(), asked.contract_id)
    return zone is not None and zone.closed_at is None


def _point_page(asked: Asked, form: PointForm, stale: StaleError | None = None) -> str:
    pages.party(asked)
    session, contract_id = db.session(), asked.contract_id
    offered = subjects.offered(session, contract_id)
    form.offer([*_line(session, contract_id, form.about.data or ""), *offered])
    return pages.draw(
        asked,
        form,
        _("Mettre un point sur la table"),
        _("Les autres parties le liront, et personne d’autre."),
        button=_("Ajouter ce point"),
        back=here(asked, "points"),
        stale=stale,
    )


def _line(session: Session, contract_id: str, code: str) -> list[Subject]:
    """The line of money from whose page one comes."""
    sort, _sep, id_ = code.partition(":")
    found = subjects.of_means(session, contract_id, id_) if sort == subjects.MEANS else None
    return [found] if found is not None else []


@bp.get("/contrats/<id:contract_id>/negociation/clore")
@allow(Permission.NEGOTIATION_OPEN)
def begin_close(asked: Asked) -> Answered:
    """What came of it, to write it. Without an open zone, it leads to its page."""
    if not _is_open(asked):
        return redirect(here(asked), 303)
    return _close_page(asked, CloseForm(formdata=None))


@bp.post("/contrats/<id:contract_id>/negociation/clore")
@allow(Permission.NEGOTIATION_OPEN)
def close(asked: Asked) -> Answered:
    """Close the zone."""
    form = CloseForm()

    def do(session: Session, person: Actor) -> None:
        service.close(session, person, asked.contract_id, form.outcome.data or "", form.seen)

    def again(stale: StaleError | None) -> str:
        return _close_page(asked, form, stale)

    return send(asked, form, ("clore",), f"{here(asked)}?fait=close", do, again)


def _close_page(asked: Asked, form: CloseForm, stale: StaleError | None = None) -> str:
    pages.party(asked)
    zones = queries.zones(db.session(), asked.contract_id)
    if stale or not form.version.data:
        form.version.data = str(zones[0].version if zones else 0)
    return pages.draw(
        asked,
        form,
        _("Clore la négociation"),
        _(
            "Les points encore en discussion seront laissés de côté. Ce qui a été écrit ici reste lisible par les signataires."
        ),
        button=_("Clore la négociation"),
        back=here(asked, "points"),
        stale=stale,
    )
