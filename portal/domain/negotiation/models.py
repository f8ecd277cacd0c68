"""The negotiation zone of a contract, its points, the words proposed there, and what came of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.texts.negotiated_models import NegotiatedChange, Piece
from portal.kernel.base import Base
from portal.kernel.columns import UtcDateTime, Word, moment, public_id
from portal.kernel.ids import ID_LENGTH
from portal.kernel.speech import say
from portal.vocabulary import Labelled

__all__ = [
    "NegotiatedChange",
    "Negotiation",
    "NegotiationAgreement",
    "NegotiationMessage",
    "NegotiationPassage",
    "NegotiationPoint",
    "NegotiationPosition",
    "NegotiationWording",
    "Piece",
    "PointState",
]


class PointState(Labelled):
    """Where a point of the negotiation stands."""

    OPEN = "ouvert", say("en discussion")
    SETTLED = "regle", say("réglé")
    LEFT = "laisse", say("laissé de côté")


class Negotiation(Base):
    """A zone: everybody in the contract knows of it, signatories alone read what is in it. `outcome` is read by everybody."""

    __tablename__ = "negotiation"
    __table_args__ = (UniqueConstraint("contract_id", "number"),)

    id: Mapped[public_id]
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"))
    number: Mapped[int]
    opened_at: Mapped[moment]
    opened_by: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    opened_function: Mapped[str] = mapped_column(String(120))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by: Mapped[str | None] = mapped_column(ForeignKey("organisation.id"))
    closed_function: Mapped[str] = mapped_column(String(120), default="")
    outcome: Mapped[str] = mapped_column(String(1000), default="")
    version: Mapped[int] = mapped_column(default=1)


class NegotiationPoint(Base):
    """Something that is negotiated: about a subject, a block of the trame, a line of money, or about none of them."""

    __tablename__ = "negotiation_point"
    __table_args__ = (UniqueConstraint("negotiation_id", "number"),)

    id: Mapped[public_id]
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"), index=True)
    negotiation_id: Mapped[str] = mapped_column(ForeignKey("negotiation.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    item_id: Mapped[str | None] = mapped_column(ForeignKey("item.id"))
    block_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    means_id: Mapped[str | None] = mapped_column(ForeignKey("means_line.id"))
    state: Mapped[PointState] = mapped_column(Word(PointState), default=PointState.OPEN)
    ending: Mapped[str] = mapped_column(String(600), default="")
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    by_function: Mapped[str] = mapped_column(String(120))
    at: Mapped[moment]
    version: Mapped[int] = mapped_column(default=1)


class NegotiationPosition(Base):
    """What one party holds about a point, written by itself."""

    __tablename__ = "negotiation_position"

    point_id: Mapped[str] = mapped_column(ForeignKey("negotiation_point.id"), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    words: Mapped[str] = mapped_column(String(1000))
    by_function: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)


class NegotiationMessage(Base):
    """A message about a point, by the function of who wrote it; it stays as it was written."""

    __tablename__ = "negotiation_message"
    __table_args__ = (UniqueConstraint("point_id", "number"),)

    id: Mapped[public_id]
    point_id: Mapped[str] = mapped_column(ForeignKey("negotiation_point.id"))
    number: Mapped[int]
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    by_function: Mapped[str] = mapped_column(String(120))
    words: Mapped[str] = mapped_column(String(1000))
    at: Mapped[moment]


class NegotiationWording(Base):
    """Words proposed for a point, version after version: `reason` is what everybody will read once they are applied."""

    __tablename__ = "negotiation_wording"

    point_id: Mapped[str] = mapped_column(ForeignKey("negotiation_point.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    reason: Mapped[str] = mapped_column(String(400))
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    by_function: Mapped[str] = mapped_column(String(120))
    at: Mapped[moment]
    applied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class NegotiationPassage(Base):
    """One passage of a proposal: `place` is the stable id of a paragraph, or the block; the words before and after."""

    __tablename__ = "negotiation_passage"

    point_id: Mapped[str] = mapped_column(ForeignKey("negotiation_point.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    piece: Mapped[Piece] = mapped_column(Word(Piece), primary_key=True)
    place: Mapped[str] = mapped_column(String(ID_LENGTH))
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)


class NegotiationAgreement(Base):
    """That a party agrees to a proposal; it holds for that `number` alone."""

    __tablename__ = "negotiation_agreement"

    point_id: Mapped[str] = mapped_column(ForeignKey("negotiation_point.id"), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    number: Mapped[int]
    by_function: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
