"""Answers and fates: what became of a word, and how its author was told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.contributions.states import HandoverState
from portal.kernel.base import Base
from portal.kernel.columns import UtcDateTime, Word, moment, public_id
from portal.kernel.ids import ID_LENGTH
from portal.vocabulary import Fate, Register


class Answer(Base):
    """The organiser's answer to one contribution, with its fate from consultation up.

    `group_id` is shared by contributions that were answered together. `to_link` says that the
    words were kept and that the text which they change is not named yet.
    """

    __tablename__ = "answer"
    __table_args__ = (
        Index("ix_answer_group_id", "group_id"),
        Index("ix_answer_to_link", "to_link"),
    )

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
    group_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    to_link: Mapped[bool] = mapped_column(default=False, server_default=false())
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    corrected_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AnswerVersion(Base):
    """What an answer said before it was corrected; never changed."""

    __tablename__ = "answer_version"

    answer_id: Mapped[str] = mapped_column(ForeignKey("answer.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    fate: Mapped[Fate | None] = mapped_column(Word(Fate))
    passed_to: Mapped[str] = mapped_column(String(120))
    source: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    renderer: Mapped[int]
    by_function: Mapped[str] = mapped_column(String(120))
    at: Mapped[moment]


class AnswerChange(Base):
    """A passage of a text that an answer says it changed: one paragraph, from a version to the next."""

    __tablename__ = "answer_change"

    answer_id: Mapped[str] = mapped_column(ForeignKey("answer.id"), primary_key=True)
    text_id: Mapped[str] = mapped_column(ForeignKey("text.id"), primary_key=True)
    to_version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    paragraph: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("item.id"))
    register: Mapped[Register] = mapped_column(Word(Register))
    from_version: Mapped[int]
    linked_at: Mapped[moment]


class Theme(Base):
    """What several contributions of a space are about, as a director files them before answering."""

    __tablename__ = "theme"
    __table_args__ = (UniqueConstraint("space_id", "name"),)

    id: Mapped[public_id]
    space_id: Mapped[str] = mapped_column(ForeignKey("space.id"))
    name: Mapped[str] = mapped_column(String(80))
    sentence: Mapped[str] = mapped_column(Text)
    at: Mapped[moment]


class ContributionTheme(Base):
    """Under which theme a contribution is filed."""

    __tablename__ = "contribution_theme"
    __table_args__ = (Index("ix_contribution_theme_theme_id", "theme_id"),)

    contribution_id: Mapped[str] = mapped_column(ForeignKey("contribution.id"), primary_key=True)
    theme_id: Mapped[str] = mapped_column(ForeignKey("theme.id"))


class ContributionMerge(Base):
    """A contribution that says the same as another one: both keep their words, place and author."""

    __tablename__ = "contribution_merge"
    __table_args__ = (Index("ix_contribution_merge_kept_id", "kept_id"),)

    contribution_id: Mapped[str] = mapped_column(ForeignKey("contribution.id"), primary_key=True)
    kept_id: Mapped[str] = mapped_column(ForeignKey("contribution.id"))
    by_participant: Mapped[str] = mapped_column(String(ID_LENGTH))
    by_function: Mapped[str] = mapped_column(String(120))
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[moment]


class Thanks(Base):
    """Somebody of the direction read the words and said so: once for each contribution."""

    __tablename__ = "thanks"

    contribution_id: Mapped[str] = mapped_column(ForeignKey("contribution.id"), primary_key=True)
    by_function: Mapped[str] = mapped_column(String(120))
    at: Mapped[moment]


class HandoverStep(Base):
    """One step of words that were passed on to somebody else: when, and what was said."""

    __tablename__ = "handover_step"
    __table_args__ = (Index("ix_handover_step_contribution_id", "contribution_id", "at"),)

    id: Mapped[public_id]
    contribution_id: Mapped[str] = mapped_column(ForeignKey("contribution.id"))
    state: Mapped[HandoverState] = mapped_column(Word(HandoverState))
    words: Mapped[str] = mapped_column(Text)
    by_function: Mapped[str] = mapped_column(String(120))
    at: Mapped[moment]


class ReasonTemplate(Base):
    """Words that a direction often gives as its reason; edited before they are sent."""

    __tablename__ = "reason_template"
    __table_args__ = (Index("ix_reason_template_contract_id", "contract_id"),)

    id: Mapped[public_id]
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"))
    title: Mapped[str] = mapped_column(String(80))
    source: Mapped[str] = mapped_column(Text)
    used: Mapped[int] = mapped_column(default=0)
    at: Mapped[moment]
