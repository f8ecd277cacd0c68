"""« Ce qui vient du contrat d’avant »: read by everybody, written by the direction."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session

from portal import paths
from portal.blueprints._directing import Answered
from portal.blueprints._guards import Asked, allow
from portal.blueprints.lifecycle.forms import LifeForm
from portal.blueprints.lifecycle.pages import send
from portal.blueprints.predecessors.forms import CommitmentForm, OutcomeForm, PredecessorForm
from portal.domain.predecessors import queries, service
from portal.domain.predecessors.models import Outcome
from portal.domain.predecessors.outcomes import proposed
from portal.domain.predecessors.queries import CommitmentView
from portal.domain.predecessors.rules import GOES_ON
from portal.extensions import db
from portal.kernel.errors import NotFoundError, StaleError
from portal.kernel.ids import is_id
from portal.languages import gettext as _
from portal.policy.actor import Actor
from portal.policy.permissions import Permission

bp = Blueprint("predecessors", __name__)


def here(asked: Asked, *parts: str) -> str:
    """The page of the contract before, or one below it."""
    return "/".join((paths.contract(asked.contract_id), "avant", *parts))


@bp.get("/contrats/<id:contract_id>/avant")
@allow(Permission.CONTRACT_READ)
def show(asked: Asked) -> str:
    """What the contract before was, and what became of each of its commitments."""
    session, contract_id = db.session(), asked.contract_id
    can_write = Permission.IMPORT_WRITE in asked.can
    typed, after = request.args.get("suite", ""), request.args.get("apres", "")
    wanted = next((one for one in Outcome if one.value == typed), None)
    if wanted is Outcome.ASIDE and not can_write:
        wanted = None
    page = queries.page(session, contract_id, outcome=wanted, after=after if is_id(after) else None)
    counts = queries.counts(session, contract_id)
    aside = counts.pop(Outcome.ASIDE, 0)
    return render_template(
        "predecessors/show.html",
        asked=asked,
        here=here(asked),
        predecessor=queries.predecessor(session, contract_id),
        former=queries.predecessor_before(session, contract_id),
        groups=queries.in_order(page.commitments),
        counts=counts,
        aside=aside if can_write else 0,
        wanted=wanted,
        outcomes=Outcome,
        goes_on=GOES_ON,
        after=page.after,
        later=bool(after),
        can_write=can_write,
        next_one=queries.next_unsaid(session, contract_id) if can_write else None,
        done=request.args.get("fait", ""),
    )


@bp.get("/contrats/<id:contract_id>/avant/ecrire")
@allow(Permission.IMPORT_WRITE)
def open_predecessor(asked: Asked) -> str:
    """What the contract before was, to write it."""
    form = PredecessorForm(formdata=None)
    form.fill(queries.predecessor(db.session(), asked.contract_id))
    return _predecessor_page(asked, form)


@bp.post("/contrats/<id:contract_id>/avant/ecrire")
@allow(Permission.IMPORT_WRITE)
def write_predecessor(asked: Asked) -> Answered:
    """Write it."""
    form = PredecessorForm()

    def do(session: Session, person: Actor) -> None:
        service.present(session, person, asked.contract_id, form.typed, form.seen)

    def again(stale: StaleError | None) -> str:
        return _predecessor_page(asked, form, stale)

    return send(asked, form, ("avant",), f"{here(asked)}?fait=ecrit", do, again)


@bp.get("/contrats/<id:contract_id>/avant/ajouter")
@allow(Permission.IMPORT_WRITE)
def begin(asked: Asked) -> str:
    """A commitment by hand."""
    return _added_page(asked, CommitmentForm(formdata=None))


@bp.post("/contrats/<id:contract_id>/avant/ajouter")
@allow(Permission.IMPORT_WRITE)
def add(asked: Asked) -> Answered:
    """Add it."""
    form = CommitmentForm()

    def do(session: Session, person: Actor) -> None:
        service.add(session, person, asked.contract_id, form.title.data or "")

    def again(stale: StaleError | None) -> str:
        return _added_page(asked, form, stale)

    return send(asked, form, ("avant", "ajouter"), f"{here(asked)}?fait=ajoute", do, again)


@bp.get("/contrats/<id:contract_id>/avant/<id:commitment_id>")
@allow(Permission.CONTRACT_READ)
def show_one(asked: Asked, commitment_id: str) -> str:
    """A commitment, what became of it, how it read before; for the direction, the form to say it."""
    form = OutcomeForm(formdata=None)
    found = _found(asked, commitment_id)
    form.fill(found.now, proposed(one.bilan for one in found.told))
    return _outcome_page(asked, commitment_id, form)


@bp.post("/contrats/<id:contract_id>/avant/<id:commitment_id>")
@allow(Permission.IMPORT_WRITE)
def say_outcome(asked: Asked, commitment_id: str) -> Answered:
    """Say what became of it."""
    _found(asked, commitment_id)
    form = OutcomeForm()

    def do(session: Session, person: Actor) -> None:
        service.say_outcome(session, person, asked.contract_id, commitment_id, form.typed, form.seen)

    def again(stale: StaleError | None) -> str:
        return _outcome_page(asked, commitment_id, form, stale)

    outcome = f"{here(asked, commitment_id)}?fait=dit"
    return send(asked, form, ("avant", commitment_id), outcome, do, again)


def _found(asked: Asked, commitment_id: str) -> CommitmentView:
    found = queries.commitment(db.session(), asked.contract_id, commitment_id)
    hidden = found is not None and found.now.outcome is Outcome.ASIDE
    if found is None or (hidden and Permission.IMPORT_WRITE not in asked.can):
        raise NotFoundError
    return found


def _predecessor_page(asked: Asked, form: PredecessorForm, stale: StaleError | None = None) -> str:
    now = PredecessorForm(formdata=None)
    now.fill(queries.predecessor(db.session(), asked.contract_id))
    if stale:
        form.version.data = now.version.data
    return _draw(asked, form, _("Le contrat d’avant"), _("Enregistrer"), here(asked, "ecrire"), stale, now)


def _added_page(asked: Asked, form: CommitmentForm, stale: StaleError | None = None) -> str:
    title, label = _("Ajouter un engagement du contrat d’avant"), _("Ajouter cet engagement")
    return _draw(asked, form, title, label, here(asked, "ajouter"), stale)


def _draw(
    asked: Asked,
    form: LifeForm,
    title: str,
    label: str,
    action: str,
    stale: StaleError | None,
    now: LifeForm | None = None,
) -> str:
    if not form.op_id.data:
        form.fresh()
    return render_template(
        "predecessors/form.html",
        asked=asked,
        here=here(asked),
        form=form,
        title=title,
        button_label=label,
        action=action,
        stale=stale,
        met=form.meet(now) if stale and now else None,
        now=now.told() if stale and now else (),
    )


def _outcome_page(
    asked: Asked, commitment_id: str, form: OutcomeForm, stale: StaleError | None = None
) -> str:
    session, found, now = db.session(), _found(asked, commitment_id), OutcomeForm(formdata=None)
    can_write = Permission.IMPORT_WRITE in asked.can
    if can_write:
        offered = queries.objectives(session, asked.contract_id)
        for one in (form, now):
            one.offer(offered)
        now.fill(found.now)
    if stale:
        form.version.data = now.version.data
    if not form.op_id.data:
        form.fresh()
    return render_template(
        "predecessors/commitment.html",
        asked=asked,
        here=here(asked),
        url=here(asked, found.id),
        one=found,
        before=queries.before(session, found.id),
        outcomes=Outcome,
        goes_on=GOES_ON,
        can_write=can_write,
        form=form,
        stale=stale,
        now=now.told() if stale else (),
        next_one=queries.next_unsaid(session, asked.contract_id, found.number) if can_write else None,
        over=any(one.over for one in found.told[1:]),
        done=request.args.get("fait", "") if request.method == "GET" else "",
    )
