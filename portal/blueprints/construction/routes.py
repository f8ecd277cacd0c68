"""How a contract was built: on the screen, as an accessible PDF, as a text file."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, Response, render_template, request, send_file
from sqlalchemy.orm import Session

from portal import languages, paths
from portal.blueprints._guards import Asked, allow
from portal.blueprints.construction.making import TYPES, maker
from portal.documents.making import Kind
from portal.documents.plain import plain
from portal.domain.construction.blocks import Document
from portal.domain.construction.cvs import pack
from portal.domain.construction.demands import demands
from portal.domain.construction.whole import whole
from portal.extensions import db
from portal.kernel.errors import NotFoundError
from portal.kernel.ids import is_id
from portal.policy.actor import Actor
from portal.policy.permissions import Permission

bp = Blueprint("construction", __name__)

Gather = Callable[[Session, Actor, str | None, datetime], Document | None]


@bp.get("/contrats/<id:contract_id>/construction")
@allow(Permission.CONSTRUCTION_READ)
def show(asked: Asked) -> str:
    """The account, whole or for one establishment."""
    return _page(asked, whole, "construction")


@bp.get("/contrats/<id:contract_id>/construction/telecharger/<any(pdf,docx):fichier>")
@allow(Permission.CONSTRUCTION_READ)
def download(asked: Asked, fichier: Kind) -> Response:
    """The same as a file."""
    return _file(asked, whole, "construction", fichier)


@bp.get("/contrats/<id:contract_id>/demandes")
@allow(Permission.CONSTRUCTION_READ)
def asked_for(asked: Asked) -> str:
    """What persons ask for, in two pages for the negotiating table."""
    return _page(asked, demands, "demandes")


@bp.get("/contrats/<id:contract_id>/demandes/telecharger/<any(pdf,docx):fichier>")
@allow(Permission.CONSTRUCTION_READ)
def download_asked_for(asked: Asked, fichier: Kind) -> Response:
    """The same as a file."""
    return _file(asked, demands, "demandes", fichier)


@bp.get("/contrats/<id:contract_id>/dossier-cvs")
@allow(Permission.CONSTRUCTION_READ)
def cvs(asked: Asked) -> str:
    """An agenda for the conseil de la vie sociale, and a record of conclusions to fill in."""
    return _page(asked, pack, "dossier-cvs")


@bp.get("/contrats/<id:contract_id>/dossier-cvs/telecharger/<any(pdf,docx):fichier>")
@allow(Permission.CONSTRUCTION_READ)
def download_cvs(asked: Asked, fichier: Kind) -> Response:
    """The same as a file."""
    return _file(asked, pack, "dossier-cvs", fichier)


def _page(asked: Asked, gather: Gather, name: str) -> str:
    place_id = _place()
    document = _gathered(asked, gather, place_id)
    return render_template(
        "construction/document.html",
        asked=asked,
        document=document,
        here=f"{paths.contract(asked.contract_id)}/{name}",
        name=name,
        place_id=place_id or "",
    )


def _file(asked: Asked, gather: Gather, name: str, kind: Kind) -> Response:
    told = plain(_gathered(asked, gather, _place()), languages.language(languages.current()))
    # The thread that makes the file has nothing to read: others may have the connection meanwhile.
    db.session.rollback()
    answer = send_file(
        io.BytesIO(maker().file(told, kind, asked.contract_id)),
        mimetype=TYPES[kind],
        as_attachment=True,
        download_name=f"{name}-{asked.contract_id}.{kind}",
        max_age=0,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _place() -> str | None:
    """The establishment of the address. Errors: NotFoundError for what is no identifier."""
    typed = request.args.get("etablissement", "")
    if typed and not is_id(typed):
        raise NotFoundError
    return typed or None


def _gathered(asked: Asked, gather: Gather, place_id: str | None) -> Document:
    found = gather(db.session(), asked.actor, place_id, asked.now)
    if found is None:
        raise NotFoundError
    return found
