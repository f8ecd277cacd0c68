"""The register: read, followed, verified, taken away; its keys and its verifier are for everybody."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from urllib.parse import urlencode

import gevent
from flask import (
    Blueprint,
    Response,
    current_app,
    jsonify,
    render_template,
    request,
    send_file,
    stream_with_context,
)
from sqlalchemy.orm import Session

from portal import paths
from portal.blueprints._directing import Answered, direct
from portal.blueprints._forms import ActForm
from portal.blueprints._guards import Asked, allow, everyone
from portal.blueprints.home.words import OF_THE_REGISTER
from portal.blueprints.register import forms
from portal.config import ROOT
from portal.domain.contracts import queries as contracts
from portal.domain.moderation import danger
from portal.domain.register import export, queries, receipts, sealing, service
from portal.domain.register.about import closed_to
from portal.domain.register.rules import Family
from portal.domain.register.sealing import PublicKey
from portal.extensions import db
from portal.kernel import clock
from portal.kernel.errors import RefusedError, StaleError
from portal.kernel.speech import Sentence, number_words, say
from portal.languages import gettext, spoken
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.vocabulary import Group

bp = Blueprint("register", __name__)

VERIFIER = ROOT / "verifier.py"


@bp.get("/contrats/<id:contract_id>/registre")
@allow(Permission.REGISTER_READ)
def show(asked: Asked) -> str:
    """The journal in sentences, the latest line first."""
    session, filters = db.session(), forms.filters()
    found = queries.page(session, asked.contract_id, filters, _closed(asked), before=forms.before())
    kept = forms.kept()
    directs = Permission.REGISTER_SEND in asked.can
    return render_template(
        "register/show.html",
        asked=asked,
        here=_here(asked),
        found=found,
        filters=filters,
        day_problem=forms.day_problem(filters),
        older=f"?{urlencode({**kept, 'avant': found.older})}" if found.older else None,
        later=f"?{urlencode(kept)}" if forms.before() is not None else None,
        families=list(Family),
        groups=list(Group),
        items=queries.items(session, asked.contract_id),
        head=queries.head(session, asked.contract_id),
        directs=directs,
        erasures=queries.asked_erasures(session, asked.contract_id) if directs else [],
    )


@bp.get("/contrats/<id:contract_id>/registre/verifier")
@allow(Permission.REGISTER_READ)
def check(asked: Asked) -> str:
    """Whether the line of a receipt is in the register."""
    typed = request.args.get("recu", "")[:80].strip()
    receipt = receipts.read(typed) if typed else None
    line = queries.proven(db.session(), asked.contract_id, receipt) if receipt else None
    return render_template(
        "register/verify.html",
        asked=asked,
        here=_here(asked),
        typed=typed,
        receipt=receipt,
        complete=receipts.complete(typed),
        line=line,
        keys=sealing.public_keys(current_app.config["SETTINGS"].instance),
        words=OF_THE_REGISTER,
        command="python3 verifier.py export.jsonl",
    )


@bp.get("/contrats/<id:contract_id>/registre/telecharger/<any(jsonl,csv,ods):genre>")
@allow(Permission.REGISTER_READ)
def download(asked: Asked, genre: str) -> Response:
    """The register as a file: sealed for machines, or a table for people."""
    head, closed = queries.head(db.session(), asked.contract_id), _closed(asked)
    name = f"registre-{asked.contract_id}.{genre}"
    if genre == "jsonl":
        seal = sealing.seal_of(current_app.config["SETTINGS"].instance)
        pieces = export.sealed(_fresh, asked.contract_id, head, closed, seal, clock.now())
        return _streamed(pieces, name, "application/jsonl")
    rows = export.table(_fresh, asked.contract_id, head, closed, spoken)
    if genre == "csv":
        return _streamed(export.comma_separated(rows), name, "text/csv")
    if head.seq > export.ODS_ROWS:
        raise RefusedError(
            "trop-long",
            say(
                "Ce registre a plus de %(limit)s lignes : un tableur ne l’ouvrirait pas bien.",
                limit=number_words(export.ODS_ROWS),
            ),
            say("Téléchargez plutôt le fichier CSV : il n’a pas de limite."),
        )
    file = tempfile.TemporaryFile()  # noqa: SIM115 — sent, then closed with the answer
    export.spreadsheet(rows, file)
    file.seek(0)
    return send_file(
        file,
        mimetype="application/vnd.oasis.opendocument.spreadsheet",
        as_attachment=True,
        download_name=name,
        max_age=0,
    )


@bp.get("/contrats/<id:contract_id>/registre/tete")
@allow(Permission.REGISTER_SEND)
def head(asked: Asked) -> str:
    """The head of the register, and what sending it does."""
    form = ActForm(formdata=None)
    form.fresh()
    return _head_page(asked, form)


@bp.post("/contrats/<id:contract_id>/registre/tete")
@allow(Permission.REGISTER_SEND)
def send_head(asked: Asked) -> Answered:
    """Send the head to the directors and to the authorities."""
    form = ActForm()

    def send(session: Session, person: Actor) -> None:
        service.send_head(session, person)

    body = (asked.contract_id, "tete")
    return direct(
        asked, form, body, f"{_here(asked)}/tete", send, lambda stale: _head_page(asked, form, stale)
    )


@bp.get("/contributions/<id:contribution_id>/parcours")
@allow(Permission.CONTRIBUTION_READ)
def path(asked: Asked) -> str:
    """One contribution, from word to contract."""
    row = asked.about
    everything = permits.allows(asked.actor, Permission.CONTRIBUTION_READ_SEALED, asked.target)
    return render_template(
        "register/path.html",
        asked=asked,
        row=row,
        path_lines=queries.path(db.session(), row, everything=everything),
        can_erase=Permission.ERASE in asked.can and not row.erased,
        item=next(iter(contracts.items(db.session(), [row.item_id])), None),
    )


@bp.get("/contributions/<id:contribution_id>/effacer")
@allow(Permission.ERASE)
def ask_erase(asked: Asked) -> str:
    """What erasing takes away, and what stays."""
    form = forms.ErasureForm(formdata=None)
    form.fresh()
    return _erasure_page(asked, form)


@bp.post("/contributions/<id:contribution_id>/effacer")
@allow(Permission.ERASE)
def erase(asked: Asked) -> Answered:
    """Ask for an erasure, take the request back, or confirm what another person asked."""
    form, contribution_id = forms.ErasureForm(), asked.about.id
    verbs: dict[str, Callable[[Session, Actor, str], object]] = {
        "demander": service.ask_erasure,
        "renoncer": service.give_up_erasure,
        "confirmer": service.confirm_erasure,
    }
    seen = form.seen.data if form.seen.data in verbs else "demander"

    def do(session: Session, person: Actor) -> None:
        verbs[seen](session, person, contribution_id)

    here = paths.contribution(contribution_id, "effacer")
    # A job makes the files forget too, within seconds: nobody waits for a disk on a page.
    return direct(
        asked, form, (contribution_id, seen), here, do, lambda stale: _erasure_page(asked, form, stale)
    )


@bp.get("/registre/cles")
@everyone
def keys() -> Response:
    """The public keys under which this portal signs: as text, or as JSON for who asks so."""
    known = sealing.public_keys(current_app.config["SETTINGS"].instance)
    if request.args.get("forme") == "json" or request.accept_mimetypes.best == "application/json":
        told = [
            {
                "id": key.id,
                "empreinte": key.fingerprint,
                "publique": key.hex,
                "pem": key.pem,
                "actuelle": key.current,
            }
            for key in known
        ]
        return jsonify({"format": "polyphonie-cles-1", "cles": told})
    # What stands before a key in such a file is for people; programs pass over it.
    written = (f"{_name(key)}\n{key.fingerprint}\n{key.pem}" for key in known)
    return Response("\n".join(written), mimetype="text/plain")


@bp.get("/registre/verifier.py")
@everyone
def verifier() -> Response:
    """The program that verifies an export without the portal."""
    return send_file(VERIFIER, mimetype="text/x-python", as_attachment=True, download_name="verifier.py")


def _name(key: PublicKey) -> str:
    return gettext("Clé du portail, empreinte :") if key.current else gettext("Ancienne clé, empreinte :")


def _here(asked: Asked) -> str:
    return f"{paths.contract(asked.contract_id)}/registre"


def _closed(asked: Asked) -> frozenset[str]:
    return closed_to(db.session(), asked.actor, clock.now())


def _fresh() -> Session:
    """A session that has read nothing yet; others have their turn between two pieces."""
    db.session.rollback()
    gevent.sleep(0)
    return db.session()


def _streamed(pieces: Iterator[bytes], name: str, kind: str) -> Response:
    answer = Response(stream_with_context(pieces), mimetype=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _head_page(asked: Asked, form: ActForm, stale: StaleError | None = None) -> str:
    session = db.session()
    return render_template(
        "register/head.html",
        asked=asked,
        here=_here(asked),
        form=form,
        stale=stale,
        head=queries.head(session, asked.contract_id),
        last=service.last_sent(session, asked.contract_id),
        at=clock.now(),
    )


def _erasure_page(asked: Asked, form: forms.ErasureForm, stale: StaleError | None = None) -> str:
    row = asked.about
    known = service.erasure(db.session(), row.id)
    alert = danger.followed(db.session(), row.id)
    return render_template(
        "register/erase.html",
        asked=asked,
        row=row,
        form=form,
        stale=stale,
        known=known,
        asked_by=Sentence(known.asked_function) if known is not None else "",
        done_by=Sentence(known.done_function) if known is not None else "",
        asked_by_author=known is not None and known.asked_by == row.participant_id,
        refused=known is not None and known.refused_at is not None,
        left=service.has_left(db.session(), row),
        alert=alert,
        told_first=danger.waits(db.session(), alert),
        follows=Permission.QUEUE_READ in asked.can,
        appeal_waits=service.waiting_appeal(db.session(), row.id) is not None,
        own=row.participant_id == asked.actor.participant_id,
    )
