"""What tests of the objectives share: a tree, objectives, actions."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from portal.domain.contracts import queries as contracts
from portal.domain.objectives import actions, service, tree
from portal.domain.objectives.models import Action, Financing, State
from portal.domain.objectives.typed import Typed, TypedAction
from portal.kernel.errors import NotFoundError
from portal.policy.actor import Actor
from tests.factories.world import House

EXPECTED = "La nuit, vous partirez moins souvent aux urgences."
PLAIN = "Un médecin répond la nuit.\n\nVos souhaits sont connus."
TECHNICAL = "Astreinte infirmière de nuit.\n\nDossier de liaison d’urgence."


def a_branch(session: Session, house: House, parent: str | None = None, title: str = "Bien vivre ici") -> str:
    """An orientation, or an objectif stratégique under one; its id."""
    plain = f"Ce que veut dire : {title}."
    return tree.add(session, house["director"].actor, house.contract_id, parent, title, plain)


def typed(**more: object) -> Typed:
    """An objective as somebody types it."""
    values: dict[str, object] = {
        "expected": EXPECTED,
        "title": "Réduire les passages aux urgences",
        "plain": PLAIN,
        "technical": TECHNICAL,
    }
    return Typed(**(values | more))  # type: ignore[arg-type]


def an_objective(session: Session, house: House, who: str = "director", **more: object) -> str:
    """An objective that somebody of the house adds; its id."""
    return service.add(session, house[who].actor, house.contract_id, typed(**more))


def typed_action(**more: object) -> TypedAction:
    """An action as somebody types it."""
    values: dict[str, object] = {
        "label": "Former les équipes de nuit",
        "starts_on": date(2027, 3, 1),
        "ends_on": date(2028, 6, 30),
        "state": State.NOT_STARTED,
        "lead": "la cadre de santé",
        "financing": Financing.FUNDED,
        "funded_until": date(2029, 12, 31),
    }
    return TypedAction(**(values | more))  # type: ignore[arg-type]


def an_action(session: Session, house: House, objective: str, **more: object) -> str:
    """An action that the director adds; its id."""
    return actions.add(session, house["director"].actor, house.contract_id, objective, typed_action(**more))


def version_of(session: Session, objective: str) -> int:
    """The number of the state of an objective."""
    found = contracts.item(session, objective)
    if found is None:
        raise NotFoundError(objective)
    return found.version


def action_version(session: Session, action: str) -> int:
    """The number of the state of an action."""
    return session.get_one(Action, action).version


def some_aims(session: Session, director: Actor) -> dict[str, str]:
    """A line of the tree, an objective and an action, by what addresses call them."""
    contract_id = director.contract_id
    top = tree.add(session, director, contract_id, None, "Bien vivre ici", "Se sentir chez soi.")
    branch = tree.add(session, director, contract_id, top, "Bien dormir", "Dormir tranquille.")
    objective = service.add(session, director, contract_id, typed(branch_id=branch))
    action = actions.add(session, director, contract_id, objective, typed_action())
    return {"branch_id": branch, "objective_id": objective, "action_id": action}
