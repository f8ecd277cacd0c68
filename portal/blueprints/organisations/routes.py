"""The national FINESS directory: what is in use, how far a file is read, what was left out, a newer file."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template, request
from sqlalchemy.orm import Session

from portal import paths
from portal.blueprints._directing import Answered, direct
from portal.blueprints._guards import Asked, allow
from portal.blueprints.organisations.forms import ExtractForm
from portal.domain.organisations import directory, kept
from portal.domain.organisations.directory import Received
from portal.domain.participants.queries import function_of
from portal.extensions import db
from portal.kernel import clock
from portal.kernel.errors import InvalidError
from portal.kernel.ids import new_id
from portal.languages import gettext as _
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.policy.targets import ContractTarget

bp = Blueprint("directory", __name__)


@bp.get("/contrats/<id:contract_id>/repertoire")
@allow(Permission.DIRECTORY_LOAD)
def show(asked: Asked) -> str:
    """The edition in use, the file being read, the form for another one."""
    form = ExtractForm(formdata=None)
    form.fresh()
    return _page(asked, form)


@bp.post("/contrats/<id:contract_id>/repertoire")
@allow(Permission.DIRECTORY_LOAD)
def load(asked: Asked) -> Answered:
    """Keep a file, to be read in the background."""
    form, instance = ExtractForm(), current_app.config["SETTINGS"].instance
    try:
        received = _look(form)
    except InvalidError as error:
        form.take(error)
        return _page(asked, form), 422
    edition_id = new_id()
    waiting = kept.place(instance, edition_id)

    def do(session: Session, person: Actor) -> None:
        permits.require(person, Permission.DIRECTORY_LOAD, ContractTarget(asked.contract_id))
        directory.receive(session, edition_id, received, str(function_of(person)), clock.now())

    kept.keep(instance, edition_id, form.file.data.stream)
    try:
        answer = direct(
            asked, form, (asked.contract_id, received), _here(asked), do, lambda _stale: _page(asked, form)
        )
    finally:
        if directory.edition(db.session(), edition_id) is None:
            waiting.unlink(missing_ok=True)
    return answer


def _look(form: ExtractForm) -> Received:
    file = request.files.get(form.file.short_name)
    if file is None or not file.filename:
        raise InvalidError({"file": [_("Choisissez un fichier.")]})
    form.file.data = file
    return directory.look_at(file.stream)


def _page(asked: Asked, form: ExtractForm) -> str:
    session = db.session()
    last = directory.last(session)
    return render_template(
        "organisations/directory.html",
        asked=asked,
        here=_here(asked),
        form=form,
        reading=directory.reading(session),
        edition=directory.current(session),
        last=last,
        faults=directory.faults(session, last.id)[: directory.FAULTS_SHOWN] if last else (),
    )


def _here(asked: Asked) -> str:
    return f"{paths.contract(asked.contract_id)}/repertoire"
