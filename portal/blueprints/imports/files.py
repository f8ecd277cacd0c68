"""The plan, the diagnostic and the values of the indicators as files, which say the same when they are taken up again."""

from __future__ import annotations

import gevent
from flask import Blueprint, Response

from portal.blueprints._guards import Asked, allow
from portal.documents import tables
from portal.domain.imports import outgoing
from portal.domain.imports.source import Format
from portal.extensions import db
from portal.kernel import clock
from portal.languages import gettext as _
from portal.policy.permissions import Permission

bp = Blueprint("files", __name__)

FORMS = "docx,xlsx,ods,csv"


@bp.get(f"/contrats/<id:contract_id>/objectifs/telecharger/<any({FORMS}):forme>")
@allow(Permission.CONTRACT_READ)
def plan(asked: Asked, forme: str) -> Response:
    """The objectives, their actions and their indicators."""
    out, kind = outgoing.plan(db.session(), asked.contract_id), Format(forme)
    title = _("Plan d’actions du contrat")
    if kind is Format.DOCX:
        content = gevent.get_hub().threadpool.apply(tables.write_plan, (out, title))
    else:
        content = gevent.get_hub().threadpool.apply(tables.write, (outgoing.plan_sheet(out), kind, title))
    return _answer(content, kind, "plan-d-actions")


@bp.get(f"/contrats/<id:contract_id>/diagnostic/telecharger/<any({FORMS}):forme>")
@allow(Permission.CONTRACT_READ)
def diagnostic(asked: Asked, forme: str) -> Response:
    """The findings that stand."""
    return _table(
        outgoing.findings(db.session(), asked.contract_id), forme, _("Diagnostic partagé"), "diagnostic"
    )


@bp.get(f"/contrats/<id:contract_id>/indicateurs/telecharger/<any({FORMS}):forme>")
@allow(Permission.INDICATOR_READ_SMALL)
def indicators(asked: Asked, forme: str) -> Response:
    """The values of the indicators, as they are written: small numbers too."""
    return _table(
        outgoing.values(db.session(), asked.contract_id), forme, _("Indicateurs du contrat"), "indicateurs"
    )


def _table(sheet: outgoing.Sheet, forme: str, title: str, name: str) -> Response:
    kind = Format(forme)
    content = gevent.get_hub().threadpool.apply(tables.write, (sheet, kind, title))
    return _answer(content, kind, name)


def _answer(content: bytes, kind: Format, name: str) -> Response:
    answer = Response(content, content_type=tables.MIMES[kind])
    file = f"{name}-{clock.today().isoformat()}.{kind.value}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
