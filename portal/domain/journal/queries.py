"""What pages and the relay read of the journal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Select, select

from portal.domain.facts import FactKind
from portal.domain.journal.models import AudienceCursor, AudienceFrame, JournalHead
from portal.vocabulary import Audience

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy.orm import Session

FACTS = {kind.value: kind for kind in FactKind}

# A line has at most one frame per audience.
FRAMES_PER_LINE = len(Audience)


@dataclass(frozen=True, slots=True)
class FrameRow:
    """What an audience was told at one line, to be rendered when it is sent."""

    space_id: str
    audience: str
    cursor: int
    contract_id: str
    seq: int
    kind: FactKind
    object: str


def advanced(session: Session, known: Mapping[str, int]) -> dict[str, int]:
    """The chains longer than `known` says (an absent one counts as 0), with their last number.

    `advanced(session, {})` tells where every chain stands: what a relay that starts knows.
    """
    rows = session.execute(select(JournalHead.contract_id, JournalHead.seq).order_by(JournalHead.contract_id))
    return {row.contract_id: row.seq for row in rows if row.seq > known.get(row.contract_id, 0)}


def frames_after(session: Session, contract_id: str, seq: int, limit: int) -> list[FrameRow]:
    """The frames of the lines after `seq`, in order of lines.

    About `limit` frames: the last line's are never parted, so that asking again after the
    last number given misses none.
    """
    rows = _frames(
        session,
        select(AudienceFrame)
        .where(AudienceFrame.contract_id == contract_id, AudienceFrame.seq > seq)
        .order_by(AudienceFrame.seq, AudienceFrame.space_id, AudienceFrame.audience)
        .limit(limit + FRAMES_PER_LINE - 1),
    )
    kept = rows[:limit]
    return kept + [row for row in rows[limit:] if kept and row.seq == kept[-1].seq]


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
    return _frames(
        session,
        select(AudienceFrame)
        .where(
            AudienceFrame.space_id == space_id,
            AudienceFrame.audience == audience,
            AudienceFrame.cursor > after,
        )
        .order_by(AudienceFrame.cursor)
        .limit(limit),
    )


def _frames(session: Session, statement: Select[AudienceFrame]) -> list[FrameRow]:
    table = AudienceFrame.__table__.c
    columns = (
        table.space_id,
        table.audience,
        table.cursor,
        table.contract_id,
        table.seq,
        table.kind,
        table.object,
    )
    rows = session.execute(statement.with_only_columns(*columns))
    return [
        FrameRow(space_id, audience, cursor, contract_id, seq, FACTS[kind], object_id)
        for space_id, audience, cursor, contract_id, seq, kind, object_id in rows
    ]
