"""Choosing few indicators, adding one's own, giving one a place and a target, stopping and taking up again."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session

from portal.blueprints._directing import Answered, direct, number_of
from portal.blueprints._guards import Asked, allow
from portal.blueprints.indicators import pages
from portal.blueprints.indicators.forms import ChoiceForm, FollowForm, OwnForm, SettingsForm
from portal.domain.contracts import sites
from portal.domain.indicators import catalogue, queries, service
from portal.domain.indicators.catalogue import Entry
from portal.domain.indicators.models import Axis
from portal.domain.indicators.queries import IndicatorView
from portal.extensions import db
from portal.kernel.errors import StaleError
from portal.policy.actor import Actor
from portal.policy.permissions import Permission

bp = Blueprint("indicator_choice", __name__)


@dataclass(frozen=True, slots=True)
class Shelf:
    """An axis of the catalogue: what concerns the services of the contract, and the rest; each by family."""

    axis: Axis
    near: list[tuple[str, list[Entry]]]
    far: list[tuple[str, list[Entry]]]
    near_ticked: bool
    far_ticked: bool


@bp.get("/contrats/<id:contract_id>/indicateurs/choisir")
@allow(Permission.INDICATOR_WRITE)
def open_choice(asked: Asked) -> str:
    """The catalogue, the proposed few first."""
    form = ChoiceForm(formdata=None)
    form.fresh()
    return _choice_page(asked, form)


@bp.post("/contrats/<id:contract_id>/indicateurs/choisir")
@allow(Permission.INDICATOR_WRITE)
def choose(asked: Asked) -> Answered:
    """Follow those that are ticked."""
    form = ChoiceForm()
    codes, seen = form.codes, number_of(form.version.data)

    def do(session: Session, person: Actor) -> None:
        service.choose(session, person, asked.contract_id, codes, seen)

    outcome = f"{pages.root(asked)}?fait=choisis"
    body = (asked.contract_id, codes, seen)
    return direct(asked, form, body, outcome, do, lambda stale: _choice_page(asked, form, stale, codes))


@bp.get("/contrats/<id:contract_id>/indicateurs/ajouter")
@allow(Permission.INDICATOR_WRITE)
def begin(asked: Asked) -> str:
    """An indicator that the catalogue does not have."""
    form = OwnForm(formdata=None)
    form.fresh()
    return _own_page(asked, form)


@bp.post("/contrats/<id:contract_id>/indicateurs/ajouter")
@allow(Permission.INDICATOR_WRITE)
def add(asked: Asked) -> Answered:
    """Add it."""
    form = OwnForm()
    own, seen = form.own, number_of(form.version.data)

    def do(session: Session, person: Actor) -> None:
        service.add(session, person, asked.contract_id, own, seen)

    outcome = f"{pages.root(asked)}?fait=ajoute"
    body = (asked.contract_id, own, seen)
    return direct(asked, form, body, outcome, do, lambda stale: _own_page(asked, form, stale))


@bp.get("/contrats/<id:contract_id>/indicateurs/<id:indicator_id>/reglages")
@allow(Permission.INDICATOR_WRITE)
def open_settings(asked: Asked, indicator_id: str) -> str:
    """The place of an indicator and its target."""
    indicator, form = pages.named(asked, indicator_id), SettingsForm(formdata=None)
    form.fresh()
    form.fill(indicator, _place(asked, indicator))
    return _settings_page(asked, indicator, form)


@bp.post("/contrats/<id:contract_id>/indicateurs/<id:indicator_id>/reglages")
@allow(Permission.INDICATOR_WRITE)
def settle(asked: Asked, indicator_id: str) -> Answered:
    """Write them."""
    indicator, form = pages.named(asked, indicator_id), SettingsForm()
    typed, seen = form.settings(indicator), number_of(form.version.data)

    def do(session: Session, person: Actor) -> None:
        service.settle(session, person, asked.contract_id, indicator_id, typed, seen)

    def again(stale: StaleError | None) -> str:
        now = pages.named(asked, indicator_id)
        return _settings_page(asked, now, form, stale, renewed=stale is not None)

    outcome = f"{pages.here(asked, indicator_id)}?fait=reglages"
    return direct(asked, form, (indicator_id, typed, seen), outcome, do, again)


@bp.post("/contrats/<id:contract_id>/indicateurs/<id:indicator_id>/suivi")
@allow(Permission.INDICATOR_WRITE)
def follow(asked: Asked, indicator_id: str) -> Answered:
    """Stop following it, or take it up again."""
    pages.named(asked, indicator_id)
    form, stops = FollowForm(), request.form.get("acte") != "reprendre"
    seen = number_of(form.version.data)

    def do(session: Session, person: Actor) -> None:
        act = service.stop if stops else service.resume
        act(session, person, asked.contract_id, indicator_id, seen)

    def again(stale: StaleError | None) -> str:
        now, settings = pages.named(asked, indicator_id), SettingsForm(formdata=None)
        settings.fresh()
        settings.fill(now, _place(asked, now))
        return _settings_page(asked, now, settings, stale)

    outcome = f"{pages.root(asked)}?fait={'arrete' if stops else 'repris'}"
    return direct(asked, form, (indicator_id, stops, seen), outcome, do, again)


def _choice_page(
    asked: Asked, form: ChoiceForm, stale: StaleError | None = None, typed: tuple[str, ...] | None = None
) -> str:
    session = db.session()
    every = queries.every(session, asked.contract_id)
    running = {one.code for one in every if one.code and one.dropped_on is None}
    few = catalogue.proposed()
    ticked = set(typed) if typed is not None else running or {one.code for one in few}
    known = {one.category_code for one in sites.perimeter(session, asked.contract_id).sites} - {""}
    form.version.data = str(queries.version(session, asked.contract_id))
    return render_template(
        "indicators/choose.html",
        asked=asked,
        root=pages.root(asked),
        form=form,
        stale=stale,
        few=few,
        shelves=[_shelf(axis, known, ticked) for axis in Axis],
        ticked=ticked,
        own=[one for one in every if one.entry is None and one.dropped_on is None],
        first=not every,
        many=catalogue.MANY,
    )


def _shelf(axis: Axis, categories: set[str], ticked: set[str]) -> Shelf:
    near, far = catalogue.of_axis(axis, categories)
    return Shelf(axis, _families(near), _families(far), _holds(near, ticked), _holds(far, ticked))


def _holds(some: list[Entry], ticked: set[str]) -> bool:
    """Whether something is ticked there, besides what is proposed above."""
    return any(one.code in ticked for one in some if not one.rank)


def _families(some: list[Entry]) -> list[tuple[str, list[Entry]]]:
    others = [one for one in some if not one.rank]
    return [(family, list(entries)) for family, entries in groupby(others, key=lambda one: one.family)]


def _own_page(asked: Asked, form: OwnForm, stale: StaleError | None = None) -> str:
    form.offer()
    form.version.data = str(queries.version(db.session(), asked.contract_id))
    return render_template("indicators/own.html", asked=asked, root=pages.root(asked), form=form, stale=stale)


def _settings_page(
    asked: Asked,
    indicator: IndicatorView,
    form: SettingsForm,
    stale: StaleError | None = None,
    *,
    renewed: bool = False,
) -> str:
    form.offer()
    running = queries.followed(db.session(), asked.contract_id)
    form.places(max(len(running), 1))
    met = None
    if renewed:
        saved = SettingsForm(formdata=None)
        saved.fill(indicator, _place(asked, indicator))
        form.version.data, met = saved.version.data, form.meet(saved)
    leaving = FollowForm(formdata=None)
    leaving.fresh()
    leaving.version.data = str(indicator.version)
    return render_template(
        "indicators/settings.html",
        asked=asked,
        root=pages.root(asked),
        here=pages.here(asked, indicator.id),
        indicator=indicator,
        form=form,
        leaving=leaving,
        stale=stale,
        met=met,
    )


def _place(asked: Asked, indicator: IndicatorView) -> int:
    """Its place among those that are followed, from 1."""
    running = [one.id for one in queries.followed(db.session(), asked.contract_id)]
    return running.index(indicator.id) + 1 if indicator.id in running else 1
