"""The perimeter of a contract: its sites, how far it reaches, who answers for what; read by all, written by the direction."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session

from portal import paths
from portal.blueprints._directing import Answered, direct, number_of
from portal.blueprints._guards import Asked, allow
from portal.blueprints.contracts.perimeter_forms import CategoryForm, LeaveForm, ReachForm, SiteForm
from portal.domain.contracts import categories, perimeter, sites
from portal.domain.contracts.models import Competence, Scope
from portal.domain.contracts.sites import SiteView
from portal.domain.organisations import directory
from portal.domain.organisations.extract import NUMBER
from portal.extensions import db
from portal.kernel.errors import NotFoundError, StaleError
from portal.policy.actor import Actor
from portal.policy.permissions import Permission

bp = Blueprint("perimeter", __name__)

MAX_TYPED = 120


@bp.get("/contrats/<id:contract_id>/perimetre")
@allow(Permission.CONTRACT_READ)
def show(asked: Asked) -> str:
    """The whole perimeter."""
    return render_template(
        "contracts/perimeter.html",
        asked=asked,
        here=_here(asked),
        perimeter=sites.perimeter(db.session(), asked.contract_id),
        can_write=Permission.PERIMETER_WRITE in asked.can,
        done=request.args.get("fait", ""),
    )


@bp.get("/contrats/<id:contract_id>/perimetre/ajouter")
@allow(Permission.PERIMETER_WRITE)
def begin(asked: Asked) -> str:
    """Look a site up in the national directory, or write it by hand."""
    session, form = db.session(), SiteForm(formdata=None)
    form.fresh()
    kinds = categories.known(session, asked.contract_id)
    chosen = directory.site(session, request.args.get("finess", "")[:9])
    category = CategoryForm(formdata=None)
    category.fresh()
    if chosen is not None:
        form.fill_from(chosen, kinds)
        if categories.of_code(kinds, chosen.category) is None:
            category.fill_from(chosen)
    return _add_page(asked, form, category)


@bp.post("/contrats/<id:contract_id>/perimetre/ajouter")
@allow(Permission.PERIMETER_WRITE)
def add(asked: Asked) -> Answered:
    """Bring a site into the perimeter."""
    form = SiteForm()
    site = form.site

    def do(session: Session, person: Actor) -> None:
        perimeter.add(session, person, asked.contract_id, site)

    outcome = f"{_here(asked)}?fait=ajoute"
    return direct(asked, form, (asked.contract_id, site), outcome, do, lambda _stale: _add_page(asked, form))


@bp.get("/contrats/<id:contract_id>/perimetre/recherche")
@allow(Permission.PERIMETER_WRITE)
def look_up(asked: Asked) -> str:
    """What the national directory finds for what is being typed; a part of a page."""
    return render_template("contracts/_found_sites.html", here=_here(asked), **_found())


@bp.get("/contrats/<id:contract_id>/perimetre/<id:establishment_id>")
@allow(Permission.PERIMETER_WRITE)
def open_site(asked: Asked, establishment_id: str) -> str:
    """One site, to write it anew or to take it out."""
    site, form = _site(asked, establishment_id), SiteForm(formdata=None)
    form.fresh()
    form.fill(site)
    return _site_page(asked, site, form, _leave_form(site))


@bp.post("/contrats/<id:contract_id>/perimetre/<id:establishment_id>")
@allow(Permission.PERIMETER_WRITE)
def change(asked: Asked, establishment_id: str) -> Answered:
    """Write a site anew."""
    site, form = _site(asked, establishment_id), SiteForm()
    typed, seen = form.site, number_of(form.version.data)

    def do(session: Session, person: Actor) -> None:
        perimeter.change(session, person, asked.contract_id, establishment_id, typed, seen)

    def again(stale: StaleError | None) -> str:
        now = _site(asked, establishment_id)
        return _site_page(asked, now, form, _leave_form(now), stale, renewed=stale is not None)

    body = (establishment_id, typed, seen)
    return direct(asked, form, body, f"{_here(asked)}?fait=change#site-{site.id}", do, again)


@bp.post("/contrats/<id:contract_id>/perimetre/<id:establishment_id>/retirer")
@allow(Permission.PERIMETER_WRITE)
def leave(asked: Asked, establishment_id: str) -> Answered:
    """Take a site out of the perimeter."""
    site, form = _site(asked, establishment_id), LeaveForm()
    day, reason, seen = form.left_on.data, form.reason.data or "", number_of(form.version.data)

    def do(session: Session, person: Actor) -> None:
        perimeter.leave(session, person, asked.contract_id, establishment_id, day, reason, seen)

    def again(stale: StaleError | None) -> str:
        now, written = _site(asked, establishment_id), SiteForm(formdata=None)
        written.fresh()
        written.fill(now)
        form.version.data = str(now.version)
        return _site_page(asked, now, written, form, stale)

    return direct(asked, form, (site.id, day, reason, seen), f"{_here(asked)}?fait=retire", do, again)


@bp.get("/contrats/<id:contract_id>/perimetre/portee")
@allow(Permission.PERIMETER_WRITE)
def open_reach(asked: Asked) -> str:
    """How far the contract reaches, and who answers for what."""
    form = ReachForm(formdata=None)
    form.fresh()
    return _reach_page(asked, form)


@bp.post("/contrats/<id:contract_id>/perimetre/portee")
@allow(Permission.PERIMETER_WRITE)
def reach(asked: Asked) -> Answered:
    """Write it."""
    form = ReachForm()
    seen, scope = number_of(form.version.data), form.chosen
    competences = form.competences(sites.perimeter(db.session(), asked.contract_id).parties)

    def do(session: Session, person: Actor) -> None:
        perimeter.reach(session, person, asked.contract_id, scope, competences, seen)

    body = (
        asked.contract_id,
        form.scope.data,
        sorted((key, sorted(some)) for key, some in competences.items()),
        seen,
    )
    outcome = f"{_here(asked)}?fait=portee"
    return direct(asked, form, body, outcome, do, lambda stale: _reach_page(asked, form, stale, competences))


@bp.post("/contrats/<id:contract_id>/perimetre/categories")
@allow(Permission.PERIMETER_WRITE)
def add_category(asked: Asked) -> Answered:
    """Add a category of one's own, then go on adding a site."""
    form = CategoryForm()
    code, label, plain = form.code.data or "", form.label.data or "", form.plain.data or ""

    def do(session: Session, person: Actor) -> None:
        perimeter.add_category(session, person, asked.contract_id, code, label, plain)

    def again(_stale: StaleError | None) -> str:
        site = SiteForm(formdata=None)
        site.fresh()
        return _add_page(asked, site, form)

    site = form.finess.data or ""
    chosen = f"&finess={site}" if NUMBER.fullmatch(site) else ""
    outcome = f"{_here(asked)}/ajouter?fait=categorie{chosen}"
    return direct(asked, form, (asked.contract_id, code, label, plain), outcome, do, again)


def _add_page(asked: Asked, form: SiteForm, category: CategoryForm | None = None) -> str:
    session = db.session()
    form.offer(categories.known(session, asked.contract_id))
    if category is None:
        category = CategoryForm(formdata=None)
        category.fresh()
    return render_template(
        "contracts/site_new.html",
        asked=asked,
        here=_here(asked),
        form=form,
        category=category,
        edition=directory.current(session),
        can_load=Permission.DIRECTORY_LOAD in asked.can,
        done=request.args.get("fait", ""),
        **_found(),
    )


def _site_page(
    asked: Asked,
    site: SiteView,
    form: SiteForm,
    leaving: LeaveForm,
    stale: StaleError | None = None,
    *,
    renewed: bool = False,
) -> str:
    form.offer(categories.known(db.session(), asked.contract_id))
    met = None
    if renewed and site.left_on is None:
        saved = SiteForm(formdata=None)
        saved.fill(site)
        form.version.data, met = saved.version.data, form.meet(saved)
    return render_template(
        "contracts/site.html",
        asked=asked,
        here=_here(asked),
        site=site,
        form=form,
        leaving=leaving,
        stale=stale,
        met=met,
    )


def _reach_page(
    asked: Asked,
    form: ReachForm,
    stale: StaleError | None = None,
    typed: object = None,
) -> str:
    known = sites.perimeter(db.session(), asked.contract_id)
    form.offer(known)
    return render_template(
        "contracts/reach.html",
        asked=asked,
        here=_here(asked),
        form=form,
        stale=stale,
        perimeter=known,
        scopes=Scope,
        competences=Competence,
        ticked=typed or {one.id: one.competences for one in known.parties},
    )


def _found() -> dict[str, object]:
    typed = request.args.get("cherche", "")[:MAX_TYPED].strip()
    return {"typed": typed, "found": directory.look_up(db.session(), typed)}


def _leave_form(site: SiteView) -> LeaveForm:
    form = LeaveForm(formdata=None)
    form.fresh()
    form.version.data = str(site.version)
    return form


def _site(asked: Asked, establishment_id: str) -> SiteView:
    found = sites.perimeter(db.session(), asked.contract_id).site(establishment_id)
    if found is None:
        raise NotFoundError
    return found


def _here(asked: Asked) -> str:
    return f"{paths.contract(asked.contract_id)}/perimetre"
