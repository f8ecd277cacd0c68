"""Exchange spaces: where groups speak about items, between two dates."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.base import Base
from portal.kernel.columns import UtcDateTime, Word, moment, public_id
from portal.kernel.ids import ID_LENGTH
from portal.vocabulary import ModerationMode, Phase, SpaceObject


class Space(Base):
    """Espace d'échange. `epoch` names the rooms; every change of right raises it.

    `announced_until` is the end that people were told first, where it was brought forward for `end_reason`.
    """

    __tablename__ = "space"
    __table_args__ = (Index("ix_space_due", "phase", "ends_at"),)

    id: Mapped[public_id]
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"), index=True)
    object: Mapped[SpaceObject] = mapped_column(Word(SpaceObject))
    question: Mapped[str] = mapped_column(String(200))
    introduction: Mapped[str] = mapped_column(Text, default="")
    opens_at: Mapped[moment]
    ends_at: Mapped[moment]
    answer_days: Mapped[int] = mapped_column(default=30)
    moderation: Mapped[ModerationMode] = mapped_column(Word(ModerationMode))
    phase: Mapped[Phase] = mapped_column(Word(Phase))
    pause_reason: Mapped[str] = mapped_column(Text, default="")
    broken_promise: Mapped[str] = mapped_column(Text, default="")
    promise_note: Mapped[str] = mapped_column(Text, default="")
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_by: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    created_at: Mapped[moment]
    version: Mapped[int] = mapped_column(default=1)
    epoch: Mapped[int] = mapped_column(default=1)
    authorities_read_words: Mapped[bool] = mapped_column(default=False)
    announced_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_reason: Mapped[str] = mapped_column(Text, default="")


class SpacePause(Base):
    """A time during which a space was suspended, and why; answers are due later by as much."""

    __tablename__ = "space_pause"
    __table_args__ = (Index("ix_space_pause_space_id", "space_id", "since"),)

    id: Mapped[public_id]
    space_id: Mapped[str] = mapped_column(ForeignKey("space.id"))
    since: Mapped[moment]
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text)
    by_function: Mapped[str] = mapped_column(String(120))


class SpaceQuestion(Base):
    """What a space asked from a moment on, and who decided so; the first one is that of its announcement."""

    __tablename__ = "space_question"
    __table_args__ = (Index("ix_space_question_space_id", "space_id", "since"),)

    id: Mapped[public_id]
    space_id: Mapped[str] = mapped_column(ForeignKey("space.id"))
    question: Mapped[str] = mapped_column(String(200))
    since: Mapped[moment]
    by_function: Mapped[str] = mapped_column(String(120))


class SpaceReading(Base):
    """Whether the authorities read the words of a space from a moment on, who said so, and why when it closed."""

    __tablename__ = "space_reading"
    __table_args__ = (Index("ix_space_reading_space_id", "space_id", "since"),)

    id: Mapped[public_id]
    space_id: Mapped[str] = mapped_column(ForeignKey("space.id"))
    words: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    since: Mapped[moment]
    by_function: Mapped[str] = mapped_column(String(120))


class SpaceItem(Base):
    """An item put to people in a space."""

    __tablename__ = "space_item"

    space_id: Mapped[str] = mapped_column(ForeignKey("space.id"), primary_key=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("item.id"), primary_key=True, index=True)
    position: Mapped[int]
