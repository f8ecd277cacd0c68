"""The only writer of former states: each noun hands over what its piece says, before and after a change."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.participants.queries import function_of
from portal.domain.versions.comparing import changed
from portal.domain.versions.models import PieceKind, PieceVersion
from portal.domain.versions.shapes import Value
from portal.kernel import clock
from portal.policy.actor import Actor

MAX_NAME = 300


@dataclass(frozen=True, slots=True)
class Piece:
    """Which piece of which contract."""

    contract_id: str
    kind: PieceKind
    id: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What a piece says at a version; in `fields` a number stands for the version of a text, which keeps its own words."""

    number: int
    name: str
    fields: Mapping[str, Value | int]


def begin(session: Session, piece: Piece, now: Kept) -> None:
    """Before a change: make sure that what the piece says now will still be known."""
    last = _last(session, piece)
    if last is None or (last.number < now.number and last.fields != _written(now)):
        _add(session, piece, now, last)


def keep(session: Session, person: Actor, piece: Piece, now: Kept, reason: str = "") -> None:
    """After a change: one state more, by the function of the person; nothing when it says the same as before."""
    last = _last(session, piece)
    if last is not None and (last.fields == _written(now) or last.number >= now.number):
        return
    row = _add(session, piece, now, last)
    row.by_participant, row.by_function = person.participant_id, str(function_of(person))
    row.at, row.reason = clock.now(), reason
    session.flush()


def mark_restored(session: Session, piece: Piece, number: int) -> None:
    """The state that was just kept brings this one back."""
    last, former = _last(session, piece), session.get(PieceVersion, (*_key(piece), number))
    if last is not None and former is not None and last.number > number:
        last.restores = former.rank
        session.flush()


def _last(session: Session, piece: Piece) -> PieceVersion | None:
    return session.scalar(
        select(PieceVersion)
        .where(
            PieceVersion.contract_id == piece.contract_id,
            PieceVersion.kind == piece.kind,
            PieceVersion.piece_id == piece.id,
        )
        .order_by(PieceVersion.number.desc())
        .limit(1)
    )


def _add(session: Session, piece: Piece, now: Kept, last: PieceVersion | None) -> PieceVersion:
    before = {} if last is None else json.loads(last.fields)
    row = PieceVersion(
        contract_id=piece.contract_id,
        kind=piece.kind,
        piece_id=piece.id,
        number=now.number,
        rank=1 if last is None else last.rank + 1,
        name=now.name[:MAX_NAME],
        fields=_written(now),
        changed=",".join(changed(list(now.fields), before, now.fields)) if last is not None else "",
        by_function="",
        reason="",
    )
    session.add(row)
    session.flush()
    return row


def _key(piece: Piece) -> tuple[str, PieceKind, str]:
    return piece.contract_id, piece.kind, piece.id


def _written(now: Kept) -> str:
    return json.dumps(dict(now.fields), ensure_ascii=False, sort_keys=True)
