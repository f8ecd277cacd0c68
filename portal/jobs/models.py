"""What the job runner keeps: one lease for all processes, one cursor per job."""

from __future__ import annotations

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.base import Base
from portal.kernel.columns import moment


class Lease(Base):
    """Which process runs a job, until when."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    holder: Mapped[str] = mapped_column(String(64))
    until: Mapped[moment]


class JobCursor(Base):
    """How far a job has come."""

    __tablename__ = "job_cursor"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger, default=0)
