"""One point of the negotiation: positions, messages, the words proposed, each party's agreement."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session

from portal import paths
from portal.blueprints._directing import Answered, number_of
from portal.blueprints._guards import Asked, allow
from portal.blueprints.lifecycle.forms import LifeForm
from portal.blueprints.lifecycle.pages import Do, send
from portal.blueprints.negotiation import pages
from portal.blueprints.negotiation.forms import (
    NO,
    YES,
    AgreeForm,
    ApplyForm,
    MessageForm,
    MoveForm,
    StandForm,
    WordingForm,
)
from portal.blueprints.negotiation.pages import point_url
from portal.domain.contracts import queries as contracts
from portal.domain.contracts.queries import ItemView
from portal.domain.negotiation import queries, service, wording
from portal.domain.negotiation.models import NegotiationPoint, Piece, PointState
from portal.domain.negotiation.views import PointView
from portal.extensions import db
from portal.kernel.errors import StaleError
from portal.kernel.ids import is_id
from portal.languages import gettext as _
from portal.policy.actor import Actor
from portal.policy.permissions import Permission

bp = Blueprint("negotiation_points", __name__)


@bp.get("/contrats/<id:contract_id>/negociation/points/<id:point_id>")
@allow(Permission.NEGOTIATION_READ)
def show(asked: Asked, point_id: str) -> str:
    """A point with all that was said; while the zone is open, the forms of one's own party."""
    return _page(asked, point_id)


@bp.post("/contrats/<id:contract_id>/negociation/points/<id:point_id>/position")
@allow(Permission.NEGOTIATION_WRITE)
def take_position(asked: Asked, point_id: str) -> Answered:
    """Write the position of one's own party."""
    form = StandForm()

    def do(session: Session, person: Actor) -> None:
        service.take_position(session, person, asked.contract_id, point_id, form.words.data or "", form.seen)

    return _send(asked, form, point_id, "position", do)


@bp.post("/contrats/<id:contract_id>/negociation/points/<id:point_id>/messages")
@allow(Permission.NEGOTIATION_WRITE)
def write_message(asked: Asked, point_id: str) -> Answered:
    """Write a message."""
    form = MessageForm()

    def do(session: Session, person: Actor) -> None:
        service.write_message(session, person, asked.contract_id, point_id, form.message.data or "")

    return _send(asked, form, point_id, "message", do)


@bp.post("/contrats/<id:contract_id>/negociation/points/<id:point_id>/etat")
@allow(Permission.NEGOTIATION_WRITE)
def move(asked: Asked, point_id: str) -> Answered:
    """Say where it stands."""
    form = MoveForm()

    def do(session: Session, person: Actor) -> None:
        ending = form.ending.data or ""
        service.move(session, person, asked.contract_id, point_id, form.chosen, ending, form.seen)

    return _send(asked, form, point_id, "etat", do)


@bp.post("/contrats/<id:contract_id>/negociation/points/<id:point_id>/accord")
@allow(Permission.NEGOTIATION_WRITE)
def agree(asked: Asked, point_id: str) -> Answered:
    """Say whether one's own party agrees to the words proposed."""
    form = AgreeForm()
    agrees = form.agrees.data == YES

    def do(session: Session, person: Actor) -> None:
        wording.agree(session, person, asked.contract_id, point_id, form.seen, agrees=agrees)

    return _send(asked, form, point_id, "accord" if agrees else "retrait", do)


@bp.post("/contrats/<id:contract_id>/negociation/points/<id:point_id>/appliquer")
@allow(Permission.NEGOTIATION_APPLY)
def apply(asked: Asked, point_id: str) -> Answered:
    """Put the words agreed into the contract."""
    form = ApplyForm()

    def do(session: Session, person: Actor) -> None:
        wording.apply(session, person, asked.contract_id, point_id, form.seen)

    return _send(asked, form, point_id, "applique", do)


def _send(asked: Asked, form: LifeForm, point_id: str, what: str, do: Do) -> Answered:
    def again(stale: StaleError | None) -> str:
        return _page(asked, point_id, form, stale)

    outcome = f"{point_url(asked, point_id)}?fait={what}"
    return send(asked, form, (what, point_id), outcome, do, again)


def _page(asked: Asked, point_id: str, sent: LifeForm | None = None, stale: StaleError | None = None) -> str:
    own = pages.party(asked)
    before = number_of(request.args.get("avant"))
    found = pages.point(asked, point_id, before if before > 1 else None)
    discussed = found.writable and found.state is PointState.OPEN
    return render_template(
        "negotiation/point.html",
        asked=asked,
        here=pages.here(asked),
        base=paths.contract(asked.contract_id),
        url=point_url(asked, point_id),
        one=found,
        party=own,
        form=sent,
        position=_position(found, own.id, sent, stale) if discussed else None,
        message=_fresh(MessageForm, sent) if discussed else None,
        moving=_moving(found, sent, stale) if found.writable else None,
        agreeing=_agreeing(found, own.id) if discussed else None,
        applying=_numbered(ApplyForm, found) if discussed and _ready(found) else None,
        can_propose=discussed and (found.subject.item_id or found.subject.block_id),
        stale=stale,
        later=before > 1,
        done=request.args.get("fait", ""),
    )


def _ready(found: PointView) -> bool:
    now = found.wording
    return now is not None and now.is_agreed and now.applied_at is None and not now.moved


def _fresh(kind: type[LifeForm], sent: LifeForm | None) -> LifeForm:
    form = sent if isinstance(sent, kind) else kind(formdata=None)
    if form is not sent:
        form.fresh()
    return form


def _position(found: PointView, party: str, sent: LifeForm | None, stale: StaleError | None) -> LifeForm:
    mine, form = found.of(party), _fresh(StandForm, sent)
    if form is not sent:
        form.put(mine.version if mine else 0, words=mine.words if mine else "")
    elif stale:
        form.version.data = str(mine.version if mine else 0)
    return form


def _moving(found: PointView, sent: LifeForm | None, stale: StaleError | None) -> LifeForm:
    form = _fresh(MoveForm, sent)
    if isinstance(form, MoveForm):
        form.offer(found.state)
    if form is not sent or stale:
        form.version.data = str(found.version)
    return form


def _agreeing(found: PointView, party: str) -> LifeForm | None:
    """The button of one's own party: to agree, or to take its agreement back; none agrees to words for an older text."""
    if found.wording is None or found.wording.applied_at is not None:
        return None
    if found.wording.moved and party not in found.wording.agreed:
        return None
    form = _numbered(AgreeForm, found)
    if isinstance(form, AgreeForm):
        form.agrees.data = NO if party in found.wording.agreed else YES
    return form


def _numbered(kind: type[LifeForm], found: PointView) -> LifeForm:
    form = kind(formdata=None)
    form.fresh()
    form.version.data = str(found.wording.number if found.wording else 0)
    return form


@bp.get("/contrats/<id:contract_id>/negociation/points/<id:point_id>/mots")
@allow(Permission.NEGOTIATION_WRITE)
def begin_wording(asked: Asked, point_id: str) -> str:
    """Choose the passages, then write what they would say."""
    found = pages.point(asked, point_id)
    form = WordingForm(formdata=None)
    _choose(found, form)
    form.version.data = str(found.wording.number if found.wording else 0)
    return _wording_page(asked, found, form)


@bp.post("/contrats/<id:contract_id>/negociation/points/<id:point_id>/mots")
@allow(Permission.NEGOTIATION_WRITE)
def propose(asked: Asked, point_id: str) -> Answered:
    """Propose these words."""
    form = WordingForm()

    def do(session: Session, person: Actor) -> None:
        wording.propose(session, person, asked.contract_id, point_id, form.typed, form.seen)

    def again(stale: StaleError | None) -> str:
        return _wording_page(asked, pages.point(asked, point_id), form, stale)

    return send(asked, form, ("mots", point_id), f"{point_url(asked, point_id)}?fait=mots", do, again)


def _choose(found: PointView, form: WordingForm) -> None:
    """The passages that the address names; without any, those of the words proposed now."""
    named = {one: request.args.get(one.value, "") for one in (Piece.PLAIN, Piece.TECHNICAL)}
    chosen = {one: place for one, place in named.items() if is_id(place)}
    if found.subject.block_id:
        chosen = {Piece.BLOCK: found.subject.block_id}
    now = found.wording
    proposed = {one.piece: one for one in now.passages} if now and now.applied_at is None else {}
    if not chosen and "choisir" not in request.args:
        chosen = {piece: one.place for piece, one in proposed.items()}
    for piece, place in chosen.items():
        form[f"{piece.value}_place"].data = place
        one = proposed.get(piece)
        if one is not None and one.place == place and not one.moved:
            form[piece.value].data = one.after
    if proposed and now is not None:
        form.reason.data = now.reason


def _wording_page(asked: Asked, found: PointView, form: WordingForm, stale: StaleError | None = None) -> str:
    pages.party(asked)
    session = db.session()
    row = session.get_one(NegotiationPoint, found.id)
    current = {
        piece: words
        for piece, place in form.places().items()
        if (words := queries.words_at(session, row, piece, place)) is not None
    }
    for piece, words in current.items():
        read = form[f"{piece.value}_read"]
        if read.data is None or stale:
            read.data = wording.mark(words)
        if form[piece.value].data is None:
            form[piece.value].data = words
    if stale:
        form.version.data = str(found.wording.number if found.wording else 0)
    item: ItemView | None = contracts.item(session, row.item_id) if row.item_id else None
    return pages.draw(
        asked,
        form,
        _("Proposer des mots"),
        _("Chaque partie dira si elle est d’accord. Changer la proposition efface les accords déjà donnés."),
        button=_("Proposer ces mots"),
        back=point_url(asked, found.id),
        stale=stale,
        template="negotiation/wording.html",
        one=found,
        current=current,
        item=item,
        former=[one for one in found.wording.passages if one.moved]
        if found.wording and found.wording.moved
        else [],
        url=point_url(asked, found.id),
    )
