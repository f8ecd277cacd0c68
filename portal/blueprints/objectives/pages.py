"""What the pages of objectives share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from portal import paths
from portal.blueprints._guards import Asked
from portal.domain.contracts import queries as contracts
from portal.domain.indicators import queries as indicators
from portal.domain.indicators import reading
from portal.domain.objectives import queries, told
from portal.domain.objectives.queries import BranchView, SheetView
from portal.domain.objectives.told import ActionView
from portal.domain.spaces import queries as spaces
from portal.extensions import db
from portal.kernel.errors import NotFoundError
from portal.kernel.speech import Sentence
from portal.policy import permits
from portal.policy.permissions import Permission


@dataclass(frozen=True, slots=True)
class Followed:
    """An indicator of the contract beside an objective: its last values and its target, each None without any."""

    id: str
    label: str
    now: Sentence | None
    goal: Sentence | None


@dataclass(frozen=True, slots=True)
class Section:
    """The objectives of this page under one objectif stratégique; both None for those that have no place yet."""

    orientation: BranchView | None
    branch: BranchView | None
    sheets: tuple[SheetView, ...]


def here(asked: Asked) -> str:
    """The objectives of the contract."""
    return f"{paths.contract(asked.contract_id)}/objectifs"


def url(asked: Asked, objective_id: str) -> str:
    """One objective."""
    return f"{here(asked)}/{objective_id}"


def sheet(asked: Asked, objective_id: str) -> SheetView:
    """One objective of the contract, as it is now. Errors: NotFoundError."""
    found = queries.sheet(db.session(), asked.contract_id, objective_id)
    if found is None:
        raise NotFoundError
    return found


def action(asked: Asked, objective_id: str, action_id: str) -> tuple[SheetView, ActionView]:
    """An action with its objective. Errors: NotFoundError."""
    found = sheet(asked, objective_id)
    one = told.action(db.session(), objective_id, action_id)
    if one is None:
        raise NotFoundError
    return found, one


def sections(sheets: Sequence[SheetView], branches: Iterable[BranchView]) -> list[Section]:
    """The objectives of a page under their branches; they come in this order."""
    known = {one.id: one for one in branches}
    found = []
    for branch_id, some in groupby(sheets, key=lambda one: one.branch_id):
        branch = known.get(branch_id or "")
        found.append(Section(known.get(branch.parent_id or "") if branch else None, branch, tuple(some)))
    return found


def talks(asked: Asked, objective_id: str) -> list[tuple[str, str]]:
    """The spaces where people speak of an objective, as far as this person may read: question and address."""
    session = db.session()
    views = spaces.of_contracts(session, [asked.contract_id], asked.now)
    having = {space for space, _item in spaces.having(session, [objective_id])}
    return [
        (one.question, paths.item(one.id, objective_id))
        for one in views
        if one.id in having and permits.allows(asked.actor, Permission.SPACE_READ, one.target)
    ]


def followed(asked: Asked) -> list[tuple[str, str]]:
    """The indicators of the contract that may be chosen, with their names."""
    return [(one.id, one.label) for one in indicators.followed(db.session(), asked.contract_id)]


def measured(asked: Asked, objective_id: str) -> list[Followed]:
    """The indicators of the contract that follow an objective, with their last values; three queries at most."""
    session, place = db.session(), asked.place
    chosen = set(queries.indicator_ids(session, objective_id))
    if not chosen:
        return []
    latest = indicators.latest(session, asked.contract_id, place.id if place else None)
    name = place.name if place else ""
    small = Permission.INDICATOR_READ_SMALL in asked.can
    return [
        Followed(
            one.id,
            one.label,
            reading.brief(one, latest.get(one.id), name, small=small),
            reading.goal(one),
        )
        for one in indicators.followed(session, asked.contract_id)
        if one.id in chosen
    ]


def years(asked: Asked, objective_id: str) -> dict[int, int]:
    """How many actions run in each year of the contract."""
    contract = contracts.contracts(db.session(), [asked.contract_id])[0]
    return told.years(db.session(), objective_id, contract.starts_on.year, contract.ends_on.year)
