"""Of which block a part of the trame is the discussion, and which of its words the trame took."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.base import Base
from portal.kernel.columns import UtcDateTime, moment
from portal.kernel.ids import ID_LENGTH


class PartOfTrame(Base):
    """A block that is discussed; its words are the technical text of the item, which never write the block by themselves.

    `taken_text` is the version of that text which the trame took last, `taken_number` the version of the block that it
    became; both are None while none was taken.
    """

    __tablename__ = "trame_part"
    __table_args__ = (Index("ix_trame_part_block", "contract_id", "block_id"),)

    item_id: Mapped[str] = mapped_column(ForeignKey("item.id"), primary_key=True)
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"))
    block_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    by_function: Mapped[str] = mapped_column(String(120))
    at: Mapped[moment]
    taken_text: Mapped[int | None]
    taken_number: Mapped[int | None]
    taken_by: Mapped[str] = mapped_column(String(120), default="")
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
