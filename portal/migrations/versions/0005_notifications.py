"""Notices, what people choose about them, and the e-mails that leave."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.String(26)
WORD = sa.String(40)
WHEN = sa.DateTime(timezone=True)
TABLES = "notice notice_choice notice_setting notice_cursor mail mail_stop"


def _ref(table: str, target: str, *, nullable: bool = False, primary_key: bool = False) -> sa.Column[str]:
    name = f"{target}_id"
    key = sa.ForeignKey(f"{target}.id", name=f"fk_{table}_{name}_{target}")
    return sa.Column(name, ID, key, nullable=nullable, primary_key=primary_key)


def _table(name: str, *parts: sa.schema.SchemaItem) -> None:
    key = [part.name for part in parts if isinstance(part, sa.Column) and part.primary_key]
    op.create_table(name, *parts, sa.PrimaryKeyConstraint(*key, name=f"pk_{name}"))


def upgrade() -> None:
    _notices()
    _mails()
    # What happened before is not news: people are told of what comes from now on.
    op.execute("INSERT INTO notice_cursor (contract_id, seq) SELECT contract_id, seq FROM journal_head")


def _notices() -> None:
    _table(
        "notice",
        sa.Column("id", ID, primary_key=True),
        _ref("notice", "participant"),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("mark", sa.String(80), nullable=False),
        _ref("notice", "contract"),
        _ref("notice", "space", nullable=True),
        sa.Column("item_id", ID, nullable=True),
        sa.Column("thread_id", ID, nullable=True),
        sa.Column("contribution_id", ID, nullable=True),
        sa.Column("due_at", WHEN, nullable=True),
        sa.Column("at", WHEN, nullable=False),
        sa.Column("read_at", WHEN, nullable=True),
        sa.Column("mailed_on", sa.Date(), nullable=True),
        sa.UniqueConstraint("participant_id", "mark", name="uq_notice_participant_id_mark"),
    )
    for name, columns in {
        "history": ["participant_id", "at"],
        "unread": ["participant_id", "read_at"],
        "standing": ["space_id", "kind", "read_at"],
        "at": ["at"],
    }.items():
        op.create_index(f"ix_notice_{name}", "notice", columns)
    _table(
        "notice_choice",
        _ref("notice_choice", "participant", primary_key=True),
        sa.Column("object_id", ID, primary_key=True),
        sa.Column("choice", WORD, nullable=False),
    )
    op.create_index("ix_notice_choice_object_id", "notice_choice", ["object_id"])
    _table(
        "notice_setting",
        _ref("notice_setting", "account", primary_key=True),
        sa.Column("cadence", WORD, nullable=False),
        sa.Column("quiet_from", sa.Integer(), nullable=False),
        sa.Column("quiet_until", sa.Integer(), nullable=False),
    )
    _table(
        "notice_cursor",
        sa.Column("contract_id", ID, primary_key=True),
        sa.Column("seq", sa.Integer(), nullable=False),
    )


def _mails() -> None:
    _table(
        "mail",
        sa.Column("id", ID, primary_key=True),
        _ref("mail", "account"),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", WHEN, nullable=False),
        sa.Column("error", sa.String(60), nullable=False),
        sa.Column("at", WHEN, nullable=False),
        sa.Column("sent_at", WHEN, nullable=True),
        sa.UniqueConstraint("account_id", "day", name="uq_mail_account_id_day"),
    )
    op.create_index("ix_mail_next", "mail", ["state", "next_at"])
    _table(
        "mail_stop",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        _ref("mail_stop", "account"),
        sa.Column("at", WHEN, nullable=False),
    )


def downgrade() -> None:
    for name in reversed(TABLES.split()):
        op.drop_table(name)
