"""The models of trames and those of the authorities: read by all, copied, adapted and published by their agents."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session

from portal.blueprints._directing import Answered, direct, number_of
from portal.blueprints._guards import Asked, allow
from portal.blueprints.trames import pages
from portal.blueprints.trames.forms import (
    BEFORE,
    BlockForm,
    CopyForm,
    PlaceForm,
    PublishForm,
    RenameForm,
    TrameForm,
)
from portal.blueprints.trames.pages import library
from portal.domain.trames import library as verbs
from portal.domain.trames import queries, rules
from portal.domain.trames.catalogue import Block, models
from portal.domain.trames.views import TrameView
from portal.extensions import db
from portal.kernel.errors import NotFoundError, StaleError
from portal.kernel.ids import new_id
from portal.policy.actor import Actor
from portal.policy.permissions import Permission

bp = Blueprint("trames", __name__)

Do = Callable[[Session, Actor], Any]
Form = TypeVar("Form", bound=TrameForm)

MODEL = "/contrats/<id:contract_id>/trames/modeles/<any(ehpad,chrs,handicap,domicile,vide):modele>"
TRAME = "/contrats/<id:contract_id>/trames/<id:trame_id>"


@bp.get("/contrats/<id:contract_id>/trames")
@allow(Permission.CONTRACT_READ)
def listed(asked: Asked) -> str:
    """The models, and the trames of the authorities of the contract."""
    known = [
        one
        for one in queries.trames(db.session(), asked.contract_id)
        if one.latest is not None or pages.own(asked, one)
    ]
    return render_template(
        "trames/list.html",
        asked=asked,
        here=library(asked),
        models=models().values(),
        trames=known,
        can_copy=Permission.TRAME_COPY in asked.can,
    )


@bp.get(MODEL)
@allow(Permission.CONTRACT_READ)
def model(asked: Asked, modele: str) -> str:
    """A model, block by block."""
    form = CopyForm(formdata=None)
    form.fresh()
    return _model_page(asked, modele, form)


@bp.post(f"{MODEL}/copier")
@allow(Permission.TRAME_COPY)
def copy(asked: Asked, modele: str) -> Answered:
    """Copy it for one's authority."""
    form = CopyForm()
    title = form.title.data or ""

    def do(session: Session, person: Actor) -> None:
        verbs.copy(session, person, asked.contract_id, modele, title)

    def again(_stale: StaleError | None) -> str:
        return _model_page(asked, modele, form)

    return direct(asked, form, (asked.contract_id, modele, title), library(asked), do, again)


@bp.get(TRAME)
@allow(Permission.CONTRACT_READ)
def show(asked: Asked, trame_id: str) -> str:
    """A trame as it is published, in its latest version or the one that is asked for, and what it changed."""
    found, session = pages.trame(asked, trame_id), db.session()
    wanted = number_of(request.args.get("version"))
    history = queries.versions(session, trame_id, below=wanted + 1 if wanted > 0 else None)
    version = history[0] if history else None
    before = history[1] if len(history) > 1 else None
    blocks = queries.published(session, version.id if version else None)
    return render_template(
        "trames/trame.html",
        asked=asked,
        here=library(asked),
        trame=found,
        model=pages.model(found.model),
        version=version,
        history=history[: queries.SHOWN],
        blocks=blocks,
        names=rules.names(blocks),
        changes=rules.differences(queries.published(session, before.id), blocks) if before else None,
        own=pages.own(asked, found),
        done=request.args.get("fait", ""),
    )


@bp.get(f"{TRAME}/adapter")
@allow(Permission.TRAME_ADAPT)
def adapt(asked: Asked, trame_id: str) -> str:
    """What will be published next: its blocks, to change, order, add and take out."""
    return _draft_page(asked, _own(asked, trame_id))


@bp.post(f"{TRAME}/nom")
@allow(Permission.TRAME_ADAPT)
def rename(asked: Asked, trame_id: str) -> Answered:
    """Give it another name."""
    form = RenameForm()
    title, seen = form.title.data or "", form.seen

    def do(session: Session, person: Actor) -> None:
        verbs.rename(session, person, asked.contract_id, trame_id, title, seen)

    return _send(asked, trame_id, form, ("nom", title, seen), do)


@bp.post(f"{TRAME}/blocs")
@allow(Permission.TRAME_ADAPT)
def add(asked: Asked, trame_id: str) -> Answered:
    """Add a block."""
    form = BlockForm()
    typed, seen = form.typed, form.seen

    def do(session: Session, person: Actor) -> None:
        verbs.add_block(session, person, asked.contract_id, trame_id, typed, seen)

    return _send(asked, trame_id, form, ("bloc", *form.said), do)


@bp.get(f"{TRAME}/blocs/<id:block_id>")
@allow(Permission.TRAME_ADAPT)
def edit(asked: Asked, trame_id: str, block_id: str) -> str:
    """One block, to write it anew or to take it out."""
    found, form = _own(asked, trame_id), BlockForm(formdata=None)
    form.put(found.version)
    form.fill(_block(trame_id, block_id))
    return _block_page(asked, found, block_id, form)


@bp.post(f"{TRAME}/blocs/<id:block_id>")
@allow(Permission.TRAME_ADAPT)
def change(asked: Asked, trame_id: str, block_id: str) -> Answered:
    """Write it anew."""
    _block(trame_id, block_id)
    _own(asked, trame_id)
    form = BlockForm()
    typed, seen = form.typed, form.seen

    def do(session: Session, person: Actor) -> None:
        verbs.change_block(session, person, asked.contract_id, trame_id, block_id, typed, seen)

    def again(stale: StaleError | None) -> str:
        return _block_page(asked, _own(asked, trame_id), block_id, form, stale)

    outcome = f"{library(asked, trame_id, 'adapter')}?fait=change#bloc-{block_id}"
    return direct(asked, form, (trame_id, block_id, *form.said), outcome, do, again)


@bp.post(f"{TRAME}/blocs/<id:block_id>/place")
@allow(Permission.TRAME_ADAPT)
def move(asked: Asked, trame_id: str, block_id: str) -> Answered:
    """One place up or down."""
    form = PlaceForm()
    up, seen = form.way.data == BEFORE, form.seen

    def do(session: Session, person: Actor) -> None:
        verbs.move_block(session, person, asked.contract_id, trame_id, block_id, up, seen)

    return _send(asked, trame_id, form, (block_id, up, seen), do, f"#bloc-{block_id}")


@bp.post(f"{TRAME}/blocs/<id:block_id>/retirer")
@allow(Permission.TRAME_ADAPT)
def remove(asked: Asked, trame_id: str, block_id: str) -> Answered:
    """Take it out of what will be published."""
    form = TrameForm()
    seen = form.seen

    def do(session: Session, person: Actor) -> None:
        verbs.remove_block(session, person, asked.contract_id, trame_id, block_id, seen)

    return _send(asked, trame_id, form, (block_id, "retirer", seen), do)


@bp.post(f"{TRAME}/reprendre")
@allow(Permission.TRAME_ADAPT)
def restore(asked: Asked, trame_id: str) -> Answered:
    """Put the blocks back as they are published."""
    form = TrameForm()
    seen = form.seen

    def do(session: Session, person: Actor) -> None:
        verbs.restore(session, person, asked.contract_id, trame_id, seen)

    return _send(asked, trame_id, form, ("reprendre", seen), do)


@bp.post(f"{TRAME}/publier")
@allow(Permission.TRAME_ADAPT)
def publish(asked: Asked, trame_id: str) -> Answered:
    """Publish it as it is now."""
    _own(asked, trame_id)
    form = PublishForm()
    told, seen = form.told.data or "", form.seen

    def do(session: Session, person: Actor) -> None:
        verbs.publish(session, person, asked.contract_id, trame_id, told, seen)

    def again(stale: StaleError | None) -> str:
        return _draft_page(asked, _own(asked, trame_id), form, stale)

    outcome = f"{library(asked, trame_id)}?fait=publiee"
    return direct(asked, form, (trame_id, "publier", told, seen), outcome, do, again)


def _send(
    asked: Asked, trame_id: str, form: TrameForm, body: tuple[object, ...], do: Do, anchor: str = ""
) -> Answered:
    """An act of the page that adapts, which is drawn again when something is wrong."""
    _own(asked, trame_id)

    def again(stale: StaleError | None) -> str:
        return _draft_page(asked, _own(asked, trame_id), form, stale)

    outcome = f"{library(asked, trame_id, 'adapter')}?fait=change{anchor}"
    return direct(asked, form, (trame_id, *body), outcome, do, again)


def _model_page(asked: Asked, name: str, form: CopyForm) -> str:
    found = pages.model(name)
    return render_template(
        "trames/model.html",
        asked=asked,
        here=library(asked),
        model=found,
        names=rules.names(found.blocks),
        form=form,
        can_copy=Permission.TRAME_COPY in asked.can,
    )


def _draft_page(
    asked: Asked, found: TrameView, sent: TrameForm | None = None, stale: StaleError | None = None
) -> str:
    session = db.session()
    blocks = queries.draft(session, found.id)
    before = queries.published(session, found.latest.id if found.latest else None)
    return render_template(
        "trames/adapt.html",
        asked=asked,
        here=library(asked),
        trame=found,
        model=pages.model(found.model),
        blocks=blocks,
        names=rules.names(blocks),
        changes=rules.differences(before, blocks) if found.latest else [],
        adding=_form(sent, BlockForm, found),
        renaming=_form(sent, RenameForm, found),
        publishing=_form(sent, PublishForm, found),
        restoring=_form(None, TrameForm, found),
        sent=sent,
        ops={(one.id, way): new_id() for one in blocks for way in ("avant", "apres")},
        stale=stale,
        done=request.args.get("fait", ""),
    )


def _form(sent: TrameForm | None, kind: type[Form], found: TrameView) -> Form:
    """The form that was sent, with what was typed, or a fresh one."""
    if isinstance(sent, kind):
        sent.version.data = str(found.version)
        return sent
    form = kind(formdata=None)
    form.put(found.version)
    return form


def _block_page(
    asked: Asked, found: TrameView, block_id: str, form: BlockForm, stale: StaleError | None = None
) -> str:
    if stale is not None:
        form.version.data = str(found.version)
    removing = TrameForm(formdata=None)
    removing.put(found.version)
    return render_template(
        "trames/edit.html",
        asked=asked,
        here=library(asked),
        trame=found,
        block=_block(found.id, block_id),
        form=form,
        removing=removing,
        stale=stale,
    )


def _own(asked: Asked, trame_id: str) -> TrameView:
    """A trame of the authority that this person acts for. Errors: NotFoundError, RefusedError."""
    verbs.require_own(db.session(), asked.actor, asked.contract_id, trame_id)
    return pages.trame(asked, trame_id)


def _block(trame_id: str, block_id: str) -> Block:
    found = next((one for one in queries.draft(db.session(), trame_id) if one.id == block_id), None)
    if found is None:
        raise NotFoundError
    return found
