"""Verbs of the engagements de participation: records are only added."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.domain.facts import Fact, FactKind
from portal.domain.involvement import queries, rules
from portal.domain.involvement.models import Involvement
from portal.domain.journal import epochs
from portal.domain.journal import service as journal
from portal.domain.participants.queries import function_of
from portal.kernel import clock, reasons
from portal.kernel.speech import say
from portal.policy.actor import Actor
from portal.vocabulary import Group, Level

# A job holds few contracts at a time: people write meanwhile.
CONTRACTS_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class NewLevel:
    """A level asked for one group, in one space."""

    group: Group
    level: Level | None
    reason: str = ""
    effective_at: datetime | None = None


def record(
    session: Session,
    person: Actor,
    contract_id: str,
    space_id: str | None,
    command: NewLevel,
    *,
    at: datetime | None = None,
) -> Involvement:
    """Record a level; raising counts now, lowering after at least seven days.

    Errors: InvalidError when nothing changes, a lowering has no reason, or the day comes too early.
    """
    now = at or clock.now()
    known = queries.records(session, contract_id, space_id or "")
    current = rules.in_force(known, now).get(command.group)
    planned = rules.coming(known, now).get(command.group)
    rules.check_record(current, command.level, command.reason, planned=planned is not None)
    rules.check_day(current, command.level, command.effective_at, now)
    # The same level again only gives up what was planned: at once, whatever day was asked.
    same = command.level == current
    effective = now if same else rules.effective_date(current, command.level, command.effective_at, now)
    if not same:
        rules.check_moved(planned, command.level, effective, command.reason)
    row = Involvement(
        contract_id=contract_id,
        space_id=space_id,
        group=command.group,
        level=command.level,
        effective_at=effective,
        recorded_at=now,
        by_participant=person.participant_id,
        by_function=function_of(person),
        reason=reasons.check(command.reason.strip(), "reason"),
        applied=effective <= now,
    )
    session.add(row)
    session.flush()
    kind = FactKind.LEVEL_EFFECTIVE if row.applied else FactKind.LEVEL_RECORDED
    _tell(session, kind, row, person)
    return row


def set_first(
    session: Session,
    person: Actor | None,
    contract_id: str,
    space_id: str | None,
    levels: Mapping[Group, Level | None],
    *,
    why: Mapping[Group, str] | None = None,
    at: datetime | None = None,
) -> None:
    """Record the levels with which a contract or a space begins, and why, where it is told.

    Errors: InvalidError (`reason`).
    """
    now = at or clock.now()
    for group, level in levels.items():
        row = Involvement(
            contract_id=contract_id,
            space_id=space_id,
            group=group,
            level=level,
            effective_at=now,
            recorded_at=now,
            by_participant=person.participant_id if person else None,
            by_function=function_of(person) if person else say("l’organisme gestionnaire"),
            reason=reasons.check((why or {}).get(group, ""), "reason") if level is not None else "",
            applied=True,
        )
        session.add(row)
        session.flush()
        journal.append(session, _fact(FactKind.LEVEL_EFFECTIVE, row, space_id, person))


def apply_due(session: Session, at: datetime) -> bool:
    """Tell the records whose date has come; True when something was done."""
    is_due = (Involvement.applied.is_(False), Involvement.effective_at <= at)
    concerned = select(Involvement.contract_id).where(*is_due).distinct().limit(CONTRACTS_AT_ONCE)
    contract_ids = list(session.scalars(concerned))
    journal.hold(session, *contract_ids)
    due = list(
        session.scalars(
            select(Involvement)
            .where(Involvement.contract_id.in_(contract_ids), *is_due)
            .order_by(Involvement.contract_id, Involvement.effective_at)
            .limit(100)
        )
    )
    for row in due:
        row.applied = True
        session.flush()
        if not _replaced(session, row):
            _tell(session, FactKind.LEVEL_EFFECTIVE, row, None)
    return bool(due)


def _replaced(session: Session, row: Involvement) -> bool:
    """Whether a later decision for the same group and place took this one's place."""
    later = select(Involvement.id).where(
        Involvement.contract_id == row.contract_id,
        Involvement.space_id.is_(None) if row.space_id is None else Involvement.space_id == row.space_id,
        Involvement.group == row.group,
        Involvement.recorded_at > row.recorded_at,
        or_(Involvement.recorded_at < row.effective_at, Involvement.effective_at <= row.effective_at),
    )
    return session.scalar(later.limit(1)) is not None


def _tell(session: Session, kind: FactKind, row: Involvement, person: Actor | None) -> None:
    spaces: list[str | None] = [*_spaces(session, row.contract_id, row.space_id)]
    for space_id in spaces or [None]:
        journal.append(session, _fact(kind, row, space_id, person))


def _spaces(session: Session, contract_id: str, space_id: str | None) -> list[str]:
    """The spaces whose rooms a record concerns; their epoch is raised."""
    if space_id is None:
        return epochs.raise_epochs_of(session, contract_id)
    epochs.raise_epoch(session, space_id)
    return [space_id]


def _fact(kind: FactKind, row: Involvement, space_id: str | None, person: Actor | None) -> Fact:
    return Fact(
        kind,
        row.contract_id,
        row.id,
        group=row.group,
        participant_id=person.participant_id if person else None,
        content=f"{row.group.value} {int(row.level or 0)} {row.effective_at.isoformat()} {row.reason}",
        space_id=space_id,
    )
