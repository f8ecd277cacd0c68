"""« Mes contrats suivis »: what an authority follows, as a page and as a spreadsheet; who follows a contract."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import urlencode

import gevent
from flask import Blueprint, Response, render_template, request, send_file
from sqlalchemy.orm import Session

from portal import paths
from portal.blueprints._directing import Answered, direct
from portal.blueprints._guards import Asked, account, allow, signed_in
from portal.blueprints.portfolio import forms, spreadsheet
from portal.blueprints.portfolio.forms import ReferentForm
from portal.domain.contracts import parties
from portal.domain.portfolio import queries, rules, service
from portal.domain.portfolio.queries import Followed, Party
from portal.domain.portfolio.rules import Order
from portal.extensions import db
from portal.kernel import clock
from portal.kernel.errors import StaleError
from portal.languages import current
from portal.languages import gettext as _
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.vocabulary import Stage

bp = Blueprint("portfolio", __name__)

PAGE = 20
HERE = "/suivi"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Heading:
    """A column by which the list may be ordered: where its link leads, how it is ordered now."""

    label: str
    url: str
    sort: str


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters offer: only what these contracts hold."""

    stages: tuple[Stage, ...]
    delegations: tuple[str, ...]
    departments: tuple[str, ...]
    categories: tuple[str, ...]
    years: tuple[str, ...]


@bp.get("/suivi")
@signed_in
def show() -> str:
    """The contracts that one follows for an authority: those to look at first, then all of them."""
    contracts, asked = _followed(), forms.wanted()
    chosen = rules.chosen(contracts, asked)
    shown, more = rules.page(chosen, forms.after(), PAGE)
    signed = rules.signed(contracts)
    kept = forms.ordered(asked)
    return render_template(
        "portfolio/show.html",
        here=HERE,
        contracts=shown,
        found=len(chosen),
        follows=bool(contracts),
        looks=rules.five((one.situation for one in contracts), clock.today()),
        asked=asked,
        headings=_headings(asked),
        choices=_choices(contracts),
        signed=signed,
        years_said=rules.years_said(signed.by_year),
        unsigned=rules.UNSIGNED,
        next_page=f"?{urlencode({**kept, 'apres': more})}" if more else None,
        first_page=f"?{urlencode(kept)}" if forms.after() else None,
        export=f"{HERE}/tableur?{urlencode(kept)}",
    )


@bp.get("/suivi/tableur")
@signed_in
def download() -> Response | str:
    """The same list, whole, as a spreadsheet: what was chosen, in the order that was chosen; a page when it is empty."""
    followed = _followed()
    contracts = rules.chosen(followed, forms.wanted())
    if not contracts:
        return render_template("portfolio/nothing.html", here=HERE, follows=bool(followed))
    words = spreadsheet.words(contracts)
    # Off the loop: sixty contracts take a tenth of a second.
    content = gevent.get_hub().threadpool.apply(spreadsheet.write, (words, current()))
    return send_file(
        BytesIO(content),
        mimetype=XLSX,
        as_attachment=True,
        download_name=f"contrats-suivis-{clock.today().isoformat()}.xlsx",
        max_age=0,
    )


@bp.get("/contrats/<id:contract_id>/referent")
@allow(Permission.REFERENT_WRITE)
def referent(asked: Asked) -> str:
    """Who follows this contract in its authorities, and the form to write it."""
    return _referent_page(asked)


@bp.post("/contrats/<id:contract_id>/referent")
@allow(Permission.REFERENT_WRITE)
def write_referent(asked: Asked) -> Answered:
    """Write who follows this contract in one of its authorities."""
    form, contract_id = ReferentForm(), asked.contract_id
    command = form.referent

    def do(session: Session, person: Actor) -> None:
        service.write(session, person, contract_id, command)

    body = (contract_id, command.organisation_id, command.function, command.contact, command.version)
    outcome = f"{paths.contract(contract_id)}/referent?fait=enregistre"
    return direct(asked, form, body, outcome, do, lambda stale: _referent_page(asked, form, stale))


def _referent_page(asked: Asked, typed: ReferentForm | None = None, stale: StaleError | None = None) -> str:
    session = db.session()
    known = queries.parties(session, [asked.contract_id]).get(asked.contract_id, ())
    mine = parties.acts_for(session, asked.actor)
    return render_template(
        "portfolio/referent.html",
        asked=asked,
        parties=known,
        told=mine is not None,
        forms={
            one.organisation_id: _form_of(one, typed, stale) for one in known if one.organisation_id == mine
        },
        stale=stale,
        done=request.args.get("fait", ""),
    )


def _form_of(party: Party, typed: ReferentForm | None, stale: StaleError | None) -> ReferentForm:
    """The form of one authority, with what was just typed for it."""
    if typed is not None and typed.autorite.data == party.organisation_id:
        if stale is not None:
            typed.version.data = str(party.version)
        typed.fresh()
        return typed
    form = ReferentForm(formdata=None)
    form.fresh()
    form.autorite.data, form.version.data = party.organisation_id, str(party.version)
    form.function.data, form.contact.data = party.referent_function, party.referent_contact
    return form


def _followed() -> list[Followed]:
    session = db.session()
    return queries.followed(session, queries.follows(session, account()), clock.now())


def _headings(asked: rules.Wanted) -> dict[str, Heading]:
    labels = {
        Order.TITLE: _("Contrat"),
        Order.STAGE: _("Étape"),
        Order.DATE: _("Prochaine date"),
        Order.START: _("Début"),
        Order.END: _("Fin"),
        Order.DELEGATION: _("Délégation"),
    }
    now = "descending" if asked.down else "ascending"
    return {
        order.value: Heading(label, forms.sorting(asked, order), now if asked.order is order else "none")
        for order, label in labels.items()
    }


def _choices(contracts: Sequence[Followed]) -> Choices:
    sites = [site for one in contracts for site in one.sites]
    stages = {one.stage for one in contracts}
    return Choices(
        stages=tuple(one for one in Stage if one in stages),
        delegations=_once(name for one in contracts for name in one.delegations),
        departments=_once(site.department for site in sites),
        categories=_once(site.category for site in sites),
        years=_once(rules.year_of(one) for one in contracts),
    )


def _once(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({word for word in words if word}))
