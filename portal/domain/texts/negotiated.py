"""Words that parties agreed in a negotiation: whether they stand, and what tells that somebody changed them since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.domain.facts import Fact, FactKind
from portal.domain.journal import service as journal
from portal.domain.texts.changes import same_words
from portal.domain.texts.negotiated_models import NegotiatedChange, Piece
from portal.kernel import reasons
from portal.kernel import text as words
from portal.kernel.speech import Sentence, say
from portal.policy.actor import Actor
from portal.vocabulary import Register

OWED = say(
    "Ces mots ont été convenus en négociation. Dites pourquoi ils changent : toutes les parties le liront."
)
PIECES = {Register.PLAIN: Piece.PLAIN, Register.TECHNICAL: Piece.TECHNICAL}


@dataclass(frozen=True, slots=True)
class Left:
    """That negotiated words are no longer those of the contract: since which version, by whose function, why."""

    version: int
    at: datetime
    by_function: Sentence
    reason: str


@dataclass(frozen=True, slots=True)
class Negotiated:
    """Words that parties agreed: which, when, why, by whom; `left` once somebody else changed them."""

    piece: Piece
    version: int
    at: datetime
    reason: str
    agreed_by: str
    after: str
    left: Left | None


@dataclass(frozen=True, slots=True)
class Rewritten:
    """What the text of an item, or a block, says from now on: its new version, by whose function, why, when."""

    contract_id: str
    item_id: str | None
    block_id: str | None
    piece: Piece
    version: int
    source: str
    by_function: str
    reason: str
    at: datetime


def stands(agreed: str, source: str) -> bool:
    """Whether a text still says the words agreed, paragraph for paragraph; where they stand, and spaces, change nothing."""
    said = words.paragraphs(source) if source else []
    return all(any(same_words(one, other) for other in said) for one in words.paragraphs(agreed))


def follow(session: Session, person: Actor, now: Rewritten) -> None:
    """Words were written outside a negotiation: those that parties had agreed and that are no longer there say so.

    The register tells it, and whoever signs is told. Words that come back are those agreed again.
    Errors: InvalidError (`reason`) when agreed words go without one.
    """
    gone = False
    for row in _rows(session, now):
        if _superseded(row):
            continue
        if stands(row.after, now.source):
            row.left_version, row.left_at, row.left_by, row.left_reason = None, None, "", ""
        elif row.left_version is None:
            gone = True
            row.left_version, row.left_at = now.version, now.at
            row.left_by, row.left_reason = now.by_function, now.reason
    if not gone:
        return
    reasons.owed(now.reason, "reason", OWED)
    session.flush()
    journal.append(
        session,
        Fact(
            FactKind.NEGOTIATED_WORDS_CHANGED,
            now.contract_id,
            now.item_id or now.contract_id,
            group=person.group,
            participant_id=person.participant_id,
            content=now.reason,
        ),
    )


def _superseded(row: NegotiatedChange) -> bool:
    """Whether the parties agreed other words in their place."""
    return row.left_version is not None and row.left_at is None


def supersede(session: Session, place: str, now: Rewritten) -> None:
    """The parties agreed other words at this place: those of before are no longer to be looked for.

    That somebody had changed them stays told.
    """
    for row in _rows(session, now):
        if row.left_version is None and (row.place == place or not stands(row.after, now.source)):
            row.left_version, row.left_at, row.left_by, row.left_reason = now.version, None, "", ""


def of_texts(session: Session, item_ids: Sequence[str]) -> dict[tuple[str, Register], Negotiated]:
    """What is to be said of the texts of these items: what was changed since, or else what was agreed last; one question."""
    registers = {piece: register for register, piece in PIECES.items()}
    groups: dict[tuple[str, Register], list[NegotiatedChange]] = {}
    for row in session.scalars(_latest().where(NegotiatedChange.item_id.in_(item_ids))):
        groups.setdefault((row.item_id or "", registers[row.piece]), []).append(row)
    return {key: _foremost(rows) for key, rows in groups.items()}


def of_pieces(
    session: Session, contract_id: str, *, item_id: str | None = None, block_id: str | None = None
) -> list[Negotiated]:
    """All that parties agreed in the words of an item or a block, the latest first; one question."""
    query = _latest().where(NegotiatedChange.contract_id == contract_id)
    if item_id is not None:
        query = query.where(NegotiatedChange.item_id == item_id)
    else:
        query = query.where(NegotiatedChange.block_id == block_id)
    return [_view(row) for row in session.scalars(query)]


def standing(agreed: Iterable[Negotiated], now: Mapping[Piece, str]) -> list[Negotiated]:
    """Those whose words are in the texts of now."""
    return [one for one in agreed if one.piece in now and stands(one.after, now[one.piece])]


def left_of(row: NegotiatedChange) -> Left | None:
    """By whom the words of a change were changed since; None while they stand, or when parties agreed others there."""
    if row.left_version is None or row.left_at is None:
        return None
    return Left(row.left_version, row.left_at, Sentence(row.left_by), row.left_reason)


def _foremost(rows: Sequence[NegotiatedChange]) -> Negotiated:
    """Of changes of one text, the latest first: the one that a reader must know of first.

    What was changed since comes first, unless the parties agreed other words in its place later.
    """
    settled: set[str] = set()
    for row in rows:
        if left_of(row) is not None and row.place not in settled:
            return _view(row)
        settled |= {row.place} - {""}
    return _view(rows[0])


def _view(row: NegotiatedChange) -> Negotiated:
    return Negotiated(row.piece, row.version, row.at, row.reason, row.agreed_by, row.after, left_of(row))


def _latest() -> Select[NegotiatedChange]:
    return select(NegotiatedChange).order_by(NegotiatedChange.at.desc(), NegotiatedChange.id.desc())


def _rows(session: Session, now: Rewritten) -> list[NegotiatedChange]:
    if now.item_id is not None:
        about = NegotiatedChange.item_id == now.item_id
    else:
        about = NegotiatedChange.block_id == now.block_id
    query = _latest().where(
        NegotiatedChange.contract_id == now.contract_id, about, NegotiatedChange.piece == now.piece
    )
    return list(session.scalars(query))
