"""The indicators that a contract follows, their values by establishment and year, and what they are compared to."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import IntEnum
from typing import Any, Self

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from portal.kernel.base import Base
from portal.kernel.columns import Rung, Word, moment, public_id
from portal.kernel.speech import say
from portal.vocabulary import Labelled

# Four decimals are kept: SQLite has no decimals, so both databases keep whole ten-thousandths.
SCALE = 10_000


class Unit(Labelled):
    """In what an indicator is counted. `sign` follows the number; `totals` says whether values add up."""

    sign: str
    totals: bool

    def __new__(cls, value: str, label: str = "", sign: str = "", totals: bool = False) -> Self:  # noqa: FBT001, FBT002 — how enums are made
        """A unit, its name, what stands after a number, whether a total has a meaning."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        member.sign = sign
        member.totals = totals
        return member

    PERCENT = "pourcent", say("pour cent"), "%"
    PERSONS = "personnes", say("personnes"), "", True
    NUMBER = "nombre", say("nombre de faits"), "", True
    PER_HUNDRED = "pour-cent-personnes", say("pour 100 personnes")
    DAYS = "jours", say("jours"), say("jours")
    MONTHS = "mois", say("mois"), say("mois")
    POINTS = "points", say("points"), say("points")
    POSTS_PER_PLACE = "etp-place", say("postes à temps plein par place"), say("poste par place")
    EUROS = "euros", say("euros"), "€", True
    EUROS_PER_DAY = "euros-jour", say("euros par jour"), say("€ par jour")
    STEPS = "niveau", say("niveau, de 1 à 5")
    YES_NO = "oui-non", say("oui ou non")
    YEAR = "annee", say("année")


class Direction(Labelled):
    """Which way an indicator is better."""

    UP = "hausse", say("plus il est haut, mieux c’est")
    DOWN = "baisse", say("plus il est bas, mieux c’est")
    NEUTRAL = "neutre", say("ni haut ni bas n’est mieux : il décrit")


class Source(Labelled):
    """Where an indicator comes from."""

    TDB = "tdb", say("tableau de bord de la performance")
    PUBLIC = "public", say("information publique sur les EHPAD")
    CONTRACT = "contrat", say("pratique des contrats")
    OWN = "propre", say("ajouté par ce contrat")


class Axis(IntEnum):
    """The four axes of the performance dashboard of the sector."""

    label: str

    def __new__(cls, value: int, label: str) -> Self:
        """An axis and its name."""
        member = int.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    CARE = 1, say("Prestations de soins et d’accompagnement")
    STAFF = 2, say("Ressources humaines et matérielles")
    MONEY = 3, say("Finances et budget")
    TOOLS = 4, say("Objectifs, qualité, droits et outils")


class Exact(TypeDecorator[Decimal]):
    """A number with four decimals at most, exact on both databases."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:  # noqa: ARG002 — named by SQLAlchemy
        """Ten-thousandths."""
        return None if value is None else int(value * SCALE)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:  # noqa: ARG002 — named by SQLAlchemy
        """The number."""
        return None if value is None else Decimal(int(value)) / SCALE


class IndicatorSet(Base):
    """The indicators of a contract as a whole: `version` moves with each choice."""

    __tablename__ = "indicator_set"

    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)


class ContractIndicator(Base):
    """One indicator that a contract follows: `code` names it in the catalogue, or the words are its own.

    `dropped_on` is the day since which it is followed no more; its values stay.
    """

    __tablename__ = "contract_indicator"
    __table_args__ = (Index("ix_contract_indicator_place", "contract_id", "position"),)

    id: Mapped[public_id]
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"))
    code: Mapped[str | None] = mapped_column(String(60))
    position: Mapped[int]
    target: Mapped[Decimal | None] = mapped_column(Exact)
    target_year: Mapped[int | None]
    label: Mapped[str] = mapped_column(String(160), default="")
    plain: Mapped[str] = mapped_column(String(300), default="")
    formula: Mapped[str] = mapped_column(String(300), default="")
    unit: Mapped[Unit | None] = mapped_column(Word(Unit))
    direction: Mapped[Direction | None] = mapped_column(Word(Direction))
    axis: Mapped[Axis | None] = mapped_column(Rung(Axis))
    cost: Mapped[bool] = mapped_column(default=False)
    dropped_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)


class IndicatorValue(Base):
    """What an indicator was in an establishment in a year; `value` is None once it was wiped."""

    __tablename__ = "indicator_value"

    indicator_id: Mapped[str] = mapped_column(ForeignKey("contract_indicator.id"), primary_key=True)
    establishment_id: Mapped[str] = mapped_column(ForeignKey("establishment.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    value: Mapped[Decimal | None] = mapped_column(Exact)
    estimated: Mapped[bool] = mapped_column(default=False)
    comment: Mapped[str] = mapped_column(String(160), default="")
    by_function: Mapped[str] = mapped_column(String(160))
    at: Mapped[moment]
    version: Mapped[int] = mapped_column(default=1)


class IndicatorReference(Base):
    """Quartiles of an indicator over comparable establishments in a year, with where they come from."""

    __tablename__ = "indicator_reference"
    __table_args__ = (UniqueConstraint("indicator_id", "category_code", "year"),)

    id: Mapped[public_id]
    indicator_id: Mapped[str] = mapped_column(ForeignKey("contract_indicator.id"))
    category_code: Mapped[str] = mapped_column(String(8))
    year: Mapped[int]
    q1: Mapped[Decimal] = mapped_column(Exact)
    median: Mapped[Decimal] = mapped_column(Exact)
    q3: Mapped[Decimal] = mapped_column(Exact)
    source: Mapped[str] = mapped_column(String(200))
    by_function: Mapped[str] = mapped_column(String(160))
    at: Mapped[moment]
    version: Mapped[int] = mapped_column(default=1)
