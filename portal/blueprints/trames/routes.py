"""The trame of a contract: each block, what the portal fills, what is still to write; chosen and written by the direction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, redirect, render_template, request
from sqlalchemy.orm import Session

from portal.blueprints._directing import Answered, direct
from portal.blueprints._guards import Asked, allow
from portal.blueprints._merging import MERGED, Met, meet, put
from portal.blueprints.contributions import care
from portal.blueprints.trame_parts.pages import discussed
from portal.blueprints.trames import pages
from portal.blueprints.trames.forms import ChoiceForm, WordsForm
from portal.blueprints.trames.pages import here
from portal.domain.contracts import signed
from portal.domain.negotiation import queries as negotiation
from portal.domain.texts import negotiated
from portal.domain.texts.negotiated import Negotiated
from portal.domain.texts.negotiated_models import Piece as Words
from portal.domain.trames import queries, rules, service
from portal.domain.trames.catalogue import models
from portal.domain.trames.models import BlockKind
from portal.domain.trames.rules import BlockState
from portal.domain.trames.views import BlockView, Sheet, TrameView
from portal.domain.versions.keeping import Piece
from portal.domain.versions.models import PieceKind
from portal.extensions import db
from portal.kernel.errors import NotFoundError, StaleError
from portal.policy.actor import Actor
from portal.policy.permissions import Permission

bp = Blueprint("trame", __name__)


@bp.get("/contrats/<id:contract_id>/trame")
@allow(Permission.CONTRACT_READ)
def show(asked: Asked) -> str:
    """The contract as its trame lays it out."""
    parts, spoken = discussed(asked)
    return render_template(
        "trames/show.html",
        asked=asked,
        here=here(asked),
        library=pages.library(asked),
        sheet=queries.sheet(db.session(), asked.contract_id),
        negotiated=negotiation.of_blocks(db.session(), asked.contract_id),
        states=BlockState,
        kinds=BlockKind,
        parts=parts,
        talks=spoken,
        can_discuss=Permission.TRAME_DISCUSS in asked.can,
        can_choose=Permission.TRAME_CHOOSE in asked.can,
        can_write=Permission.TRAME_WRITE in asked.can,
        done=request.args.get("fait", ""),
    )


@bp.get("/contrats/<id:contract_id>/trame/choisir")
@allow(Permission.TRAME_CHOOSE)
def open_choice(asked: Asked) -> str:
    """What may be chosen; then, for one of them, what it would change."""
    form = ChoiceForm(formdata=None)
    return _choice_page(asked, form, request.args.get("trame", "")[:26])


@bp.post("/contrats/<id:contract_id>/trame/choisir")
@allow(Permission.TRAME_CHOOSE)
def choose(asked: Asked) -> Answered:
    """Write the contract in this trame."""
    form = ChoiceForm()
    choice, seen = (form.choice.data or "")[:26], form.seen

    def do(session: Session, person: Actor) -> None:
        service.choose(session, person, asked.contract_id, choice, seen)

    def again(stale: StaleError | None) -> str:
        return _choice_page(asked, form, choice, stale)

    body = (asked.contract_id, "trame", choice, seen)
    return direct(asked, form, body, f"{here(asked)}?fait=choisie", do, again)


@bp.get("/contrats/<id:contract_id>/trame/blocs/<id:block_id>")
@allow(Permission.TRAME_WRITE)
def open_block(asked: Asked, block_id: str) -> str:
    """The words of a block, to write them."""
    _, view = _block(asked, block_id)
    form = WordsForm(formdata=None)
    form.put(view.text.number)
    form.source.data = view.text.source
    return _block_page(asked, block_id, form)


@bp.post("/contrats/<id:contract_id>/trame/blocs/<id:block_id>")
@allow(Permission.TRAME_WRITE)
def write(asked: Asked, block_id: str) -> Answered:
    """Write them, after the gentle question."""
    _block(asked, block_id)
    form = WordsForm()
    source = typed = form.source.data or ""
    reason, seen = form.reason.data or "", form.seen
    read = seen
    question = care.before(asked, form, (source, reason), lambda: _block_page(asked, block_id, form))
    if question is not None:
        return question

    piece = Piece(asked.contract_id, PieceKind.BLOCK, block_id)
    met, done = meet(piece, {"source": typed}, read), "ecrit"
    if met is not None and met.settled:
        source, seen, done = str(met.state["source"]), met.number, MERGED
    outcome = f"{here(asked)}?fait={done}#bloc-{block_id}"
    if met is not None and met.settled and met.same:
        return redirect(outcome, 303)

    def do(session: Session, person: Actor) -> None:
        service.write(
            session, person, asked.contract_id, block_id, source, seen, back=service.Back(None, reason)
        )

    def again(stale: StaleError | None) -> str:
        both = meet(piece, {"source": typed}, read) if stale is not None else None
        if both is not None:
            put(form, both.state)
        return _block_page(asked, block_id, form, stale, both)

    body = (asked.contract_id, block_id, typed, read, reason)
    return direct(asked, form, body, outcome, do, again)


def _choice_page(asked: Asked, form: ChoiceForm, choice: str, stale: StaleError | None = None) -> str:
    session, contract_id = db.session(), asked.contract_id
    now = queries.chosen(session, contract_id)
    change = service.changes(session, contract_id, choice) if choice else None
    if not form.op_id.data:
        form.fresh()
    form.choice.data, form.version.data = choice, str(now.version if now else 0)
    options = [(name, one.title, one.plain, one.source, None) for name, one in models().items()]
    own = [one for one in queries.trames(session, contract_id) if one.latest is not None]
    return render_template(
        "trames/choose.html",
        asked=asked,
        here=here(asked),
        library=pages.library(asked),
        form=form,
        now=now,
        models=options,
        trames=own,
        choice=choice if change is not None else "",
        change=change,
        named=_named(choice, options, own),
        stale=stale,
    )


def _named(choice: str, options: Sequence[tuple[Any, ...]], own: Sequence[TrameView]) -> Any:
    """What the chosen one is called; an older version by the name of its trame now."""
    models_by = {str(one[0]): one[1] for one in options}
    return models_by.get(choice) or next(
        (one.title for one in own if one.latest is not None and one.latest.id == choice), ""
    )


def _block_page(
    asked: Asked,
    block_id: str,
    form: WordsForm,
    stale: StaleError | None = None,
    met: Met | None = None,
) -> str:
    sheet, view = _block(asked, block_id)
    if stale is not None:
        form.version.data = str(view.text.number)
    return render_template(
        "trames/block.html",
        asked=asked,
        here=here(asked),
        base=f"/contrats/{asked.contract_id}",
        sheet=sheet,
        view=view,
        form=form,
        stale=stale,
        met=met,
        agreed_here=_agreed(asked, block_id, view),
        promised=signed.promised(db.session(), asked.contract_id),
        former=queries.former(db.session(), asked.contract_id, block_id)[1:],
    )


def _agreed(asked: Asked, block_id: str, view: BlockView) -> list[Negotiated]:
    """What parties agreed in the words of a block, as far as it still says it."""
    found = negotiated.of_pieces(db.session(), asked.contract_id, block_id=block_id)
    return negotiated.standing(found, {Words.BLOCK: view.text.source})


def _block(asked: Asked, block_id: str) -> tuple[Sheet, BlockView]:
    sheet = queries.sheet(db.session(), asked.contract_id)
    view = sheet.block(block_id) if sheet is not None else None
    if sheet is None or view is None or view.state is rules.BlockState.HEADING:
        raise NotFoundError
    return sheet, view
