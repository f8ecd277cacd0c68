"""The follow-up of a contract: its committee, its two reviews, what is reported each year."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session

from portal.blueprints._directing import Answered, number_of
from portal.blueprints._guards import Asked, allow
from portal.blueprints.lifecycle import pages
from portal.blueprints.lifecycle.follow_forms import LineForm, ReviewForm, SeatForm, SeatLeaveForm
from portal.blueprints.lifecycle.pages import REVIEWS, here
from portal.domain.lifecycle import follow_up, laws, queries
from portal.domain.lifecycle.models import ReviewKind
from portal.domain.lifecycle.views import LineView
from portal.extensions import db
from portal.kernel import clock
from portal.kernel.errors import NotFoundError, StaleError
from portal.kernel.speech import capital
from portal.languages import gettext as _
from portal.policy.actor import Actor
from portal.policy.permissions import Permission

bp = Blueprint("life_follow_up", __name__)

REVIEW_URL = "/contrats/<id:contract_id>/vie/bilans/<any(milieu,fin):bilan>"
READY_URL = "/contrats/<id:contract_id>/vie/echeances/<any(objectifs,errd,eprd,activite):ligne>"


@bp.get("/contrats/<id:contract_id>/vie/comite")
@allow(Permission.LIFE_WRITE)
def open_committee(asked: Asked) -> str:
    """The committee, to add a seat or to take one out."""
    return _committee_page(asked, SeatForm(formdata=None))


@bp.post("/contrats/<id:contract_id>/vie/comite")
@allow(Permission.LIFE_WRITE)
def add_seat(asked: Asked) -> Answered:
    """Add a seat."""
    form = SeatForm()

    def do(session: Session, person: Actor) -> None:
        function, party, partner = form.function.data, form.party.data, form.partner.data
        follow_up.add_seat(session, person, asked.contract_id, function or "", party or "", partner or "")

    def again(stale: StaleError | None) -> str:
        return _committee_page(asked, form, stale)

    return pages.send(asked, form, ("siege",), f"{here(asked, 'comite')}?fait=ajoute", do, again)


@bp.post("/contrats/<id:contract_id>/vie/comite/<id:seat_id>/retirer")
@allow(Permission.LIFE_WRITE)
def leave_seat(asked: Asked, seat_id: str) -> Answered:
    """Take a seat out; it may be added again."""
    form = SeatLeaveForm()

    def do(session: Session, person: Actor) -> None:
        follow_up.leave_seat(session, person, asked.contract_id, seat_id, form.seen)

    def again(stale: StaleError | None) -> str:
        return _committee_page(asked, SeatForm(formdata=None), stale)

    outcome = f"{here(asked, 'comite')}?fait=retire"
    return pages.send(asked, form, ("retirer", seat_id), outcome, do, again)


def _committee_page(asked: Asked, form: SeatForm, stale: StaleError | None = None) -> str:
    session = db.session()
    parties = queries.parties_of(session, asked.contract_id)
    form.offer(parties)
    leaving = SeatLeaveForm(formdata=None)
    leaving.fresh()
    return pages.draw(
        asked,
        form,
        _("Le comité de suivi"),
        laws.COMMITTEE,
        button=_("Ajouter au comité"),
        stale=stale,
        template="lifecycle/committee.html",
        seats=queries.seats(session, asked.contract_id, parties),
        leaving=leaving,
        action=here(asked, "comite"),
        done=request.args.get("fait", ""),
    )


@bp.get(REVIEW_URL)
@allow(Permission.LIFE_WRITE)
def open_review(asked: Asked, bilan: str) -> str:
    """A review, to write it."""
    form = ReviewForm(formdata=None)
    form.fill(queries.reviews(db.session(), asked.contract_id)[REVIEWS[bilan]])
    return _review_page(asked, REVIEWS[bilan], form)


@bp.post(REVIEW_URL)
@allow(Permission.LIFE_WRITE)
def write_review(asked: Asked, bilan: str) -> Answered:
    """Write it."""
    form, kind = ReviewForm(), REVIEWS[bilan]

    def do(session: Session, person: Actor) -> None:
        follow_up.write_review(session, person, asked.contract_id, kind, form.typed, form.seen)

    def again(stale: StaleError | None) -> str:
        return _review_page(asked, kind, form, stale)

    return pages.send(asked, form, ("bilan", bilan), f"{here(asked)}?fait=bilan#bilans", do, again)


@bp.get(f"{REVIEW_URL}/anciens-textes")
@allow(Permission.CONTRACT_READ)
def list_wordings(asked: Asked, bilan: str) -> str:
    """What a review said before, by pages."""
    kind, below = REVIEWS[bilan], number_of(request.args.get("avant"))
    found, more = queries.wordings(db.session(), asked.contract_id, kind, below=below if below > 0 else None)
    return render_template(
        "lifecycle/wordings.html",
        asked=asked,
        here=here(asked),
        kind=kind,
        wordings=found,
        more=more,
        later=below > 0,
        action=here(asked, "bilans", bilan, "anciens-textes"),
    )


def _review_page(asked: Asked, kind: ReviewKind, form: ReviewForm, stale: StaleError | None = None) -> str:
    view, now = queries.reviews(db.session(), asked.contract_id)[kind], ReviewForm(formdata=None)
    now.fill(view)
    if stale:
        form.version.data = now.version.data
    return pages.draw(
        asked,
        form,
        capital(kind.label),
        view.law,
        button=_("Enregistrer ce bilan"),
        stale=stale,
        now=now,
        draft=f"bilan-{kind.value}-{asked.contract_id}",
    )


@bp.get(READY_URL)
@allow(Permission.LIFE_WRITE)
def open_ready(asked: Asked, ligne: str) -> str:
    """A ready line, to change it for this contract."""
    return _line_page(asked, _filled(_line(asked, ligne)), ligne)


@bp.post(READY_URL)
@allow(Permission.LIFE_WRITE)
def write_ready(asked: Asked, ligne: str) -> Answered:
    """Change it."""
    form = LineForm()

    def do(session: Session, person: Actor) -> None:
        follow_up.write_ready(session, person, asked.contract_id, ligne, form.typed, form.seen)

    return _send_line(asked, form, ligne, do)


@bp.get("/contrats/<id:contract_id>/vie/echeances/nouvelle")
@allow(Permission.LIFE_WRITE)
def begin_line(asked: Asked) -> str:
    """A line of the contract's own."""
    return _line_page(asked, LineForm(formdata=None))


@bp.post("/contrats/<id:contract_id>/vie/echeances/nouvelle")
@allow(Permission.LIFE_WRITE)
def add_line(asked: Asked) -> Answered:
    """Add it."""
    form = LineForm()

    def do(session: Session, person: Actor) -> None:
        follow_up.add_line(session, person, asked.contract_id, form.typed)

    return _send_line(asked, form, "", do)


@bp.get("/contrats/<id:contract_id>/vie/echeances/<id:line_id>")
@allow(Permission.LIFE_WRITE)
def open_line(asked: Asked, line_id: str) -> str:
    """A line of the contract's own, to change it."""
    return _line_page(asked, _filled(_line(asked, line_id)), line_id)


@bp.post("/contrats/<id:contract_id>/vie/echeances/<id:line_id>")
@allow(Permission.LIFE_WRITE)
def write_line(asked: Asked, line_id: str) -> Answered:
    """Change it."""
    form = LineForm()

    def do(session: Session, person: Actor) -> None:
        follow_up.write_line(session, person, asked.contract_id, line_id, form.typed, form.seen)

    return _send_line(asked, form, line_id, do)


def _send_line(asked: Asked, form: LineForm, which: str, do: pages.Do) -> Answered:
    def again(stale: StaleError | None) -> str:
        return _line_page(asked, form, which, stale)

    outcome = f"{here(asked)}?fait=echeance#echeances"
    return pages.send(asked, form, ("echeance", which), outcome, do, again)


def _line(asked: Asked, which: str) -> LineView:
    session = db.session()
    dates = queries.contract_dates(session, asked.contract_id)
    found = queries.lines(session, asked.contract_id, dates, clock.today())
    line = next((one for one in found if which in (one.code, one.id)), None)
    if line is None:
        raise NotFoundError
    return line


def _filled(line: LineView) -> LineForm:
    form = LineForm(formdata=None)
    form.fill(line)
    return form


def _line_page(asked: Asked, form: LineForm, which: str = "", stale: StaleError | None = None) -> str:
    line = _line(asked, which) if which else None
    now = _filled(line) if line else None
    for one in (form, now):
        if one is not None:
            one.offer()
    if stale and now is not None:
        form.version.data = now.version.data
    return pages.draw(
        asked,
        form,
        _("Changer une échéance") if line else _("Ajouter une échéance"),
        line.law if line else laws.OWN_LINE,
        button=_("Enregistrer cette échéance"),
        stale=stale,
        now=now,
    )
