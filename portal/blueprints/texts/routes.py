"""The texts of the contract: correct one, read how it changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request
from sqlalchemy.orm import Session

from portal import paths
from portal.blueprints._directing import Answered, direct, number_of
from portal.blueprints._guards import Asked, allow
from portal.blueprints._merging import MERGED, Met, put, put_together
from portal.blueprints.plain import helping
from portal.blueprints.texts.forms import TextForm
from portal.domain.contracts import queries as contracts
from portal.domain.contracts import signed
from portal.domain.contracts.models import Item
from portal.domain.diagnostic import service as diagnostic
from portal.domain.diagnostic import validation
from portal.domain.spaces import queries as spaces
from portal.domain.texts import queries, service
from portal.domain.texts.changes import Change, is_changed, word_changes
from portal.domain.texts.queries import VERSIONS, TextView, VersionView
from portal.domain.trame_parts import service as trame_parts
from portal.domain.versions import kinds
from portal.domain.versions.shapes import Field, Shape
from portal.extensions import db
from portal.kernel.errors import NotFoundError, StaleError
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.vocabulary import ItemKind, Register

bp = Blueprint("texts", __name__)

PAGE = 20
REGISTERS = {register.value: register for register in Register}


@dataclass(frozen=True, slots=True)
class Part:
    """A page of the items of a kind: whether there are some before, the last one when there are some after."""

    kind: ItemKind
    ids: Sequence[str]
    earlier: bool
    after: str | None


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version in the history, with what it changed in the one before."""

    version: VersionView
    changes: list[list[Change]]
    first: bool

    @property
    def same(self) -> bool:
        """Whether no word changed."""
        return not is_changed(self.changes)


@bp.get("/contrats/<id:contract_id>/textes")
@allow(Permission.TEXT_EDIT)
def index(asked: Asked) -> str:
    """The items of the contract with their two texts, a page of each kind."""
    session, contract_id = db.session(), asked.contract_id
    ids = {kind: contracts.own_item_ids(session, contract_id, kind) for kind in ItemKind}
    after, done = request.args.get("apres", ""), request.args.get("fait", "")
    parts = [_part(kind, some, after, done) for kind, some in ids.items() if some]
    # Whoever turns the page of one kind reads that kind only.
    turned = [one for one in parts if one.earlier]
    shown = turned if after and turned else parts
    known = {one.id: one for one in contracts.items(session, [id_ for part in shown for id_ in part.ids])}
    return render_template(
        "texts/list.html",
        contract=contracts.contracts(session, [contract_id])[0],
        parts=[(part, [known[id_] for id_ in part.ids]) for part in shown],
        registers=list(Register),
        done=done,
        merged=request.args.get(MERGED, "") in REGISTERS,
    )


@bp.get("/contrats/<id:contract_id>/sujets/<id:item_id>/texte/<any(clair,technique):registre>")
@allow(Permission.TEXT_EDIT)
def edit(asked: Asked, item_id: str, registre: str) -> str:
    """The text as it reads now, to correct."""
    register = REGISTERS[registre]
    item, text = _known(asked, item_id, register)
    diagnostic.require_words(db.session(), asked.actor, item)
    form = TextForm(formdata=None)
    form.fresh()
    form.source.data, form.version.data = text.source, str(text.version)
    return _page(asked, form, item, register)


@bp.post("/contrats/<id:contract_id>/sujets/<id:item_id>/texte/<any(clair,technique):registre>")
@allow(Permission.TEXT_EDIT)
def save(asked: Asked, item_id: str, registre: str) -> Answered:
    """Write a new version, unless somebody wrote one since it was read."""
    register = REGISTERS[registre]
    item, _text = _known(asked, item_id, register)
    form, contract_id = TextForm(), asked.contract_id
    command = typed = service.NewWords(form.source.data or "", form.seen, form.reason.data or "")
    met, outcome = (
        _meet(asked, item_id, register, typed),
        f"{paths.contract(contract_id)}/textes?fait={item_id}",
    )
    if met is not None and met.settled:
        outcome = f"{outcome}&{MERGED}={register.value}"
        if met.same:
            return redirect(outcome, 303)
        command = service.NewWords(str(met.state["source"]), met.number, typed.reason)

    def do(session: Session, person: Actor) -> None:
        before = contracts.item(session, item_id)
        if before is None or before.withdrawn_at is not None:
            gone = trame_parts.GONE if item.kind is ItemKind.TRAME_PART else diagnostic.GONE
            raise StaleError(gone, seen=command.version, current=None)
        diagnostic.require_words(session, person, before)
        signed.require_reason(session, contract_id, command.reason)
        told = tuple(spaces.of_item(session, item_id))
        row = session.get_one(Item, item_id)
        kinds.hold_item(session, row)
        service.revise(session, person, contract_id, item_id, register, command, spaces=told)
        kinds.keep_item(session, person, row, command.reason)
        validation.follow(session, person, item_id, before.version)

    def again(stale: StaleError | None) -> str:
        both = _meet(asked, item_id, register, typed) if stale is not None else None
        if both is not None:
            put(form, both.state)
        return _page(asked, form, item, register, stale, both)

    if helping.wanted():
        return again(None)
    return direct(asked, form, (item_id, register, typed), outcome, do, again)


@bp.get("/contrats/<id:contract_id>/sujets/<id:item_id>/texte/<any(clair,technique):registre>/historique")
@allow(Permission.CONTRACT_READ)
def history(asked: Asked, item_id: str, registre: str) -> str:
    """A page of versions, with the words that changed; open to all members."""
    register = REGISTERS[registre]
    item, text = _known(asked, item_id, register)
    before = number_of(request.args.get("avant"))
    paged = before > 1
    since = number_of(request.args.get("de"))
    asked_for = {(register, since), (register, text.version)} if 0 < since < text.version else set()
    told = queries.sources(db.session(), item_id, asked_for)
    # One more than is shown: the last one shown is compared with it.
    versions = queries.history(
        db.session(), item_id, register, before=before if paged else None, size=VERSIONS + 1
    )
    pairs = list(zip(versions, [*versions[1:], None], strict=True))[:VERSIONS]
    return render_template(
        "texts/history.html",
        contract=contracts.contracts(db.session(), [asked.contract_id])[0],
        item=item,
        register=register,
        lines=[
            VersionLine(version, word_changes(_source(older), _source(version)), older is None)
            for version, older in pairs
        ],
        current=text.version,
        since=since,
        compared=word_changes(told[register, since], text.source) if (register, since) in told else None,
        older=versions[VERSIONS - 1].number if len(versions) > VERSIONS else None,
        paged=paged,
        can_edit=Permission.TEXT_EDIT in asked.can,
    )


def _meet(asked: Asked, item_id: str, register: Register, typed: service.NewWords) -> Met | None:
    """What was typed and what somebody saved meanwhile, put together paragraph by paragraph."""
    _item, text = _known(asked, item_id, register)
    base = queries.sources(db.session(), item_id, [(register, typed.version)]).get((register, typed.version))
    if base is None or text.version <= typed.version:
        return None
    three = ({"source": one} for one in (base, typed.source, text.source))
    fields = (Field("source", register.label, Shape.TEXT),)
    return put_together(asked.contract_id, fields, tuple(three), text.version)  # type: ignore[arg-type]


def _part(kind: ItemKind, ids: Sequence[str], after: str, done: str) -> Part:
    """The page after an item, or the one that holds the item which was just corrected."""
    start = ids.index(after) + 1 if after in ids else ids.index(done) // PAGE * PAGE if done in ids else 0
    shown = ids[start : start + PAGE]
    return Part(kind, shown, start > 0, shown[-1] if start + PAGE < len(ids) else None)


def _source(version: VersionView | None) -> str:
    return "\n\n".join(part.source for part in version.paragraphs) if version is not None else ""


def _known(asked: Asked, item_id: str, register: Register) -> tuple[contracts.ItemView, TextView]:
    """The item and its text, when they are of this contract. Errors: NotFoundError."""
    item = contracts.item(db.session(), item_id)
    text = item.text(register) if item is not None else None
    if item is None or text is None or item.contract_id != asked.contract_id:
        raise NotFoundError
    return item, text


def _page(
    asked: Asked,
    form: TextForm,
    item: contracts.ItemView,
    register: Register,
    stale: StaleError | None = None,
    met: Met | None = None,
) -> str:
    current = _known(asked, item.id, register)[1]
    if stale is not None:
        form.version.data = str(current.version)
    return render_template(
        "texts/edit.html",
        contract=contracts.contracts(db.session(), [asked.contract_id])[0],
        item=item,
        register=register,
        current=current,
        other=item.technical if register is Register.PLAIN else item.plain,
        form=form,
        promised=signed.promised(db.session(), asked.contract_id),
        looked=helping.looked(form.source.data) if register is Register.PLAIN else None,
        stale=stale,
        met=met,
    )
