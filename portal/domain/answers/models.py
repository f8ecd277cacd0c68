"""Answers and fates: what became of a word."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.base import Base
from portal.kernel.columns import Word, moment, public_id
from portal.kernel.ids import ID_LENGTH
from portal.vocabulary import Fate


class Answer(Base):
    """The organiser's answer to one contribution, with its fate from consultation up."""

    __tablename__ = "answer"

    id: Mapped[public_id]
    contribution_id: Mapped[str] = mapped_column(ForeignKey("contribution.id"), unique=True)
    answered_version: Mapped[int]
    fate: Mapped[Fate | None] = mapped_column(Word(Fate))
    passed_to: Mapped[str] = mapped_column(String(120), default="")
    source: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    renderer: Mapped[int]
    by_participant: Mapped[str] = mapped_column(String(ID_LENGTH))
    by_function: Mapped[str] = mapped_column(String(120))
    at: Mapped[moment]
