"""What persons decided about duties; the duties themselves are derived, never stored."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.participants.requests import Request
from portal.kernel.base import Base
from portal.kernel.columns import UtcDateTime, Word, moment, public_id
from portal.kernel.ids import ID_LENGTH
from portal.vocabulary import DutyKind, Group


class DutyOwner(Base):
    """Who keeps duties in place of the direction: of a contract or a space, of one kind or all.

    With `until_on` it is a delegation, without it lasts until another decision. The latest of the
    most precise place counts.
    """

    __tablename__ = "duty_owner"
    __table_args__ = (Index("ix_duty_owner_contract_id", "contract_id"),)

    id: Mapped[public_id]
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"))
    space_id: Mapped[str | None] = mapped_column(ForeignKey("space.id"))
    kind: Mapped[DutyKind | None] = mapped_column(Word(DutyKind))
    participant_id: Mapped[str] = mapped_column(ForeignKey("participant.id"))
    from_on: Mapped[date] = mapped_column(Date)
    until_on: Mapped[date | None] = mapped_column(Date)
    by_participant: Mapped[str] = mapped_column(String(ID_LENGTH))
    by_function: Mapped[str] = mapped_column(String(120))
    at: Mapped[moment]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DutyCover(Base):
    """Who keeps the duties of a member who is away, between two days."""

    __tablename__ = "duty_cover"
    __table_args__ = (Index("ix_duty_cover_contract_id", "contract_id"),)

    id: Mapped[public_id]
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"))
    participant_id: Mapped[str] = mapped_column(ForeignKey("participant.id"))
    covered_by: Mapped[str] = mapped_column(ForeignKey("participant.id"))
    from_on: Mapped[date] = mapped_column(Date)
    until_on: Mapped[date] = mapped_column(Date)
    by_participant: Mapped[str] = mapped_column(String(ID_LENGTH))
    by_function: Mapped[str] = mapped_column(String(120))
    at: Mapped[moment]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DutyExtension(Request, Base):
    """More time that the organiser asks of a group; nothing moves until the group agrees.

    `contribution_id` is None when it is about all that the group is owed in the space.
    """

    __tablename__ = "duty_extension"
    __table_args__ = (
        Index("ix_duty_extension_space_id", "space_id", "at"),
        Index("ix_duty_extension_contribution_id", "contribution_id"),
    )

    id: Mapped[public_id]
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"))
    space_id: Mapped[str] = mapped_column(ForeignKey("space.id"))
    group: Mapped[Group] = mapped_column("group_", Word(Group))
    contribution_id: Mapped[str | None] = mapped_column(ForeignKey("contribution.id"))
    until_on: Mapped[date] = mapped_column(Date)


class DutyExplanation(Base):
    """« Engagement non tenu, expliqué », towards one contribution; an answer may still come."""

    __tablename__ = "duty_explanation"
    __table_args__ = (Index("ix_duty_explanation_space_id", "space_id"),)

    contribution_id: Mapped[str] = mapped_column(ForeignKey("contribution.id"), primary_key=True)
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"))
    space_id: Mapped[str] = mapped_column(ForeignKey("space.id"))
    source: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    renderer: Mapped[int]
    by_participant: Mapped[str] = mapped_column(String(ID_LENGTH))
    by_function: Mapped[str] = mapped_column(String(120))
    at: Mapped[moment]


class DutyWarning(Base):
    """That the direction was warned of a day: the cursor of warnings, and what lets others read lateness.

    Of a day missed where nobody keeps the contract any more, it says that others read it a week later.
    """

    __tablename__ = "duty_warning"

    space_id: Mapped[str] = mapped_column(ForeignKey("space.id"), primary_key=True)
    due_on: Mapped[date] = mapped_column(Date, primary_key=True)
    stage: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[moment]
