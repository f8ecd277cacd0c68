"""Words that a person asked to have erased: who asked, who did it, when nothing was left of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.base import Base
from portal.kernel.columns import UtcDateTime, moment
from portal.kernel.ids import ID_LENGTH


class Erasure(Base):
    """One erasure: asked by one person, done by another; one of both wrote the words.

    What who wrote refused (`refused_at`) is kept: nobody else may propose it again.
    `asked_by` is forgotten once it is done; `cleaned_at` says when the files of the database
    held nothing of the words any more.
    """

    __tablename__ = "erasure"
    __table_args__ = (Index("ix_erasure_contract_id", "contract_id"),)

    contribution_id: Mapped[str] = mapped_column(ForeignKey("contribution.id"), primary_key=True)
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"))
    asked_by: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    asked_function: Mapped[str] = mapped_column(String(120))
    asked_at: Mapped[moment]
    done_function: Mapped[str] = mapped_column(String(120), default="")
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    refused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cleaned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
