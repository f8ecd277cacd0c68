"""What pages and the relay read of the journal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, bindparam, select

from portal.domain.facts import FactKind
from portal.domain.journal.models import AudienceCursor, AudienceFrame, JournalHead
from portal.kernel.prepared import Statement
from portal.vocabulary import Audience

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.orm import Session

FACTS = {kind.value: kind for kind in FactKind}

# What happened has at most one frame per audience.
FRAMES_PER_TICK = len(Audience)


_FRAME = AudienceFrame.__table__.c
_FRAMES = select(
    _FRAME.space_id,
    _FRAME.audience,
    _FRAME.cursor,
    _FRAME.contract_id,
    _FRAME.seq.label("tick"),
    _FRAME.kind,
    _FRAME.object,
).limit(bindparam("most", type_=Integer))
_AFTER = Statement(
    _FRAMES.where(_FRAME.contract_id == bindparam("contract"), _FRAME.seq > bindparam("after")).order_by(
        _FRAME.seq, _FRAME.space_id, _FRAME.audience
    )
)
_OF_AUDIENCE = Statement(
    _FRAMES.where(
        _FRAME.space_id == bindparam("space"),
        _FRAME.audience == bindparam("told"),
        _FRAME.cursor > bindparam("after"),
    ).order_by(_FRAME.cursor)
)
_HEADS = Statement(select(JournalHead.contract_id, JournalHead.ticks).order_by(JournalHead.contract_id))


@dataclass(frozen=True, slots=True)
class FrameRow:
    """What an audience was told of one thing that happened, to be rendered when it is sent."""

    space_id: str
    audience: str
    cursor: int
    contract_id: str
    tick: int
    kind: FactKind
    object: str


def advanced(session: Session, known: Mapping[str, int]) -> dict[str, int]:
    """The contracts where more happened than `known` says (an absent one counts as 0), with their last tick.

    `advanced(session, {})` tells where every contract stands: what a relay that starts knows.
    """
    rows = _HEADS.rows(session)
    return {row.contract_id: row.ticks for row in rows if row.ticks > known.get(row.contract_id, 0)}


def frames_after(session: Session, contract_id: str, tick: int, limit: int) -> list[FrameRow]:
    """The frames of what happened after `tick`, in that order.

    About `limit` frames: those of one tick are never parted, so that asking again after the
    last one given misses none.
    """
    found = _AFTER.rows(session, contract=contract_id, after=tick, most=limit + FRAMES_PER_TICK - 1)
    rows = _rows(found)
    kept = rows[:limit]
    return kept + [row for row in rows[limit:] if kept and row.tick == kept[-1].tick]


def cursors(session: Session, space_id: str, audiences: Iterable[str]) -> dict[str, int]:
    """How many frames each of these audiences of a space has had; 0 when none."""
    wanted = list(audiences)
    rows = session.execute(
        select(AudienceCursor.audience, AudienceCursor.count).where(
            AudienceCursor.space_id == space_id, AudienceCursor.audience.in_(wanted)
        )
    )
    return {**dict.fromkeys(wanted, 0), **{row.audience: row[1] for row in rows}}


def audience_frames(session: Session, space_id: str, audience: str, after: int, limit: int) -> list[FrameRow]:
    """The frames of one audience that follow its cursor `after`, in order, `limit` at most.

    Old frames are removed: when the first one is not `after` + 1, the rest is gone.
    """
    return _rows(_OF_AUDIENCE.rows(session, space=space_id, told=audience, after=after, most=limit))


def _rows(found: Iterable[Sequence[Any]]) -> list[FrameRow]:
    return [
        FrameRow(space_id, audience, cursor, contract_id, tick, FACTS[kind], object_id)
        for space_id, audience, cursor, contract_id, tick, kind, object_id in found
    ]
