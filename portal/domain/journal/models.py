"""The journal: one chain per contract, and the counters of its audiences."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.base import Base
from portal.kernel.ids import ID_LENGTH


class JournalHead(Base):
    """Counter and head of a contract's chain, in one row.

    `ticks` counts everything that happened, what is sealed later included: the order of frames.
    """

    __tablename__ = "journal_head"

    contract_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    seq: Mapped[int] = mapped_column(default=0)
    head: Mapped[str] = mapped_column(String(64))
    ticks: Mapped[int] = mapped_column(default=0, server_default="0")


class JournalLine(Base):
    """One line (docs/registre.md); format 1 has no veil. Never updated, never deleted."""

    __tablename__ = "journal_line"
    __table_args__ = (Index("ix_journal_line_object", "object", "seq"),)

    contract_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(40))
    group: Mapped[str] = mapped_column("group_", String(40))
    object: Mapped[str] = mapped_column(String(ID_LENGTH))
    digest: Mapped[str] = mapped_column(String(64))
    commit: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    veil: Mapped[str] = mapped_column(String(64), server_default="")


class JournalSalt(Base):
    """The salt of a line, apart from it and erasable: the chain verifies without."""

    __tablename__ = "journal_salt"

    contract_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary(32))


class QuietLine(Base):
    """What a person did that nobody may count: no line of the chain, but sealed by one (docs/registre.md §14).

    Never updated, never deleted, never told or exported.
    """

    __tablename__ = "quiet_line"

    contract_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    tick: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(40))
    group: Mapped[str] = mapped_column("group_", String(40))
    object: Mapped[str] = mapped_column(String(ID_LENGTH))
    digest: Mapped[str] = mapped_column(String(64))
    commit: Mapped[str] = mapped_column(String(64))


class QuietSalt(Base):
    """The salt of a quiet line, apart from it and erasable."""

    __tablename__ = "quiet_salt"

    contract_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    tick: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    salt: Mapped[bytes] = mapped_column(LargeBinary(32))


class QuietBatch(Base):
    """How far the line `seq` of the chain seals the quiet lines of its contract."""

    __tablename__ = "quiet_batch"
    __table_args__ = (Index("ix_quiet_batch_day", "contract_id", "day"),)

    contract_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    upto: Mapped[int]
    day: Mapped[date]


class AudienceCursor(Base):
    """How many frames an audience of a space has had.

    `audience` is `readers`, `moderators` or `author:<participant>`.
    """

    __tablename__ = "audience_cursor"

    space_id: Mapped[str] = mapped_column(ForeignKey("space.id"), primary_key=True)
    audience: Mapped[str] = mapped_column(String(40), primary_key=True)
    count: Mapped[int] = mapped_column(default=0)


class AudienceFrame(Base):
    """What an audience was told: number, kind and object only; rendered when sent.

    Its `tick` is that of what happened: the order in which the relay tells it.
    """

    __tablename__ = "audience_frame"
    __table_args__ = (Index("ix_audience_frame_line", "contract_id", "seq"),)

    space_id: Mapped[str] = mapped_column(ForeignKey("space.id"), primary_key=True)
    audience: Mapped[str] = mapped_column(String(40), primary_key=True)
    cursor: Mapped[int] = mapped_column(Integer, primary_key=True)
    contract_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    tick: Mapped[int] = mapped_column("seq")
    kind: Mapped[str] = mapped_column(String(40))
    object: Mapped[str] = mapped_column(String(ID_LENGTH))
