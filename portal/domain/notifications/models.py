"""What people are told of, how they want to be told, and the e-mails that leave.

A notice belongs to a participant and an e-mail to an account: only the seat links them, so
what stays when a seat goes names nobody. No content of a contribution is kept here.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.base import Base
from portal.kernel.columns import UtcDateTime, Word, moment, public_id
from portal.kernel.ids import ID_LENGTH
from portal.vocabulary import Cadence, MailState, NoticeChoiceKind, NoticeKind


class Notice(Base):
    """One thing that one participant is told of.

    `mark` names what it comes from (a line of the journal, a date): the same is never told
    twice. `mailed_on` is the day whose e-mail took it, in Paris.
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("participant_id", "mark", name="uq_notice_participant_id_mark"),
        Index("ix_notice_history", "participant_id", "at"),
        Index("ix_notice_unread", "participant_id", "read_at"),
        Index("ix_notice_standing", "space_id", "kind", "read_at"),
        Index("ix_notice_at", "at"),
    )

    id: Mapped[public_id]
    participant_id: Mapped[str] = mapped_column(ForeignKey("participant.id"))
    kind: Mapped[NoticeKind] = mapped_column(Word(NoticeKind))
    mark: Mapped[str] = mapped_column(String(80))
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"))
    space_id: Mapped[str | None] = mapped_column(ForeignKey("space.id"))
    item_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    thread_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    contribution_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    at: Mapped[moment]
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    mailed_on: Mapped[date | None] = mapped_column(Date)


class NoticeChoice(Base):
    """A space or a thread (by its first contribution) that a participant mutes or follows.

    A contract too: who follows it for an authority mutes what is told of it every Monday, nothing else.
    """

    __tablename__ = "notice_choice"

    participant_id: Mapped[str] = mapped_column(ForeignKey("participant.id"), primary_key=True)
    object_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, index=True)
    choice: Mapped[NoticeChoiceKind] = mapped_column(Word(NoticeChoiceKind))


class NoticeSetting(Base):
    """How an account wants its e-mails; without a row, those of the portal."""

    __tablename__ = "notice_setting"

    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    cadence: Mapped[Cadence] = mapped_column(Word(Cadence))
    quiet_from: Mapped[int]
    quiet_until: Mapped[int]


class NoticeCursor(Base):
    """How far the journal of a contract was read; written with the notices that come of it."""

    __tablename__ = "notice_cursor"

    contract_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    seq: Mapped[int] = mapped_column(default=0)


class Mail(Base):
    """The e-mail of one account for one day: neither its address nor its words are kept.

    One row a day by constraint: whatever falls, nobody gets two.
    """

    __tablename__ = "mail"
    __table_args__ = (
        UniqueConstraint("account_id", "day", name="uq_mail_account_id_day"),
        Index("ix_mail_next", "state", "next_at"),
    )

    id: Mapped[public_id]
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    day: Mapped[date] = mapped_column(Date)
    state: Mapped[MailState] = mapped_column(Word(MailState))
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[moment]
    error: Mapped[str] = mapped_column(String(60), default="")
    at: Mapped[moment]
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class MailStop(Base):
    """A token printed in an e-mail, kept hashed: it stops the e-mails of one account, nothing else."""

    __tablename__ = "mail_stop"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    at: Mapped[moment]
