"""The former states of the pieces of a contract whose noun keeps none of its own."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.base import Base
from portal.kernel.columns import UtcDateTime, Word, ref
from portal.kernel.ids import ID_LENGTH
from portal.kernel.speech import say
from portal.vocabulary import Labelled


class PieceKind(Labelled):
    """What a contract is made of, as far as its versions are kept."""

    OBJECTIVE = "objectif", say("objectif")
    ACTION = "action", say("action d’un objectif")
    BRANCH = "branche", say("orientation ou objectif stratégique")
    FINDING = "constat", say("constat")
    INDICATOR = "indicateur", say("indicateur du contrat")
    SITE = "etablissement", say("établissement du périmètre")
    BLOCK = "bloc", say("bloc de la trame")
    MEANS = "moyen", say("ligne de moyens")


class PieceVersion(Base):
    """One state of a piece; never changed once written.

    `number` is the version that its noun gave it, `rank` its place among those that are kept. `fields` are its words and ids as JSON; a number stands for the version of
    a text, which keeps its own words. `changed` names the fields that differ from the state before, `restores` the rank of
    the one that was brought back. Without `at` it is a state from before versions were kept.
    """

    __tablename__ = "piece_version"
    __table_args__ = (Index("ix_piece_version_latest", "contract_id", "at"),)

    # A site is in the perimeter of several contracts.
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"), primary_key=True)
    kind: Mapped[PieceKind] = mapped_column(Word(PieceKind), primary_key=True)
    piece_id: Mapped[ref] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    rank: Mapped[int]
    name: Mapped[str] = mapped_column(String(300))
    fields: Mapped[str] = mapped_column(Text)
    changed: Mapped[str] = mapped_column(Text, default="")
    by_participant: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    by_function: Mapped[str] = mapped_column(String(120), default="")
    at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text, default="")
    restores: Mapped[int | None]
