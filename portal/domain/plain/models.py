"""What was recorded of the people concerned who read a plain text again and approved it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.base import Base
from portal.kernel.columns import UtcDateTime, moment


class EasyReadApproval(Base):
    """People concerned read this version of the plain text of an item, and approved it; rows are only added.

    `place` is where, `held_on` when; nothing says who they are, nor how many. One recorded by mistake is taken back.
    """

    __tablename__ = "easy_read_approval"

    item_id: Mapped[str] = mapped_column(ForeignKey("item.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    plain_version: Mapped[int]
    held_on: Mapped[date]
    place: Mapped[str] = mapped_column(String(160))
    by_function: Mapped[str] = mapped_column(String(120))
    at: Mapped[moment]
    taken_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    taken_back_by: Mapped[str] = mapped_column(String(120), default="")
