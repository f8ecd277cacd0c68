"""A part of the trame in discussion: opened by a party, written by several, taken into the trame by the direction."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from sqlalchemy.orm import Session

from portal.blueprints._directing import Answered, direct
from portal.blueprints._guards import Asked, allow
from portal.blueprints._merging import MERGED, Met, put, put_together
from portal.blueprints.contributions import care
from portal.blueprints.diagnostic.pages import talks
from portal.blueprints.trame_parts import pages
from portal.blueprints.trame_parts.forms import OpenForm, TakeForm, WithdrawForm, WriteForm
from portal.blueprints.trames.pages import here
from portal.domain.plain import queries as plain
from portal.domain.texts import queries as texts
from portal.domain.trame_parts import queries, service
from portal.domain.trame_parts.queries import PartView
from portal.domain.trame_parts.rules import Standing
from portal.domain.trame_parts.typed import Written
from portal.domain.trames import queries as trames
from portal.domain.trames.rules import BlockState
from portal.domain.trames.views import BlockView
from portal.domain.versions.shapes import Field, Shape
from portal.extensions import db
from portal.kernel.errors import NotFoundError, StaleError
from portal.kernel.speech import say
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.vocabulary import Register

bp = Blueprint("trame_parts", __name__)

BLOCK = "/contrats/<id:contract_id>/trame/blocs/<id:block_id>/discussion"
PART = "/contrats/<id:contract_id>/trame/parties/<id:part_id>"
FIELDS = (
    Field("plain", say("En mots simples"), Shape.TEXT),
    Field("technical", say("Les mots proposés pour le contrat"), Shape.TEXT),
)


@bp.get(BLOCK)
@allow(Permission.TRAME_DISCUSS)
def ask_open(asked: Asked, block_id: str) -> str:
    """What would be discussed, to say it before it is."""
    view, form = _block(asked, block_id), OpenForm(formdata=None)
    form.begin(view)
    return _open_page(asked, block_id, form)


@bp.post(BLOCK)
@allow(Permission.TRAME_DISCUSS)
def open_(asked: Asked, block_id: str) -> Answered:
    """Put the block into discussion."""
    _block(asked, block_id)
    form = OpenForm()
    typed, seen = form.typed, form.seen
    said = (typed.technical, typed.plain, typed.open, typed.decided)
    question = care.before(asked, form, said, lambda: _open_page(asked, block_id, form))
    if question is not None:
        return question

    def do(session: Session, person: Actor) -> None:
        service.open_(session, person, asked.contract_id, block_id, typed, seen)

    def again(stale: StaleError | None) -> str:
        return _open_page(asked, block_id, form, stale)

    outcome = f"{here(asked)}?fait=discussion#bloc-{block_id}"
    return direct(asked, form, (block_id, "discussion", *form.said), outcome, do, again)


@bp.get(PART)
@allow(Permission.CONTRACT_READ)
def show(asked: Asked, part_id: str) -> str:
    """One part: both texts, what is decided and open, how it stands beside the trame, where people speak of it."""
    part = pages.part(asked, part_id)
    return render_template(
        "trame_parts/show.html",
        asked=asked,
        trame=here(asked),
        url=pages.url(asked, part_id),
        part=part,
        reading=plain.reading(db.session(), part.item),
        talks=talks(asked, [part_id]).of.get(part_id, ()),
        standings=Standing,
        can_discuss=Permission.TRAME_DISCUSS in asked.can and part.stands,
        can_take=Permission.TRAME_WRITE in asked.can and part.stands and part.block is not None,
        can_create=Permission.SPACE_CREATE in asked.can and part.stands,
        done=request.args.get("fait", ""),
    )


@bp.get(f"{PART}/recrire")
@allow(Permission.TRAME_DISCUSS)
def edit(asked: Asked, part_id: str) -> str:
    """Both texts, to write them anew."""
    part, form = pages.part(asked, part_id), WriteForm(formdata=None)
    form.begin(part)
    return _write_page(asked, part, form)


@bp.post(f"{PART}/recrire")
@allow(Permission.TRAME_DISCUSS)
def write(asked: Asked, part_id: str) -> Answered:
    """Write them anew, put together with what somebody wrote meanwhile."""
    part, form = pages.part(asked, part_id), WriteForm()
    typed = command = form.typed
    said = (typed.technical, typed.plain, typed.reason)
    question = care.before(asked, form, said, lambda: _write_page(asked, part, form))
    if question is not None:
        return question
    met, outcome = _meet(part, typed), f"{pages.url(asked, part_id)}?fait=recrit"
    if met is not None and met.settled:
        outcome = f"{pages.url(asked, part_id)}?fait={MERGED}"
        if met.same:
            return redirect(outcome, 303)
        command = _joined(met, part, typed.reason)

    def do(session: Session, person: Actor) -> None:
        service.write(session, person, asked.contract_id, part_id, command)

    def again(stale: StaleError | None) -> str:
        now = pages.part(asked, part_id)
        both = _meet(now, typed) if stale is not None else None
        if both is not None:
            put(form, both.state)
        if stale is not None:
            form.see(now)
        return _write_page(asked, now, form, stale, both)

    body = (part_id, "recrire", *said, typed.technical_version, typed.plain_version)
    return direct(asked, form, body, outcome, do, again)


@bp.get(f"{PART}/reprendre")
@allow(Permission.TRAME_WRITE)
def ask_take(asked: Asked, part_id: str) -> str:
    """The block and the words written together, side by side, before one becomes the other."""
    part, form = pages.part(asked, part_id), TakeForm(formdata=None)
    form.fresh()
    form.see(part)
    return _take_page(asked, part, form)


@bp.post(f"{PART}/reprendre")
@allow(Permission.TRAME_WRITE)
def take(asked: Asked, part_id: str) -> Answered:
    """Write these words into the trame of the contract."""
    part, form = pages.part(asked, part_id), TakeForm()
    reason, seen, seen_block = form.reason.data or "", form.seen, form.seen_block

    def do(session: Session, person: Actor) -> None:
        service.take(
            session, person, asked.contract_id, part_id, reason, seen_text=seen, seen_block=seen_block
        )

    def again(stale: StaleError | None) -> str:
        now = pages.part(asked, part_id)
        if stale is not None:
            form.see(now)
        return _take_page(asked, now, form, stale)

    outcome = f"{here(asked)}?fait=repris#bloc-{part.block_id}"
    return direct(asked, form, (part_id, "reprendre", reason, seen, seen_block), outcome, do, again)


@bp.get(f"{PART}/retirer")
@allow(Permission.TRAME_DISCUSS)
def ask_withdraw(asked: Asked, part_id: str) -> str:
    """Why it leaves, before it does."""
    part, form = pages.part(asked, part_id), WithdrawForm(formdata=None)
    form.put(part.item.version)
    return _withdraw_page(asked, part, form)


@bp.post(f"{PART}/retirer")
@allow(Permission.TRAME_DISCUSS)
def withdraw(asked: Asked, part_id: str) -> Answered:
    """End the discussion of a block."""
    pages.part(asked, part_id)
    form = WithdrawForm()
    reason, seen = form.reason.data or "", form.seen

    def do(session: Session, person: Actor) -> None:
        service.withdraw(session, person, asked.contract_id, part_id, reason, seen)

    def again(stale: StaleError | None) -> str:
        now = pages.part(asked, part_id)
        if stale is not None:
            form.version.data = str(now.item.version)
        return _withdraw_page(asked, now, form, stale)

    outcome = f"{pages.url(asked, part_id)}?fait=retire"
    return direct(asked, form, (part_id, "retirer", reason, seen), outcome, do, again)


def _block(asked: Asked, block_id: str) -> BlockView:
    sheet = trames.sheet(db.session(), asked.contract_id)
    view = sheet.block(block_id) if sheet is not None else None
    if view is None or view.state is BlockState.HEADING:
        raise NotFoundError
    return view


def _meet(part: PartView, typed: Written) -> Met | None:
    """What was typed and what somebody saved meanwhile, put together paragraph by paragraph."""
    technical, simple = part.item.technical, part.item.plain
    if technical is None or simple is None:
        return None
    if (technical.version, simple.version) == (typed.technical_version, typed.plain_version):
        return None
    read = ((Register.TECHNICAL, typed.technical_version), (Register.PLAIN, typed.plain_version))
    known = texts.sources(db.session(), part.item.id, read)
    if any(one not in known for one in read):
        return None
    base = {"technical": known[read[0]], "plain": known[read[1]]}
    mine = {"technical": typed.technical, "plain": typed.plain}
    now = {"technical": technical.source, "plain": simple.source}
    return put_together(part.item.contract_id, FIELDS, (base, mine, now), technical.version)


def _joined(met: Met, part: PartView, reason: str) -> Written:
    simple = part.item.plain
    return Written(
        str(met.state["technical"]),
        str(met.state["plain"]),
        met.number,
        simple.version if simple is not None else 0,
        reason,
    )


def _open_page(asked: Asked, block_id: str, form: OpenForm, stale: StaleError | None = None) -> str:
    view = _block(asked, block_id)
    if stale is not None:
        form.version.data = str(view.text.number)
    return render_template(
        "trame_parts/open.html",
        asked=asked,
        trame=here(asked),
        view=view,
        already=queries.of_blocks(db.session(), asked.contract_id).get(block_id),
        form=form,
        stale=stale,
    )


def _write_page(
    asked: Asked, part: PartView, form: WriteForm, stale: StaleError | None = None, met: Met | None = None
) -> str:
    return render_template(
        "trame_parts/write.html",
        asked=asked,
        trame=here(asked),
        url=pages.url(asked, part.item.id),
        part=part,
        form=form,
        stale=stale,
        met=met,
    )


def _take_page(asked: Asked, part: PartView, form: TakeForm, stale: StaleError | None = None) -> str:
    return render_template(
        "trame_parts/take.html",
        asked=asked,
        trame=here(asked),
        url=pages.url(asked, part.item.id),
        part=part,
        standings=Standing,
        form=form,
        stale=stale,
    )


def _withdraw_page(asked: Asked, part: PartView, form: WithdrawForm, stale: StaleError | None = None) -> str:
    return render_template(
        "trame_parts/withdraw.html",
        asked=asked,
        trame=here(asked),
        url=pages.url(asked, part.item.id),
        part=part,
        form=form,
        stale=stale,
    )
