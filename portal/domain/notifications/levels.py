"""What a level changed: read from the records, never kept in a notice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.domain.facts import FactKind
from portal.domain.involvement.models import Involvement
from portal.domain.involvement.rules import Record, in_force
from portal.domain.notifications.models import Notice
from portal.vocabulary import Level, NoticeKind

_PREFIX = "niveau"


@dataclass(frozen=True, slots=True)
class Change:
    """From what to what a level goes, from when, and why; None where the group does not take part."""

    record_id: str
    before: Level | None
    after: Level | None
    effective_at: datetime
    recorded_at: datetime
    reason: str


def mark(record: Involvement, kind: FactKind) -> str:
    """What notices of a record are known by: it is told when decided, and when it takes effect."""
    return f"{_PREFIX}:{record.id}:{kind.value}"


def changes(session: Session, notices: Iterable[Notice]) -> dict[str, Change]:
    """What each notice of a level tells, by its id, in one query; what is lost is absent."""
    told = {one.id: one.mark.split(":")[1] for one in notices if _is_of_level(one)}
    if not told:
        return {}
    rows = _records(session, set(told.values()))
    by_id = {row.id: row for row in rows}
    return {notice: _change(by_id[record], rows) for notice, record in told.items() if record in by_id}


def _is_of_level(notice: Notice) -> bool:
    return notice.kind is NoticeKind.LEVEL and notice.mark.startswith(f"{_PREFIX}:")


def _records(session: Session, record_ids: set[str]) -> list[Involvement]:
    """These records, and those that say what was in force where they apply."""
    named = Involvement.__table__.alias("named")
    query = (
        select(Involvement)
        .join(
            named,
            (named.c.contract_id == Involvement.contract_id)
            & (named.c.group_ == Involvement.group)
            & or_(Involvement.space_id.is_(None), Involvement.space_id == named.c.space_id),
        )
        .where(named.c.id.in_(record_ids))
        .distinct()
    )
    return list(session.scalars(query))


def _change(record: Involvement, rows: list[Involvement]) -> Change:
    earlier = [_as_rule(one) for one in rows if _counted_before(one, record)]
    planned = in_force(earlier, record.effective_at).get(record.group)
    # The same level as what was planned before it: what people knew until then says more.
    before = planned if planned != record.level else in_force(earlier, record.recorded_at).get(record.group)
    return Change(record.id, before, record.level, record.effective_at, record.recorded_at, record.reason)


def _counted_before(one: Involvement, record: Involvement) -> bool:
    return (
        one.contract_id == record.contract_id
        and one.group is record.group
        and one.space_id in (record.space_id, None)
        and one.recorded_at < record.recorded_at
    )


def _as_rule(row: Involvement) -> Record:
    return Record(row.group, row.level, row.effective_at, row.recorded_at, row.space_id is not None)
