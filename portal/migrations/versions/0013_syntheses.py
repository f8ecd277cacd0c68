"""Syntheses of spaces: parts, citations, versions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ID = sa.String(26)
LINE = sa.String(160)
FUNCTION = sa.String(120)
WHEN = sa.DateTime(timezone=True)
TABLES = "synthesis_version synthesis_section synthesis_citation synthesis_grouping"


def _ref(table: str, name: str, target: str, *, primary_key: bool = False) -> sa.Column[str]:
    key = sa.ForeignKey(f"{target}.id", name=f"fk_{table}_{name}_{target}")
    return sa.Column(name, ID, key, nullable=False, primary_key=primary_key)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), primary_key=True, autoincrement=False)


def _table(name: str, *parts: sa.schema.SchemaItem) -> None:
    key = [part.name for part in parts if isinstance(part, sa.Column) and part.primary_key]
    op.create_table(name, *parts, sa.PrimaryKeyConstraint(*key, name=f"pk_{name}"))


def upgrade() -> None:
    _table(
        "synthesis",
        sa.Column("id", ID, primary_key=True),
        _ref("synthesis", "contract_id", "contract"),
        _ref("synthesis", "space_id", "space"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("published", sa.Integer(), nullable=True),
        sa.Column("written_at", WHEN, nullable=False),
        sa.Column("written_by", FUNCTION, nullable=False),
        sa.UniqueConstraint("space_id", name="uq_synthesis_space_id"),
    )
    op.create_index("ix_synthesis_contract_id", "synthesis", ["contract_id"])
    _table(
        "synthesis_version",
        _ref("synthesis_version", "synthesis_id", "synthesis", primary_key=True),
        _number("number"),
        sa.Column("at", WHEN, nullable=False),
        sa.Column("by_participant", ID, nullable=False),
        sa.Column("by_function", FUNCTION, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
    )
    _table(
        "synthesis_section",
        _ref("synthesis_section", "synthesis_id", "synthesis", primary_key=True),
        _number("number"),
        _number("place"),
        sa.Column("heading", LINE, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("renderer", sa.Integer(), nullable=False),
    )
    _table(
        "synthesis_citation",
        _ref("synthesis_citation", "synthesis_id", "synthesis", primary_key=True),
        _number("number"),
        _number("section"),
        _number("place"),
        _ref("synthesis_citation", "contribution_id", "contribution"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
    )
    op.create_index("ix_synthesis_citation_contribution_id", "synthesis_citation", ["contribution_id"])
    _table(
        "synthesis_grouping",
        _ref("synthesis_grouping", "synthesis_id", "synthesis", primary_key=True),
        _number("number"),
        _ref("synthesis_grouping", "contribution_id", "contribution", primary_key=True),
        sa.Column("under", LINE, nullable=False),
    )
    op.create_index("ix_synthesis_grouping_contribution_id", "synthesis_grouping", ["contribution_id"])


def downgrade() -> None:
    for name in reversed(TABLES.split()):
        op.drop_table(name)
    op.drop_table("synthesis")
