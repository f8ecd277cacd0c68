"""Levels proposed by an authority or a member of the CVS, and what the direction answered."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session
from wtforms import RadioField, SelectField, TextAreaField

from portal import paths
from portal.blueprints._directing import Answered, direct
from portal.blueprints._forms import ActForm, as_written
from portal.blueprints._guards import Asked, allow
from portal.blueprints.duties.forms import DecisionForm
from portal.blueprints.involvement.forms import OFFERED, offered
from portal.domain.proposals import service as proposals
from portal.domain.proposals.service import NewProposal
from portal.domain.spaces import queries as spaces
from portal.extensions import db
from portal.kernel.errors import InvalidError, StaleError
from portal.kernel.ids import is_id
from portal.languages import gettext
from portal.languages import lazy_gettext as _
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.vocabulary import Group, Phase, RequestState

bp = Blueprint("level_proposals", __name__)

WHOLE = ""


class ProposalForm(ActForm):
    """A level that one proposes for a group."""

    place = SelectField(_("Où ?"), validate_choice=False)
    group = RadioField(
        _("Pour quel groupe ?"),
        choices=[(group.value, group.label) for group in Group],
        validate_choice=False,
    )
    level = RadioField(
        _("Quel niveau proposez-vous ?"),
        choices=[(str(int(level)), level.plain) for level in OFFERED],
        validate_choice=False,
    )
    reason = TextAreaField(_("La raison"))

    def command(self) -> NewProposal:
        """What was typed. Errors: InvalidError (`group`, `level`)."""
        group = next((one for one in Group if one.value == self.group.data), None)
        level = offered(self.level.data)
        errors = {}
        if group is None:
            errors["group"] = [gettext("Choisissez un groupe.")]
        if level is None:
            errors["level"] = [gettext("Choisissez un niveau.")]
        if group is None or level is None:
            raise InvalidError(errors)
        return NewProposal(group, level, self.reason.data or "", self.place.data or None)


@bp.get("/contrats/<id:contract_id>/propositions")
@allow(Permission.INVOLVEMENT_READ)
def show(asked: Asked) -> str:
    """The levels that were proposed, and what became of them."""
    return _page(asked)


@bp.post("/contrats/<id:contract_id>/propositions")
@allow(Permission.LEVEL_PROPOSE)
def propose(asked: Asked) -> Answered:
    """Propose a level, with a reason."""
    form, contract_id = ProposalForm(), asked.contract_id

    def do(session: Session, person: Actor) -> None:
        proposals.propose(session, person, contract_id, form.command())

    body = (contract_id, form.place.data, form.group.data, form.level.data, form.reason.data)
    outcome = f"{paths.contract(contract_id)}/propositions?fait=propose"
    return direct(asked, form, body, outcome, do, lambda stale: _page(asked, form, stale))


@bp.post("/contrats/<id:contract_id>/propositions/decision")
@allow(Permission.LEVEL_RECORD)
def decide(asked: Asked) -> Answered:
    """Accept a proposal, which records the level, or refuse it with a reason."""
    form, contract_id = DecisionForm(), asked.contract_id
    demand, accepted, reason = str(form.demande.data or ""), form.accepted, form.decision_reason.data or ""

    def do(session: Session, person: Actor) -> None:
        try:
            proposals.decide(session, person, contract_id, demand, accepted=accepted, reason=reason)
        except InvalidError as error:
            raise InvalidError({"decision_reason": error.errors["reason"]}) from error

    outcome = f"{paths.contract(contract_id)}/propositions?fait={'accepte' if accepted else 'refuse'}"
    return direct(
        asked,
        form,
        (contract_id, demand, accepted, reason),
        outcome,
        do,
        lambda stale: _page(asked, form, stale),
    )


def _page(asked: Asked, typed: ActForm | None = None, stale: StaleError | None = None) -> str:
    session = db.session()
    before = request.args.get("avant", "")
    found, older = proposals.of_contract(session, asked.contract_id, before=before if is_id(before) else None)
    views = spaces.of_contracts(session, [asked.contract_id], asked.now)
    questions = {one.id: one.question for one in views if one.phase is not Phase.DRAFT}
    proposing = typed if isinstance(typed, ProposalForm) else ProposalForm(formdata=None)
    deciding = typed if isinstance(typed, DecisionForm) else DecisionForm(formdata=None)
    for form in (proposing, deciding):
        form.fresh()
    open_spaces = [
        (one.id, one.question) for one in views if one.id in questions and one.phase is not Phase.CLOSED
    ]
    proposing.place.choices = [*as_written(open_spaces), (WHOLE, gettext("tout le contrat"))]
    can_decide = Permission.LEVEL_RECORD in asked.can
    return render_template(
        "involvement/proposals.html",
        contract_id=asked.contract_id,
        title=asked.contract_title,
        proposals=[one for one in found if one.space_id is None or one.space_id in questions],
        questions=questions,
        to_decide={one.id for one in found if can_decide and one.state is RequestState.ASKED},
        closed={one.id for one in views if one.phase is Phase.CLOSED},
        synthesis_only={(one.id, group) for one in views for group in Group if not one.target.reads(group)},
        proposing=proposing if Permission.LEVEL_PROPOSE in asked.can else None,
        deciding=deciding,
        hints={str(int(level)): gettext("Le groupe peut : %(acts)s.", acts=level.acts) for level in OFFERED},
        older=older,
        stale=stale,
        done=request.args.get("fait", ""),
    )
