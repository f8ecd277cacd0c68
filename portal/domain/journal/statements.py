"""The few statements that every line of the journal needs."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Executable, bindparam, column, insert, select, table, update
from sqlalchemy.dialects import postgresql, sqlite

from portal.domain.journal.models import (
    AudienceCursor,
    AudienceFrame,
    JournalHead,
    JournalLine,
    JournalSalt,
    QuietLine,
    QuietSalt,
)
from portal.kernel.prepared import Statement

_UPSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_OF_CONTRACT = update(JournalHead).where(JournalHead.contract_id == bindparam("contract"))

_CONTRACT = table("contract", column("id"))

# Locks a contract; rows that point at it may still be written.
HOLD = Statement(
    select(_CONTRACT.c.id).where(_CONTRACT.c.id == bindparam("contract_id")).with_for_update(key_share=True)
)
# Takes the next number and the next tick of `contract`: returns them with the head before.
NEXT_SEQ = Statement(
    _OF_CONTRACT.values(seq=JournalHead.seq + 1, ticks=JournalHead.ticks + 1).returning(
        JournalHead.seq, JournalHead.ticks, JournalHead.head
    )
)
# Takes the next tick alone, for what waits for the line of the day.
NEXT_TICK = Statement(
    _OF_CONTRACT.values(ticks=JournalHead.ticks + 1).returning(
        JournalHead.seq, JournalHead.ticks, JournalHead.head
    )
)
# Begins a chain, unless another unit has just done it.
FIRST_HEAD = Statement(lambda dialect: _UPSERT[dialect](JournalHead).on_conflict_do_nothing())
# Makes `hash` the head of `contract`.
MOVE_HEAD = Statement(_OF_CONTRACT.values(head=bindparam("hash")))
# A line, by the names of its columns, and its salt.
ADD_LINE, ADD_SALT = Statement(insert(JournalLine)), Statement(insert(JournalSalt))
ADD_QUIET, ADD_QUIET_SALT = Statement(insert(QuietLine)), Statement(insert(QuietSalt))


@cache
def count_frames(audiences: int) -> Statement:
    """Raises the counters of `space_id` for `audience0`…; returns audience and new count."""
    first = [
        {"space_id": bindparam("space_id"), "audience": bindparam(f"audience{i}"), "count": 1}
        for i in range(audiences)
    ]
    place, raised = ["space_id", "audience"], {"count": AudienceCursor.count + 1}

    def counted(dialect: str) -> Executable:
        upsert: Executable = (
            _UPSERT[dialect](AudienceCursor)
            .values(first)
            .on_conflict_do_update(index_elements=place, set_=raised)
            .returning(AudienceCursor.audience, AudienceCursor.count)
        )
        return upsert

    return Statement(counted)


@cache
def add_frames(audiences: int) -> Statement:
    """Inserts the frames of a line for `audience0`/`cursor0`…"""
    shared: dict[str, Any] = {
        name: bindparam(name) for name in ("space_id", "contract_id", "tick", "kind", "object")
    }
    frames = [
        {**shared, "audience": bindparam(f"audience{i}"), "cursor": bindparam(f"cursor{i}")}
        for i in range(audiences)
    ]
    return Statement(insert(AudienceFrame).values(frames))
