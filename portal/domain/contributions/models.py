"""Contributions: what people say, in visible versions, under the label they chose."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.base import Base
from portal.kernel.columns import UtcDateTime, Word, moment
from portal.kernel.ids import ID_LENGTH, new_id
from portal.vocabulary import (
    ContributionKind,
    ContributionStatus,
    Display,
    Group,
    ReactionValue,
    Register,
    ShownScope,
)


class Contribution(Base):
    """One contribution. `arrival` orders threads and is never shown.

    `shown_version` is the version people read (None while nothing is approved);
    `version` is the last one sent, at `sent_at`. No foreign key leads to an account.
    """

    __tablename__ = "contribution"
    __table_args__ = (
        Index("ix_contribution_thread", "space_id", "item_id", "root_id", "arrival"),
        Index("ix_contribution_root", "root_id", "arrival"),
        Index("ix_contribution_latest", "space_id", "status", "arrival"),
        Index("ix_contribution_status", "space_id", "status", "item_id"),
        Index("ix_contribution_pending", "space_id", "pending", "sent_at", "arrival"),
        Index("ix_contribution_mine", "participant_id", "space_id"),
        Index("ix_contribution_contract", "contract_id", "status"),
    )

    arrival: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(ID_LENGTH), unique=True, default=new_id)
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"))
    space_id: Mapped[str] = mapped_column(ForeignKey("space.id"))
    item_id: Mapped[str] = mapped_column(ForeignKey("item.id"))
    root_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    parent_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    kind: Mapped[ContributionKind] = mapped_column(Word(ContributionKind))
    status: Mapped[ContributionStatus] = mapped_column(Word(ContributionStatus))
    participant_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    group: Mapped[Group] = mapped_column("group_", Word(Group))
    establishment_id: Mapped[str | None] = mapped_column(ForeignKey("establishment.id"))
    display: Mapped[Display] = mapped_column(Word(Display))
    shown_scope: Mapped[ShownScope] = mapped_column(Word(ShownScope))
    shown_name: Mapped[str | None] = mapped_column(String(120))
    anchor_register: Mapped[Register | None] = mapped_column(Word(Register))
    anchor_paragraph: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    anchor_version: Mapped[int | None]
    anchor_quote: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)
    shown_version: Mapped[int | None]
    pending: Mapped[bool] = mapped_column(default=False)
    provenance: Mapped[str] = mapped_column(String(20), default="self")
    weight: Mapped[int] = mapped_column(default=1)
    erased: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[moment]
    sent_at: Mapped[moment]
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ContributionVersion(Base):
    """The words of one version; never changed. `public` once people could read it."""

    __tablename__ = "contribution_version"

    contribution_id: Mapped[str] = mapped_column(ForeignKey("contribution.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    reason_source: Mapped[str] = mapped_column(Text, default="")
    reason_html: Mapped[str] = mapped_column(Text, default="")
    renderer: Mapped[int]
    public: Mapped[bool] = mapped_column(default=False)
    at: Mapped[moment]


class Reaction(Base):
    """What one participant thinks of a published contribution; changeable."""

    __tablename__ = "reaction"

    contribution_id: Mapped[str] = mapped_column(ForeignKey("contribution.id"), primary_key=True)
    participant_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    institutional: Mapped[bool]
    value: Mapped[ReactionValue] = mapped_column(Word(ReactionValue))
