"""Formal acts as they read now, their former versions, the records that are attached."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.base import Base
from portal.kernel.columns import UtcDateTime, Word, moment, public_id
from portal.kernel.ids import ID_LENGTH
from portal.kernel.speech import say
from portal.vocabulary import ActKind, Labelled, Stage


class ActOutcome(Labelled):
    """What a body decided or advised; each kind of act has its own closed list."""

    FAVOURABLE = "favorable", say("favorable")
    RESERVED = "favorable-reserves", say("favorable avec réserves")
    UNFAVOURABLE = "defavorable", say("défavorable")
    DEEMED = "repute-rendu", say("réputé rendu")
    NO_OPINION = "sans-avis", say("sans avis")
    ADOPTED = "adopte", say("adopté")
    REJECTED = "rejete", say("rejeté")
    # A committee advises and votes on nothing here: what it decided is in words.
    MET = "reuni", say("s’est réuni")


class FormalAct(Base):
    """An act of a body, recorded for a contract; corrected by a new version, never deleted."""

    __tablename__ = "formal_act"
    __table_args__ = (Index("ix_formal_act_place", "contract_id", "held_on", "id"),)

    id: Mapped[public_id]
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"))
    kind: Mapped[ActKind] = mapped_column(Word(ActKind))
    stage: Mapped[Stage] = mapped_column(Word(Stage))
    held_on: Mapped[date]
    body: Mapped[str] = mapped_column(String(160))
    establishment_id: Mapped[str | None] = mapped_column(ForeignKey("establishment.id"))
    outcome: Mapped[ActOutcome] = mapped_column(Word(ActOutcome))
    source: Mapped[str] = mapped_column(Text, default="")
    html: Mapped[str] = mapped_column(Text, default="")
    renderer: Mapped[int]
    record_id: Mapped[str | None] = mapped_column(ForeignKey("act_record.id"))
    version: Mapped[int] = mapped_column(default=1)
    # Why it reads otherwise than before; empty in the first version.
    reason: Mapped[str] = mapped_column(Text, default="")
    by_participant: Mapped[str] = mapped_column(String(ID_LENGTH))
    by_function: Mapped[str] = mapped_column(String(120))
    # Written by people of the body itself: theirs alone to correct or take back.
    by_body: Mapped[bool] = mapped_column(default=False)
    recorded_at: Mapped[moment]
    corrected_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    taken_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    taken_back_function: Mapped[str] = mapped_column(String(120), default="")
    taken_back_reason: Mapped[str] = mapped_column(Text, default="")


class FormalActVersion(Base):
    """An act as it read before a correction; its kind never changes."""

    __tablename__ = "formal_act_version"

    act_id: Mapped[str] = mapped_column(ForeignKey("formal_act.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    stage: Mapped[Stage] = mapped_column(Word(Stage))
    held_on: Mapped[date]
    body: Mapped[str] = mapped_column(String(160))
    establishment_id: Mapped[str | None] = mapped_column(ForeignKey("establishment.id"))
    outcome: Mapped[ActOutcome] = mapped_column(Word(ActOutcome))
    source: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    renderer: Mapped[int]
    record_id: Mapped[str | None] = mapped_column(ForeignKey("act_record.id"))
    reason: Mapped[str] = mapped_column(Text)
    by_function: Mapped[str] = mapped_column(String(120))
    at: Mapped[moment]


class FormalActSequel(Base):
    """What the direction says that an opinion became: dated, never rewritten; another one may follow."""

    __tablename__ = "formal_act_sequel"
    __table_args__ = (Index("ix_formal_act_sequel_act_id", "act_id", "at"),)

    id: Mapped[public_id]
    act_id: Mapped[str] = mapped_column(ForeignKey("formal_act.id"))
    source: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    renderer: Mapped[int]
    by_participant: Mapped[str] = mapped_column(String(ID_LENGTH))
    by_function: Mapped[str] = mapped_column(String(120))
    at: Mapped[moment]


class ActRecord(Base):
    """A document attached to an act: its bytes are read only to hand them over."""

    __tablename__ = "act_record"

    id: Mapped[public_id]
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    extension: Mapped[str] = mapped_column(String(8))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    at: Mapped[moment]
