"""What holds the contract together, as it is found: its trame, the tree of its objectives, what comes from the contract before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from portal.domain.objectives.models import Branch
from portal.domain.predecessors.models import FormerCommitment, Outcome
from portal.domain.search.models import Kind
from portal.domain.search.source import Source, days
from portal.domain.trames.catalogue import models
from portal.domain.trames.models import BlockText, ContractTrame, TrameVersionBlock
from portal.kernel.text.plain import plain


def blocks(session: Session, contract_ids: Sequence[str], _ids: Sequence[str]) -> list[Source]:
    """The articles and annexes of the trame, with what the direction wrote there as it reads now; three queries."""
    written = {(row.contract_id, row.block_id): row for row in _written(session, contract_ids)}
    found = []
    for contract_id, block_id, title, said, at in _laid_out(session, contract_ids):
        row = written.pop((contract_id, block_id), None)
        found.append(_block(row, title, said) if row else _unwritten(contract_id, block_id, title, said, at))
    return found + [_block(row, row.title, "") for row in written.values() if row.source]


def _block(row: BlockText, title: str, said: str) -> Source:
    words = tuple(one for one in (plain(row.source), said) if one)
    return Source(
        Kind.BLOCK, row.contract_id, row.block_id, row.contract_id, title, words, row.number, row.at
    )


def _unwritten(contract_id: str, block_id: str, title: str, said: str, at: datetime) -> Source:
    words = (said,) if said else ()
    return Source(Kind.BLOCK, contract_id, block_id, contract_id, title, words, 0, at)


def _written(session: Session, contract_ids: Sequence[str]) -> Sequence[BlockText]:
    last = (
        select(BlockText.contract_id, BlockText.block_id, func.max(BlockText.number).label("number"))
        .where(BlockText.contract_id.in_(contract_ids))
        .group_by(BlockText.contract_id, BlockText.block_id)
        .subquery()
    )
    query = select(BlockText).join(
        last,
        and_(
            last.c.contract_id == BlockText.contract_id,
            last.c.block_id == BlockText.block_id,
            last.c.number == BlockText.number,
        ),
    )
    return session.scalars(query).all()


def _laid_out(session: Session, contract_ids: Sequence[str]) -> list[tuple[str, str, str, str, datetime]]:
    """Each block of the trames that were chosen: contract, block, title, what it is for, chosen since when."""
    chosen = session.scalars(select(ContractTrame).where(ContractTrame.contract_id.in_(contract_ids))).all()
    versions = {one.trame_version_id for one in chosen if one.trame_version_id}
    held: dict[str, list[TrameVersionBlock]] = {}
    query = select(TrameVersionBlock).where(TrameVersionBlock.version_id.in_(versions))
    for block in session.scalars(query.order_by(TrameVersionBlock.position)):
        held.setdefault(block.version_id, []).append(block)
    found = []
    for one in chosen:
        at = datetime.combine(one.chosen_on, time(12), UTC)
        if one.trame_version_id:
            parts = [(part.block_id, part.title, part.plain) for part in held.get(one.trame_version_id, ())]
        else:
            parts = [(part.id, part.title, part.plain) for part in models()[one.model].blocks]
        found += [(one.contract_id, block_id, title, said, at) for block_id, title, said in parts]
    return found


def branches(session: Session, contract_ids: Sequence[str], _ids: Sequence[str]) -> list[Source]:
    """Orientations and objectifs stratégiques, in both their wordings; four queries."""
    rows = session.scalars(select(Branch).where(Branch.contract_id.in_(contract_ids))).all()
    since = days(session, {row.id: row.contract_id for row in rows})
    return [
        Source(
            Kind.BRANCH,
            row.contract_id,
            row.id,
            row.contract_id,
            row.title,
            (row.plain,) if row.plain else (),
            row.version,
            since[row.id],
        )
        for row in rows
    ]


def commitments(session: Session, contract_ids: Sequence[str], ids: Sequence[str]) -> list[Source]:
    """Commitments of the contract before that everybody reads, and what is said of each; one query."""
    query = select(FormerCommitment).where(
        FormerCommitment.contract_id.in_(contract_ids),
        FormerCommitment.id.in_(ids),
        FormerCommitment.outcome != Outcome.ASIDE,
    )
    return [
        Source(
            Kind.COMMITMENT,
            row.contract_id,
            row.id,
            row.id,
            row.title,
            tuple(one for one in (row.words, row.under) if one),
            row.version,
            row.at,
        )
        for row in session.scalars(query)
    ]
