"""More time: asked by who owes, agreed or refused by the group; everybody of the space reads it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session

from portal import paths
from portal.blueprints._directing import Answered, current_space, direct
from portal.blueprints._forms import ActForm
from portal.blueprints._guards import Asked, allow
from portal.blueprints.duties.forms import DecisionForm, ExtensionForm
from portal.domain.contracts import queries as contracts
from portal.domain.contracts.queries import ContractView
from portal.domain.duties import clocks, limits, queries, rules, service
from portal.domain.duties.clocks import Clocks
from portal.domain.duties.queries import ExtensionView
from portal.extensions import db
from portal.kernel.errors import InvalidError, StaleError
from portal.kernel.ids import is_id
from portal.kernel.speech import Sentence
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.vocabulary import Group, RequestState

bp = Blueprint("duty_extensions", __name__)


@bp.get("/espaces/<id:space_id>/delais")
@allow(Permission.SPACE_READ)
def show(asked: Asked) -> str:
    """Every delay asked in this space, and the form that one's role opens."""
    return _page(asked)


@bp.post("/espaces/<id:space_id>/delais")
@allow(Permission.ANSWER_IN)
def ask(asked: Asked) -> Answered:
    """Ask a group for more time."""
    form, space_id = ExtensionForm(), asked.in_space.id
    about = str(form.contribution.data or "")

    def do(session: Session, person: Actor) -> None:
        service.ask_extension(session, person, space_id, form.command(about if is_id(about) else None))

    warning = _warning(asked, form)
    if warning is not None:
        return _page(asked, form, warning=warning)
    body = (space_id, about, form.group.data, form.until_on.data, form.reason.data)
    outcome = f"{paths.space(space_id)}/delais?fait=demande"
    return direct(asked, form, body, outcome, do, lambda stale: _page(asked, form, stale))


@bp.post("/espaces/<id:space_id>/delais/decision")
@allow(Permission.EXTENSION_DECIDE)
def decide(asked: Asked) -> Answered:
    """Accept more time in the name of one's group, or refuse with a reason."""
    form, space_id = DecisionForm(), asked.in_space.id
    demand, accepted, reason = str(form.demande.data or ""), form.accepted, form.decision_reason.data or ""

    def do(session: Session, person: Actor) -> None:
        try:
            service.decide_extension(session, person, space_id, demand, accepted=accepted, reason=reason)
        except InvalidError as error:
            raise InvalidError({"decision_reason": error.errors["reason"]}) from error

    body = (space_id, demand, accepted, reason)
    outcome = f"{paths.space(space_id)}/delais?fait={'accepte' if accepted else 'refuse'}"
    return direct(asked, form, body, outcome, do, lambda stale: _page(asked, form, stale))


def _warning(asked: Asked, form: ExtensionForm) -> Sentence | None:
    """A word about the day that was typed, once; None when there is none, or the day is refused anyway."""
    until_on, group, space = form.until_on.data, form.chosen, asked.in_space
    if until_on is None or group is None:
        return None
    sure = f"{group.value} {until_on.isoformat()}"
    if form.sure.data == sure:
        return None
    about = str(form.contribution.data or "")
    dates = clocks.of(db.session(), [space], asked.now)
    promised = dates.due_on(space, group, about if is_id(about) else None)
    if not promised < until_on <= promised + service.MORE_AT_MOST:
        return None
    contract = _contract(asked)
    found = limits.beyond(dates.next_working(space, until_on), promised, contract.starts_on, contract.ends_on)
    form.sure.data = sure if found is not None else ""
    return found


def _told(asked: Asked, found: Sequence[ExtensionView], dates: Clocks) -> dict[str, Sentence]:
    """What who decides may want to know of each delay that waits, by its id."""
    space, contract = asked.in_space, _contract(asked)
    told = {
        one.id: limits.beyond(
            one.until_on,
            dates.due_on(space, one.group, one.contribution_id),
            contract.starts_on,
            contract.ends_on,
        )
        for one in found
        if one.state is RequestState.ASKED
    }
    return {key: sentence for key, sentence in told.items() if sentence is not None}


def _contract(asked: Asked) -> ContractView:
    (found,) = contracts.contracts(db.session(), [asked.contract_id])
    return found


def _page(
    asked: Asked,
    typed: ActForm | None = None,
    stale: StaleError | None = None,
    warning: Sentence | None = None,
) -> str:
    session, space = db.session(), current_space(asked)
    found = queries.extensions(session, space.id)
    dates = clocks.of(session, [space], asked.now)
    groups = [one for one in Group if service.may_agree(space, one)]
    asking = typed if isinstance(typed, ExtensionForm) else ExtensionForm(formdata=None)
    deciding = typed if isinstance(typed, DecisionForm) else DecisionForm(formdata=None)
    about = request.args.get("contribution", "")
    if typed is None:
        asking.contribution.data = about if is_id(about) else ""
    for form in (asking, deciding):
        form.fresh()
    asking.offer(groups)
    person = asked.actor
    return render_template(
        "duties/extensions.html",
        space=space,
        extensions=found,
        mine={
            one.id
            for one in found
            if one.state is RequestState.ASKED and rules.may_decide(person.group, person.roles, one.group)
        }
        if Permission.EXTENSION_DECIDE in asked.can
        else set(),
        due={group: dates.due_on(space, group) for group in groups},
        asking=asking if Permission.ANSWER_IN in asked.can else None,
        deciding=deciding,
        stale=stale,
        warning=warning,
        told=_told(asked, found, dates),
        done=request.args.get("fait", ""),
    )
