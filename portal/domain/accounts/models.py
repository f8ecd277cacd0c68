"""Accounts and sessions: who signs in. Nothing here is ever shown to a contract."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.base import Base
from portal.kernel.columns import UtcDateTime, moment, public_id


class Account(Base):
    """A person who may sign in.

    `language` is None as long as the browser decides; `comfort` holds the settings of reading
    as `name=value` pairs, empty for those of the portal.
    """

    __tablename__ = "account"

    id: Mapped[public_id]
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str | None] = mapped_column(String(255))
    persona: Mapped[str | None] = mapped_column(String(60))
    created_at: Mapped[moment]
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    language: Mapped[str | None] = mapped_column(String(5))
    comfort: Mapped[str] = mapped_column(String(200), default="", server_default="")


class SessionRow(Base):
    """One signed-in browser; the cookie's token is kept hashed only."""

    __tablename__ = "session_row"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    data: Mapped[str] = mapped_column(Text, default="{}")
    created_at: Mapped[moment]
    seen_at: Mapped[moment]
    expires_at: Mapped[moment]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
