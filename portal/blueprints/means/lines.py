"""A line of money: read with its former states, added, written, followed, taken away, put back, brought back to what it was."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint
from sqlalchemy.orm import Session

from portal.blueprints._directing import Answered, direct
from portal.blueprints._guards import Asked, allow
from portal.blueprints._merging import Met
from portal.blueprints.means import forms, pages
from portal.blueprints.means.forms import AmountsForm, BackForm, FollowForm, LineForm
from portal.domain.means import queries, rules, service
from portal.domain.means.queries import LineView
from portal.domain.means.typed import GIVEN, PLANNED, SPENT
from portal.domain.objectives import queries as objectives
from portal.domain.objectives.queries import SheetView
from portal.extensions import db
from portal.kernel import clock
from portal.kernel.errors import StaleError
from portal.policy.actor import Actor
from portal.policy.permissions import Permission

bp = Blueprint("means_lines", __name__)


@bp.get("/contrats/<id:contract_id>/moyens/objectifs/<id:objective_id>/ajouter")
@allow(Permission.MEANS_PART)
def begin(asked: Asked, objective_id: str) -> str:
    """The form of a new line."""
    form = LineForm(formdata=None)
    form.fresh()
    return _write_page(asked, form, pages.sheet(asked, objective_id))


@bp.post("/contrats/<id:contract_id>/moyens/objectifs/<id:objective_id>/ajouter")
@allow(Permission.MEANS_PART)
def add(asked: Asked, objective_id: str) -> Answered:
    """Add a line to an objective."""
    sheet, form = pages.sheet(asked, objective_id), LineForm()
    typed = form.typed(_years(asked))

    def do(session: Session, person: Actor) -> None:
        service.add(session, person, asked.contract_id, objective_id, typed)

    def again(stale: StaleError | None) -> str:
        return _write_page(asked, form, sheet, stale=stale)

    outcome = f"{pages.objective_url(asked, objective_id)}?fait=ligne#lignes"
    return direct(asked, form, (objective_id, *forms.said(form)), outcome, do, again)


@bp.get("/contrats/<id:contract_id>/moyens/lignes/<id:means_id>")
@allow(Permission.CONTRACT_READ)
def show(asked: Asked, means_id: str) -> str:
    """One line, and what it said before."""
    return _page(asked, means_id)


@bp.get("/contrats/<id:contract_id>/moyens/lignes/<id:means_id>/changer")
@allow(Permission.MEANS_PART)
def edit(asked: Asked, means_id: str) -> str:
    """The line as it is now, to write anew."""
    line, form = _own(asked, means_id), LineForm(formdata=None)
    form.fresh()
    _filled(asked, form, line)
    return _write_page(asked, form, pages.sheet(asked, line.item_id), line)


@bp.post("/contrats/<id:contract_id>/moyens/lignes/<id:means_id>/changer")
@allow(Permission.MEANS_PART)
def write(asked: Asked, means_id: str) -> Answered:
    """Write it anew, unless somebody did since it was read."""
    line, form = pages.line(asked, means_id), LineForm()
    typed, seen = form.typed(_years(asked, line)), form.seen

    def do(session: Session, person: Actor) -> None:
        service.write(session, person, asked.contract_id, means_id, typed, seen)

    def again(stale: StaleError | None) -> str:
        now = pages.line(asked, means_id)
        return _write_page(asked, form, pages.sheet(asked, now.item_id), now, stale)

    outcome = f"{pages.line_url(asked, means_id)}?fait=ecrit"
    return direct(asked, form, (means_id, *forms.said(form)), outcome, do, again)


@bp.get("/contrats/<id:contract_id>/moyens/lignes/<id:means_id>/suivi")
@allow(Permission.MEANS_PART)
def ask_follow(asked: Asked, means_id: str) -> str:
    """What was given and spent, to write it."""
    line, form = _own(asked, means_id), FollowForm(formdata=None)
    form.fresh()
    _followed(asked, form, line)
    return _follow_page(asked, form, line)


@bp.post("/contrats/<id:contract_id>/moyens/lignes/<id:means_id>/suivi")
@allow(Permission.MEANS_PART)
def follow(asked: Asked, means_id: str) -> Answered:
    """Write it, unless somebody wrote the line since it was read."""
    line, form = pages.line(asked, means_id), FollowForm()
    typed, seen = form.typed(_years(asked, line)), form.seen

    def do(session: Session, person: Actor) -> None:
        service.follow(session, person, asked.contract_id, means_id, typed, seen)

    def again(stale: StaleError | None) -> str:
        return _follow_page(asked, form, pages.line(asked, means_id), stale)

    outcome = f"{pages.line_url(asked, means_id)}?fait=suivi"
    return direct(asked, form, (means_id, *forms.said(form)), outcome, do, again)


@bp.post("/contrats/<id:contract_id>/moyens/lignes/<id:means_id>/retirer")
@allow(Permission.MEANS_PART)
def remove(asked: Asked, means_id: str) -> Answered:
    """Take it away; it can be put back."""
    form = BackForm()

    def do(session: Session, person: Actor) -> None:
        service.remove(session, person, asked.contract_id, means_id, form.reason.data or "", form.seen)

    return _turn(asked, means_id, form, "retire", do)


@bp.post("/contrats/<id:contract_id>/moyens/lignes/<id:means_id>/remettre")
@allow(Permission.MEANS_PART)
def restore(asked: Asked, means_id: str) -> Answered:
    """Put it back."""
    form = BackForm()

    def do(session: Session, person: Actor) -> None:
        service.restore(session, person, asked.contract_id, means_id, form.seen)

    return _turn(asked, means_id, form, "remis", do)


@bp.post("/contrats/<id:contract_id>/moyens/lignes/<id:means_id>/revenir")
@allow(Permission.MEANS_PART)
def go_back(asked: Asked, means_id: str) -> Answered:
    """Bring a former state back, as a new one."""
    form = BackForm()

    def do(session: Session, person: Actor) -> None:
        reason = form.reason.data or ""
        service.go_back(session, person, asked.contract_id, means_id, form.chosen, reason, form.seen)

    return _turn(asked, means_id, form, "revenu", do)


def _turn(
    asked: Asked, means_id: str, form: BackForm, done: str, do: Callable[[Session, Actor], Any]
) -> Answered:
    pages.line(asked, means_id)

    def again(stale: StaleError | None) -> str:
        return _page(asked, means_id, form, stale)

    outcome = f"{pages.line_url(asked, means_id)}?fait={done}"
    return direct(asked, form, (means_id, done, *forms.said(form)), outcome, do, again)


def _own(asked: Asked, means_id: str) -> LineView:
    """A line that the person who asks may write. Errors: NotFoundError, RefusedError."""
    line = pages.line(asked, means_id)
    purse = line.purse
    service.require_own(db.session(), asked.actor, asked.contract_id, purse.payer, purse.authority_id)
    return line


def _years(asked: Asked, line: LineView | None = None) -> Sequence[int]:
    dates = queries.dates(db.session(), asked.contract_id)
    return rules.asked(dates.starts_on, dates.ends_on, set(line.amounts) if line else ())


def _filled(asked: Asked, form: LineForm, line: LineView) -> LineForm:
    """The form of a line, with what it says now."""
    form.fill(line)
    form.fill_cells((PLANNED,), _years(asked, line), line.amounts)
    return form


def _followed(asked: Asked, form: AmountsForm, line: LineView) -> AmountsForm:
    """The form of what was given and spent, with what is written now."""
    form.version.data = str(line.version)
    columns = (GIVEN, SPENT) if pages.writer(asked).every else (GIVEN,)
    form.fill_cells(columns, _years(asked, line), line.amounts)
    return form


def _met(form: AmountsForm, line: LineView, saved: AmountsForm) -> Met | None:
    """What came of two writings of a line; nothing of one that is taken away."""
    form.version.data = saved.version.data
    return form.meet(saved) if line.removed_at is None else None


def _write_page(
    asked: Asked,
    form: LineForm,
    sheet: SheetView,
    line: LineView | None = None,
    stale: StaleError | None = None,
) -> str:
    session = db.session()
    known = dict(objectives.places(session, asked.contract_id))
    if line is not None and line.site_id is not None:
        known.setdefault(line.site_id, line.site)
    writer = pages.writer(asked)
    form.offer_sites(known.items())
    form.offer_payers(queries.authorities(session, asked.contract_id), writer.authority_id)
    saved = _filled(asked, LineForm(formdata=None), line) if stale and line else None
    return pages.draw(
        asked,
        "write",
        form=form,
        sheet=sheet,
        line=line,
        stale=stale,
        met=_met(form, line, saved) if saved and line else None,
        writer=writer,
        years=_years(asked, line),
        now=line.amounts if line else {},
        column=PLANNED,
    )


def _follow_page(asked: Asked, form: FollowForm, line: LineView, stale: StaleError | None = None) -> str:
    saved = _followed(asked, FollowForm(formdata=None), line) if stale else None
    return pages.draw(
        asked,
        "follow",
        form=form,
        sheet=pages.sheet(asked, line.item_id),
        line=line,
        stale=stale,
        met=_met(form, line, saved) if saved else None,
        writer=pages.writer(asked),
        years=_years(asked, line),
        this_year=clock.today().year,
    )


def _page(asked: Asked, means_id: str, form: BackForm | None = None, stale: StaleError | None = None) -> str:
    line = pages.line(asked, means_id)
    dates = queries.dates(db.session(), asked.contract_id)
    history, older = queries.history(db.session(), means_id, before=forms.number("avant"))
    mine = pages.writer(asked).owns(line)
    return pages.draw(
        asked,
        "line",
        line=line,
        sheet=pages.sheet(asked, line.item_id),
        years=rules.years(dates.starts_on, dates.ends_on, set(line.amounts)),
        last_year=dates.ends_on.year,
        history=history,
        older=older,
        mine=mine,
        negotiates=Permission.NEGOTIATION_WRITE in asked.can,
        acting=_acting(line) if mine else None,
        backs={one.number: _acting(line, one.number) for one in history} if mine else {},
        form=form,
        stale=stale,
    )


def _acting(line: LineView, number: int = 0) -> BackForm:
    """One button, an act with its own id."""
    form = BackForm(formdata=None)
    form.fresh()
    form.version.data, form.number.data = str(line.version), str(number)
    return form
