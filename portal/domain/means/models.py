"""The money of the objectives, line by line and year by year, and the decisions that move some of it. Amounts are whole euros."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.base import Base
from portal.kernel.columns import UtcDateTime, Word, moment, public_id
from portal.kernel.speech import say
from portal.vocabulary import Labelled


class Payer(Labelled):
    """Whose money it is."""

    AUTHORITY = "autorite", say("une autorité du contrat")
    OWN = "propres", say("moyens propres de l’organisme")
    OTHER = "autre", say("un autre financeur")


class Lasting(Labelled):
    """Whether money comes back every year."""

    RECURRENT = "reconductible", say("argent durable, qui revient chaque année")
    ONE_OFF = "cnr", say("argent donné une seule fois (crédits non reconductibles, CNR)")


class Need(Labelled):
    """Whether what is paid for comes back every year."""

    EVERY_YEAR = "chaque-annee", say("à payer chaque année")
    ONCE = "ponctuel", say("à payer une seule fois")


class MeansLine(Base):
    """Money for an objective, at one establishment or at all of them (`establishment_id` None), as it reads now.

    `authority_id` is the authority that gives it, `other` the name of a payer outside the contract. `until_year` is the last year for
    which money is planned, 0 without any. `version` moves with each change, and its amounts with it.
    """

    __tablename__ = "means_line"
    __table_args__ = (
        Index("ix_means_line_place", "contract_id", "item_id", "number"),
        Index("ix_means_line_site", "contract_id", "establishment_id"),
    )

    id: Mapped[public_id]
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"))
    item_id: Mapped[str] = mapped_column(ForeignKey("item.id"))
    number: Mapped[int]
    label: Mapped[str] = mapped_column(String(200))
    establishment_id: Mapped[str | None] = mapped_column(ForeignKey("establishment.id"))
    payer: Mapped[Payer] = mapped_column(Word(Payer))
    authority_id: Mapped[str | None] = mapped_column(ForeignKey("organisation.id"))
    other: Mapped[str] = mapped_column(String(120), default="")
    lasting: Mapped[Lasting] = mapped_column(Word(Lasting))
    need: Mapped[Need] = mapped_column(Word(Need))
    until_year: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    reason: Mapped[str] = mapped_column(String(300), default="")
    by_function: Mapped[str] = mapped_column(String(120))
    at: Mapped[moment]
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class MeansYear(Base):
    """The amounts of a line in a year, in one of its versions: planned, given, spent; None when nobody told."""

    __tablename__ = "means_year"

    line_id: Mapped[str] = mapped_column(ForeignKey("means_line.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    planned: Mapped[int | None]
    given: Mapped[int | None]
    spent: Mapped[int | None]


class MeansVersion(Base):
    """A line as it read before a change; its amounts stay in `MeansYear`."""

    __tablename__ = "means_version"

    line_id: Mapped[str] = mapped_column(ForeignKey("means_line.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    label: Mapped[str] = mapped_column(String(200))
    establishment_id: Mapped[str | None] = mapped_column(ForeignKey("establishment.id"))
    payer: Mapped[Payer] = mapped_column(Word(Payer))
    authority_id: Mapped[str | None] = mapped_column(ForeignKey("organisation.id"))
    other: Mapped[str] = mapped_column(String(120))
    lasting: Mapped[Lasting] = mapped_column(Word(Lasting))
    need: Mapped[Need] = mapped_column(Word(Need))
    reason: Mapped[str] = mapped_column(String(300))
    by_function: Mapped[str] = mapped_column(String(120))
    at: Mapped[moment]
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Reallocation(Base):
    """A decision that moves money of a year from one establishment to another; never changed once written.

    `corrects_id` is the decision that this one replaces. One that moves nothing (`amount` 0) undoes it.
    """

    __tablename__ = "reallocation"
    __table_args__ = (
        Index("ix_reallocation_place", "contract_id", "number", unique=True),
        Index("ix_reallocation_corrects_id", "corrects_id", unique=True),
    )

    id: Mapped[public_id]
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"))
    number: Mapped[int]
    corrects_id: Mapped[str | None] = mapped_column(ForeignKey("reallocation.id"))
    from_id: Mapped[str] = mapped_column(ForeignKey("establishment.id"))
    to_id: Mapped[str] = mapped_column(ForeignKey("establishment.id"))
    year: Mapped[int]
    amount: Mapped[int]
    payer: Mapped[Payer] = mapped_column(Word(Payer))
    authority_id: Mapped[str | None] = mapped_column(ForeignKey("organisation.id"))
    other: Mapped[str] = mapped_column(String(120), default="")
    clause: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(String(600))
    decided_by: Mapped[str] = mapped_column(String(160))
    decided_on: Mapped[date]
    by_function: Mapped[str] = mapped_column(String(120))
    at: Mapped[moment]
