"""Reads of the engagements de participation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from portal.domain.involvement.models import Involvement
from portal.domain.involvement.rules import Record, given_up, in_force, moved_from
from portal.kernel.prepared import Statement
from portal.kernel.speech import Sentence
from portal.vocabulary import Group, Level


@dataclass(frozen=True, slots=True)
class RecordView:
    """One record as a page shows it."""

    group: Group
    level: Level | None
    effective_at: datetime
    recorded_at: datetime
    by_function: str
    reason: str
    space_id: str | None
    id: str = ""

    @property
    def for_space(self) -> bool:
        """Whether it is about one space, or the whole contract."""
        return self.space_id is not None


@dataclass(frozen=True, slots=True)
class Standing:
    """What became of a record: it is to come, or never came true; `moved_from` when it moves a planned day."""

    coming: bool = False
    given_up: bool = False
    moved_from: datetime | None = None


def standing(record: RecordView, history: Iterable[RecordView], at: datetime) -> Standing:
    """What became of a record of a contract, at `at`: of several about one place the last decision counts."""
    beside = [one for one in history if one.space_id == record.space_id]
    lost = given_up(record, beside)
    return Standing(not lost and record.effective_at > at, lost, moved_from(record, beside))


_records = Involvement.__table__.c
RECORD = (
    _records.group_,
    _records.level,
    _records.effective_at,
    _records.recorded_at,
    _records.space_id,
    _records.reason,
)


def concerning(contract_id: Any, space_id: Any) -> ColumnElement[bool]:
    """The condition that a record is about a space of a contract, now or later."""
    return and_(
        _records.contract_id == contract_id,
        or_(_records.space_id == space_id, _records.space_id.is_(None)),
    )


_RECORDS = Statement(select(*RECORD).where(concerning(bindparam("contract_id"), bindparam("space_id"))))


def levels(session: Session, contract_id: str, space_id: str, at: datetime) -> dict[Group, Level]:
    """The level in force of each group in a space; groups without record are absent."""
    return in_force(records(session, contract_id, space_id), at)


def records(session: Session, contract_id: str, space_id: str) -> list[Record]:
    """Every record that concerns a space, as rules see it."""
    return of_rows(_RECORDS.rows(session, contract_id=contract_id, space_id=space_id))


def of_rows(rows: Iterable[Sequence[Any]]) -> list[Record]:
    """The same, from rows of `RECORD`."""
    return [
        Record(group, level, effective, recorded, space is not None, reason)
        for group, level, effective, recorded, space, reason in rows
    ]


# The records of several contracts, by (contract, space); None is the contract itself.
Records = dict[tuple[str, str | None], list[Record]]


def by_space(session: Session, contract_ids: list[str]) -> Records:
    """All records of several contracts, by (contract, space)."""
    rows = session.scalars(select(Involvement).where(Involvement.contract_id.in_(contract_ids)))
    found: Records = {}
    for row in rows:
        record = Record(
            row.group, row.level, row.effective_at, row.recorded_at, row.space_id is not None, row.reason
        )
        found.setdefault((row.contract_id, row.space_id), []).append(record)
    return found


def history(session: Session, contract_id: str) -> list[RecordView]:
    """Every record of a contract, the latest first."""
    rows = session.scalars(
        select(Involvement)
        .where(Involvement.contract_id == contract_id)
        .order_by(Involvement.recorded_at.desc(), Involvement.group)
    )
    return [_view(row) for row in rows]


def of_group(session: Session, contract_id: str, space_id: str | None, group: Group) -> list[RecordView]:
    """Every record that counts for a group in a space, or in the whole contract (None), the latest first."""
    rows = session.scalars(
        select(Involvement)
        .where(
            Involvement.contract_id == contract_id,
            Involvement.group == group,
            or_(Involvement.space_id == space_id, Involvement.space_id.is_(None)),
        )
        .order_by(Involvement.recorded_at.desc(), Involvement.effective_at.desc())
    )
    return [_view(row) for row in rows]


def _view(row: Involvement) -> RecordView:
    return RecordView(
        row.group,
        row.level,
        row.effective_at,
        row.recorded_at,
        Sentence(row.by_function),
        row.reason,
        row.space_id,
        row.id,
    )
