"""What an indicator is compared to: quartiles with their source, written by the direction or an authority."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session

from portal.blueprints._directing import Answered, direct, number_of
from portal.blueprints._guards import Asked, allow
from portal.blueprints.indicators import pages
from portal.blueprints.indicators.forms import ReferenceForm
from portal.domain.contracts import categories, sites
from portal.domain.indicators import queries, references
from portal.domain.indicators.queries import IndicatorView, ReferenceView
from portal.extensions import db
from portal.kernel.errors import NotFoundError, StaleError
from portal.policy.actor import Actor
from portal.policy.permissions import Permission

bp = Blueprint("indicator_references", __name__)


@bp.get("/contrats/<id:contract_id>/indicateurs/<id:indicator_id>/reperes")
@allow(Permission.INDICATOR_REFERENCE)
def open_references(asked: Asked, indicator_id: str) -> str:
    """Those that are written, and a form for one."""
    indicator, form = _comparable(asked, indicator_id), ReferenceForm(formdata=None)
    form.fresh()
    known = queries.references(db.session(), indicator_id)
    chosen = next(
        (
            one
            for one in known
            if (one.category_code, str(one.year))
            == (request.args.get("categorie", ""), request.args.get("annee", ""))
        ),
        None,
    )
    if chosen is not None:
        form.fill(chosen, indicator)
    else:
        form.version.data = "0"
        form.category_code.data = _usual(asked, indicator)
    return _page(asked, indicator, form, known)


@bp.post("/contrats/<id:contract_id>/indicateurs/<id:indicator_id>/reperes")
@allow(Permission.INDICATOR_REFERENCE)
def write(asked: Asked, indicator_id: str) -> Answered:
    """Write one, or take it away."""
    indicator, form = _comparable(asked, indicator_id), ReferenceForm()
    typed, seen = form.reference, number_of(form.version.data)

    def do(session: Session, person: Actor) -> None:
        references.write(session, person, asked.contract_id, indicator_id, typed, seen)

    def again(stale: StaleError | None) -> str:
        known = queries.references(db.session(), indicator_id)
        now = next(
            (one for one in known if (one.category_code, str(one.year)) == (typed.category_code, typed.year)),
            None,
        )
        if stale is not None:
            form.version.data = str(now.version if now else 0)
        return _page(asked, indicator, form, known, stale)

    outcome = f"{pages.here(asked, indicator_id, 'reperes')}?fait=enregistre"
    return direct(asked, form, (indicator_id, typed, seen), outcome, do, again)


def _comparable(asked: Asked, indicator_id: str) -> IndicatorView:
    indicator = pages.named(asked, indicator_id)
    if not indicator.compares:
        raise NotFoundError
    return indicator


def _usual(asked: Asked, indicator: IndicatorView) -> str:
    """The category of the first establishment that it concerns."""
    found = [one.category_code for one in sites.perimeter(db.session(), asked.contract_id).sites]
    return next((code for code in found if code and indicator.concerns(code)), "")


def _page(
    asked: Asked,
    indicator: IndicatorView,
    form: ReferenceForm,
    known: list[ReferenceView],
    stale: StaleError | None = None,
) -> str:
    kinds = categories.known(db.session(), asked.contract_id)
    form.offer(kinds)
    return render_template(
        "indicators/references.html",
        asked=asked,
        root=pages.root(asked),
        here=pages.here(asked, indicator.id),
        indicator=indicator,
        form=form,
        known=known,
        labels={one.code: one.label for one in kinds},
        stale=stale,
        done=request.args.get("fait", "") if request.method == "GET" else "",
    )
