"""The whole contract: what its document holds and what is missing, files to take away, one page in short, how to share."""

from __future__ import annotations

import io

from flask import Blueprint, Response, current_app, render_template, request, send_file

from portal import languages, paths
from portal.blueprints._guards import Asked, allow
from portal.blueprints.construction.making import TYPES, maker
from portal.documents.making import Kind
from portal.documents.plain import plain
from portal.domain.deed import before, order, whole
from portal.domain.deed.choices import Choice, Wording
from portal.domain.spaces import queries as spaces
from portal.domain.trames.models import Filling
from portal.extensions import db
from portal.policy.permissions import Permission
from portal.vocabulary import Group, Phase

bp = Blueprint("deed", __name__)

WITHOUT = "non"
# Where each thing is written, below its contract.
PAGES = {
    Filling.PERIMETER: "perimetre",
    Filling.DIAGNOSTIC: "diagnostic",
    Filling.OBJECTIVES: "objectifs",
    Filling.MEANS: "moyens",
    Filling.LIFE: "vie",
    Filling.FOLLOW_UP: "vie",
}


@bp.get("/contrats/<id:contract_id>/document")
@allow(Permission.CONTRACT_READ)
def show(asked: Asked) -> str:
    """What the document holds, what is missing, what one may choose, and to whom it goes."""
    choice = _choice()
    src = whole.gathered(db.session(), asked.contract_id, choice, asked.now, _portal())
    return render_template(
        "deed/show.html",
        asked=asked,
        here=_here(asked),
        base=paths.contract(asked.contract_id),
        plan=order.plan(src),
        before=before.TITLE if before.holds(src) else None,
        signed=src.signed,
        today=src.today,
        choice=choice,
        wordings=Wording,
        pages=PAGES,
        groups=_groups(asked),
        address=f"{_portal()}{paths.contract(asked.contract_id)}",
        can_write=Permission.TRAME_WRITE in asked.can,
        can_choose=Permission.TRAME_CHOOSE in asked.can,
    )


@bp.get("/contrats/<id:contract_id>/document/en-bref")
@allow(Permission.CONTRACT_READ)
def in_short(asked: Asked) -> str:
    """The contract on one page."""
    document = whole.short(db.session(), asked.contract_id, asked.now, _portal())
    return render_template("deed/brief.html", asked=asked, here=_here(asked), document=document)


@bp.get("/contrats/<id:contract_id>/document/telecharger/<any(pdf,docx):fichier>")
@allow(Permission.CONTRACT_READ)
def download(asked: Asked, fichier: Kind) -> Response:
    """The whole contract as a file, with what was chosen."""
    choice = _choice()
    document = whole.whole(db.session(), asked.contract_id, choice, asked.now, _portal())
    told = plain(document, languages.language(languages.current()))
    # The thread that makes the file has nothing to read: others may have the connection meanwhile.
    db.session.rollback()
    name = "contrat-pour-tous" if choice.plain else "contrat"
    answer = send_file(
        io.BytesIO(maker().file(told, fichier, asked.contract_id)),
        mimetype=TYPES[fichier],
        as_attachment=True,
        download_name=f"{name}-{asked.contract_id}.{fichier}",
        max_age=0,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _here(asked: Asked) -> str:
    return f"{paths.contract(asked.contract_id)}/document"


def _choice() -> Choice:
    """What the address chooses; what it does not name, or names wrongly, is as nobody had chosen."""
    typed = request.args.get("textes", "")
    wording = next((one for one in Wording if one.value == typed), Wording.BOTH)
    return Choice(wording, annexes=request.args.get("annexes", "") != WITHOUT)


def _portal() -> str:
    return str(current_app.config["PORTAL_URL"] or "").rstrip("/")


def _groups(asked: Asked) -> list[Group]:
    """The groups that have a level in some space of the contract, in their order: all members read that."""
    views = spaces.of_contracts(db.session(), [asked.contract_id], asked.now)
    known = {group for one in views if one.phase is not Phase.DRAFT for group in one.target.levels}
    return [group for group in Group if group in known]
