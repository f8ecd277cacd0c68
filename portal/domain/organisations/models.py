"""Legal persons and their sites."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.organisations.extract import Fault
from portal.kernel.base import Base
from portal.kernel.columns import UtcDateTime, Word, moment, public_id
from portal.kernel.speech import say
from portal.vocabulary import AuthorityKind, Labelled


class Organisation(Base):
    """An organisme gestionnaire (FINESS EJ) or an authority."""

    __tablename__ = "organisation"

    id: Mapped[public_id]
    name: Mapped[str] = mapped_column(String(200))
    finess_ej: Mapped[str | None] = mapped_column(String(9))
    authority: Mapped[AuthorityKind | None] = mapped_column(Word(AuthorityKind))
    delegation: Mapped[str | None] = mapped_column(String(200))
    fictional: Mapped[bool] = mapped_column(default=False)


class Establishment(Base):
    """A site (FINESS ET) of an organisme gestionnaire."""

    __tablename__ = "establishment"

    id: Mapped[public_id]
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    finess_et: Mapped[str | None] = mapped_column(String(9))
    category: Mapped[str] = mapped_column(String(120))
    category_code: Mapped[str | None] = mapped_column(String(8))
    places: Mapped[int | None]
    phone: Mapped[str | None] = mapped_column(String(20))
    hours: Mapped[str | None] = mapped_column(String(120))
    department: Mapped[str | None] = mapped_column(String(3))


class Category(Base):
    """A kind of establishment or service, by its official code; `contract_id` when a contract added it."""

    __tablename__ = "category"

    id: Mapped[public_id]
    code: Mapped[str] = mapped_column(String(8))
    label: Mapped[str] = mapped_column(String(120))
    plain: Mapped[str] = mapped_column(String(160), default="")
    contract_id: Mapped[str | None] = mapped_column(ForeignKey("contract.id"), index=True)


class EditionState(Labelled):
    """Where an extract of the national directory is."""

    READING = "lecture", say("en cours de lecture")
    READY = "pret", say("en service")
    REPLACED = "remplace", say("remplacé par un plus récent")
    FAILED = "echec", say("non lu")


class DirectoryEdition(Base):
    """One extract of the national FINESS directory: how far it is read, what was left out."""

    __tablename__ = "directory_edition"

    id: Mapped[public_id]
    state: Mapped[EditionState] = mapped_column(Word(EditionState))
    dated_on: Mapped[date | None]
    encoding: Mapped[str] = mapped_column(String(12))
    size: Mapped[int] = mapped_column(BigInteger)
    at_byte: Mapped[int] = mapped_column(BigInteger, default=0)
    at_line: Mapped[int] = mapped_column(default=1)
    kept: Mapped[int] = mapped_column(default=0)
    broken: Mapped[int] = mapped_column(default=0)
    received_at: Mapped[moment]
    received_by: Mapped[str] = mapped_column(String(120))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DirectoryFault(Base):
    """A line of an extract that was left out, and why."""

    __tablename__ = "directory_fault"

    edition_id: Mapped[str] = mapped_column(ForeignKey("directory_edition.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    fault: Mapped[Fault] = mapped_column(Word(Fault))


class DirectorySite(Base):
    """An establishment of the national directory; `words` is what one looks it up by."""

    __tablename__ = "directory_site"
    __table_args__ = (
        Index("ix_directory_site_owner", "edition_id", "finess_ej"),
        # All that a look-up reads of the ninety thousand lines: five times less than the lines themselves.
        Index("ix_directory_site_words", "edition_id", "finess_et", "department", "words"),
    )

    edition_id: Mapped[str] = mapped_column(ForeignKey("directory_edition.id"), primary_key=True)
    finess_et: Mapped[str] = mapped_column(String(9), primary_key=True)
    finess_ej: Mapped[str] = mapped_column(String(9))
    name: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(200))
    postcode: Mapped[str] = mapped_column(String(5))
    town: Mapped[str] = mapped_column(String(120))
    department: Mapped[str] = mapped_column(String(3))
    phone: Mapped[str] = mapped_column(String(20))
    category: Mapped[str] = mapped_column(String(4))
    category_label: Mapped[str] = mapped_column(String(200))
    siret: Mapped[str] = mapped_column(String(14))
    opened_on: Mapped[date | None]
    words: Mapped[str] = mapped_column(String(400))
