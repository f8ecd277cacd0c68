"""The only hand that writes the journal and the counters of its audiences."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from portal.domain.facts import QUIET
from portal.domain.journal import rules, statements
from portal.kernel import clock
from portal.kernel.units import LATE
from portal.vocabulary import Audience

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection
    from sqlalchemy.orm import Session

    from portal.domain.facts import Fact
    from portal.kernel.prepared import Statement

# Where a session notes the contracts it has locked.
HELD = "held_contracts"


def hold(session: Session, *contract_ids: str) -> None:
    """Lock contracts until COMMIT, in the order of their ids: nobody else decides on them meanwhile.

    Call it first in a unit of work, before reading what it decides on. On SQLite, where one
    unit runs at a time, it only notes that it was called.
    """
    held = session.info.setdefault(HELD, set())
    for contract_id in sorted({*contract_ids} - held):
        if session.get_bind().dialect.name == "postgresql":
            statements.HOLD.rows(session, contract_id=contract_id)
        held.add(contract_id)


def append(session: Session, fact: Fact) -> int:
    """Write one line at the end of the contract's chain, and one frame per audience.

    Call it last in a unit of work that holds the contract. Returns the number of the chain's last line:
    of this one, unless the fact is quiet and waits for the line of its day.
    """
    session.flush()
    if fact.contract_id not in session.info.get(HELD, ()):
        session.info[LATE] = session.info.get(LATE, 0) + 1
        hold(session, fact.contract_id)
    connection = session.connection()
    quiet = fact.kind in QUIET
    place = _next(connection, fact.contract_id, statements.NEXT_TICK if quiet else statements.NEXT_SEQ)
    if quiet:
        _write_quiet(connection, fact, place)
    else:
        _write_line(connection, fact, place)
    heard_by = audiences(fact)
    if heard_by:
        _tell(connection, fact, place.tick, heard_by)
    return place.seq


def append_all(session: Session, facts: Iterable[Fact]) -> list[int]:
    """Write several lines, in order; returns their numbers."""
    return [append(session, fact) for fact in facts]


def audiences(fact: Fact) -> list[str]:
    """The stored names of the audiences that hear a fact; none outside a space."""
    if fact.space_id is None:
        return []
    names = [_stored_name(audience, fact.author_id) for audience in fact.kind.audiences]
    return [name for name in names if name is not None]


def author_audience(participant_id: str) -> str:
    """The stored name of a participant's own audience."""
    return f"{Audience.AUTHOR.value}:{participant_id}"


def _stored_name(audience: Audience, author_id: str | None) -> str | None:
    if audience is not Audience.AUTHOR:
        return audience.value
    return None if author_id is None else author_audience(author_id)


class _Place(NamedTuple):
    """Where a chain stands: its last line, what happened last, and the hash that comes before."""

    seq: int
    tick: int
    head: str


def _next(connection: Connection, contract_id: str, taking: Statement) -> _Place:
    rows = taking.run(connection, {"contract": contract_id})
    if not rows:
        head = rules.genesis(contract_id)
        statements.FIRST_HEAD.run(
            connection, {"contract_id": contract_id, "seq": 0, "ticks": 0, "head": head}
        )
        rows = taking.run(connection, {"contract": contract_id})
    return _Place(*rows[0])


def _said(fact: Fact, salt: bytes) -> dict[str, str]:
    """What a line says of a fact, by the names of its columns."""
    return {
        "contract_id": fact.contract_id,
        "at": rules.moment_text(clock.now(), fact.kind.precision),
        "kind": fact.kind.value,
        "group_": fact.group.value if fact.group is not None else "",
        "object": fact.object_id,
        "digest": rules.seal(salt, fact.content),
        "commit": rules.seal(salt, fact.participant_id),
    }


def _write_line(connection: Connection, fact: Fact, place: _Place) -> None:
    salt = rules.new_salt()
    said, veil = _said(fact, salt), rules.veil(salt)
    line = rules.Line(seq=place.seq, veil=veil, **{name.rstrip("_"): value for name, value in said.items()})
    hashed = rules.line_hash(line, place.head)
    statements.ADD_LINE.run(connection, {**said, "seq": place.seq, "hash": hashed, "veil": veil})
    contract = {"contract_id": fact.contract_id}
    statements.ADD_SALT.run(connection, {**contract, "seq": place.seq, "salt": salt})
    statements.MOVE_HEAD.run(connection, {"contract": fact.contract_id, "hash": hashed})


def _write_quiet(connection: Connection, fact: Fact, place: _Place) -> None:
    salt = rules.new_salt()
    statements.ADD_QUIET.run(connection, {**_said(fact, salt), "tick": place.tick})
    contract = {"contract_id": fact.contract_id}
    statements.ADD_QUIET_SALT.run(connection, {**contract, "tick": place.tick, "salt": salt})


def _tell(connection: Connection, fact: Fact, tick: int, heard_by: list[str]) -> None:
    places: dict[str, object] = {f"audience{i}": name for i, name in enumerate(heard_by)}
    raised = statements.count_frames(len(heard_by)).run(connection, {"space_id": fact.space_id, **places})
    counts = {row[0]: row[1] for row in raised}
    cursors = {f"cursor{i}": counts[name] for i, name in enumerate(heard_by)}
    statements.add_frames(len(heard_by)).run(
        connection,
        {
            "space_id": fact.space_id,
            "contract_id": fact.contract_id,
            "tick": tick,
            "kind": fact.kind.value,
            "object": fact.object_id,
            **places,
            **cursors,
        },
    )
