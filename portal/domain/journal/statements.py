"""The few statements that every line of the journal needs, compiled once per database.

Appending is on the path of every act: compiled text goes straight to the driver, for a
third of the usual cost. All values here are plain text, numbers and bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Executable, bindparam, insert, update
from sqlalchemy.dialects import postgresql, sqlite

from portal.domain.journal.models import AudienceCursor, AudienceFrame, JournalHead, JournalLine, JournalSalt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.sql.compiler import SQLCompiler

# (dialect name, number of audiences) -> statement
Build = Callable[[str, int], Executable]

_UPSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_compiled: dict[tuple[Build, str, int], SQLCompiler] = {}


def run(
    connection: Connection, build: Build, values: Mapping[str, object], audiences: int = 1
) -> Sequence[Sequence[Any]]:
    """Execute one of the statements below with its values by name; returns its rows."""
    dialect = connection.dialect
    key = (build, dialect.name, audiences)
    compiled = _compiled.get(key)
    if compiled is None:
        made = build(dialect.name, audiences).compile(dialect=dialect)  # type: ignore[attr-defined]
        compiled = _compiled[key] = made
    named = {**compiled.params, **values}
    order = compiled.positiontup
    ready = named if order is None else tuple([named[name] for name in order])
    result = connection.exec_driver_sql(compiled.string, ready)
    return result.all() if result.returns_rows else ()


def next_seq(_dialect: str, _audiences: int) -> Executable:
    """Take the next number of `contract`: returns it with the head before."""
    following = update(JournalHead).where(JournalHead.contract_id == bindparam("contract"))
    return following.values(seq=JournalHead.seq + 1).returning(JournalHead.seq, JournalHead.head)


def first_head(dialect: str, _audiences: int) -> Executable:
    """Begin a chain, unless another unit has just done it."""
    begun: Executable = _UPSERT[dialect](JournalHead).on_conflict_do_nothing()
    return begun


def move_head(_dialect: str, _audiences: int) -> Executable:
    """Make `hash` the head of `contract`."""
    moved = update(JournalHead).where(JournalHead.contract_id == bindparam("contract"))
    return moved.values(head=bindparam("hash"))


def add_line(_dialect: str, _audiences: int) -> Executable:
    """Insert a line, by the names of its columns."""
    return insert(JournalLine)


def add_salt(_dialect: str, _audiences: int) -> Executable:
    """Insert the salt of a line."""
    return insert(JournalSalt)


def count_frames(dialect: str, audiences: int) -> Executable:
    """Raise the counters of `space` for `audience0`…; returns audience and new count."""
    first = [
        {"space_id": bindparam("space_id"), "audience": bindparam(f"audience{i}"), "count": 1}
        for i in range(audiences)
    ]
    place, raised = ["space_id", "audience"], {"count": AudienceCursor.count + 1}
    counted: Executable = (
        _UPSERT[dialect](AudienceCursor)
        .values(first)
        .on_conflict_do_update(index_elements=place, set_=raised)
        .returning(AudienceCursor.audience, AudienceCursor.count)
    )
    return counted


def add_frames(_dialect: str, audiences: int) -> Executable:
    """Insert the frames of a line for `audience0`/`cursor0`…"""
    shared: dict[str, Any] = {
        name: bindparam(name) for name in ("space_id", "contract_id", "seq", "kind", "object")
    }
    return insert(AudienceFrame).values(
        [
            {**shared, "audience": bindparam(f"audience{i}"), "cursor": bindparam(f"cursor{i}")}
            for i in range(audiences)
        ]
    )
