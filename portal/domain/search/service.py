"""Verbs of the index: follow the journals, read a contract for the first time, forget, begin again.

A piece locks its contract as any act does: what is erased or withdrawn while it is read cannot be written back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Select, delete, insert, or_, select
from sqlalchemy.orm import Session

from portal.domain.contributions.models import Contribution
from portal.domain.documents.models import Document
from portal.domain.facts import FactKind
from portal.domain.journal import service as journal
from portal.domain.journal.models import JournalHead, JournalLine
from portal.domain.search import frame, rules, sources
from portal.domain.search.models import (
    SearchEntry,
    SearchPaper,
    SearchScope,
    SearchState,
    SearchWord,
)
from portal.domain.search.source import Source
from portal.domain.search.sources import Reader

# Others wait to write while a piece is written.
LINES_AT_ONCE, OWNERS_AT_ONCE, FORGOTTEN_AT_ONCE = 50, 40, 200
WHOLE = frozenset({FactKind.FILES_TAKEN_UP.value})
OF_BLOCKS = frozenset({FactKind.TRAME_BLOCK_WRITTEN.value, FactKind.TRAME_CHOSEN.value})
OF_BRANCHES = frozenset({FactKind.OBJECTIVE_WRITTEN.value})
OF_COMMITMENTS = frozenset({FactKind.COMMITMENTS_ADDED.value})
OF_INDICATORS = frozenset({FactKind.INDICATORS_CHOSEN.value})
# What is read anew for the whole contract, and after what.
OF_CONTRACTS: Mapping[Reader, frozenset[str]] = {
    frame.blocks: OF_BLOCKS,
    frame.branches: OF_BRANCHES,
    sources.followed: OF_INDICATORS,
}


def follow(session: Session) -> bool:
    """One piece of the first contract whose journal goes further than what is looked up; True when there was one.

    The cursor moves with what is written: after a crash, either both are there or none.
    """
    contract_id = session.scalar(_behind())
    if contract_id is None:
        return False
    journal.hold(session, contract_id)
    state = session.get(SearchState, contract_id, populate_existing=True)
    if state is None:
        state = SearchState(contract_id=contract_id, seq=_head(session, contract_id), building="0 ")
        session.add(state)
    if state.building:
        _build(session, state)
    else:
        _catch_up(session, state)
    return True


def rebuild(session: Session, contract_id: str) -> None:
    """Forget all that is looked up of a contract: it is read for the first time again, piece by piece."""
    journal.hold(session, contract_id)
    _remove(session, select(SearchEntry.id).where(SearchEntry.contract_id == contract_id))
    session.execute(delete(SearchState).where(SearchState.contract_id == contract_id))


def contracts(session: Session) -> list[str]:
    """Every contract that has a journal."""
    return list(session.scalars(select(JournalHead.contract_id).order_by(JournalHead.contract_id)))


def forget_gone(session: Session) -> None:
    """Remove the words of what is erased or removed: the files of the database are about to forget them too."""
    erased = select(Contribution.id).where(Contribution.erased.is_(True))
    removed = select(Document.id).where(Document.removed_at.is_not(None))
    gone = or_(SearchEntry.owner_id.in_(erased), SearchEntry.owner_id.in_(removed))
    _remove(session, select(SearchEntry.id).where(gone))
    kept = select(Document.file_id).where(Document.removed_at.is_(None), Document.file_id.is_not(None))
    session.execute(delete(SearchPaper).where(SearchPaper.file_id.not_in(kept)))


def _behind() -> Select[str]:
    """The contracts that are not wholly looked up yet."""
    return (
        select(JournalHead.contract_id)
        .outerjoin(SearchState, SearchState.contract_id == JournalHead.contract_id)
        .where(
            or_(
                SearchState.contract_id.is_(None),
                JournalHead.seq > SearchState.seq,
                SearchState.building != "",
            )
        )
        .order_by(JournalHead.contract_id)
        .limit(1)
    )


def _head(session: Session, contract_id: str) -> int:
    return session.scalar(select(JournalHead.seq).where(JournalHead.contract_id == contract_id)) or 0


def _build(session: Session, state: SearchState) -> None:
    """The next owners of the contract; `building` is the place of a reader and the last id that it read."""
    place, _space, after = state.building.partition(" ")
    reader = sources.FAMILIES[int(place)]
    ids = sources.ids_after(session, state.contract_id, reader, after, OWNERS_AT_ONCE)
    if ids:
        refresh(session, state.contract_id, reader, ids)
        state.building = f"{place} {ids[-1]}"
    elif int(place) + 1 < len(sources.FAMILIES):
        state.building = f"{int(place) + 1} "
    else:
        state.building = ""


def _catch_up(session: Session, state: SearchState) -> None:
    lines = session.execute(
        select(JournalLine.seq, JournalLine.kind, JournalLine.object)
        .where(JournalLine.contract_id == state.contract_id, JournalLine.seq > state.seq)
        .order_by(JournalLine.seq)
        .limit(LINES_AT_ONCE)
    ).all()
    if not lines:
        state.seq = _head(session, state.contract_id)
        return
    kinds, contract_id = {line.kind for line in lines}, state.contract_id
    state.seq = lines[-1].seq
    if kinds & WHOLE:
        state.building = "0 "
        return
    for reader, ids in sources.owners(session, contract_id, (line.object for line in lines)).items():
        refresh(session, contract_id, reader, ids)
    for reader, named in OF_CONTRACTS.items():
        if kinds & named:
            refresh(session, contract_id, reader, [contract_id])
    if kinds & OF_COMMITMENTS:
        state.building = f"{len(sources.FAMILIES) - 1} "


def refresh(session: Session, contract_id: str, reader: Reader, ids: Sequence[str]) -> None:
    """Make the entries of these owners what they read now: those that say the same are left alone."""
    found = {(one.kind, one.object_id): one for one in reader(session, [contract_id], ids)}
    known = {
        (row.kind, row.object_id): row
        for row in session.scalars(
            select(SearchEntry).where(
                SearchEntry.contract_id == contract_id,
                SearchEntry.owner_id.in_(ids),
                SearchEntry.kind.in_(sources.kinds_of(reader)),
            )
        )
    }
    scopes = _scopes(session, contract_id, {one.space_id for one in found.values()})
    gone = [row.id for key, row in known.items() if key not in found]
    if gone:
        _remove(session, gone)
    for key, one in found.items():
        _write(session, contract_id, known.get(key), one, scopes[one.space_id])


def _write(session: Session, contract_id: str, row: SearchEntry | None, one: Source, scope: int) -> None:
    folded = rules.folded(one.title, one.texts)
    digest = _digest(one, folded, scope)
    if row is not None and row.digest == digest:
        row.version, row.at = one.version, one.at
        return
    if row is None:
        row = SearchEntry(
            contract_id=contract_id, kind=one.kind, object_id=one.object_id, owner_id=one.owner_id
        )
        session.add(row)
    else:
        session.execute(delete(SearchWord).where(SearchWord.entry == row.id))
    row.scope, row.version, row.at, row.digest, row.folded = scope, one.version, one.at, digest, folded
    session.flush()
    words = rules.weights(one.title, one.texts)
    if words:
        given = [
            {"scope": scope, "word": word, "entry": row.id, "weight": weight}
            for word, weight in words.items()
        ]
        session.execute(insert(SearchWord), given)


def _digest(one: Source, folded: str, scope: int) -> str:
    title = " ".join(one.title.split())
    return hashlib.sha256(f"{scope}\n{title}\n{folded}".encode()).hexdigest()


def _remove(session: Session, ids: Select[int] | Sequence[int]) -> None:
    session.execute(delete(SearchWord).where(SearchWord.entry.in_(ids)))
    session.execute(delete(SearchEntry).where(SearchEntry.id.in_(ids)))


def _scopes(session: Session, contract_id: str, spaces: Iterable[str]) -> dict[str, int]:
    """The number of each scope of a contract, made when it is new."""
    query = select(SearchScope.space_id, SearchScope.number).where(SearchScope.contract_id == contract_id)
    known = dict(session.execute(query).all())
    for space_id in sorted({*spaces} - known.keys()):
        row = SearchScope(contract_id=contract_id, space_id=space_id)
        session.add(row)
        session.flush()
        known[space_id] = row.number
    return known
