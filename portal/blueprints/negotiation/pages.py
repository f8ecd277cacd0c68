"""What the pages of the negotiation share: where they are, who may go in, how they are drawn."""

from __future__ import annotations

from typing import Any

from flask import render_template

from portal import paths
from portal.blueprints._guards import Asked
from portal.blueprints.lifecycle.forms import LifeForm
from portal.domain.contracts.models import Contract
from portal.domain.lifecycle.queries import parties_of
from portal.domain.lifecycle.views import PartyView
from portal.domain.negotiation import queries, service
from portal.domain.negotiation.views import PointView
from portal.extensions import db
from portal.kernel.errors import NotFoundError, StaleError


def here(asked: Asked, *parts: str) -> str:
    """The page of the negotiation, or one below it."""
    return "/".join((paths.contract(asked.contract_id), "negociation", *parts))


def point_url(asked: Asked, point_id: str, *parts: str) -> str:
    """One point, or one act on it."""
    return here(asked, "points", point_id, *parts)


def party(asked: Asked) -> PartyView:
    """The party that the person negotiates for. Errors: RefusedError when nobody told which authority."""
    session = db.session()
    own = service.signatory(session, asked.actor, session.get_one(Contract, asked.contract_id))
    return next(one for one in parties_of(session, asked.contract_id) if one.id == own)


def point(asked: Asked, point_id: str, before: int | None = None) -> PointView:
    """A point of the contract, as it is now. Errors: NotFoundError."""
    found = queries.point(db.session(), asked.contract_id, point_id, before=before)
    if found is None:
        raise NotFoundError
    return found


def draw(
    asked: Asked,
    form: LifeForm,
    title: Any,
    lead: Any,
    *,
    button: Any,
    back: str,
    stale: StaleError | None = None,
    template: str = "negotiation/form.html",
    **more: Any,
) -> str:
    """The page of a form."""
    if not form.op_id.data:
        form.fresh()
    return render_template(
        template,
        asked=asked,
        here=here(asked),
        form=form,
        title=title,
        lead=lead,
        button_label=button,
        back=back,
        stale=stale,
        **more,
    )
