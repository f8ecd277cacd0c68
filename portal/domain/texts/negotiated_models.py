"""What negotiations changed in the words of the contract, and which of these words somebody changed since."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy import Text as LongText
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.base import Base
from portal.kernel.columns import UtcDateTime, Word, moment, public_id
from portal.kernel.ids import ID_LENGTH
from portal.kernel.speech import say
from portal.vocabulary import Labelled


class Piece(Labelled):
    """Which words of the contract a proposal would change."""

    PLAIN = "clair", say("texte simple")
    TECHNICAL = "technique", say("texte technique")
    BLOCK = "bloc", say("bloc de la trame")


class NegotiatedChange(Base):
    """What a negotiation changed in the words of the contract, read by everybody; nothing leads from it to its point.

    `title` is what the words are of, `agreed_by` the names of the parties that agreed, as they were that day.
    `place` is the stable id of the paragraph, or the block, empty in the oldest rows. `left_version` is the version of the text that
    no longer says these words, by whose function, when and why.
    """

    __tablename__ = "negotiated_change"
    __table_args__ = (
        Index("ix_negotiated_change_list", "contract_id", "at", "id"),
        Index("ix_negotiated_change_block", "contract_id", "block_id"),
    )

    id: Mapped[public_id]
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"))
    item_id: Mapped[str | None] = mapped_column(ForeignKey("item.id"))
    block_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    piece: Mapped[Piece] = mapped_column(Word(Piece))
    place: Mapped[str] = mapped_column(String(ID_LENGTH), default="")
    version: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    before: Mapped[str] = mapped_column(LongText)
    after: Mapped[str] = mapped_column(LongText)
    reason: Mapped[str] = mapped_column(String(400))
    agreed_by: Mapped[str] = mapped_column(String(1000))
    at: Mapped[moment]
    left_version: Mapped[int | None]
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    left_by: Mapped[str] = mapped_column(String(120), default="")
    left_reason: Mapped[str] = mapped_column(LongText, default="")
