"""Reads of the parts of a trame: which blocks are discussed, and how the words of one stand beside its block."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.contracts import queries as contracts
from portal.domain.contracts.models import Item
from portal.domain.contracts.queries import ItemView
from portal.domain.texts.changes import Change, word_changes
from portal.domain.trame_parts import rules
from portal.domain.trame_parts.models import PartOfTrame
from portal.domain.trame_parts.rules import Standing
from portal.domain.trames import queries as trames
from portal.domain.trames.views import BlockView, Sheet
from portal.kernel.speech import Sentence


@dataclass(frozen=True, slots=True)
class PartView:
    """A part with its block as both read now; `block` is None when the trame of the contract has it no more."""

    item: ItemView
    block_id: str
    block: BlockView | None
    by_function: str
    at: datetime
    standing: Standing
    taken_by: str = ""
    taken_at: datetime | None = None

    @property
    def discussed(self) -> str:
        """The words that are written together."""
        return self.item.technical.source if self.item.technical is not None else ""

    @property
    def written(self) -> str:
        """The words of the block."""
        return self.block.text.source if self.block is not None else ""

    @property
    def number(self) -> int:
        """The version of the block."""
        return self.block.text.number if self.block is not None else 0

    @property
    def changes(self) -> list[list[Change]]:
        """What would change in the block, word by word."""
        return word_changes(self.written, self.discussed)

    @property
    def stands(self) -> bool:
        """Whether it is still in discussion."""
        return self.item.withdrawn_at is None


def of_blocks(session: Session, contract_id: str) -> dict[str, str]:
    """The part that stands for each block that is discussed, by the id of the block; one query."""
    query = (
        select(PartOfTrame.block_id, PartOfTrame.item_id)
        .join(Item, Item.id == PartOfTrame.item_id)
        .where(PartOfTrame.contract_id == contract_id, Item.withdrawn_at.is_(None))
    )
    return dict(session.execute(query).all())


def part(session: Session, contract_id: str, part_id: str, sheet: Sheet | None = None) -> PartView | None:
    """One part; None when the contract has no such part. `sheet` is the trame of the contract when it was read already."""
    row = session.get(PartOfTrame, part_id, populate_existing=True)
    if row is None or row.contract_id != contract_id:
        return None
    item = contracts.item(session, part_id)
    if item is None:
        return None
    sheet = sheet or trames.sheet(session, contract_id)
    block = sheet.block(row.block_id) if sheet is not None else None
    return PartView(
        item,
        row.block_id,
        block,
        Sentence(row.by_function),
        row.at,
        rules.standing(
            item.technical.source if item.technical is not None else "",
            block.text.source if block is not None else "",
            taken_number=row.taken_number,
            number=block.text.number if block is not None else 0,
            here=block is not None,
        ),
        Sentence(row.taken_by),
        row.taken_at,
    )
