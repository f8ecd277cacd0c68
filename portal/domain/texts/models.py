"""Versioned texts, in paragraphs whose ids stay from version to version."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy import Text as LongText
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.base import Base
from portal.kernel.columns import UtcDateTime, Word, moment, public_id, ref
from portal.kernel.ids import ID_LENGTH
from portal.vocabulary import Register


class Text(Base):
    """The plain or the technical text of an item; when a negotiation changed it last, and why."""

    __tablename__ = "text"
    __table_args__ = (UniqueConstraint("item_id", "register"),)

    id: Mapped[public_id]
    item_id: Mapped[str] = mapped_column(ForeignKey("item.id"))
    register: Mapped[Register] = mapped_column(Word(Register))
    version: Mapped[int] = mapped_column(default=1)
    negotiated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    negotiated_reason: Mapped[str] = mapped_column(String(400), default="")


class TextVersion(Base):
    """One state of a text; never changed once written."""

    __tablename__ = "text_version"

    text_id: Mapped[str] = mapped_column(ForeignKey("text.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    by_participant: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    by_function: Mapped[str] = mapped_column(String(120))
    reason: Mapped[str] = mapped_column(LongText, default="")
    at: Mapped[moment]


class Paragraph(Base):
    """One paragraph of one version; `stable_id` follows it through the versions."""

    __tablename__ = "paragraph"
    __table_args__ = (Index("ix_paragraph_stable", "stable_id", "number"),)

    text_id: Mapped[str] = mapped_column(ForeignKey("text.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    stable_id: Mapped[ref]
    source: Mapped[str] = mapped_column(LongText)
    html: Mapped[str] = mapped_column(LongText)
    renderer: Mapped[int]


class TextPairing(Base):
    """Somebody, or a first change, settled which paragraphs of the two texts of an item say the same thing."""

    __tablename__ = "text_pairing"

    item_id: Mapped[str] = mapped_column(ForeignKey("item.id"), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    by_function: Mapped[str] = mapped_column(String(120), default="")
    at: Mapped[moment]


class ParagraphPair(Base):
    """A plain paragraph says a technical one, by their stable ids.

    `technical_version` is the version of the technical text that the plain words were last written or read for, 0
    when nobody did; `read_again` whether somebody read them and kept them.
    """

    __tablename__ = "paragraph_pair"

    item_id: Mapped[str] = mapped_column(ForeignKey("item.id"), primary_key=True)
    technical_id: Mapped[ref] = mapped_column(primary_key=True)
    plain_id: Mapped[ref] = mapped_column(primary_key=True)
    technical_version: Mapped[int]
    read_again: Mapped[bool] = mapped_column(default=False)
    by_function: Mapped[str] = mapped_column(String(120), default="")
    at: Mapped[moment]
