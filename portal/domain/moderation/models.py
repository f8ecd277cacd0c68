"""Decisions of moderation: who (by function), which rule, which words, when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.base import Base
from portal.kernel.columns import UtcDateTime, Word, moment, public_id
from portal.kernel.ids import ID_LENGTH
from portal.kernel.speech import say
from portal.vocabulary import College, Labelled, ModerationRule


class Decision(Labelled):
    """What was decided of a version."""

    APPROVED = "approved", say("approuvée")
    REFUSED = "refused", say("refusée")
    HIDDEN = "hidden", say("masquée")


# Of these the words as a whole are meant: nothing has to be marked in them.
WHOLE_TEXT = frozenset(
    {
        ModerationRule.OFF_TOPIC,
        ModerationRule.DUPLICATE,
        ModerationRule.ADVERTISING,
        ModerationRule.PERSONAL,
    }
)


class AppealState(Labelled):
    """Where a second look at a decision of moderation stands."""

    ASKED = "demande", say("demandé")
    UPHELD = "maintenu", say("décision maintenue")
    REVERSED = "annule", say("décision annulée")
    # Who wrote had the words erased before anybody decided.
    ENDED = "termine", say("terminé, le texte est effacé")


class DangerChannel(Labelled):
    """Who can be told when somebody may be in danger; always a person or a service, never the portal."""

    EMERGENCY = "urgence", say("les secours : 15, 17 ou 112")
    DIRECTION = "direction", say("la direction de l’établissement")
    ABUSE_LINE = "3977", say("le 3977, maltraitances envers les adultes vulnérables")
    CHILDREN = "119", say("le 119, enfance en danger")
    AUTHORITY = "autorite", say("l’autorité, par son circuit d’alerte")


class ReportOutcome(Labelled):
    """What was decided of a contribution that was reported."""

    SET_ASIDE = "masquee", say("la contribution a été masquée")
    KEPT = "gardee", say("la contribution reste publiée")
    WITHDRAWN = "retiree", say("la personne qui a écrit a retiré ses mots")


class ModerationDecision(Base):
    """One decision on one version of a contribution; never changed."""

    __tablename__ = "moderation_decision"

    id: Mapped[public_id]
    contribution_id: Mapped[str] = mapped_column(ForeignKey("contribution.id"), index=True)
    number: Mapped[int]
    decision: Mapped[Decision] = mapped_column(Word(Decision))
    rule: Mapped[ModerationRule | None] = mapped_column(Word(ModerationRule))
    # The words that are meant, one passage a line; empty: the words as a whole.
    passages: Mapped[str] = mapped_column(Text, default="")
    sentence: Mapped[str] = mapped_column(Text, default="")
    by_participant: Mapped[str] = mapped_column(String(ID_LENGTH))
    by_function: Mapped[str] = mapped_column(String(120))
    at: Mapped[moment]


class AppealReader(Base):
    """Who reads the appeals of a space: named, bound to confidentiality before the first reading."""

    __tablename__ = "appeal_reader"
    __table_args__ = (Index("ix_appeal_reader_space_id", "space_id", "ended_at"),)

    id: Mapped[public_id]
    space_id: Mapped[str] = mapped_column(ForeignKey("space.id"))
    participant_id: Mapped[str] = mapped_column(ForeignKey("participant.id"), index=True)
    named_function: Mapped[str] = mapped_column(String(120))
    at: Mapped[moment]
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Appeal(Base):
    """A second look that an author asks for at one decision; decided once."""

    __tablename__ = "appeal"
    __table_args__ = (Index("ix_appeal_space_id", "space_id", "state"),)

    id: Mapped[public_id]
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"), index=True)
    space_id: Mapped[str] = mapped_column(ForeignKey("space.id"))
    contribution_id: Mapped[str] = mapped_column(ForeignKey("contribution.id"), index=True)
    decision_id: Mapped[str] = mapped_column(ForeignKey("moderation_decision.id"), unique=True)
    number: Mapped[int]
    decider_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    college: Mapped[College] = mapped_column(Word(College))
    words: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[AppealState] = mapped_column(Word(AppealState), default=AppealState.ASKED)
    at: Mapped[moment]
    due_at: Mapped[moment]
    decided_by: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    decided_function: Mapped[str] = mapped_column(String(120), default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text, default="")


class AppealAside(Base):
    """A reader who leaves one appeal to somebody else, and why; the direction reads it, the author does not."""

    __tablename__ = "appeal_aside"

    appeal_id: Mapped[str] = mapped_column(ForeignKey("appeal.id"), primary_key=True)
    participant_id: Mapped[str] = mapped_column(ForeignKey("participant.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[moment]


class Report(Base):
    """One participant finds that published words break a rule; never shown with who said so."""

    __tablename__ = "report"
    __table_args__ = (Index("ix_report_space_id", "space_id", "settled_at"),)

    contribution_id: Mapped[str] = mapped_column(ForeignKey("contribution.id"), primary_key=True)
    participant_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    space_id: Mapped[str] = mapped_column(ForeignKey("space.id"))
    rule: Mapped[ModerationRule] = mapped_column(Word(ModerationRule))
    words: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int]
    at: Mapped[moment]
    outcome: Mapped[ReportOutcome | None] = mapped_column(Word(ReportOutcome))
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DangerAlert(Base):
    """Somebody found that a person may be in danger: that it was said and when, never the words.

    `version` is the last one that was sent then; 0 when the words were taken back already. The
    procedure is open until `ended_at`.
    """

    __tablename__ = "danger_alert"

    id: Mapped[public_id]
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"))
    space_id: Mapped[str] = mapped_column(ForeignKey("space.id"), index=True)
    contribution_id: Mapped[str] = mapped_column(ForeignKey("contribution.id"), unique=True)
    version: Mapped[int]
    at: Mapped[moment]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_function: Mapped[str | None] = mapped_column(String(120))

    @property
    def seen(self) -> str:
        """What a page carries to say which procedure it showed: the same words may open several in turn."""
        return self.at.isoformat()


class DangerStep(Base):
    """Who was told, by whom and when."""

    __tablename__ = "danger_step"

    alert_id: Mapped[str] = mapped_column(ForeignKey("danger_alert.id"), primary_key=True)
    channel: Mapped[DangerChannel] = mapped_column(Word(DangerChannel), primary_key=True)
    by_function: Mapped[str] = mapped_column(String(120))
    at: Mapped[moment]


class ModerationSetting(Base):
    """How a contract moderates: who may read appeals, where an alert goes, how long a review takes."""

    __tablename__ = "moderation_setting"

    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"), primary_key=True)
    review_days: Mapped[int] = mapped_column(default=5)
    authority_readers: Mapped[bool] = mapped_column(default=False)
    authority_reason: Mapped[str] = mapped_column(Text, default="")
    alert_text: Mapped[str] = mapped_column(Text, default="")
    alert_address: Mapped[str] = mapped_column(String(200), default="")
    personal_contact: Mapped[str] = mapped_column(String(160), default="")
    version: Mapped[int] = mapped_column(default=1)
    by_function: Mapped[str] = mapped_column(String(120), default="")
    at: Mapped[moment]
