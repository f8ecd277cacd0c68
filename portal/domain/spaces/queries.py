"""Reads about spaces: the state that rights depend on, lists for pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, column, select, table, union_all
from sqlalchemy.orm import Session

from portal.domain.involvement import queries as involvement
from portal.domain.involvement.models import Involvement
from portal.domain.involvement.rules import Record, coming, in_force
from portal.domain.spaces import rules
from portal.domain.spaces.models import Space, SpaceItem
from portal.kernel.prepared import Statement, among
from portal.policy.targets import SpaceTarget
from portal.vocabulary import Group, ModerationMode, Phase, SpaceObject


@dataclass(frozen=True, slots=True)
class SpaceView:
    """A space as pages show it; `phase` is the phase in force now."""

    id: str
    contract_id: str
    object: SpaceObject
    question: str
    introduction: str
    opens_at: datetime
    ends_at: datetime
    answer_days: int
    moderation: ModerationMode
    phase: Phase
    pause_reason: str
    broken_promise: str
    version: int
    epoch: int
    target: SpaceTarget
    coming: Mapping[Group, Record]
    promise_note: str
    closed_at: datetime | None = None
    announced_until: datetime | None = None
    end_reason: str = ""


# Contributions and surveys stand above spaces: of theirs only whether somebody wrote one is read.
_CONTRIBUTION = table("contribution", column("space_id"))
_SURVEY = table("survey", column("id"), column("space_id"))
_SHEET = table("survey_sheet", column("survey_id"))
_spaces = Space.__table__
_SPACE = Statement(
    select(_spaces, *(column.label(f"record_{column.name}") for column in involvement.RECORD))
    .outerjoin_from(
        _spaces,
        Involvement.__table__,
        involvement.concerning(_spaces.c.contract_id, _spaces.c.id),
    )
    .where(_spaces.c.id == bindparam("space_id"))
)
_HAS_ITEM = Statement(
    select(SpaceItem.__table__.c.position).where(
        SpaceItem.__table__.c.space_id == bindparam("space_id"),
        SpaceItem.__table__.c.item_id == bindparam("item_id"),
    )
)


def view(session: Session, space_id: str, at: datetime) -> SpaceView | None:
    """The space with its levels in force; one query."""
    found = _SPACE.rows(session, space_id=space_id)
    if not found:
        return None
    space = found[0]
    known = involvement.of_rows(row[-len(involvement.RECORD) :] for row in found if row.record_group_)
    return _view(space, known, at)


def view_of(session: Session, space: Space, at: datetime) -> SpaceView:
    """The same for a row already read."""
    return _view(space, involvement.records(session, space.contract_id, space.id), at)


def target(session: Session, space_id: str, at: datetime) -> SpaceTarget | None:
    """What `permits` needs to decide about a space."""
    found = view(session, space_id, at)
    return None if found is None else found.target


def of_contracts(
    session: Session,
    contract_ids: list[str],
    at: datetime,
    *,
    records: involvement.Records | None = None,
) -> list[SpaceView]:
    """Every space of several contracts in two queries, oldest first; one when `records` of levels are known."""
    spaces = list(
        session.scalars(
            select(Space).where(Space.contract_id.in_(contract_ids)).order_by(Space.created_at, Space.id)
        )
    )
    if records is None:
        records = involvement.by_space(session, contract_ids)
    views = []
    for space in spaces:
        known = records.get((space.contract_id, None), []) + records.get((space.contract_id, space.id), [])
        views.append(_view(space, known, at))
    return views


def item_ids(session: Session, space_id: str) -> list[str]:
    """The items of a space, in order."""
    query = select(SpaceItem.item_id).where(SpaceItem.space_id == space_id).order_by(SpaceItem.position)
    return list(session.scalars(query))


def chosen(space_id: str, item_id: str | None = None) -> Select[str]:
    """What selects the items of a space (or this one, if it is among them), for `contracts.items`."""
    query = select(SpaceItem.item_id).where(SpaceItem.space_id == space_id)
    return query if item_id is None else query.where(SpaceItem.item_id == item_id)


def has_item(session: Session, space_id: str, item_id: str) -> bool:
    """Whether the item is put to people in this space."""
    return _HAS_ITEM.first(session, space_id=space_id, item_id=item_id) is not None


def written(session: Session, space_id: str) -> bool:
    """Whether somebody wrote there already, whatever became of the words; one query.

    The answers to a short survey of the space are words too, also once they lost their author.
    """
    said = select(_CONTRIBUTION.c.space_id).where(_CONTRIBUTION.c.space_id == space_id)
    answered = (
        select(_SURVEY.c.space_id)
        .join_from(_SURVEY, _SHEET, _SHEET.c.survey_id == _SURVEY.c.id)
        .where(_SURVEY.c.space_id == space_id)
    )
    return session.scalar(union_all(said, answered).limit(1)) is not None


def having(session: Session, item_ids: Sequence[str]) -> list[tuple[str, str]]:
    """Which spaces put these items to people: pairs of space and item; one query."""
    query = select(SpaceItem.space_id, SpaceItem.item_id).where(SpaceItem.item_id.in_(item_ids))
    return [(space, item) for space, item in session.execute(query.order_by(SpaceItem.space_id))]


def of_item(session: Session, item_id: str) -> list[str]:
    """The spaces that put this item to people."""
    query = select(SpaceItem.space_id).where(SpaceItem.item_id == item_id).order_by(SpaceItem.space_id)
    return list(session.scalars(query))


_EPOCHS = Statement(
    lambda dialect: select(_spaces.c.id, _spaces.c.epoch).where(among(dialect, _spaces.c.id)),
)


def epochs(session: Session, space_ids: list[str]) -> dict[str, int]:
    """The current epoch of each space."""
    return {row.id: row.epoch for row in _EPOCHS.rows(session, ids=space_ids)}


def _view(space: Any, known: list[Record], at: datetime) -> SpaceView:
    phase = rules.phase_at(space.phase, space.opens_at, space.ends_at, at)
    return SpaceView(
        id=space.id,
        contract_id=space.contract_id,
        object=space.object,
        question=space.question,
        introduction=space.introduction,
        opens_at=space.opens_at,
        ends_at=space.ends_at,
        answer_days=space.answer_days,
        moderation=space.moderation,
        phase=phase,
        pause_reason=space.pause_reason,
        broken_promise=space.broken_promise,
        version=space.version,
        epoch=space.epoch,
        target=SpaceTarget(
            space.contract_id, space.id, phase, in_force(known, at), space.authorities_read_words
        ),
        coming=coming(known, at),
        promise_note=space.promise_note,
        closed_at=space.closed_at,
        announced_until=space.announced_until,
        end_reason=space.end_reason,
    )
