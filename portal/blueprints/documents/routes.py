"""The documents of a contract as people read them: the list, those beside one thing, one of them, its file."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from portal.blueprints._directing import number_of
from portal.blueprints._guards import Asked, allow
from portal.blueprints._security import seal_answer
from portal.blueprints.documents import pages
from portal.blueprints.documents.forms import RestoreForm
from portal.domain.documents import queries, rules, subjects
from portal.domain.documents.models import DocumentFile, Subject
from portal.domain.documents.queries import DocumentView, VersionView
from portal.extensions import db
from portal.kernel.errors import NotFoundError, StaleError
from portal.kernel.files.kinds import MEDIA, FileKind
from portal.kernel.ids import is_id
from portal.policy.permissions import Permission

bp = Blueprint("documents", __name__)


@bp.get("/contrats/<id:contract_id>/documents")
@allow(Permission.DOCUMENT_READ)
def listed(asked: Asked) -> str:
    """Every document that this person may read, the latest first."""
    kind, before = request.args.get("sur", ""), request.args.get("avant", "")
    subject = next((one for one in Subject if one.value == kind), None)
    found, older = queries.page(
        db.session(), asked.actor, asked.now, subject=subject, before=before if is_id(before) else None
    )
    return render_template(
        "documents/list.html",
        asked=asked,
        here=pages.here(asked),
        documents=found,
        older=older,
        later=is_id(before),
        subjects=list(Subject),
        wanted=subject,
        attach=pages.on(asked.contract_id, Subject.CONTRACT, asked.contract_id),
        on={one.id: pages.on(asked.contract_id, one.subject, one.object_id) for one in found},
        can_attach=Permission.TEXT_EDIT in asked.can,
    )


@bp.get(pages.ON_CONTRACT)
@bp.get(pages.ON_OBJECTIVE)
@bp.get(pages.ON_FINDING)
@bp.get(pages.ON_INDICATOR)
@bp.get(pages.ON_STAGE)
@bp.get(pages.ON_REVIEW)
@bp.get(pages.ON_SPACE)
@allow(Permission.DOCUMENT_READ)
def beside(asked: Asked, **address: str) -> str:
    """The documents beside one thing."""
    of = pages.find(asked, address)
    session = db.session()
    return render_template(
        "documents/beside.html",
        asked=asked,
        here=pages.here(asked),
        url=pages.on(asked.contract_id, of.subject, of.object_id),
        of=of,
        place=pages.place(of),
        documents=queries.beside(session, of),
        removed=queries.removed(session, of),
        can_attach=subjects.may_write(session, asked.actor, of, Permission.DOCUMENT_ATTACH),
        done=request.args.get("fait", ""),
    )


@bp.get("/contrats/<id:contract_id>/documents/<id:document_id>")
@allow(Permission.DOCUMENT_READ)
def show(asked: Asked, document_id: str) -> str:
    """One document: what it is in a sentence, what it looks like, the file, its versions."""
    return page(asked, document_id)


def page(
    asked: Asked, document_id: str, *, form: RestoreForm | None = None, stale: StaleError | None = None
) -> str:
    """The page of a document, once more with what went wrong when there is something."""
    found, of = pages.document(asked, document_id)
    session = db.session()
    can_write = found.stands and subjects.may_write(session, asked.actor, of, Permission.DOCUMENT_ATTACH)
    versions = queries.versions(session, document_id)
    return render_template(
        "documents/show.html",
        asked=asked,
        here=pages.here(asked),
        url=pages.url(asked, document_id),
        of=of,
        place=pages.place(of),
        beside_url=pages.on(asked.contract_id, of.subject, of.object_id),
        document=found,
        versions=versions,
        restoring=_restoring(found, versions) if can_write else {},
        can_write=can_write,
        can_remove=found.stands and subjects.may_write(session, asked.actor, of, Permission.DOCUMENT_REMOVE),
        form=form,
        stale=stale,
        done=request.args.get("fait", ""),
    )


@bp.get("/contrats/<id:contract_id>/documents/<id:document_id>/fichier")
@allow(Permission.DOCUMENT_READ)
def download(asked: Asked, document_id: str) -> Response:
    """The file of a document, to keep: never opened inside the portal's own pages."""
    found, kept, number = _file(asked, document_id, small=False)
    name = rules.own_name(found.title, number, kept.kind)
    return _handed_over(kept.content, MEDIA[kept.kind], f'attachment; filename="{name}"')


@bp.get("/contrats/<id:contract_id>/documents/<id:document_id>/apercu")
@allow(Permission.DOCUMENT_READ)
def preview(asked: Asked, document_id: str) -> Response:
    """Its small picture, that the portal drew itself."""
    _found, kept, _number = _file(asked, document_id, small=True)
    if not kept.preview:
        raise NotFoundError
    return _handed_over(kept.preview, MEDIA[FileKind.JPEG], "inline")


def _file(asked: Asked, document_id: str, *, small: bool) -> tuple[DocumentView, DocumentFile, int]:
    """The file of the version that is asked for, or of the last one. Errors: NotFoundError, RefusedError."""
    found, _of = pages.document(asked, document_id)
    typed = request.args.get("version")
    number = number_of(typed) if typed else found.version
    kept = queries.file(db.session(), document_id, number, small=small)
    if kept is None:
        raise NotFoundError
    return found, kept, number


def _handed_over(content: bytes, media: str, how: str) -> Response:
    seal_answer()
    answer = Response(content, content_type=media)
    answer.headers["Content-Disposition"] = how
    return answer


def _restoring(found: DocumentView, versions: list[VersionView]) -> dict[int, RestoreForm]:
    """One button for each earlier version that can be taken again."""
    made = {}
    for one in versions:
        if one.number != found.version and one.readable:
            form = made[one.number] = RestoreForm(formdata=None)
            form.fresh()
            form.version.data, form.number.data = str(found.version), str(one.number)
    return made
