"""A file that a person is taking up: what was understood of it, kept until it is written or its time is over."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.imports.source import Format
from portal.kernel.base import Base
from portal.kernel.columns import UtcDateTime, Word, moment, public_id
from portal.kernel.ids import ID_LENGTH


class FileImport(Base):
    """One file, read by the person `participant_id`, who alone sees it: the file itself is not kept.

    `former` says that it is of the contract before. `body` is what was understood of it; once it was written (`written_at`), what came of it. Gone after `expires_at`.
    """

    __tablename__ = "file_import"
    __table_args__ = (
        Index("ix_file_import_owner", "contract_id", "participant_id"),
        Index("ix_file_import_expires_at", "expires_at"),
    )

    id: Mapped[public_id]
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"))
    participant_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    name: Mapped[str] = mapped_column(String(160))
    format: Mapped[Format] = mapped_column(Word(Format))
    read_at: Mapped[moment]
    expires_at: Mapped[moment]
    written_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    body: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)
    former: Mapped[bool] = mapped_column(default=False, server_default=false())
