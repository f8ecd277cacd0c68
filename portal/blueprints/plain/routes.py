"""Both texts of a subject beside each other; what is to write and to review; who approved a plain text."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session

from portal.blueprints._directing import Answered, direct, number_of
from portal.blueprints._guards import Asked, allow
from portal.blueprints.contributions import care
from portal.blueprints.plain import pages
from portal.blueprints.plain.forms import ApprovalForm, KeepForm, PairForm, PlainForm, TakeBackForm, pair_form
from portal.domain.plain import queries, service
from portal.domain.plain.queries import Reading
from portal.domain.plain.rules import Standing
from portal.extensions import db
from portal.kernel.errors import InvalidError, NotFoundError, StaleError
from portal.kernel.ids import is_id
from portal.policy.actor import Actor
from portal.policy.permissions import Permission

bp = Blueprint("plain", __name__)

WHOLE = "tous"


@bp.get("/contrats/<id:contract_id>/textes-simples")
@allow(Permission.PLAIN_REVIEW)
def listed(asked: Asked) -> str:
    """The subjects with something to write or to review; all of them when asked so."""
    whole = request.args.get("montrer") == WHOLE
    after = request.args.get("apres", "")
    page = queries.listed(db.session(), asked.contract_id, after if is_id(after) else None, whole=whole)
    return render_template(
        "plain/list.html",
        asked=asked,
        here=pages.here(asked),
        page=page,
        keeps=pages.keeper(asked),
        write=pages.write_url,
        whole=whole,
        later=bool(after),
    )


@bp.get("/contrats/<id:contract_id>/textes-simples/<id:item_id>")
@allow(Permission.CONTRACT_READ)
def show(asked: Asked, item_id: str) -> str:
    """Both texts of a subject, passage by passage."""
    return _page(asked, item_id)


@bp.post("/contrats/<id:contract_id>/textes-simples/<id:item_id>/relire")
@allow(Permission.PLAIN_REVIEW)
def keep(asked: Asked, item_id: str) -> Answered:
    """The plain words of a passage were read again: they are still right."""
    pages.reading(asked, item_id)
    form = KeepForm()
    key, seen = (form.passage.data or "")[:26], form.seen

    def do(session: Session, person: Actor) -> None:
        service.keep(session, person, asked.contract_id, item_id, key, seen)

    def again(stale: StaleError | None) -> str:
        return _page(asked, item_id, stale=stale)

    outcome = f"{pages.here(asked, item_id)}?fait=relu#passage-{key}"
    return direct(asked, form, (item_id, "relire", key, seen), outcome, do, again)


@bp.get("/contrats/<id:contract_id>/textes-simples/<id:item_id>/relier")
@allow(Permission.PLAIN_REVIEW)
def open_pairs(asked: Asked, item_id: str) -> str:
    """Which plain paragraphs say each technical one, to say it otherwise."""
    reading = _own(asked, item_id)
    form = pair_form(_count(reading), sent=False)
    form.put(reading.version)
    form.fill(_numbers(reading))
    return _pair_page(asked, reading, form)


@bp.post("/contrats/<id:contract_id>/textes-simples/<id:item_id>/relier")
@allow(Permission.PLAIN_REVIEW)
def pair(asked: Asked, item_id: str) -> Answered:
    """Say it otherwise, unless a text changed since."""
    form = pair_form(_count(_own(asked, item_id)))
    typed, seen = form.typed, form.seen

    def do(session: Session, person: Actor) -> None:
        service.pair(session, person, asked.contract_id, item_id, typed, seen)

    def again(stale: StaleError | None) -> str:
        now = pages.reading(asked, item_id)
        if stale is not None:
            form.version.data = str(now.version)
        return _pair_page(asked, now, form, stale)

    body = (item_id, "relier", tuple(typed.items()), seen)
    return direct(asked, form, body, f"{pages.here(asked, item_id)}?fait=relie", do, again)


@bp.get("/contrats/<id:contract_id>/textes-simples/<id:item_id>/approbation")
@allow(Permission.FALC_RECORD)
def open_approval(asked: Asked, item_id: str) -> str:
    """The plain text of now, and what is asked about those who approved it."""
    reading = _written(asked, item_id)
    form = ApprovalForm(formdata=None)
    form.put(reading.version)
    return _approval_page(asked, reading, form)


@bp.post("/contrats/<id:contract_id>/textes-simples/<id:item_id>/approbation")
@allow(Permission.FALC_RECORD)
def approve(asked: Asked, item_id: str) -> Answered:
    """Record it, for these very words, after the gentle question about where."""
    reading = _written(asked, item_id)
    form = ApprovalForm()
    told, seen = form.told, form.seen
    question = care.before(asked, form, (told.place,), lambda: _approval_page(asked, reading, form))
    if question is not None:
        return question

    def do(session: Session, person: Actor) -> None:
        if form.misread:
            raise InvalidError({"held_on": [form.misread]})
        service.approve(session, person, asked.contract_id, item_id, told, seen)

    def again(stale: StaleError | None) -> str:
        now = _written(asked, item_id)
        if stale is not None:
            form.version.data = str(now.version)
        return _approval_page(asked, now, form, stale)

    body = (item_id, "approbation", told.held_on, told.place, told.several, seen)
    return direct(asked, form, body, f"{pages.here(asked, item_id)}?fait=approuve", do, again)


@bp.post("/contrats/<id:contract_id>/textes-simples/<id:item_id>/approbation/retirer")
@allow(Permission.FALC_RECORD)
def take_back(asked: Asked, item_id: str) -> Answered:
    """It was recorded by mistake."""
    pages.reading(asked, item_id)
    form = TakeBackForm()
    number = number_of(form.number.data)

    def do(session: Session, person: Actor) -> None:
        service.take_back(session, person, asked.contract_id, item_id, number)

    def again(stale: StaleError | None) -> str:
        return _page(asked, item_id, stale=stale)

    outcome = f"{pages.here(asked, item_id)}?fait=retire"
    return direct(asked, form, (item_id, "retirer", number), outcome, do, again)


def _page(asked: Asked, item_id: str, stale: StaleError | None = None) -> str:
    reading = pages.reading(asked, item_id)
    mine = pages.keeper(asked)(reading.item)
    records = Permission.FALC_RECORD in asked.can and reading.item.withdrawn_at is None
    return render_template(
        "plain/show.html",
        asked=asked,
        url=pages.here(asked, item_id),
        subject=pages.subject_url(reading.item),
        write=pages.write_url(reading.item),
        reading=reading,
        item=reading.item,
        mine=mine,
        keeping={one.key: _keep_form(reading, one.key) for one in reading.to_review} if mine else {},
        records=records,
        taking=_take_form(reading) if records and reading.approval else None,
        standings=Standing,
        stale=stale,
        done=request.args.get("fait", ""),
    )


def _keep_form(reading: Reading, key: str) -> KeepForm:
    form = KeepForm(formdata=None)
    form.put(reading.version)
    form.passage.data = key
    return form


def _take_form(reading: Reading) -> TakeBackForm:
    form = TakeBackForm(formdata=None)
    form.put(reading.version)
    form.number.data = str(reading.approval.number) if reading.approval else ""
    return form


def _own(asked: Asked, item_id: str) -> Reading:
    """Both texts of a subject whose words this person looks after. Errors: NotFoundError, RefusedError."""
    reading = pages.reading(asked, item_id)
    service.require_words(db.session(), asked.actor, reading.item)
    return reading


def _written(asked: Asked, item_id: str) -> Reading:
    reading = pages.reading(asked, item_id)
    if reading.item.plain is None:
        raise NotFoundError
    return reading


def _count(reading: Reading) -> int:
    return len(reading.item.technical.ids) if reading.item.technical is not None else 0


def _numbers(reading: Reading) -> dict[int, list[int]]:
    technical = reading.item.technical.ids if reading.item.technical is not None else ()
    plain = reading.item.plain.ids if reading.item.plain is not None else ()
    places = {name: number for number, name in enumerate(plain, 1)}
    rows = {name: number for number, name in enumerate(technical, 1)}
    found: dict[int, list[int]] = {}
    for one, other in reading.links:
        found.setdefault(rows[one], []).append(places[other])
    return found


def _pair_page(asked: Asked, reading: Reading, form: PairForm, stale: StaleError | None = None) -> str:
    return render_template(
        "plain/pair.html",
        asked=asked,
        url=pages.here(asked, reading.item.id),
        reading=reading,
        item=reading.item,
        form=form,
        now=_numbers(reading),
        stale=stale,
    )


def _approval_page(asked: Asked, reading: Reading, form: PlainForm, stale: StaleError | None = None) -> str:
    return render_template(
        "plain/approve.html",
        first=service.FIRST,
        written=service.written_on(db.session(), reading.item.id, reading.item.plain.version)
        if reading.item.plain
        else None,
        asked=asked,
        url=pages.here(asked, reading.item.id),
        reading=reading,
        item=reading.item,
        form=form,
        stale=stale,
    )
