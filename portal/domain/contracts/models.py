"""The contract, its parties and perimeter, and the items people speak about."""

from __future__ import annotations

from datetime import date, datetime
from typing import Self

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.base import Base
from portal.kernel.columns import UtcDateTime, Word, moment, public_id
from portal.kernel.speech import say
from portal.vocabulary import FindingKind, ItemKind, Labelled, Stage


class Scope(Labelled):
    """How far a contract reaches. `duty` says what this asks for besides: CASF L313-11 and L313-12."""

    duty: str

    def __new__(cls, value: str, label: str = "", duty: str = "") -> Self:
        """A scope, its label and its particular duty."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        member.duty = duty
        return member

    SITE = (
        "site",
        say("un seul établissement ou service"),
        say("Le conseil de la vie sociale de cet établissement suffit à entendre tout le périmètre."),
    )
    DEPARTMENT = (
        "departement",
        say("un département"),
        say(
            "Pour les EHPAD, un seul contrat réunit tous les établissements du gestionnaire dans le département "
            "(CASF L313-12, IV ter)."
        ),
    )
    REGION = (
        "region",
        say("une région"),
        say(
            "Chaque conseil départemental concerné est partie au contrat ; pour les EHPAD, tous l’acceptent "
            "(CASF L313-12, IV ter)."
        ),
    )
    INTERREGIONAL = (
        "interregional",
        say("plusieurs régions"),
        say(
            "Chaque agence régionale de santé concernée signe, et l’une d’elles suit le contrat pour toutes."
        ),
    )
    INTERSECTORAL = (
        "intersectoriel",
        say("plusieurs secteurs (âge, handicap, domicile…)"),
        say(
            "Chaque secteur a ses règles de financement : dites, pour chaque objectif, quel secteur il concerne."
        ),
    )


class Competence(Labelled):
    """For what an authority answers on a contract."""

    AUTHORISATION = "autorisation", say("autorisation")
    CARE = "soins", say("soins")
    DEPENDENCE = "dependance", say("dépendance")
    ACCOMMODATION = "hebergement", say("hébergement")
    SOCIAL_AID = "aide-sociale", say("aide sociale")
    SOCIAL_COHESION = "insertion", say("hébergement d’urgence et insertion")


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
    scope: Mapped[Scope | None] = mapped_column(Word(Scope))
    perimeter_version: Mapped[int] = mapped_column(default=1)


class ContractAuthority(Base):
    """A tariff authority that signs the contract, and how to reach who follows it there: a function."""

    __tablename__ = "contract_authority"

    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    referent_function: Mapped[str] = mapped_column(String(120), default="")
    referent_contact: Mapped[str] = mapped_column(String(200), default="")
    version: Mapped[int] = mapped_column(default=1)


class ContractCompetence(Base):
    """One thing for which an authority answers on a contract."""

    __tablename__ = "contract_competence"

    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    competence: Mapped[Competence] = mapped_column(Word(Competence), primary_key=True)


class ContractEstablishment(Base):
    """A site within the perimeter of the contract: its places before and after, until when it is there.

    `change` says in one line what the contract changes there; `left_reason` why it left.
    """

    __tablename__ = "contract_establishment"

    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"), primary_key=True)
    establishment_id: Mapped[str] = mapped_column(ForeignKey("establishment.id"), primary_key=True)
    places_after: Mapped[int | None]
    change: Mapped[str] = mapped_column(String(300), default="")
    left_on: Mapped[date | None]
    left_reason: Mapped[str] = mapped_column(String(300), default="")
    version: Mapped[int] = mapped_column(default=1)


class Axis(Base):
    """One of the questions of the diagnostic of a contract; `number` is its place among them."""

    __tablename__ = "axis"
    __table_args__ = (Index("ix_axis_place", "contract_id", "number"),)

    id: Mapped[public_id]
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"))
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(160))
    question: Mapped[str] = mapped_column(String(300), default="")
    version: Mapped[int] = mapped_column(default=1)


class Item(Base):
    """What a space is about: a finding, an objective or a part of the trame of a contract.

    A finding is on an axis (`axis_id`), an objective says its own in `axis`. `by_authority_id` is the authority
    whose finding it is, None for the organisation. `version` moves with all that is not in its texts.
    """

    __tablename__ = "item"
    __table_args__ = (Index("ix_item_place", "contract_id", "kind", "number"),)

    id: Mapped[public_id]
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"))
    kind: Mapped[ItemKind] = mapped_column(Word(ItemKind))
    number: Mapped[int]
    axis: Mapped[str] = mapped_column(String(160), default="")
    axis_id: Mapped[str | None] = mapped_column(ForeignKey("axis.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    finding_kind: Mapped[FindingKind | None] = mapped_column(Word(FindingKind))
    by_authority_id: Mapped[str | None] = mapped_column(ForeignKey("organisation.id"))
    evidence: Mapped[str] = mapped_column(String(300), default="")
    version: Mapped[int] = mapped_column(default=1)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by: Mapped[str] = mapped_column(String(120), default="")
    withdrawn_reason: Mapped[str] = mapped_column(String(300), default="")

    __mapper_args__ = {"polymorphic_on": "kind"}  # noqa: RUF012 — declarative API


class Finding(Item):
    """Constat: a strength, a weakness, an opportunity or a point of vigilance, on one axis."""

    __mapper_args__ = {"polymorphic_identity": ItemKind.FINDING}  # noqa: RUF012


class Objective(Item):
    """Objectif (fiche action) with its indicators."""

    __mapper_args__ = {"polymorphic_identity": ItemKind.OBJECTIVE}  # noqa: RUF012


class TramePart(Item):
    """Partie de trame: a block of the trame of the contract whose words several parties write together."""

    __mapper_args__ = {"polymorphic_identity": ItemKind.TRAME_PART}  # noqa: RUF012


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
