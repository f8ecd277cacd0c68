"""Reads of the actions of an objective, and of what was told of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from portal.domain.objectives import rules
from portal.domain.objectives.models import Action, Financing, News, Progress, State
from portal.kernel.speech import Sentence

ACTIONS, REMOVED, NEWS = 25, 20, 10


@dataclass(frozen=True, slots=True)
class ActionView:
    """An action as people read it; `adapted` says why its plan was adapted, the last time."""

    id: str
    item_id: str
    number: int
    label: str
    starts_on: date | None
    ends_on: date | None
    state: State
    justification: str
    lead: str
    team: str
    partners: str
    financing: Financing
    funded_until: date | None
    version: int
    removed_at: datetime | None
    removed_by: str
    adapted: str = ""

    @property
    def short(self) -> bool:
        """Whether its money ends before it does, or was not found."""
        return rules.runs_short(self.financing, self.funded_until, self.ends_on)


@dataclass(frozen=True, slots=True)
class NewsView:
    """One line of the history; `action` names the action, empty for the objective itself."""

    id: str
    news: News
    action: str
    state: State | None
    words: str
    was: rules.Plan | None
    was_expected: str
    by_function: str
    at: datetime


def actions(
    session: Session, item_id: str, *, after: int = 0, size: int = ACTIONS
) -> tuple[list[ActionView], int | None]:
    """A page of the actions that stand, and the number of the last one when there are more; one query."""
    why = (
        select(Progress.words)
        .where(Progress.item_id == item_id, Progress.action_id == Action.id, Progress.news == News.ADAPTED)
        .order_by(Progress.at.desc(), Progress.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = select(Action, why).where(
        Action.item_id == item_id, Action.removed_at.is_(None), Action.number > after
    )
    rows = session.execute(query.order_by(Action.number).limit(size + 1)).all()
    found = [action_view(row, words or "") for row, words in rows[:size]]
    return found, found[-1].number if len(rows) > size else None


def removed(session: Session, item_id: str) -> list[ActionView]:
    """The actions that were taken away, the latest first, twenty at most; one query."""
    query = select(Action).where(Action.item_id == item_id, Action.removed_at.is_not(None))
    rows = session.scalars(query.order_by(Action.removed_at.desc(), Action.number).limit(REMOVED))
    return [action_view(one) for one in rows]


def action(session: Session, item_id: str, action_id: str) -> ActionView | None:
    """One action of an objective, taken away or not; one query."""
    row = session.scalar(select(Action).where(Action.id == action_id, Action.item_id == item_id))
    return None if row is None else action_view(row)


def years(session: Session, item_id: str, first: int, last: int) -> dict[int, int]:
    """How many actions that stand run in each year of the contract; one query."""
    dates = session.execute(
        select(Action.starts_on, Action.ends_on).where(
            Action.item_id == item_id, Action.removed_at.is_(None), Action.state != State.DROPPED
        )
    )
    return rules.calendar(((start, end) for start, end in dates), first, last)


def history(
    session: Session, item_id: str, *, before: str | None = None, size: int = NEWS
) -> tuple[list[NewsView], str | None]:
    """What was told of an objective and its actions, the latest first, and the last one's id when there are more."""
    query = (
        select(Progress, Action.number, Action.label)
        .outerjoin(Action, Action.id == Progress.action_id)
        .where(Progress.item_id == item_id)
        .order_by(Progress.at.desc(), Progress.id.desc())
    )
    start = session.get(Progress, before) if before else None
    if start is not None and start.item_id == item_id:
        query = query.where(tuple_(Progress.at, Progress.id) < tuple_(start.at, start.id))
    rows = session.execute(query.limit(size + 1)).all()
    found = [_news(row, label) for row, _number, label in rows[:size]]
    return found, found[-1].id if len(rows) > size else None


def action_view(row: Action, adapted: str = "") -> ActionView:
    """An action as people read it."""
    return ActionView(
        row.id,
        row.item_id,
        row.number,
        row.label,
        row.starts_on,
        row.ends_on,
        row.state,
        row.justification,
        row.lead,
        row.team,
        row.partners,
        row.financing,
        row.funded_until,
        row.version,
        row.removed_at,
        Sentence(row.removed_by),
        adapted,
    )


def _news(row: Progress, label: str | None) -> NewsView:
    adapted = row.action_id is not None and row.news is News.ADAPTED
    was = None
    if adapted:
        was = rules.Plan(
            row.was_label,
            row.was_starts_on,
            row.was_ends_on,
            row.was_financing or Financing.UNKNOWN,
            row.was_funded_until,
        )
    return NewsView(
        row.id,
        row.news,
        label or "",
        row.state,
        row.words,
        was,
        row.was_label if row.action_id is None else "",
        Sentence(row.by_function),
        row.at,
    )
