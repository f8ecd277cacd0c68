"""What a block of the trame of a contract says, read as versions from the ones that the block keeps itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.domain.trames.models import BlockText
from portal.domain.versions.keeping import Kept, Piece
from portal.domain.versions.queries import PAGE, VersionView
from portal.domain.versions.shapes import Field, Shape
from portal.kernel.speech import Sentence, say

BLOCK = (Field("source", say("Le texte de ce bloc"), Shape.TEXT),)


def block(session: Session, piece: Piece) -> Kept | None:
    """What a block says now; None when nothing was ever written there."""
    row = session.scalar(_of(piece).order_by(BlockText.number.desc()).limit(1))
    return None if row is None else Kept(row.number, row.title, {"source": row.source})


def history(
    session: Session, piece: Piece, *, before: int | None = None, size: int = PAGE
) -> list[VersionView]:
    """The versions of a block, the latest first, only those below `before` when it is given; one query."""
    query = _of(piece)
    if before is not None:
        query = query.where(BlockText.number < before)
    return _views(session.scalars(query.order_by(BlockText.number.desc()).limit(size)).all())


def numbered(session: Session, piece: Piece, numbers: Iterable[int]) -> list[VersionView]:
    """Some versions of a block, the earliest first; one query."""
    query = _of(piece).where(BlockText.number.in_(set(numbers))).order_by(BlockText.number)
    return _views(session.scalars(query).all())


def _of(piece: Piece) -> Select[BlockText]:
    return select(BlockText).where(BlockText.contract_id == piece.contract_id, BlockText.block_id == piece.id)


def _views(rows: Sequence[BlockText]) -> list[VersionView]:
    return [
        VersionView(
            row.number,
            row.number,
            row.title,
            Sentence(row.by_function),
            row.at,
            row.reason,
            row.restores,
            {"source": row.source},
        )
        for row in rows
    ]
