"""Legal persons and their sites."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.base import Base
from portal.kernel.columns import Word, public_id
from portal.vocabulary import AuthorityKind


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
    places: Mapped[int | None]
    phone: Mapped[str | None] = mapped_column(String(20))
    hours: Mapped[str | None] = mapped_column(String(120))
    department: Mapped[str | None] = mapped_column(String(3))
