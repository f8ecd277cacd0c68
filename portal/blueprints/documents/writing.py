"""Writing documents: attached, replaced, presented anew, an earlier version taken again, removed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Blueprint, render_template
from sqlalchemy.orm import Session

from portal.blueprints._directing import Answered, direct, number_of
from portal.blueprints._guards import Asked, allow
from portal.blueprints.contributions import care
from portal.blueprints.documents import forms, pages, routes
from portal.blueprints.documents.forms import (
    AttachForm,
    DescribeForm,
    FileForm,
    RemoveForm,
    ReplaceForm,
    RestoreForm,
)
from portal.domain.documents import rules, service, subjects
from portal.domain.documents.queries import DocumentView
from portal.domain.documents.rules import Received
from portal.domain.documents.service import Place
from portal.domain.documents.subjects import Beside
from portal.extensions import db
from portal.kernel.errors import InvalidError, StaleError
from portal.policy.actor import Actor
from portal.policy.permissions import Permission

bp = Blueprint("document_writing", __name__)

Again = Callable[[StaleError | None], str]


@bp.get(f"{pages.ON_CONTRACT}/joindre")
@bp.get(f"{pages.ON_OBJECTIVE}/joindre")
@bp.get(f"{pages.ON_FINDING}/joindre")
@bp.get(f"{pages.ON_INDICATOR}/joindre")
@bp.get(f"{pages.ON_STAGE}/joindre")
@bp.get(f"{pages.ON_REVIEW}/joindre")
@bp.get(f"{pages.ON_SPACE}/joindre")
@allow(Permission.DOCUMENT_ATTACH)
def begin(asked: Asked, **address: str) -> str:
    """The form of a new document."""
    form = AttachForm(formdata=None)
    form.fresh()
    return _attach_page(asked, form, _written(asked, address))


@bp.post(f"{pages.ON_CONTRACT}/joindre")
@bp.post(f"{pages.ON_OBJECTIVE}/joindre")
@bp.post(f"{pages.ON_FINDING}/joindre")
@bp.post(f"{pages.ON_INDICATOR}/joindre")
@bp.post(f"{pages.ON_STAGE}/joindre")
@bp.post(f"{pages.ON_REVIEW}/joindre")
@bp.post(f"{pages.ON_SPACE}/joindre")
@allow(Permission.DOCUMENT_ATTACH)
def attach(asked: Asked, **address: str) -> Answered:
    """Attach a document."""
    of, form = _written(asked, address), AttachForm()
    presented = form.presented

    def again(stale: StaleError | None) -> str:
        return _attach_page(asked, form, of, stale)

    question = care.before(asked, form, (presented.title, presented.summary), lambda: again(None))
    if question is not None:
        return question

    def do(session: Session, person: Actor, received: Received) -> None:
        place = Place(asked.contract_id, of.subject, of.object_id)
        service.attach(session, person, place, presented, received)

    outcome = f"{pages.on(asked.contract_id, of.subject, of.object_id)}?fait=joint"
    body = (asked.contract_id, of.subject, of.object_id, presented.title, presented.summary, form.seal)
    return _with_file(asked, form, body, outcome, do, again)


@bp.get("/contrats/<id:contract_id>/documents/<id:document_id>/remplacer")
@allow(Permission.DOCUMENT_ATTACH)
def ask_replace(asked: Asked, document_id: str) -> str:
    """The form of another file."""
    found, of = pages.standing(asked, document_id, Permission.DOCUMENT_ATTACH)
    form = ReplaceForm(formdata=None)
    form.fresh()
    form.version.data = str(found.version)
    return _one(asked, "replace", form, found, of)


@bp.post("/contrats/<id:contract_id>/documents/<id:document_id>/remplacer")
@allow(Permission.DOCUMENT_ATTACH)
def replace(asked: Asked, document_id: str) -> Answered:
    """Put another file, as the next version."""
    pages.standing(asked, document_id, Permission.DOCUMENT_ATTACH)
    form = ReplaceForm()
    reason, seen = form.reason.data or "", form.seen
    again = _again(asked, "replace", form, document_id)
    question = care.before(asked, form, (reason,), lambda: again(None))
    if question is not None:
        return question

    def do(session: Session, person: Actor, received: Received) -> None:
        service.replace(session, person, asked.contract_id, document_id, received, reason, seen)

    outcome = f"{pages.url(asked, document_id)}?fait=remplace"
    return _with_file(asked, form, (document_id, reason, seen, form.seal), outcome, do, again)


@bp.get("/contrats/<id:contract_id>/documents/<id:document_id>/presenter")
@allow(Permission.DOCUMENT_ATTACH)
def ask_describe(asked: Asked, document_id: str) -> str:
    """Its name and its sentence, to write anew."""
    found, of = pages.standing(asked, document_id, Permission.DOCUMENT_ATTACH)
    form = DescribeForm(formdata=None)
    form.fresh()
    form.fill(found)
    return _one(asked, "describe", form, found, of)


@bp.post("/contrats/<id:contract_id>/documents/<id:document_id>/presenter")
@allow(Permission.DOCUMENT_ATTACH)
def describe(asked: Asked, document_id: str) -> Answered:
    """Write its name and its sentence anew."""
    pages.standing(asked, document_id, Permission.DOCUMENT_ATTACH)
    form = DescribeForm()
    presented, seen = form.presented, form.seen
    again = _again(asked, "describe", form, document_id)
    question = care.before(asked, form, (presented.title, presented.summary), lambda: again(None))
    if question is not None:
        return question

    def do(session: Session, person: Actor) -> None:
        service.describe(session, person, asked.contract_id, document_id, presented, seen)

    body = (document_id, "presenter", presented.title, presented.summary, seen)
    return direct(asked, form, body, f"{pages.url(asked, document_id)}?fait=presente", do, again)


@bp.post("/contrats/<id:contract_id>/documents/<id:document_id>/reprendre")
@allow(Permission.DOCUMENT_ATTACH)
def restore(asked: Asked, document_id: str) -> Answered:
    """Take an earlier version again, as the next one."""
    pages.standing(asked, document_id, Permission.DOCUMENT_ATTACH)
    form = RestoreForm()
    number, seen = number_of(form.number.data), form.seen

    def do(session: Session, person: Actor) -> None:
        service.restore(session, person, asked.contract_id, document_id, number, seen)

    def again(stale: StaleError | None) -> str:
        return routes.page(asked, document_id, form=form, stale=stale)

    outcome = f"{pages.url(asked, document_id)}?fait=repris"
    return direct(asked, form, (document_id, "reprendre", number, seen), outcome, do, again)


@bp.get("/contrats/<id:contract_id>/documents/<id:document_id>/retirer")
@allow(Permission.DOCUMENT_REMOVE)
def ask_remove(asked: Asked, document_id: str) -> str:
    """What removing does, and why it is done."""
    found, of = pages.standing(asked, document_id, Permission.DOCUMENT_REMOVE)
    form = RemoveForm(formdata=None)
    form.fresh()
    form.version.data = str(found.version)
    return _one(asked, "remove", form, found, of)


@bp.post("/contrats/<id:contract_id>/documents/<id:document_id>/retirer")
@allow(Permission.DOCUMENT_REMOVE)
def remove(asked: Asked, document_id: str) -> Answered:
    """Remove a document, with its reason."""
    pages.standing(asked, document_id, Permission.DOCUMENT_REMOVE)
    form = RemoveForm()
    reason, seen = form.reason.data or "", form.seen
    again = _again(asked, "remove", form, document_id)
    question = care.before(asked, form, (reason,), lambda: again(None))
    if question is not None:
        return question

    def do(session: Session, person: Actor) -> None:
        service.remove(session, person, asked.contract_id, document_id, reason, seen)

    outcome = f"{pages.url(asked, document_id)}?fait=retire"
    return direct(asked, form, (document_id, "retirer", reason, seen), outcome, do, again)


def _written(asked: Asked, address: Mapping[str, str]) -> Beside:
    """What an address names, that this person writes. Errors: NotFoundError, RefusedError."""
    of = pages.find(asked, address)
    subjects.require_write(db.session(), asked.actor, of, Permission.DOCUMENT_ATTACH)
    return of


def _with_file(
    asked: Asked,
    form: FileForm,
    body: tuple[object, ...],
    outcome: str,
    do: Callable[[Session, Actor, Received], None],
    again: Again,
) -> Answered:
    """Open the file first, apart and before anything is held, then act once as `direct`."""
    try:
        received = form.received()
    except InvalidError as error:
        form.take(error)
        return again(None), 422
    return direct(asked, form, body, outcome, lambda session, person: do(session, person, received), again)


def _attach_page(asked: Asked, form: AttachForm, of: Beside, stale: StaleError | None = None) -> str:
    return render_template(
        "documents/attach.html",
        asked=asked,
        here=pages.here(asked),
        url=pages.on(asked.contract_id, of.subject, of.object_id),
        of=of,
        form=form,
        stale=stale,
        most=forms.limit() // rules.MEGABYTE,
    )


def _again(asked: Asked, name: str, form: FileForm | DescribeForm | RemoveForm, document_id: str) -> Again:
    """The same page once more; when somebody was first, on what is written now."""

    def again(stale: StaleError | None) -> str:
        found, of = pages.document(asked, document_id)
        if stale is not None:
            form.version.data = str(found.version)
        return _one(asked, name, form, found, of, stale)

    return again


def _one(
    asked: Asked,
    name: str,
    form: FileForm | DescribeForm | RemoveForm,
    found: DocumentView,
    of: Beside,
    stale: StaleError | None = None,
) -> str:
    return render_template(
        f"documents/{name}.html",
        asked=asked,
        here=pages.here(asked),
        url=pages.url(asked, found.id),
        of=of,
        document=found,
        form=form,
        stale=stale,
        most=forms.limit() // rules.MEGABYTE,
    )
