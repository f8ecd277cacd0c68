"""An answer that was given: take it back at once, correct it later."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session
from wtforms import HiddenField, StringField, TextAreaField

from portal import paths
from portal.blueprints._directing import Answered, current_space, direct, number_of
from portal.blueprints._forms import ActForm
from portal.blueprints._guards import Asked, allow
from portal.blueprints.answers.forms import fates
from portal.blueprints.answers.pages import answered_card
from portal.domain.answers import amend, queries
from portal.extensions import db
from portal.kernel import clock
from portal.kernel.errors import StaleError
from portal.languages import lazy_gettext as _
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.vocabulary import Fate

bp = Blueprint("answer_amend", __name__)

TAKE_BACK = "reprendre"


class AmendForm(ActForm):
    """The answer anew."""

    body = TextAreaField(_("Votre réponse"))
    fate = fates()
    passed_to = StringField(_("À qui la transmettez-vous ?"), render_kw={"list": "destinataires"})
    version = HiddenField()

    @property
    def new(self) -> amend.NewVersion:
        """What was typed."""
        return amend.NewVersion(
            source=self.body.data or "",
            fate=next((fate for fate in Fate if fate.value == self.fate.data), None),
            passed_to=self.passed_to.data or "",
            seen=number_of(self.version.data),
        )


@bp.get("/contributions/<id:contribution_id>/corriger-reponse")
@allow(Permission.ANSWER_IN)
def show(asked: Asked) -> str:
    """The answer as it reads now, to take back or to correct."""
    form = AmendForm(formdata=None)
    form.fresh()
    answer = amend.current(db.session(), asked.about.id)
    if answer is not None:
        form.body.data, form.passed_to.data = answer.source, answer.passed_to
        form.fate.data, form.version.data = answer.fate.value if answer.fate else None, str(answer.version)
    return _page(asked, form)


@bp.post("/contributions/<id:contribution_id>/corriger-reponse")
@allow(Permission.ANSWER_IN)
def save(asked: Asked) -> Answered:
    """Take the answer back, or write its new version."""
    form, contribution_id = AmendForm(), asked.about.id
    back, command = request.form.get("acte") == TAKE_BACK, form.new

    def do(session: Session, person: Actor) -> None:
        if back:
            amend.take_back(session, person, contribution_id)
        else:
            amend.correct(session, person, contribution_id, command)

    def again(stale: StaleError | None) -> str:
        return _page(asked, form, stale)

    outcome = paths.contribution(contribution_id, "reponse" if back else "")
    return direct(asked, form, (contribution_id, back, command), outcome, do, again)


def _page(asked: Asked, form: AmendForm, stale: StaleError | None = None) -> str:
    session, row = db.session(), asked.about
    card = answered_card(session, row)
    answer = amend.current(session, row.id)
    if stale is not None and answer is not None:
        form.version.data = str(answer.version)
    return render_template(
        "answers/amend.html",
        space=current_space(asked),
        card=card,
        open=answer is not None,
        recipients=queries.recipients(session, asked.contract_id),
        fresh=answer is not None and amend.may_take_back(answer, clock.now()),
        form=form,
        stale=stale,
    )
