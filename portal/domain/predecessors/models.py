"""The contract before this one, its commitments, what each of them became, and how all of it read before."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.base import Base
from portal.kernel.columns import Word, moment, public_id
from portal.kernel.speech import say
from portal.vocabulary import Labelled


class PredecessorKind(Labelled):
    """What the contract before was."""

    CPOM = "cpom", say("contrat pluriannuel d’objectifs et de moyens (CPOM)")
    TRIPARTITE = "tripartite", say("convention tripartite")
    OTHER = "autre", say("autre contrat ou convention")


class Outcome(Labelled):
    """What a commitment of the contract before became; one set aside was no commitment, and is not shown."""

    UNSAID = "a-dire", say("pas encore dit")
    KEPT = "repris", say("repris")
    CHANGED = "change", say("changé")
    ENDED = "termine", say("terminé")
    DROPPED = "abandonne", say("abandonné")
    ASIDE = "de-cote", say("mis de côté")


class _PredecessorWords:
    """What is said of the contract before, now or formerly; `numbers` tells which FINESS numbers changed."""

    kind: Mapped[PredecessorKind] = mapped_column(Word(PredecessorKind))
    title: Mapped[str] = mapped_column(String(200))
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    parties: Mapped[str] = mapped_column(String(600), default="")
    numbers: Mapped[str] = mapped_column(String(600), default="")
    by_function: Mapped[str] = mapped_column(String(120))
    at: Mapped[moment]


class _CommitmentWords:
    """What is said of a commitment, now or formerly; `objective_id` is the objective that it became."""

    title: Mapped[str] = mapped_column(String(200))
    outcome: Mapped[Outcome] = mapped_column(Word(Outcome))
    words: Mapped[str] = mapped_column(String(600), default="")
    objective_id: Mapped[str | None] = mapped_column(ForeignKey("item.id"))
    by_function: Mapped[str] = mapped_column(String(120))
    at: Mapped[moment]


class Predecessor(_PredecessorWords, Base):
    """The contract before this one: a CPOM, a convention tripartite or another."""

    __tablename__ = "predecessor"

    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)


class PredecessorVersion(_PredecessorWords, Base):
    """What was said of it before a change; never changed."""

    __tablename__ = "predecessor_version"

    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class FormerCommitment(_CommitmentWords, Base):
    """An objective of the contract before. `under` is what it stood under there.

    `carried` keeps what its file said of it, actions and indicators too: all of that goes into the objective that
    is made of it.
    """

    __tablename__ = "former_commitment"
    __table_args__ = (
        Index("ix_former_commitment_place", "contract_id", "number"),
        Index("ix_former_commitment_objective", "objective_id"),
    )

    id: Mapped[public_id]
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"))
    number: Mapped[int]
    under: Mapped[str] = mapped_column(String(200), default="")
    carried: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)


class FormerCommitmentVersion(_CommitmentWords, Base):
    """What was said of a commitment before a change; never changed."""

    __tablename__ = "former_commitment_version"

    commitment_id: Mapped[str] = mapped_column(ForeignKey("former_commitment.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
