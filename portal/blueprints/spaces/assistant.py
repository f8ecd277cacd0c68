"""The assistant: a space in three steps, without any script; the form carries everything."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, redirect, render_template, request
from sqlalchemy.orm import Session

from portal import paths
from portal.blueprints._directing import Answered
from portal.blueprints._forms import act
from portal.blueprints._guards import Asked, allow
from portal.blueprints.contracts.pages import what_i_can
from portal.blueprints.spaces.assistant_form import STEP_FIELDS, AssistantForm, Offer
from portal.domain.answers.rules import OWED
from portal.domain.contracts import queries as contracts
from portal.domain.duties.rules import due_on
from portal.domain.involvement.rules import PRESETS
from portal.domain.spaces import service
from portal.domain.spaces.service import NewSpace
from portal.extensions import db
from portal.kernel.dates import day_label
from portal.kernel.errors import AlreadySentError, InvalidError
from portal.kernel.ids import new_id
from portal.languages import gettext as _
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.policy.targets import reads_words
from portal.vocabulary import Group, ItemKind

bp = Blueprint("space_assistant", __name__)

LAST = 3
BACK, PREVIEW, CREATE, OPEN = "retour", "apercu", "creer", "ouvrir"


@bp.get("/contrats/<id:contract_id>/espaces/nouveau")
@allow(Permission.SPACE_CREATE)
def begin(asked: Asked) -> str:
    """The first step, with a proposal for everything."""
    form, offer = AssistantForm(formdata=None), _offer(asked)
    form.offer(offer)
    form.begin(offer, asked.now)
    form.fresh()
    return _page(asked, form, offer, 1)


@bp.post("/contrats/<id:contract_id>/espaces/nouveau")
@allow(Permission.SPACE_CREATE)
def go_on(asked: Asked) -> Answered:
    """The next step or the one before; at the end, the space."""
    form, offer = AssistantForm(), _offer(asked)
    form.offer(offer)
    step, wanted = form.at, request.form.get("aller", "")
    if wanted == BACK:
        return _page(asked, form, offer, max(1, step - 1))
    if step == LAST and wanted in (CREATE, OPEN):
        return _create(asked, form, offer, opened=wanted == OPEN)
    try:
        if step == 1:
            form.follow_object()
        form.command(asked.now)
    except InvalidError as error:
        if _step_of(error) <= step:
            form.take(error)
            return _page(asked, form, offer, _step_of(error)), 422
    return _page(asked, form, offer, step if wanted == PREVIEW else min(LAST, step + 1))


def _create(asked: Asked, form: AssistantForm, offer: Offer, *, opened: bool) -> Answered:
    contract_id, now, body = asked.contract_id, asked.now, _body(form, opened=opened)
    space_id = new_id()
    outcome = paths.space(space_id) if opened else f"{paths.space(space_id)}/reglages?fait=cree"

    def do(session: Session, person: Actor) -> None:
        service.create(session, person, contract_id, replace(form.command(now), id=space_id))
        if opened:
            service.open_(session, person, space_id)

    try:
        return redirect(act(asked.actor, form.operation, body, outcome, do), 303)
    except InvalidError as error:
        form.take(error)
        return _page(asked, form, offer, _step_of(error)), 422
    except AlreadySentError as error:
        form.fresh()
        return _page(asked, form, offer, LAST, first=str(error.data.get("outcome") or "")), 409


def _body(form: AssistantForm, *, opened: bool) -> tuple[object, ...]:
    return (opened, *(form[name].data for names in STEP_FIELDS for name in names))


def _step_of(error: InvalidError) -> int:
    """The first step that has something to mend."""
    for number, names in enumerate(STEP_FIELDS, start=1):
        if any(name in names for name in error.errors):
            return number
    return LAST if "levels" in error.errors else 1


def _offer(asked: Asked) -> Offer:
    session = db.session()
    stage = contracts.contracts(session, [asked.contract_id])[0].stage
    return Offer(
        stage,
        {kind: contracts.item_lines(session, asked.contract_id, kind) for kind in ItemKind},
    )


def _page(asked: Asked, form: AssistantForm, offer: Offer, step: int, *, first: str = "") -> str:
    form.step.data = str(step)
    here = f"{paths.contract(asked.contract_id)}/espaces/nouveau"
    return render_template(
        "spaces/assistant.html",
        contract=contracts.contracts(db.session(), [asked.contract_id])[0],
        here=here,
        form=form,
        offer=offer,
        step=step,
        carried=[
            form[name] for number, names in enumerate(STEP_FIELDS, 1) if number != step for name in names
        ],
        presets={key: words for key, (_name, words, _levels) in PRESETS.items()},
        groups=list(Group),
        preview=_preview(form, asked) if step == LAST else None,
        first=first,
    )


def _preview(form: AssistantForm, asked: Asked) -> dict[str, Any] | None:
    """What a family will read, when the steps before are right."""
    try:
        command: NewSpace = form.command(asked.now)
    except InvalidError:
        return None
    level = command.levels.get(Group.FAMILIES)
    where = contracts.department(db.session(), asked.contract_id)
    due = day_label(due_on(command.ends_at, command.answer_days, department=where, at=asked.now))
    return {
        "question": command.question,
        "dates": _("Ouvert jusqu’au %(day)s.", day=day_label(command.ends_at)),
        "sentence": what_i_can(level, Group.FAMILIES),
        "owed": _("%(what)s, avant le %(day)s.", what=OWED[level], day=due) if level else "",
        "levels": [
            (group, command.levels.get(group), reads_words(group, told=command.authorities_read_words))
            for group in Group
        ],
    }
