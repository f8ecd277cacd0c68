"""Engagements de participation: who is involved how far, since when, decided by whom."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.participants.requests import Request
from portal.kernel.base import Base
from portal.kernel.columns import Rung, Word, moment, public_id
from portal.kernel.ids import ID_LENGTH
from portal.vocabulary import Group, Level


class Involvement(Base):
    """One record. Records are only added; the latest effective one counts.

    `space_id` is None for the contract's default; `level` is None where a space says that
    the group does not take part, whatever the default. `applied` turns true when the
    due-date job has told open pages that the record took effect.
    """

    __tablename__ = "involvement"
    __table_args__ = (
        Index("ix_involvement_place", "contract_id", "space_id"),
        Index("ix_involvement_due", "applied", "effective_at"),
    )

    id: Mapped[public_id]
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"))
    space_id: Mapped[str | None] = mapped_column(ForeignKey("space.id"))
    group: Mapped[Group] = mapped_column("group_", Word(Group))
    level: Mapped[Level | None] = mapped_column(Rung(Level))
    effective_at: Mapped[moment]
    recorded_at: Mapped[moment]
    by_participant: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    by_function: Mapped[str] = mapped_column(String(120))
    reason: Mapped[str] = mapped_column(Text, default="")
    applied: Mapped[bool] = mapped_column(default=False)


class InvolvementProposal(Request, Base):
    """A level that an authority or a member of the CVS proposes for a group; the direction decides."""

    __tablename__ = "involvement_proposal"
    __table_args__ = (Index("ix_involvement_proposal_contract_id", "contract_id", "at"),)

    id: Mapped[public_id]
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"))
    space_id: Mapped[str | None] = mapped_column(ForeignKey("space.id"))
    group: Mapped[Group] = mapped_column("group_", Word(Group))
    level: Mapped[Level] = mapped_column(Rung(Level))
    involvement_id: Mapped[str | None] = mapped_column(ForeignKey("involvement.id"))


class InvolvementAdvice(Base):
    """An advice about a level that a participant has read enough of."""

    __tablename__ = "involvement_advice"

    participant_id: Mapped[str] = mapped_column(ForeignKey("participant.id"), primary_key=True)
    advice: Mapped[str] = mapped_column(String(120), primary_key=True)
