"""Answers given together, the words that they changed, thanks, words passed on, reasons kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ID = sa.String(26)
WORD = sa.String(40)
FUNCTION = sa.String(120)
WHEN = sa.DateTime(timezone=True)
TABLES = "answer_version answer_change thanks handover_step reason_template theme contribution_theme contribution_merge"


def _ref(table: str, name: str, target: str, *, primary_key: bool = False) -> sa.Column[str]:
    key = sa.ForeignKey(f"{target}.id", name=f"fk_{table}_{name}_{target}")
    return sa.Column(name, ID, key, nullable=False, primary_key=primary_key)


def _table(name: str, *parts: sa.schema.SchemaItem) -> None:
    key = [part.name for part in parts if isinstance(part, sa.Column) and part.primary_key]
    op.create_table(name, *parts, sa.PrimaryKeyConstraint(*key, name=f"pk_{name}"))


def upgrade() -> None:
    op.add_column("answer", sa.Column("group_id", ID, nullable=True))
    op.add_column("answer", sa.Column("to_link", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("answer", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("answer", sa.Column("corrected_at", WHEN, nullable=True))
    op.create_index("ix_answer_group_id", "answer", ["group_id"])
    op.create_index("ix_answer_to_link", "answer", ["to_link"])
    _table(
        "answer_version",
        _ref("answer_version", "answer_id", "answer", primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("fate", WORD, nullable=True),
        sa.Column("passed_to", FUNCTION, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("renderer", sa.Integer(), nullable=False),
        sa.Column("by_function", FUNCTION, nullable=False),
        sa.Column("at", WHEN, nullable=False),
    )
    _table(
        "answer_change",
        _ref("answer_change", "answer_id", "answer", primary_key=True),
        _ref("answer_change", "text_id", "text", primary_key=True),
        sa.Column("to_version", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("paragraph", ID, primary_key=True),
        _ref("answer_change", "item_id", "item"),
        sa.Column("register", WORD, nullable=False),
        sa.Column("from_version", sa.Integer(), nullable=False),
        sa.Column("linked_at", WHEN, nullable=False),
    )
    _table(
        "thanks",
        _ref("thanks", "contribution_id", "contribution", primary_key=True),
        sa.Column("by_function", FUNCTION, nullable=False),
        sa.Column("at", WHEN, nullable=False),
    )
    _table(
        "handover_step",
        sa.Column("id", ID, primary_key=True),
        _ref("handover_step", "contribution_id", "contribution"),
        sa.Column("state", WORD, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("by_function", FUNCTION, nullable=False),
        sa.Column("at", WHEN, nullable=False),
    )
    op.create_index("ix_handover_step_contribution_id", "handover_step", ["contribution_id", "at"])
    _table(
        "reason_template",
        sa.Column("id", ID, primary_key=True),
        _ref("reason_template", "contract_id", "contract"),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("at", WHEN, nullable=False),
    )
    op.create_index("ix_reason_template_contract_id", "reason_template", ["contract_id"])
    _sorting()


def _sorting() -> None:
    _table(
        "theme",
        sa.Column("id", ID, primary_key=True),
        _ref("theme", "space_id", "space"),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("at", WHEN, nullable=False),
        sa.UniqueConstraint("space_id", "name", name="uq_theme_space_id_name"),
    )
    _table(
        "contribution_theme",
        _ref("contribution_theme", "contribution_id", "contribution", primary_key=True),
        _ref("contribution_theme", "theme_id", "theme"),
    )
    op.create_index("ix_contribution_theme_theme_id", "contribution_theme", ["theme_id"])
    _table(
        "contribution_merge",
        _ref("contribution_merge", "contribution_id", "contribution", primary_key=True),
        _ref("contribution_merge", "kept_id", "contribution"),
        sa.Column("by_participant", ID, nullable=False),
        sa.Column("by_function", FUNCTION, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", WHEN, nullable=False),
    )
    op.create_index("ix_contribution_merge_kept_id", "contribution_merge", ["kept_id"])


def downgrade() -> None:
    for name in reversed(TABLES.split()):
        op.drop_table(name)
    op.drop_index("ix_answer_to_link", table_name="answer")
    op.drop_index("ix_answer_group_id", table_name="answer")
    op.drop_column("answer", "corrected_at")
    op.drop_column("answer", "version")
    op.drop_column("answer", "to_link")
    op.drop_column("answer", "group_id")
