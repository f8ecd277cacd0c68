"""Formal acts, their versions and the documents that are attached."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = sa.String(26)
WORD = sa.String(40)
FUNCTION = sa.String(120)
WHEN = sa.DateTime(timezone=True)
TABLES = "act_record formal_act formal_act_version"


def _ref(
    table: str, name: str, target: str, *, primary_key: bool = False, nullable: bool = False
) -> sa.Column[str]:
    key = sa.ForeignKey(f"{target}.id", name=f"fk_{table}_{name}_{target}")
    return sa.Column(name, ID, key, nullable=nullable, primary_key=primary_key)


def _table(name: str, *parts: sa.schema.SchemaItem) -> None:
    key = [part.name for part in parts if isinstance(part, sa.Column) and part.primary_key]
    op.create_table(name, *parts, sa.PrimaryKeyConstraint(*key, name=f"pk_{name}"))


def _words(table: str) -> tuple[sa.Column[object], ...]:
    """What an act says: the same now and in its former versions."""
    return (
        sa.Column("stage", WORD, nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("body", sa.String(160), nullable=False),
        _ref(table, "establishment_id", "establishment", nullable=True),
        sa.Column("outcome", WORD, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("renderer", sa.Integer(), nullable=False),
        _ref(table, "record_id", "act_record", nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_function", FUNCTION, nullable=False),
    )


def upgrade() -> None:
    _table(
        "act_record",
        sa.Column("id", ID, primary_key=True),
        _ref("act_record", "contract_id", "contract"),
        sa.Column("name", FUNCTION, nullable=False),
        sa.Column("extension", sa.String(8), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("at", WHEN, nullable=False),
    )
    op.create_index("ix_act_record_contract_id", "act_record", ["contract_id"])
    _table(
        "formal_act",
        sa.Column("id", ID, primary_key=True),
        _ref("formal_act", "contract_id", "contract"),
        sa.Column("kind", WORD, nullable=False),
        *_words("formal_act"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("by_participant", ID, nullable=False),
        sa.Column("recorded_at", WHEN, nullable=False),
        sa.Column("corrected_at", WHEN, nullable=True),
        sa.Column("taken_back_at", WHEN, nullable=True),
        sa.Column("taken_back_function", FUNCTION, nullable=False),
        sa.Column("taken_back_reason", sa.Text(), nullable=False),
    )
    op.create_index("ix_formal_act_place", "formal_act", ["contract_id", "held_on", "id"])
    _table(
        "formal_act_version",
        _ref("formal_act_version", "act_id", "formal_act", primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        *_words("formal_act_version"),
        sa.Column("at", WHEN, nullable=False),
    )


def downgrade() -> None:
    for name in reversed(TABLES.split()):
        op.drop_table(name)
