"""Where a finding holds, and what each party of the contract said of it."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.base import Base
from portal.kernel.columns import Word, moment
from portal.kernel.speech import say
from portal.vocabulary import Labelled


class ValidationState(Labelled):
    """Where one party stands towards a finding; only what it said is written, the rest follows from the words."""

    NOT_YET = "pas-encore", say("pas encore validé")
    VALIDATED = "valide", say("validé")
    RESERVED = "reserve", say("validé avec une réserve")
    TO_REVIEW = "a-revoir", say("à revoir")


class FindingPlace(Base):
    """An establishment that a finding is about; a finding without any is about all of them."""

    __tablename__ = "finding_place"

    item_id: Mapped[str] = mapped_column(ForeignKey("item.id"), primary_key=True)
    establishment_id: Mapped[str] = mapped_column(ForeignKey("establishment.id"), primary_key=True)


class FindingValidation(Base):
    """What a party said of a finding, and on which state of its words (`version`)."""

    __tablename__ = "finding_validation"

    item_id: Mapped[str] = mapped_column(ForeignKey("item.id"), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    state: Mapped[ValidationState] = mapped_column(Word(ValidationState))
    version: Mapped[int]
    by_function: Mapped[str] = mapped_column(String(120))
    reason: Mapped[str] = mapped_column(String(300), default="")
    at: Mapped[moment]
