"""Rows of the life of a contract; what nobody wrote yet has no row."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.base import Base
from portal.kernel.columns import UtcDateTime, Word, moment, public_id
from portal.kernel.speech import say
from portal.vocabulary import Labelled, Stage


class ReviewKind(Labelled):
    """The two reviews of a contract, each looked at by the follow-up committee."""

    MIDTERM = "mi-parcours", say("bilan à mi-parcours")
    FINAL = "final", say("bilan final")


class EndChoice(Labelled):
    """What is decided before a contract ends."""

    PROLONG = "prolonger", say("demander la prorogation du contrat")
    RENEW = "renouveler", say("préparer un nouveau contrat")
    STOP = "terminer", say("laisser le contrat se terminer")


class ContractLife(Base):
    """The act that gives a contract its sixth year: one recorded here, or its reference."""

    __tablename__ = "contract_life"

    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"), primary_key=True)
    sixth_act_id: Mapped[str | None] = mapped_column(ForeignKey("formal_act.id"))
    sixth_reference: Mapped[str] = mapped_column(String(200), default="")
    version: Mapped[int] = mapped_column(default=1)


class ContractStage(Base):
    """A stage of a contract: when it was planned, when it took place. `reopened_on` while it goes on anew."""

    __tablename__ = "contract_stage"

    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"), primary_key=True)
    stage: Mapped[Stage] = mapped_column(Word(Stage), primary_key=True)
    planned_from: Mapped[date | None]
    planned_to: Mapped[date | None]
    begun_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    reopened_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)


class StageReopening(Base):
    """That a stage which had ended was opened again, and why; never rewritten."""

    __tablename__ = "stage_reopening"
    __table_args__ = (Index("ix_stage_reopening_place", "contract_id", "reopened_on", "id"),)

    id: Mapped[public_id]
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"))
    stage: Mapped[Stage] = mapped_column(Word(Stage))
    ended_on: Mapped[date]
    reopened_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(600))
    by_function: Mapped[str] = mapped_column(String(120))
    at: Mapped[moment]


class Amendment(Base):
    """Avenant: what the parties changed in the contract after its signature; corrected by a new version."""

    __tablename__ = "amendment"
    __table_args__ = (UniqueConstraint("contract_id", "number"),)

    id: Mapped[public_id]
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"))
    number: Mapped[int]
    signed_on: Mapped[date]
    effective_on: Mapped[date]
    changes: Mapped[str] = mapped_column(Text)
    articles: Mapped[str] = mapped_column(String(300), default="")
    version: Mapped[int] = mapped_column(default=1)
    # Why it reads otherwise than before; empty in the first version.
    reason: Mapped[str] = mapped_column(String(600), default="")
    by_function: Mapped[str] = mapped_column(String(120))
    at: Mapped[moment]


class AmendmentVersion(Base):
    """An avenant as it read before a correction."""

    __tablename__ = "amendment_version"

    amendment_id: Mapped[str] = mapped_column(ForeignKey("amendment.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
    signed_on: Mapped[date]
    effective_on: Mapped[date]
    changes: Mapped[str] = mapped_column(Text)
    articles: Mapped[str] = mapped_column(String(300))
    reason: Mapped[str] = mapped_column(String(600))
    by_function: Mapped[str] = mapped_column(String(120))
    at: Mapped[moment]


class CommitteeSeat(Base):
    """A seat of the follow-up committee: a function and the party that it stands for, never a name."""

    __tablename__ = "committee_seat"
    __table_args__ = (Index("ix_committee_seat_place", "contract_id", "left_on"),)

    id: Mapped[public_id]
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"))
    function: Mapped[str] = mapped_column(String(120))
    # A party of the contract, or else whom the seat stands for, in words.
    organisation_id: Mapped[str | None] = mapped_column(ForeignKey("organisation.id"))
    partner: Mapped[str] = mapped_column(String(160), default="")
    left_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)


class Review(Base):
    """Bilan: when it is planned and made, when the committee looks at it, what it says in plain words."""

    __tablename__ = "review"

    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"), primary_key=True)
    kind: Mapped[ReviewKind] = mapped_column(Word(ReviewKind), primary_key=True)
    planned_on: Mapped[date | None]
    held_on: Mapped[date | None]
    meets_on: Mapped[date | None]
    met_on: Mapped[date | None]
    says: Mapped[str] = mapped_column(Text, default="")
    html: Mapped[str] = mapped_column(Text, default="")
    renderer: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    # Who wrote what it says now, and when; of words that are older than these columns, nobody knows.
    by_function: Mapped[str] = mapped_column(String(120), default="")
    at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ReviewVersion(Base):
    """What a review said before it was written anew; never changed."""

    __tablename__ = "review_version"

    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"), primary_key=True)
    kind: Mapped[ReviewKind] = mapped_column(Word(ReviewKind), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    held_on: Mapped[date | None]
    says: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    renderer: Mapped[int]
    by_function: Mapped[str] = mapped_column(String(120), default="")
    at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ReportLine(Base):
    """Who reports what, each year, on which day. `code` names the ready line that it stands for."""

    __tablename__ = "report_line"
    __table_args__ = (UniqueConstraint("contract_id", "code"),)

    id: Mapped[public_id]
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"))
    code: Mapped[str | None] = mapped_column(String(20))
    label: Mapped[str] = mapped_column(String(200))
    reporter: Mapped[str] = mapped_column(String(160))
    recipient: Mapped[str] = mapped_column(String(200), default="")
    day: Mapped[int]
    month: Mapped[int]
    last_sent_on: Mapped[date | None]
    # Of no use to this contract: said so, and no longer due.
    set_aside: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)


class EndDecision(Base):
    """What was decided about the end of a contract, and why; another one may follow, none is rewritten."""

    __tablename__ = "end_decision"
    __table_args__ = (UniqueConstraint("contract_id", "number"),)

    id: Mapped[public_id]
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"))
    number: Mapped[int]
    choice: Mapped[EndChoice] = mapped_column(Word(EndChoice))
    decided_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(600))
    # The end of the contract that it was decided about: when that moves, it is to be decided anew.
    ends_on: Mapped[date]
    by_function: Mapped[str] = mapped_column(String(120))
    at: Mapped[moment]


class Disagreement(Base):
    """What the parties do not agree about, and how it ended; it stays."""

    __tablename__ = "disagreement"
    __table_args__ = (Index("ix_disagreement_place", "contract_id", "raised_on", "id"),)

    id: Mapped[public_id]
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"))
    about: Mapped[str] = mapped_column(String(300))
    raised_on: Mapped[date]
    outcome: Mapped[str] = mapped_column(String(1000), default="")
    settled_on: Mapped[date | None]
    settled_function: Mapped[str] = mapped_column(String(120), default="")
    version: Mapped[int] = mapped_column(default=1)
    by_function: Mapped[str] = mapped_column(String(120))
    at: Mapped[moment]


class DisagreementPosition(Base):
    """What one party says in a disagreement, written by itself."""

    __tablename__ = "disagreement_position"

    disagreement_id: Mapped[str] = mapped_column(ForeignKey("disagreement.id"), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    words: Mapped[str] = mapped_column(String(1000))
    by_function: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)
