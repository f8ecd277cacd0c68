"""Participants: a person inside one contract, under a random id, without a name."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.base import Base
from portal.kernel.columns import UtcDateTime, Word, moment, public_id
from portal.kernel.ids import ID_LENGTH
from portal.vocabulary import Group, Role


class Participant(Base):
    """A member of a contract; no name, no address.

    `authority_id` is the authority that an agent acts for, where a contract has several.
    """

    __tablename__ = "participant"
    __table_args__ = (Index("ix_participant_place", "contract_id", "group_", "establishment_id"),)

    id: Mapped[public_id]
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"))
    group: Mapped[Group] = mapped_column("group_", Word(Group))
    establishment_id: Mapped[str | None] = mapped_column(ForeignKey("establishment.id"))
    joined_at: Mapped[moment]
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    authority_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))


class ParticipantRole(Base):
    """A role on a membership; ended roles stay, dated."""

    __tablename__ = "participant_role"

    id: Mapped[public_id]
    participant_id: Mapped[str] = mapped_column(ForeignKey("participant.id"), index=True)
    role: Mapped[Role] = mapped_column(Word(Role))
    given_at: Mapped[moment]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Seat(Base):
    """The only link between an account and a participant."""

    __tablename__ = "seat"

    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    participant_id: Mapped[str] = mapped_column(ForeignKey("participant.id"), primary_key=True, unique=True)


class Operation(Base):
    """What a form already did: same id and same body give the same outcome."""

    __tablename__ = "operation"
    __table_args__ = (Index("ix_operation_at", "at"),)

    participant_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    op_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    outcome: Mapped[str] = mapped_column(String(200))
    at: Mapped[moment]
