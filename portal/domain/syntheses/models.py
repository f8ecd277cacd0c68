"""Syntheses: what was said in a space, in the words of who wrote it down, with the contributions it cites.

Number 0 is what is being written; the others were published and never change. Words of a person stand
in the quotes of citations and nowhere else: texts hold marks, so that what is erased is erased here too.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.base import Base
from portal.kernel.columns import moment, public_id
from portal.kernel.ids import ID_LENGTH

DRAFT = 0


class Synthesis(Base):
    """The synthesis of a space. `version` tells two writers apart; `published` is the last number that is public."""

    __tablename__ = "synthesis"
    __table_args__ = (Index("ix_synthesis_contract_id", "contract_id"),)

    id: Mapped[public_id]
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"))
    space_id: Mapped[str] = mapped_column(ForeignKey("space.id"), unique=True)
    version: Mapped[int] = mapped_column(default=1)
    published: Mapped[int | None]
    written_at: Mapped[moment]
    written_by: Mapped[str] = mapped_column(String(120))


class SynthesisVersion(Base):
    """One publication: when, by whom, why it was corrected, and the figures of that moment."""

    __tablename__ = "synthesis_version"

    synthesis_id: Mapped[str] = mapped_column(ForeignKey("synthesis.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[moment]
    by_participant: Mapped[str] = mapped_column(String(ID_LENGTH))
    by_function: Mapped[str] = mapped_column(String(120))
    reason: Mapped[str] = mapped_column(Text, default="")
    figures: Mapped[str] = mapped_column(Text)


class SynthesisSection(Base):
    """A part of a synthesis: its heading, and its text with a mark where something is cited."""

    __tablename__ = "synthesis_section"

    synthesis_id: Mapped[str] = mapped_column(ForeignKey("synthesis.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    heading: Mapped[str] = mapped_column(String(160))
    source: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    renderer: Mapped[int]


class SynthesisCitation(Base):
    """A contribution that a part cites, in the version that was read; `quote` is word for word in it."""

    __tablename__ = "synthesis_citation"
    __table_args__ = (Index("ix_synthesis_citation_contribution_id", "contribution_id"),)

    synthesis_id: Mapped[str] = mapped_column(ForeignKey("synthesis.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    section: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    contribution_id: Mapped[str] = mapped_column(ForeignKey("contribution.id"))
    version: Mapped[int]
    quote: Mapped[str] = mapped_column(Text, default="")


class SynthesisGrouping(Base):
    """Why a contribution is not cited: what it says is taken up under these words."""

    __tablename__ = "synthesis_grouping"
    __table_args__ = (Index("ix_synthesis_grouping_contribution_id", "contribution_id"),)

    synthesis_id: Mapped[str] = mapped_column(ForeignKey("synthesis.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    contribution_id: Mapped[str] = mapped_column(ForeignKey("contribution.id"), primary_key=True)
    under: Mapped[str] = mapped_column(String(160))
