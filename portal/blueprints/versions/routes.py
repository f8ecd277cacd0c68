"""What changed in a contract: the latest changes, the history of one piece, two versions compared, one brought back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session

from portal import paths
from portal.blueprints._directing import Answered, direct
from portal.blueprints._guards import Asked, allow
from portal.blueprints.versions import forms
from portal.blueprints.versions.forms import RestoreForm
from portal.domain.versions import kinds, reading
from portal.domain.versions.comparing import Difference, differences
from portal.domain.versions.keeping import Kept, Piece
from portal.domain.versions.kinds import KINDS
from portal.domain.versions.models import PieceKind
from portal.domain.versions.names import names
from portal.domain.versions.queries import PAGE, VersionView
from portal.domain.versions.reading import Latest
from portal.extensions import db
from portal.kernel.errors import NotFoundError, StaleError
from portal.policy.actor import Actor
from portal.policy.permissions import Permission

bp = Blueprint("versions", __name__)

ONE = "/contrats/<id:contract_id>/versions/<any(objectif,action,branche,constat,indicateur,etablissement,bloc):sorte>/<id:piece_id>"


@dataclass(frozen=True, slots=True)
class Line:
    """One version with what it changed in the one before; `first` when there is none before."""

    version: VersionView
    changes: list[Difference]
    first: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions, the earlier first, and what changed between them."""

    before: VersionView
    after: VersionView
    changes: list[Difference]


@bp.get("/contrats/<id:contract_id>/versions")
@allow(Permission.CONTRACT_READ)
def listed(asked: Asked) -> str:
    """The latest changes of the whole contract."""
    wanted, after = forms.wanted(), forms.cursor()
    found, more = reading.latest(db.session(), asked.contract_id, kind=wanted, after=after)
    kept = {"sorte": wanted.value} if wanted else {}
    here = _here(asked)
    return render_template(
        "versions/list.html",
        asked=asked,
        here=here,
        lines=[(one, _address(asked, one), _labels(one)) for one in found],
        kinds=list(PieceKind),
        wanted=wanted,
        next_page=f"{here}?{urlencode({**kept, 'apres': more})}" if more else None,
        first_page=f"{here}?{urlencode(kept)}" if after else None,
    )


@bp.get(ONE)
@allow(Permission.CONTRACT_READ)
def show(asked: Asked, sorte: str, piece_id: str) -> str:
    """The history of one piece, and two versions of it compared."""
    piece, session = _piece(asked, sorte, piece_id), db.session()
    before = forms.asked_number("avant")
    # One more than is shown: the last one shown is compared with it.
    versions = reading.history(session, piece, before=before, size=PAGE + 1)
    now = kinds.now(session, piece)
    if not versions and now is None:
        raise NotFoundError
    kind = KINDS[piece.kind]
    return render_template(
        "versions/show.html",
        asked=asked,
        here=_here(asked),
        url=_url(asked, piece),
        kind=piece.kind,
        name=now.name if now is not None else versions[0].name if versions else "",
        now=now,
        page=kind.page(session, piece),
        lines=_lines(session, piece, versions),
        compared=_compared(session, piece),
        chosen=(forms.asked_number("de"), forms.asked_number("a")),
        older=versions[PAGE - 1].number if len(versions) > PAGE else None,
        paged=before is not None,
        can_restore=now is not None and _writes(asked, piece),
        done=request.args.get("fait", ""),
    )


@bp.get(f"{ONE}/reprendre")
@allow(Permission.VERSION_RESTORE)
def ask_restore(asked: Asked, sorte: str, piece_id: str) -> str:
    """What would change if a version was brought back, before it is."""
    piece, form = _piece(asked, sorte, piece_id), RestoreForm(formdata=None)
    form.fresh()
    number = forms.asked_number("version")
    form.number.data = str(_now(piece).number if number is None else number)
    return _restore_page(asked, piece, form)


@bp.post(f"{ONE}/reprendre")
@allow(Permission.VERSION_RESTORE)
def restore(asked: Asked, sorte: str, piece_id: str) -> Answered:
    """Bring it back, as a new version."""
    piece, form = _piece(asked, sorte, piece_id), RestoreForm()
    number, reason, seen = form.chosen, form.reason.data or "", form.seen

    def do(session: Session, person: Actor) -> None:
        reading.restore(session, person, piece, number, reason, seen)

    def again(stale: StaleError | None) -> str:
        return _restore_page(asked, piece, form, stale)

    outcome = f"{_url(asked, piece)}?fait=repris"
    return direct(asked, form, (sorte, piece_id, number, reason, seen), outcome, do, again)


def _restore_page(asked: Asked, piece: Piece, form: RestoreForm, stale: StaleError | None = None) -> str:
    session, kind = db.session(), KINDS[piece.kind]
    kept, current, state = reading.returned(session, piece, form.chosen)
    if not form.version.data or stale is not None:
        form.version.data = str(kept.number)
    known = names(session, piece.contract_id, kind.fields, [current, state])
    return render_template(
        "versions/restore.html",
        asked=asked,
        here=_here(asked),
        url=_url(asked, piece),
        kind=piece.kind,
        name=kept.name,
        version=reading.numbered(session, piece, [form.chosen])[0],
        changes=differences(kind.fields, current, state, known),
        undone=reading.undone(session, piece, current, state),
        form=form,
        stale=stale,
        writes=_writes(asked, piece),
    )


def _lines(session: Session, piece: Piece, versions: Sequence[VersionView]) -> list[Line]:
    fields = KINDS[piece.kind].fields
    known = names(session, piece.contract_id, fields, [one.state for one in versions])
    followed = zip(versions[:PAGE], [*versions[1:], None], strict=False)
    return [
        Line(
            version,
            differences(fields, older.state if older else {}, version.state, known),
            older is None,
        )
        for version, older in followed
    ]


def _compared(session: Session, piece: Piece) -> Comparison | None:
    """The two versions that the address names, when there are two."""
    numbers = {forms.asked_number("de"), forms.asked_number("a")} - {None}
    found = reading.numbered(session, piece, [one for one in numbers if one is not None])
    if len(found) != 2:  # noqa: PLR2004 — two are compared
        return None
    fields = KINDS[piece.kind].fields
    known = names(session, piece.contract_id, fields, [one.state for one in found])
    return Comparison(found[0], found[1], differences(fields, found[0].state, found[1].state, known))


def _piece(asked: Asked, sorte: str, piece_id: str) -> Piece:
    return Piece(asked.contract_id, PieceKind(sorte), piece_id)


def _now(piece: Piece) -> Kept:
    found = kinds.now(db.session(), piece)
    if found is None:
        raise NotFoundError
    return found


def _writes(asked: Asked, piece: Piece) -> bool:
    return {Permission.VERSION_RESTORE, KINDS[piece.kind].permission} <= asked.can


def _labels(one: Latest) -> list[str]:
    """What changed, by the names of the fields."""
    if one.kind not in KINDS:
        return []
    return [field.label for field in KINDS[one.kind].fields if field.name in one.changed]


def _address(asked: Asked, one: Latest) -> str:
    """Where the history of a piece is read: money has its own page."""
    if one.kind is PieceKind.MEANS:
        return f"{paths.contract(asked.contract_id)}/moyens/lignes/{one.piece_id}#histoire"
    return _url(asked, Piece(asked.contract_id, one.kind, one.piece_id))


def _here(asked: Asked) -> str:
    return f"{paths.contract(asked.contract_id)}/versions"


def _url(asked: Asked, piece: Piece) -> str:
    return f"{_here(asked)}/{piece.kind.value}/{piece.id}"
