"""What a record changed for its group: from what to what, from when, and why."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.domain.involvement.models import Involvement
from portal.domain.involvement.rules import Record, in_force, moved_from
from portal.kernel.dates import day_label
from portal.kernel.speech import Sentence, say
from portal.vocabulary import Group, Level

# Whose level: what follows « le niveau d’implication ».
OF_GROUP = {
    Group.RESIDENTS: say("des résidents et personnes accompagnées"),
    Group.FAMILIES: say("des familles et proches"),
    Group.PROFESSIONALS: say("des professionnels"),
    Group.STAFF_REPS: say("des représentants du personnel"),
    Group.BOARD: say("du conseil d’administration"),
    Group.MANAGEMENT: say("de la direction"),
    Group.AUTHORITIES: say("des autorités"),
}
_INSTANT = timedelta(microseconds=1)
_NO_PART = say("Ne participe pas")


@dataclass(frozen=True, slots=True)
class Change:
    """From what to what a level goes, from when, and why; None where the group does not take part.

    `whole` says that it was recorded for the contract: a space may have its own level. `moved_from` is the
    day that was planned, when nothing else changes.
    """

    record_id: str
    group: Group
    before: Level | None
    after: Level | None
    effective_at: datetime
    recorded_at: datetime
    reason: str
    whole: bool = False
    moved_from: datetime | None = None


def of_records(session: Session, record_ids: Collection[str]) -> dict[str, Change]:
    """What each of these records changed, by its id, in one query; what is lost is absent."""
    if not record_ids:
        return {}
    rows = _records(session, record_ids)
    return {row.id: _change(row, rows) for row in rows if row.id in record_ids}


def sentence(change: Change, *, at_once: bool) -> Sentence:
    """What becomes of the level of a group, said to everybody; when it is not `at_once`, with its day."""
    group, before, after = OF_GROUP[change.group], _words(change.before), _words(change.after)
    if change.before == change.after:
        return say(
            "Le niveau d’implication %(group)s reste « %(level)s ». "
            "Le changement qui était prévu n’aura pas lieu.",
            group=group,
            level=after,
        )
    if at_once:
        return say(
            "Le niveau d’implication %(group)s passe de « %(before)s » à « %(after)s ».",
            group=group,
            before=before,
            after=after,
        )
    if change.moved_from is not None:
        return say(
            "Le niveau d’implication %(group)s passera de « %(before)s » à « %(after)s », "
            "à partir du %(day)s, et non plus du %(was)s.",
            group=group,
            before=before,
            after=after,
            day=day_label(change.effective_at),
            was=day_label(change.moved_from),
        )
    return say(
        "Le niveau d’implication %(group)s passera de « %(before)s » à « %(after)s », à partir du %(day)s.",
        group=group,
        before=before,
        after=after,
        day=day_label(change.effective_at),
    )


def _words(level: Level | None) -> str:
    return _NO_PART if level is None else level.plain


def _records(session: Session, record_ids: Collection[str]) -> list[Involvement]:
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
    waits = record.effective_at > record.recorded_at
    eve = record.effective_at - _INSTANT if waits else record.recorded_at
    # What it gives up never counts: it is among the records that say what was in force on its eve.
    before = in_force([*earlier, _as_rule(record)] if waits else earlier, eve).get(record.group)
    return Change(
        record.id,
        record.group,
        before,
        record.level,
        record.effective_at,
        record.recorded_at,
        record.reason,
        record.space_id is None,
        moved_from(_as_rule(record), earlier),
    )


def _counted_before(one: Involvement, record: Involvement) -> bool:
    return (
        one.contract_id == record.contract_id
        and one.group is record.group
        and one.space_id in (record.space_id, None)
        and one.recorded_at < record.recorded_at
    )


def _as_rule(row: Involvement) -> Record:
    return Record(row.group, row.level, row.effective_at, row.recorded_at, row.space_id is not None)
