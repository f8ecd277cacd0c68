"""The versions of any piece, wherever its noun keeps them; bringing one back; the latest changes of a whole contract."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Integer, Select, literal, null, select, tuple_, union_all
from sqlalchemy import cast as cast_sql
from sqlalchemy.orm import Session

from portal.domain.means.models import MeansLine, MeansVersion
from portal.domain.texts import negotiated
from portal.domain.texts.negotiated import Negotiated
from portal.domain.texts.negotiated_models import Piece as Words
from portal.domain.trames import block_states
from portal.domain.trames.models import BlockText
from portal.domain.versions import keeping, queries
from portal.domain.versions.comparing import same
from portal.domain.versions.keeping import Kept, Piece
from portal.domain.versions.kinds import KINDS, Return, now
from portal.domain.versions.models import PieceKind, PieceVersion
from portal.domain.versions.names import names, pruned
from portal.domain.versions.queries import PAGE, VersionView
from portal.domain.versions.shapes import State, Value, value
from portal.kernel.columns import Word
from portal.kernel.errors import InvalidError, NotFoundError, StaleError
from portal.kernel.lines import check_reason
from portal.kernel.speech import Sentence, say
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.policy.targets import ContractTarget

MAX_REASON = 300
_TEXTS = {"plain": Words.PLAIN, "technical": Words.TECHNICAL}
# Where the words of a negotiation may be: what the piece is there, and which of its fields.
_AGREED = {
    PieceKind.OBJECTIVE: ("item_id", _TEXTS),
    PieceKind.FINDING: ("item_id", _TEXTS),
    PieceKind.BLOCK: ("block_id", {"source": Words.BLOCK}),
}
LATEST = 20
MOVED_ON = say("Quelqu’un vient d’écrire une autre version. Regardez ce qui serait repris maintenant.")


@dataclass(frozen=True, slots=True)
class Latest:
    """One change of the contract: of which piece, by which function, when, why, in which fields."""

    kind: PieceKind
    piece_id: str
    number: int
    rank: int
    name: str
    at: datetime
    by_function: Sentence
    reason: str
    changed: tuple[str, ...]
    restores: int | None

    @property
    def cursor(self) -> str:
        """How an address names the changes after this one."""
        return f"{self.kind.value}.{self.piece_id}.{self.number}"


def history(
    session: Session, piece: Piece, *, before: int | None = None, size: int = PAGE
) -> list[VersionView]:
    """The versions of a piece, the latest first; two queries at most."""
    store: Any = block_states if piece.kind is PieceKind.BLOCK else queries
    return cast("list[VersionView]", store.history(session, piece, before=before, size=size))


def numbered(session: Session, piece: Piece, numbers: Iterable[int]) -> list[VersionView]:
    """Some versions of a piece, the earliest first; two queries at most."""
    store: Any = block_states if piece.kind is PieceKind.BLOCK else queries
    return cast("list[VersionView]", store.numbered(session, piece, numbers))


def read_at(session: Session, piece: Piece, number: int) -> State | None:
    """What a piece said to somebody who read this version; None when it is not known; two queries at most."""
    if piece.kind is not PieceKind.BLOCK:
        return queries.read_at(session, piece, number)
    found = block_states.numbered(session, piece, [number])
    empty: State | None = {} if number == 0 else None
    return found[0].state if found else empty


def words_now(session: Session, piece: Piece, kept: Kept) -> State:
    """What a piece says now, with the words of its texts."""
    return queries.resolved(session, piece.id, [kept.fields])[0]


def returned(session: Session, piece: Piece, number: int) -> tuple[Kept, State, State]:
    """What a piece says now, in words, and what it would say once a version is brought back.

    What is gone since then is not brought back. Errors: NotFoundError (no such version, or no such piece any more).
    """
    kept, found = now(session, piece), numbered(session, piece, [number])
    if kept is None or not found:
        raise NotFoundError
    kind, current = KINDS[piece.kind], words_now(session, piece, kept)
    known = names(session, piece.contract_id, kind.fields, [found[0].state])
    state = pruned(kind.fields, found[0].state, known)
    by_name = {field.name: field for field in kind.fields}
    state |= {name: value(by_name[name], current) for name in kind.fixed}
    return kept, current, cast("Mapping[str, Value]", state)


def undone(session: Session, piece: Piece, current: State, state: State) -> list[Negotiated]:
    """The words that parties agreed in a negotiation, that stand now and would no longer do once `state` is brought back."""
    about = _AGREED.get(piece.kind)
    if about is None:
        return []
    name, pieces = about
    agreed = negotiated.of_pieces(session, piece.contract_id, **{name: piece.id})
    now, then = (
        {one: str(words.get(field, "")) for field, one in pieces.items()} for words in (current, state)
    )
    return [
        one for one in negotiated.standing(agreed, now) if not negotiated.stands(one.after, then[one.piece])
    ]


def restore(session: Session, person: Actor, piece: Piece, number: int, reason: str, seen: int) -> None:
    """Write a former version once more, as a new one, by the rules of its own noun.

    Errors: RefusedError, NotFoundError, StaleError, InvalidError (`reason`, or without a field).
    """
    target, kind = ContractTarget(piece.contract_id), KINDS[piece.kind]
    permits.require(person, Permission.VERSION_RESTORE, target)
    permits.require(person, kind.permission, target)
    kept, current, state = returned(session, piece, number)
    if kept.number != seen:
        raise StaleError(MOVED_ON, seen=seen, current=kept.number)
    why = check_reason(reason, "reason", MAX_REASON)
    if all(same(value(field, current), value(field, state)) for field in kind.fields):
        raise InvalidError({"reason": [say("Cette version dit la même chose que celle d’aujourd’hui.")]})
    kind.restore(session, Return(person, piece, state, why, seen, number))
    if piece.kind is not PieceKind.BLOCK:
        keeping.mark_restored(session, piece, number)


def latest(
    session: Session,
    contract_id: str,
    *,
    kind: PieceKind | None = None,
    after: str = "",
    size: int = LATEST,
) -> tuple[list[Latest], str | None]:
    """A page of the changes of a contract, the latest first, and the cursor when there are more; two queries at most."""
    every = union_all(*_sources(contract_id, kind)).subquery()
    order = (every.c.at, every.c.kind, every.c.piece_id, every.c.number)
    query = select(every)
    place = _place(after)
    if place is not None:
        at = session.scalar(select(every.c.at).where(_is(every.c, place)).limit(1))
        if at is not None:
            query = query.where(tuple_(*order) < tuple_(at, *place))
    query = query.order_by(*(one.desc() for one in order)).limit(size + 1)
    found = [
        Latest(
            row.kind,
            row.piece_id,
            row.number,
            row.rank,
            row.name,
            row.at,
            Sentence(row.by_function),
            row.reason,
            tuple(name for name in row.changed.split(",") if name),
            row.restores,
        )
        for row in session.execute(query)
    ]
    return found[:size], found[size - 1].cursor if len(found) > size else None


def _place(cursor: str) -> tuple[PieceKind, str, int] | None:
    kind, _dot, rest = cursor.partition(".")
    piece_id, _dot, number = rest.partition(".")
    known = next((one for one in PieceKind if one.value == kind), None)
    if known is None or not (number.isascii() and number.isdigit() and len(number) < 10):  # noqa: PLR2004 — a version
        return None
    return known, piece_id, int(number)


def _is(columns: Any, place: tuple[PieceKind, str, int]) -> ColumnElement[bool]:
    kind, piece_id, number = place
    return cast(
        "ColumnElement[bool]",
        (columns.kind == kind) & (columns.piece_id == piece_id) & (columns.number == number),
    )


def _sources(contract_id: str, kind: PieceKind | None) -> list[Select[Any]]:
    """Where versions of this kind are kept, or all of them: here, or by the noun itself."""
    kept: Any = select(
        PieceVersion.kind,
        PieceVersion.piece_id,
        PieceVersion.number,
        PieceVersion.rank,
        PieceVersion.name,
        PieceVersion.at,
        PieceVersion.by_function,
        PieceVersion.reason,
        PieceVersion.changed,
        PieceVersion.restores,
    ).where(PieceVersion.contract_id == contract_id, PieceVersion.at.is_not(None))
    blocks, lines = [_blocks(contract_id)], [_lines(contract_id), _former_lines(contract_id)]
    if kind is None:
        return [kept, *blocks, *lines]
    own = {PieceKind.BLOCK: blocks, PieceKind.MEANS: lines}
    return own.get(kind, [kept.where(PieceVersion.kind == kind)])


def _blocks(contract_id: str) -> Select[Any]:
    return select(
        _kind(PieceKind.BLOCK),
        BlockText.block_id.label("piece_id"),
        BlockText.number,
        BlockText.number.label("rank"),
        BlockText.title.label("name"),
        BlockText.at,
        BlockText.by_function,
        BlockText.reason,
        literal("source").label("changed"),
        BlockText.restores,
    ).where(BlockText.contract_id == contract_id)


def _lines(contract_id: str) -> Select[Any]:
    return select(
        _kind(PieceKind.MEANS),
        MeansLine.id.label("piece_id"),
        MeansLine.version.label("number"),
        MeansLine.version.label("rank"),
        MeansLine.label.label("name"),
        MeansLine.at,
        MeansLine.by_function,
        MeansLine.reason,
        literal("").label("changed"),
        cast_sql(null(), Integer).label("restores"),
    ).where(MeansLine.contract_id == contract_id)


def _former_lines(contract_id: str) -> Select[Any]:
    return (
        select(
            _kind(PieceKind.MEANS),
            MeansVersion.line_id.label("piece_id"),
            MeansVersion.number,
            MeansVersion.number.label("rank"),
            MeansVersion.label.label("name"),
            MeansVersion.at,
            MeansVersion.by_function,
            MeansVersion.reason,
            literal("").label("changed"),
            cast_sql(null(), Integer).label("restores"),
        )
        .join(MeansLine, MeansLine.id == MeansVersion.line_id)
        .where(MeansLine.contract_id == contract_id)
    )


def _kind(kind: PieceKind) -> ColumnElement[Any]:
    return literal(kind, Word(PieceKind)).label("kind")
