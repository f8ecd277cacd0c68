"""A file that is taken up: sent, read, shown piece by piece beside what it says, changed, then written or given up."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session

from portal import paths
from portal.blueprints._aside import aside
from portal.blueprints._directing import Answered, direct, number_of
from portal.blueprints._guards import Asked, allow
from portal.blueprints.imports import pages
from portal.blueprints.imports.forms import FileForm, LeaveForm, PiecesForm
from portal.blueprints.imports.pages import DIFFERING, PAGE, TO_MEND
from portal.documents import reading
from portal.documents.reading import opening
from portal.documents.reading.opening import ArchiveError
from portal.domain.imports import compare, differing, service, writing
from portal.domain.imports.pieces import PieceKind, Understood
from portal.domain.imports.service import View
from portal.domain.imports.source import Format
from portal.domain.imports.standing import Standing, filled, standing
from portal.domain.imports.understanding import understand
from portal.domain.predecessors import rules as before
from portal.domain.predecessors import service as predecessors
from portal.extensions import db
from portal.kernel.errors import InvalidError, StaleError
from portal.languages import gettext as _
from portal.policy.actor import Actor
from portal.policy.permissions import Permission

bp = Blueprint("imports", __name__)


@bp.get("/contrats/<id:contract_id>/reprises")
@allow(Permission.IMPORT_WRITE)
def listed(asked: Asked) -> str:
    """What one is taking up, and the form for another file."""
    form = FileForm(formdata=None)
    form.fresh()
    form.former.data = request.args.get("avant", "") == "oui"
    return _list_page(asked, form)


@bp.post("/contrats/<id:contract_id>/reprises")
@allow(Permission.IMPORT_WRITE)
def begin(asked: Asked) -> Answered:
    """Read a file, or what was pasted; nothing of the contract changes."""
    form = FileForm()
    try:
        name, mark, form_of, understood = _read(asked, form)
    except InvalidError as error:
        form.take(error)
        return _list_page(asked, form), 422
    import_id, of_before = service.made_id(), bool(form.former.data)
    if of_before:
        understood = before.former(understood)

    def do(session: Session, person: Actor) -> None:
        service.receive(
            session, person, asked.contract_id, import_id, name, form_of, understood, former=of_before
        )

    body = (asked.contract_id, "reprise", name, mark, of_before)
    return direct(
        asked, form, body, pages.url(asked, import_id), do, lambda stale: _list_page(asked, form, stale)
    )


@bp.get("/contrats/<id:contract_id>/reprises/<id:import_id>")
@allow(Permission.IMPORT_WRITE)
def show(asked: Asked, import_id: str) -> str:
    """The pieces beside what the file says; once written, what came of them."""
    view, form = _view(asked, import_id), PiecesForm(formdata=None)
    form.fresh()
    form.version.data = str(view.version)
    return _page(asked, view, form)


@bp.post("/contrats/<id:contract_id>/reprises/<id:import_id>")
@allow(Permission.IMPORT_WRITE)
def change(asked: Asked, import_id: str) -> Answered:
    """Keep what was typed of the pieces of a page; nothing of the contract changes."""
    view, form = _view(asked, import_id), PiecesForm()
    changes = form.changes(view.understood.pieces) if view.written_at is None else {}
    seen, on = form.seen, request.form.get("ensuite", "") == "suite"

    def do(session: Session, person: Actor) -> None:
        service.change(session, person, asked.contract_id, import_id, changes, seen)

    outcome = _address(asked, import_id, _number() + int(on), "garde")
    body = (import_id, "garder", seen, sorted((number, repr(one)) for number, one in changes.items()))
    return direct(asked, form, body, outcome, do, lambda stale: _again(asked, import_id, form, stale))


@bp.post("/contrats/<id:contract_id>/reprises/<id:import_id>/ecrire")
@allow(Permission.IMPORT_WRITE)
def write(asked: Asked, import_id: str) -> Answered:
    """Write the pieces in the contract, with what was typed on the page."""
    view, form = _view(asked, import_id), PiecesForm()
    changes = form.changes(view.understood.pieces) if view.written_at is None else {}
    seen = form.seen

    def do(session: Session, person: Actor) -> None:
        if changes:
            service.change(session, person, asked.contract_id, import_id, changes, seen)
        verb = predecessors.take_up if view.former else writing.write
        verb(session, person, asked.contract_id, import_id, seen + int(bool(changes)))

    body = (import_id, "ecrire", seen, sorted((number, repr(one)) for number, one in changes.items()))
    outcome = f"{pages.url(asked, import_id)}?fait=ecrit"
    if view.former:
        outcome = f"{paths.contract(asked.contract_id)}/avant?fait=reprise"
    return direct(asked, form, body, outcome, do, lambda stale: _again(asked, import_id, form, stale))


@bp.post("/contrats/<id:contract_id>/reprises/<id:import_id>/abandonner")
@allow(Permission.IMPORT_WRITE)
def leave(asked: Asked, import_id: str) -> Answered:
    """Forget a file; nothing of the contract changes."""
    _view(asked, import_id)
    form = LeaveForm()

    def do(session: Session, person: Actor) -> None:
        service.leave(session, person, asked.contract_id, import_id)

    def again(stale: StaleError | None) -> str:
        fresh = FileForm(formdata=None)
        fresh.fresh()
        return _list_page(asked, fresh, stale)

    return direct(asked, form, (import_id, "abandonner"), f"{pages.here(asked)}?fait=abandonne", do, again)


def _read(asked: Asked, form: FileForm) -> tuple[str, str, Format, Understood]:
    """The name of what came, its mark, its form, what was understood of it. Errors: InvalidError."""
    file = form.sent
    context = replace(standing(db.session(), asked.contract_id).context, former=bool(form.former.data))
    if file is None:
        words = form.pasted
        source = aside(lambda: reading.pasted(words))
        return _("Texte collé"), _mark(words.encode()), source.format, understand(source, context)
    content = file.stream.read(opening.MAX_BYTES + 1)
    name = file.filename or ""
    try:
        source = aside(lambda: reading.read(name, content))
    except ArchiveError as error:
        raise InvalidError({"file": [error.sentence]}) from error
    return name, _mark(content), source.format, aside(lambda: understand(source, context))


def _mark(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _view(asked: Asked, import_id: str) -> View:
    return service.view(db.session(), asked.actor, asked.contract_id, import_id)


def _again(asked: Asked, import_id: str, form: PiecesForm, stale: StaleError | None) -> str:
    """The page once more, with what was typed."""
    view = _view(asked, import_id)
    if stale is not None:
        form.version.data = str(view.version)
    return _page(asked, view, form, stale, typed=view.written_at is None)


def _list_page(asked: Asked, form: FileForm, stale: StaleError | None = None) -> str:
    waiting = service.mine(db.session(), asked.actor, asked.contract_id)
    leaving = {one.id: LeaveForm(formdata=None) for one in waiting}
    for one in leaving.values():
        one.fresh()
    return render_template(
        "imports/list.html",
        asked=asked,
        here=pages.here(asked),
        form=form,
        waiting=[one for one in waiting if one.written_at is None],
        written=[one for one in waiting if one.written_at is not None],
        leaving=leaving,
        # What was typed for a sixth is given back.
        full=request.method == "GET" and service.full(db.session(), asked.actor, asked.contract_id),
        stale=stale,
        done=request.args.get("fait", "") if request.method == "GET" else "",
    )


def _page(
    asked: Asked, view: View, form: PiecesForm, stale: StaleError | None = None, *, typed: bool = False
) -> str:
    if view.written_at is not None:
        return _written_page(asked, view, stale)
    kept = view.understood
    # What the contract before promised is compared to nothing: that it stands here already is told of each, later.
    now = Standing() if view.former else standing(db.session(), asked.contract_id)
    now = filled(db.session(), now, kept)
    # What waits is told of what is kept; what was typed is drawn over it.
    compared = compare.compare(kept, now)
    other = differing.otherwise(db.session(), kept, compared)
    waiting = pages.chosen(kept, compared, other, request.args.get("voir", ""))
    if typed:
        changes = form.changes(kept.pieces)
        kept = kept.changed(
            {one.id: service.changed(one, changes[one.id]) for one in kept.pieces if one.id in changes}
        )
        compared = compare.compare(kept, now)
        other = differing.otherwise(db.session(), kept, compared)
    drawn, leave = kept.by_ref(), LeaveForm(formdata=None)
    leave.fresh()
    number, last = _number(), max(1, -(-len(waiting) // PAGE))
    number = min(number, last)
    shown = [drawn[one.ref] for one in waiting[(number - 1) * PAGE : number * PAGE]]
    drawn_pieces = pages.views(view.format, shown, kept, compared, now, tried=typed, former=view.former)
    return render_template(
        "imports/show.html",
        asked=asked,
        here=pages.here(asked),
        url=pages.url(asked, view.id),
        view=view,
        form=form,
        leave=leave,
        pieces=pages.beside(drawn_pieces, other, now, paths.contract(asked.contract_id)),
        kinds={one.id: pages.kinds(one, former=view.former) for one in shown},
        asides=pages.asides(view.format, kept),
        more_asides=max(0, len(kept.asides) - pages.ASIDES),
        counts=compared.counts(kept),
        known=len(compared.known) - len(other),
        differing=len(other),
        problems=len(compared.problems),
        aside_kind=PieceKind.ASIDE,
        objective_kind=PieceKind.OBJECTIVE,
        voir=request.args.get("voir", ""),
        to_mend=TO_MEND,
        differs=DIFFERING,
        number=number,
        last=last,
        whole=len(kept.pieces),
        stale=stale,
        done=request.args.get("fait", "") if request.method == "GET" else "",
    )


def _written_page(asked: Asked, view: View, stale: StaleError | None) -> str:
    return render_template(
        "imports/written.html",
        asked=asked,
        here=pages.here(asked),
        view=view,
        result=writing.result(view),
        objective_kind=PieceKind.OBJECTIVE,
        stale=stale,
    )


def _number() -> int:
    return max(1, number_of(request.args.get("page", "1")))


def _address(asked: Asked, import_id: str, number: int, done: str) -> str:
    voir = request.args.get("voir", "")
    shown = f"&voir={voir}" if voir in (TO_MEND, DIFFERING) else ""
    # What waits grows shorter as it is mended: its first page is always the next one.
    page = "" if voir == TO_MEND else f"page={number}&"
    return f"{pages.url(asked, import_id)}?{page}fait={done}{shown}"
