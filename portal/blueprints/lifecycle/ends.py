"""What ends: the decision before the end of a contract, the disagreements of its parties."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session

from portal.blueprints._directing import Answered
from portal.blueprints._guards import Asked, allow
from portal.blueprints.lifecycle import pages
from portal.blueprints.lifecycle.follow_forms import DecisionForm, OutcomeForm, PositionForm, RaiseForm
from portal.blueprints.lifecycle.forms import LifeForm
from portal.blueprints.lifecycle.pages import here
from portal.domain.contracts.models import Contract
from portal.domain.lifecycle import endings, laws, queries, rules
from portal.domain.lifecycle.views import DisagreementView
from portal.extensions import db
from portal.kernel.errors import NotFoundError, StaleError
from portal.kernel.ids import is_id
from portal.languages import gettext as _
from portal.policy.actor import Actor
from portal.policy.permissions import Permission

bp = Blueprint("life_ends", __name__)


@bp.get("/contrats/<id:contract_id>/vie/prorogation")
@allow(Permission.LIFE_WRITE)
def open_decision(asked: Asked) -> str:
    """What is decided about the end, to write it."""
    return _decision_page(asked, DecisionForm(formdata=None))


@bp.post("/contrats/<id:contract_id>/vie/prorogation")
@allow(Permission.LIFE_WRITE)
def decide(asked: Asked) -> Answered:
    """Write it."""
    form = DecisionForm()

    def do(session: Session, person: Actor) -> None:
        endings.decide(session, person, asked.contract_id, form.typed, form.seen)

    def again(stale: StaleError | None) -> str:
        return _decision_page(asked, form, stale)

    return pages.send(asked, form, ("fin",), f"{here(asked)}?fait=decision#fin", do, again)


def _decision_page(asked: Asked, form: DecisionForm, stale: StaleError | None = None) -> str:
    session = db.session()
    known = queries.decisions(session, asked.contract_id)
    dates = queries.contract_dates(session, asked.contract_id)
    form.offer()
    if stale or not form.version.data:
        form.version.data = str(known[0].number if known else 0)
    return pages.draw(
        asked,
        form,
        _("La fin du contrat"),
        laws.PROROGATION,
        button=_("Enregistrer cette décision"),
        stale=stale,
        template="lifecycle/decision.html",
        decisions=known,
        ends_on=dates.ends_on,
        day=rules.prorogation_day(dates.ends_on),
        action=here(asked, "prorogation"),
    )


@bp.get("/contrats/<id:contract_id>/vie/desaccords")
@allow(Permission.CONTRACT_READ)
def list_disagreements(asked: Asked) -> str:
    """Every disagreement with its positions and its outcome, by pages."""
    session, before = db.session(), request.args.get("avant", "")
    parties = queries.parties_of(session, asked.contract_id)
    found, more = queries.page_of_disagreements(
        session, asked.contract_id, parties, before=before if is_id(before) else None
    )
    return render_template(
        "lifecycle/disagreements.html",
        asked=asked,
        here=here(asked),
        disagreements=found,
        more=more,
        later=is_id(before),
        law=laws.DISAGREEMENTS,
        can_write=Permission.LIFE_WRITE in asked.can,
    )


@bp.get("/contrats/<id:contract_id>/vie/desaccords/nouveau")
@allow(Permission.LIFE_WRITE)
def begin_disagreement(asked: Asked) -> str:
    """A disagreement, to write it."""
    return _raise_page(asked, RaiseForm(formdata=None))


@bp.post("/contrats/<id:contract_id>/vie/desaccords/nouveau")
@allow(Permission.LIFE_WRITE)
def raise_disagreement(asked: Asked) -> Answered:
    """Write it, with the position of the organisation."""
    form = RaiseForm()

    def do(session: Session, person: Actor) -> None:
        about, day, position = form.about.data, form.raised_on.data, form.position.data
        endings.raise_(session, person, asked.contract_id, about or "", day, position or "")

    def again(stale: StaleError | None) -> str:
        return _raise_page(asked, form, stale)

    outcome = f"{here(asked)}?fait=desaccord#desaccords"
    return pages.send(asked, form, ("desaccord",), outcome, do, again)


def _raise_page(asked: Asked, form: RaiseForm, stale: StaleError | None = None) -> str:
    return pages.draw(
        asked,
        form,
        _("Écrire un désaccord"),
        laws.DISAGREEMENTS,
        button=_("Écrire ce désaccord"),
        stale=stale,
        draft=f"desaccord-{asked.contract_id}",
    )


@bp.get("/contrats/<id:contract_id>/vie/desaccords/<id:disagreement_id>")
@allow(Permission.CONTRACT_READ)
def show_disagreement(asked: Asked, disagreement_id: str) -> str:
    """One disagreement; to who may, the forms of its positions and of its outcome."""
    return _disagreement_page(asked, disagreement_id)


@bp.post("/contrats/<id:contract_id>/vie/desaccords/<id:disagreement_id>/position")
@allow(Permission.DISAGREEMENT_POSITION)
def take_position(asked: Asked, disagreement_id: str) -> Answered:
    """Write the position of one's own party."""
    form = PositionForm()

    def do(session: Session, person: Actor) -> None:
        words = form.words.data or ""
        endings.take_position(session, person, asked.contract_id, disagreement_id, words, form.seen)

    return _send_about(asked, form, disagreement_id, "position", do)


@bp.post("/contrats/<id:contract_id>/vie/desaccords/<id:disagreement_id>/issue")
@allow(Permission.LIFE_WRITE)
def settle(asked: Asked, disagreement_id: str) -> Answered:
    """Write how it ended."""
    form = OutcomeForm()

    def do(session: Session, person: Actor) -> None:
        outcome, day = form.outcome.data or "", form.settled_on.data
        endings.settle(session, person, asked.contract_id, disagreement_id, outcome, day, form.seen)

    return _send_about(asked, form, disagreement_id, "issue", do)


def _send_about(asked: Asked, form: LifeForm, disagreement_id: str, what: str, do: pages.Do) -> Answered:
    def again(stale: StaleError | None) -> str:
        return _disagreement_page(asked, disagreement_id, form, stale)

    outcome = f"{here(asked, 'desaccords', disagreement_id)}?fait={what}"
    return pages.send(asked, form, (what, disagreement_id), outcome, do, again)


def _disagreement_page(
    asked: Asked, disagreement_id: str, sent: LifeForm | None = None, stale: StaleError | None = None
) -> str:
    session = db.session()
    found = queries.disagreement(session, asked.contract_id, disagreement_id)
    if found is None:
        raise NotFoundError
    contract = session.get_one(Contract, asked.contract_id)
    speaks = Permission.DISAGREEMENT_POSITION in asked.can
    party = endings.party_of(session, asked.actor, contract) if speaks else None
    settles = Permission.LIFE_WRITE in asked.can
    position = _position_form(found, party, sent, stale) if party and not found.settled_on else None
    outcome = _outcome_form(found, sent, stale) if settles else None
    return render_template(
        "lifecycle/disagreement.html",
        asked=asked,
        here=here(asked),
        one=found,
        form=sent,
        position=position,
        outcome=outcome,
        party=next((name for id_, name in _names(asked) if id_ == party), ""),
        nobody_knows=speaks and party is None,
        law=laws.DISAGREEMENTS,
        stale=stale,
        kept=sent.words.data if stale and isinstance(sent, PositionForm) and position is None else "",
        done=request.args.get("fait", ""),
    )


def _names(asked: Asked) -> list[tuple[str, str]]:
    return [(one.id, one.name) for one in queries.parties_of(db.session(), asked.contract_id)]


def _position_form(
    found: DisagreementView, party: str, sent: LifeForm | None, stale: StaleError | None
) -> PositionForm:
    mine = found.of(party)
    form = sent if isinstance(sent, PositionForm) else PositionForm(formdata=None)
    if form is not sent:
        form.fresh()
        form.words.data = mine.words if mine else ""
    if form is not sent or stale:
        form.version.data = str(mine.version if mine else 0)
    return form


def _outcome_form(found: DisagreementView, sent: LifeForm | None, stale: StaleError | None) -> OutcomeForm:
    form = sent if isinstance(sent, OutcomeForm) else OutcomeForm(formdata=None)
    if form is not sent:
        form.fresh()
        form.outcome.data, form.settled_on.data = found.outcome, found.settled_on
    if form is not sent or stale:
        form.version.data = str(found.version)
    return form
