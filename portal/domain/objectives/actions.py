"""Verbs of an action: added, written, told how far it is, taken away and put back."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.contracts.models import Contract, Item
from portal.domain.contracts.signed import is_promised
from portal.domain.facts import FactKind
from portal.domain.objectives import rules, service, states, tree
from portal.domain.objectives.models import Action, News, State
from portal.domain.objectives.rules import Plan
from portal.domain.objectives.service import OWED
from portal.domain.objectives.typed import CheckedAction, TypedAction, check_action
from portal.domain.participants.queries import function_of
from portal.domain.versions import keeping
from portal.kernel import clock, reasons
from portal.kernel.errors import InvalidError, NotFoundError, StaleError
from portal.kernel.lines import check_reason
from portal.kernel.speech import say
from portal.policy.actor import Actor

MAX_REASON = 300
MOST = 200
MOVED_ON = say("Quelqu’un vient de changer cette action. Voici ce qui est enregistré.")
GONE = say("Cette action a été retirée. Remettez-la d’abord.")


def add(session: Session, person: Actor, contract_id: str, item_id: str, typed: TypedAction) -> str:
    """Add an action, the last of its objective; its id.

    Errors: RefusedError, NotFoundError, InvalidError beside each field.
    """
    tree.hold(session, person, contract_id)
    row, _now = service.known(session, contract_id, item_id)
    checked = check_action(typed)
    why = _justified(typed, State.NOT_STARTED, checked.state)
    last = session.scalar(select(func.max(Action.number)).where(Action.item_id == item_id)) or 0
    if last >= MOST:
        raise InvalidError({"label": [say("Un objectif a deux cents actions au plus.")]})
    action = Action(item_id=item_id, number=last + 1, state=checked.state, justification=why)
    _put(action, checked)
    session.add(action)
    session.flush()
    if checked.state is not State.NOT_STARTED or why:
        service.keep(session, person, item_id, News.TOLD, why, state=checked.state, action_id=action.id)
    keeping.keep(session, person, states.action_piece(contract_id, action.id), states.action(action))
    service.tell(session, person, FactKind.ACTION_WRITTEN, row, action.label)
    return action.id


def write(
    session: Session,
    person: Actor,
    contract_id: str,
    action_id: str,
    typed: TypedAction,
    seen: int,
) -> None:
    """Write an action anew: what is planned, by whom, how far it is. Each change of state or of plan stays in the history.

    Once the contract is signed, a plan is adapted with its reason. Errors: RefusedError, NotFoundError, StaleError, InvalidError
    beside each field.
    """
    row, item, contract = _action(session, person, contract_id, action_id, seen)
    if row.removed_at is not None:
        raise StaleError(GONE, seen="standing", current=None)
    checked = check_action(typed)
    before, why = _plan(row), _justified(typed, row.state, checked.state)
    adapted = before != checked.plan
    reason = check_reason(typed.reason, "reason", MAX_REASON, optional=True)
    if adapted and is_promised(contract.stage, contract.signed_on):
        reasons.owed(reason, "reason", OWED)
    told = checked.state is not row.state or why != row.justification
    same = all(getattr(row, name) == value for name, value in checked.who.items())
    if not (adapted or told) and same:
        raise InvalidError({"label": [say("Vous n’avez rien changé.")]})
    _put(row, checked)
    row.state, row.justification, row.version = checked.state, why, row.version + 1
    keeping.keep(session, person, states.action_piece(contract_id, action_id), states.action(row), reason)
    if told:
        service.keep(session, person, item.id, News.TOLD, why, state=row.state, action_id=row.id)
        service.tell(session, person, FactKind.PROGRESS_TOLD, item, row.state.value)
    if adapted and reason:
        _adapted(session, person, row, before, reason)
        service.tell(session, person, FactKind.PLAN_ADAPTED, item, reason)
    service.tell(session, person, FactKind.ACTION_WRITTEN, item, row.label)


def remove(session: Session, person: Actor, contract_id: str, action_id: str, seen: int) -> None:
    """Take an action away; it can be put back. Errors: RefusedError, NotFoundError, StaleError."""
    row, item, _contract = _action(session, person, contract_id, action_id, seen)
    if row.removed_at is not None:
        raise StaleError(GONE, seen="standing", current=None)
    row.removed_at, row.removed_by, row.version = clock.now(), function_of(person), row.version + 1
    keeping.keep(session, person, states.action_piece(contract_id, action_id), states.action(row))
    service.tell(session, person, FactKind.ACTION_WRITTEN, item, row.label)


def restore(session: Session, person: Actor, contract_id: str, action_id: str, seen: int) -> None:
    """Put an action back, as it was. Errors: RefusedError, NotFoundError, StaleError."""
    row, item, _contract = _action(session, person, contract_id, action_id, seen)
    if row.removed_at is None:
        raise StaleError(MOVED_ON, seen="removed", current=None)
    row.removed_at, row.removed_by, row.version = None, "", row.version + 1
    keeping.keep(session, person, states.action_piece(contract_id, action_id), states.action(row))
    service.tell(session, person, FactKind.ACTION_WRITTEN, item, row.label)


def _action(
    session: Session, person: Actor, contract_id: str, action_id: str, seen: int
) -> tuple[Action, Item, Contract]:
    contract = tree.hold(session, person, contract_id)
    row = session.get(Action, action_id, populate_existing=True)
    if row is None:
        raise NotFoundError
    item, _now = service.known(session, contract_id, row.item_id)
    if row.version != seen:
        raise StaleError(MOVED_ON, seen=seen, current=row.version)
    keeping.begin(session, states.action_piece(contract_id, action_id), states.action(row))
    return row, item, contract


def _justified(typed: TypedAction, before: State, after: State) -> str:
    owed = rules.must_explain(before, after)
    return check_reason(typed.justification, "justification", MAX_REASON, optional=not owed)


def _plan(row: Action) -> Plan:
    return Plan(row.label, row.starts_on, row.ends_on, row.financing, row.funded_until)


def _put(row: Action, checked: CheckedAction) -> None:
    plan = checked.plan
    row.label, row.starts_on, row.ends_on = plan.label, plan.starts_on, plan.ends_on
    row.financing, row.funded_until = plan.financing, plan.funded_until
    for name, value in checked.who.items():
        setattr(row, name, value)


def _adapted(session: Session, person: Actor, row: Action, before: Plan, reason: str) -> None:
    service.keep(
        session,
        person,
        row.item_id,
        News.ADAPTED,
        reason,
        action_id=row.id,
        was_label=before.label,
        was_starts_on=before.starts_on,
        was_ends_on=before.ends_on,
        was_financing=before.financing,
        was_funded_until=before.funded_until,
    )
