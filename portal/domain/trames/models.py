"""A trame that an authority keeps, its published versions, and the one in which a contract is written."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.base import Base
from portal.kernel.columns import Word, moment, public_id
from portal.kernel.ids import ID_LENGTH
from portal.kernel.speech import say
from portal.vocabulary import Labelled


class BlockKind(Labelled):
    """What a block of a trame is."""

    OPENING = "ouverture", say("ouverture")
    TITLE = "titre", say("titre")
    ARTICLE = "article", say("article")
    ANNEX = "annexe", say("annexe")


class Filling(Labelled):
    """Where the content of a block comes from."""

    PERIMETER = "perimetre", say("le périmètre du contrat")
    DIAGNOSTIC = "diagnostic", say("le diagnostic partagé")
    OBJECTIVES = "objectifs", say("les objectifs")
    MEANS = "moyens", say("les moyens")
    LIFE = "vie", say("la vie du contrat")
    FOLLOW_UP = "suivi", say("le comité de suivi")
    FREE = "libre", say("un texte à écrire")


class Trame(Base):
    """A trame of an authority, begun from a model; `version` moves with each change of what will be published."""

    __tablename__ = "trame"

    id: Mapped[public_id]
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    title: Mapped[str] = mapped_column(String(160))
    model: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[moment]
    version: Mapped[int] = mapped_column(default=1)


class TrameBlock(Base):
    """A block as its authority adapts it; `block_id` stays the same in the model, in every version, in every contract."""

    __tablename__ = "trame_block"

    trame_id: Mapped[str] = mapped_column(ForeignKey("trame.id"), primary_key=True)
    block_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    position: Mapped[int]
    kind: Mapped[BlockKind] = mapped_column(Word(BlockKind))
    title: Mapped[str] = mapped_column(String(200))
    plain: Mapped[str] = mapped_column(String(300))
    filling: Mapped[Filling] = mapped_column(Word(Filling))
    binding: Mapped[bool] = mapped_column(default=False)


class TrameVersion(Base):
    """A trame as it was published on a day; never changed afterwards. `told` says in a sentence what changed."""

    __tablename__ = "trame_version"
    __table_args__ = (UniqueConstraint("trame_id", "number"),)

    id: Mapped[public_id]
    trame_id: Mapped[str] = mapped_column(ForeignKey("trame.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(160))
    told: Mapped[str] = mapped_column(String(300))
    published_on: Mapped[date]


class TrameVersionBlock(Base):
    """A block of a published version."""

    __tablename__ = "trame_version_block"

    version_id: Mapped[str] = mapped_column(ForeignKey("trame_version.id"), primary_key=True)
    block_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    position: Mapped[int]
    kind: Mapped[BlockKind] = mapped_column(Word(BlockKind))
    title: Mapped[str] = mapped_column(String(200))
    plain: Mapped[str] = mapped_column(String(300))
    filling: Mapped[Filling] = mapped_column(Word(Filling))
    binding: Mapped[bool] = mapped_column(default=False)


class ContractTrame(Base):
    """In which trame a contract is written: a model, or a version that an authority published."""

    __tablename__ = "contract_trame"

    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"), primary_key=True)
    model: Mapped[str] = mapped_column(String(20), default="")
    trame_version_id: Mapped[str | None] = mapped_column(ForeignKey("trame_version.id"))
    chosen_on: Mapped[date]
    by_function: Mapped[str] = mapped_column(String(120))
    version: Mapped[int] = mapped_column(default=1)


class BlockText(Base):
    """What the direction wrote in a block of the contract, version after version; empty words are words taken out.

    `title` is what the block was called then: it names the words once the trame has the block no more. `restores` is the
    version that was brought back, for which reason.
    """

    __tablename__ = "trame_block_text"

    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"), primary_key=True)
    block_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(Text, default="")
    html: Mapped[str] = mapped_column(Text, default="")
    renderer: Mapped[int]
    by_function: Mapped[str] = mapped_column(String(120))
    at: Mapped[moment]
    reason: Mapped[str] = mapped_column(String(300), default="")
    restores: Mapped[int | None]
