"""The contract, its parties and perimeter, and the items people speak about."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.base import Base
from portal.kernel.columns import Word, moment, public_id
from portal.vocabulary import FindingKind, ItemKind, Stage


class Contract(Base):
    """A contrat pluriannuel d'objectifs et de moyens (CASF L313-11, L313-12)."""

    __tablename__ = "contract"

    id: Mapped[public_id]
    title: Mapped[str] = mapped_column(String(200))
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    stage: Mapped[Stage] = mapped_column(Word(Stage))
    created_at: Mapped[moment]
    signed_on: Mapped[date | None]


class ContractAuthority(Base):
    """A tariff authority that signs the contract, and how to reach who follows it there: a function."""

    __tablename__ = "contract_authority"

    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    referent_function: Mapped[str] = mapped_column(String(120), default="")
    referent_contact: Mapped[str] = mapped_column(String(200), default="")
    version: Mapped[int] = mapped_column(default=1)


class ContractEstablishment(Base):
    """A site within the perimeter of the contract."""

    __tablename__ = "contract_establishment"

    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"), primary_key=True)
    establishment_id: Mapped[str] = mapped_column(ForeignKey("establishment.id"), primary_key=True)


class Item(Base):
    """What a space is about: a finding or an objective of a contract."""

    __tablename__ = "item"
    __table_args__ = (Index("ix_item_place", "contract_id", "kind", "number"),)

    id: Mapped[public_id]
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"))
    kind: Mapped[ItemKind] = mapped_column(Word(ItemKind))
    number: Mapped[int]
    axis: Mapped[str] = mapped_column(String(160))
    title: Mapped[str] = mapped_column(String(200))
    finding_kind: Mapped[FindingKind | None] = mapped_column(Word(FindingKind))

    __mapper_args__ = {"polymorphic_on": "kind"}  # noqa: RUF012 — declarative API


class Finding(Item):
    """Constat: a strength, a weakness, an opportunity or a point of vigilance, on one axis."""

    __mapper_args__ = {"polymorphic_identity": ItemKind.FINDING}  # noqa: RUF012


class Objective(Item):
    """Objectif (fiche action) with its indicators."""

    __mapper_args__ = {"polymorphic_identity": ItemKind.OBJECTIVE}  # noqa: RUF012


class Indicator(Base):
    """An indicator of an objective: where it starts, where it should arrive."""

    __tablename__ = "indicator"

    id: Mapped[public_id]
    item_id: Mapped[str] = mapped_column(ForeignKey("item.id"), index=True)
    position: Mapped[int]
    label: Mapped[str] = mapped_column(String(200))
    initial: Mapped[str] = mapped_column(String(40))
    target: Mapped[str] = mapped_column(String(40))
    yearly: Mapped[str] = mapped_column(String(160), default="")


class Leeway(Base):
    """Marge de manœuvre of an item; one of the three texts may be empty."""

    __tablename__ = "leeway"

    item_id: Mapped[str] = mapped_column(ForeignKey("item.id"), primary_key=True)
    decided: Mapped[str] = mapped_column(Text, default="")
    decided_by: Mapped[str] = mapped_column(String(160), default="")
    open: Mapped[str] = mapped_column(Text, default="")
    open_by: Mapped[str] = mapped_column(String(160), default="")
    out_of_reach: Mapped[str] = mapped_column(Text, default="")
    out_of_reach_by: Mapped[str] = mapped_column(String(160), default="")


class DatabaseMark(Base):
    """Facts about the database itself, such as « demonstration »."""

    __tablename__ = "database_mark"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(String(80))
    at: Mapped[moment]
