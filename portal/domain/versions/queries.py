"""Reads of the former states that are kept here: those of one piece, the one that somebody had before their eyes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.domain.texts import queries as texts
from portal.domain.versions.keeping import Piece
from portal.domain.versions.models import PieceVersion
from portal.domain.versions.shapes import State
from portal.kernel.speech import Sentence
from portal.vocabulary import Register

PAGE = 10
REGISTERS = {"plain": Register.PLAIN, "technical": Register.TECHNICAL}


@dataclass(frozen=True, slots=True)
class VersionView:
    """One state of a piece; `at` is None for one from before versions were kept, `restores` the rank of the one that it brought back."""

    number: int
    rank: int
    name: str
    by_function: Sentence
    at: datetime | None
    reason: str
    restores: int | None
    state: State


def history(
    session: Session, piece: Piece, *, before: int | None = None, size: int = PAGE
) -> list[VersionView]:
    """States of a piece, the latest first, only those below `before` when it is given; two queries."""
    query = _of(piece)
    if before is not None:
        query = query.where(PieceVersion.number < before)
    return _views(
        session, piece, session.scalars(query.order_by(PieceVersion.number.desc()).limit(size)).all()
    )


def numbered(session: Session, piece: Piece, numbers: Iterable[int]) -> list[VersionView]:
    """Some states of a piece, the earliest first; two queries."""
    query = _of(piece).where(PieceVersion.number.in_(set(numbers))).order_by(PieceVersion.number)
    return _views(session, piece, session.scalars(query).all())


def read_at(session: Session, piece: Piece, number: int) -> State | None:
    """What a piece said to somebody who read this version; None when it is not known; two queries."""
    query = _of(piece).where(PieceVersion.number <= number).order_by(PieceVersion.number.desc()).limit(1)
    found = _views(session, piece, session.scalars(query).all())
    return found[0].state if found else None


def resolved(session: Session, piece_id: str, stored: Sequence[Mapping[str, Any]]) -> list[State]:
    """States with the words of their texts in place of numbers; one query."""
    wanted = {
        (REGISTERS[name], held)
        for fields in stored
        for name, held in fields.items()
        if isinstance(held, int) and name in REGISTERS
    }
    words = texts.sources(session, piece_id, wanted)
    return [
        {
            name: words.get((REGISTERS[name], held), "") if isinstance(held, int) else held
            for name, held in fields.items()
        }
        for fields in stored
    ]


def _of(piece: Piece) -> Select[PieceVersion]:
    return select(PieceVersion).where(
        PieceVersion.contract_id == piece.contract_id,
        PieceVersion.kind == piece.kind,
        PieceVersion.piece_id == piece.id,
    )


def _views(session: Session, piece: Piece, rows: Sequence[PieceVersion]) -> list[VersionView]:
    states = resolved(session, piece.id, [json.loads(row.fields) for row in rows])
    return [
        VersionView(
            row.number, row.rank, row.name, Sentence(row.by_function), row.at, row.reason, row.restores, state
        )
        for row, state in zip(rows, states, strict=True)
    ]
