"""The indicators of a contract, read by all its members: the list, then one of them in words, in a picture, in a table."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from portal.blueprints._guards import Asked, allow
from portal.blueprints.documents.pages import shelf
from portal.blueprints.indicators import drawing, pages
from portal.blueprints.indicators.pages import Told
from portal.domain.contracts import categories
from portal.domain.documents.models import Subject
from portal.domain.indicators import catalogue, queries, reading
from portal.domain.indicators.models import Axis
from portal.domain.indicators.queries import IndicatorView
from portal.domain.indicators.reading import Row
from portal.extensions import db
from portal.policy.permissions import Permission

bp = Blueprint("indicators", __name__)


@bp.get("/contrats/<id:contract_id>/indicateurs")
@allow(Permission.CONTRACT_READ)
def listed(asked: Asked) -> str:
    """What the contract follows, by axis, in words."""
    session = db.session()
    every = queries.every(session, asked.contract_id)
    followed = [one for one in every if one.dropped_on is None]
    place = asked.place
    latest = queries.latest(session, asked.contract_id, place.id if place else None)
    small = Permission.INDICATOR_READ_SMALL in asked.can
    sentences = {
        one.id: reading.brief(one, latest.get(one.id), place.name if place else "", small=small)
        for one in followed
    }
    return render_template(
        "indicators/list.html",
        asked=asked,
        here=pages.root(asked),
        axes=[(axis, some) for axis in Axis if (some := [one for one in followed if one.axis is axis])],
        followed=followed,
        dropped=[one for one in every if one.dropped_on is not None],
        sentences=sentences,
        goals={one.id: reading.goal(one) for one in followed},
        can_write=Permission.INDICATOR_WRITE in asked.can,
        many=catalogue.MANY,
        done=request.args.get("fait", ""),
    )


@bp.get("/contrats/<id:contract_id>/indicateurs/<id:indicator_id>")
@allow(Permission.CONTRACT_READ)
def show(asked: Asked, indicator_id: str) -> str:
    """One indicator: a sentence, a picture, a table."""
    indicator = pages.named(asked, indicator_id)
    told = pages.told(asked, indicator)
    focus = _focus(asked, told)
    return render_template(
        "indicators/show.html",
        asked=asked,
        root=pages.root(asked),
        here=pages.here(asked, indicator_id),
        indicator=indicator,
        told=told,
        reading=told.reading,
        focus=focus,
        sentence=reading.sentence(indicator, focus) if focus else None,
        goal=reading.goal(indicator),
        bars={row.site.id: drawing.bar(told.reading, row) for row in told.reading.rows},
        curve=drawing.curve(told.reading, focus, told.references) if focus else None,
        marks=_marks(asked, told, indicator),
        shelf=shelf(asked, Subject.INDICATOR, indicator_id),
        can_write=Permission.INDICATOR_WRITE in asked.can,
        can_compare=Permission.INDICATOR_REFERENCE in asked.can and indicator.compares,
        done=request.args.get("fait", ""),
    )


def _focus(asked: Asked, told: Told) -> Row | None:
    """The establishment that the page begins with: the one that is asked for, one’s own, the first that has a value."""
    found = told.reading
    own = asked.place.id if asked.place else None
    wanted = found.row(request.args.get("etablissement")) or found.row(own)
    return wanted or next((row for row in found.rows if row.last is not None), None)


def _marks(asked: Asked, told: Told, indicator: IndicatorView) -> list[dict[str, object]]:
    """What it is compared to, as one reads it."""
    if not told.references:
        return []
    kinds = categories.known(db.session(), asked.contract_id)
    return [
        {
            "mark": mark,
            "category": kind.label if (kind := categories.of_code(kinds, mark.category_code)) else "",
            **{name: indicator.worded(getattr(mark.quartiles, name)) for name in ("q1", "median", "q3")},
        }
        for mark in told.references
        if mark.year in told.reading.years
    ]
