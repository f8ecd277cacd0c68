"""Decisions of moderation: who (by function), which rule, which words, when."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.base import Base
from portal.kernel.columns import Word, moment, public_id
from portal.kernel.ids import ID_LENGTH
from portal.kernel.speech import say
from portal.vocabulary import Labelled, ModerationRule


class Decision(Labelled):
    """What was decided of a version."""

    APPROVED = "approved", say("approuvée")
    REFUSED = "refused", say("refusée")
    HIDDEN = "hidden", say("masquée")


class ModerationDecision(Base):
    """One decision on one version of a contribution; never changed."""

    __tablename__ = "moderation_decision"

    id: Mapped[public_id]
    contribution_id: Mapped[str] = mapped_column(ForeignKey("contribution.id"), index=True)
    number: Mapped[int]
    decision: Mapped[Decision] = mapped_column(Word(Decision))
    rule: Mapped[ModerationRule | None] = mapped_column(Word(ModerationRule))
    sentence: Mapped[str] = mapped_column(Text, default="")
    by_participant: Mapped[str] = mapped_column(String(ID_LENGTH))
    by_function: Mapped[str] = mapped_column(String(120))
    at: Mapped[moment]
