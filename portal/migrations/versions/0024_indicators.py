"""Indicators of a contract: which ones, their values by establishment and year, what they are compared to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

ID = sa.String(26)


def _ref(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}")


def _column(name: str, kind: sa.types.TypeEngine[object], default: str | None = None) -> sa.Column[object]:
    return sa.Column(name, kind, nullable=False, server_default=default)


def upgrade() -> None:
    op.create_table(
        "indicator_set",
        _column("contract_id", ID),
        _column("version", sa.Integer(), "1"),
        sa.PrimaryKeyConstraint("contract_id", name="pk_indicator_set"),
        _ref("indicator_set", "contract_id", "contract"),
    )
    op.create_table(
        "contract_indicator",
        _column("id", ID),
        _column("contract_id", ID),
        sa.Column("code", sa.String(60), nullable=True),
        _column("position", sa.Integer()),
        sa.Column("target", sa.BigInteger(), nullable=True),
        sa.Column("target_year", sa.Integer(), nullable=True),
        _column("label", sa.String(160), ""),
        _column("plain", sa.String(300), ""),
        _column("formula", sa.String(300), ""),
        sa.Column("unit", sa.String(40), nullable=True),
        sa.Column("direction", sa.String(40), nullable=True),
        sa.Column("axis", sa.SmallInteger(), nullable=True),
        _column("cost", sa.Boolean()),
        sa.Column("dropped_on", sa.Date(), nullable=True),
        _column("version", sa.Integer(), "1"),
        sa.PrimaryKeyConstraint("id", name="pk_contract_indicator"),
        _ref("contract_indicator", "contract_id", "contract"),
    )
    op.create_index("ix_contract_indicator_place", "contract_indicator", ["contract_id", "position"])
    op.create_table(
        "indicator_value",
        _column("indicator_id", ID),
        _column("establishment_id", ID),
        _column("year", sa.Integer()),
        sa.Column("value", sa.BigInteger(), nullable=True),
        _column("estimated", sa.Boolean()),
        _column("comment", sa.String(160), ""),
        _column("by_function", sa.String(160)),
        _column("at", sa.DateTime(timezone=True)),
        _column("version", sa.Integer(), "1"),
        sa.PrimaryKeyConstraint("indicator_id", "establishment_id", "year", name="pk_indicator_value"),
        _ref("indicator_value", "indicator_id", "contract_indicator"),
        _ref("indicator_value", "establishment_id", "establishment"),
    )
    op.create_table(
        "indicator_reference",
        _column("id", ID),
        _column("indicator_id", ID),
        _column("category_code", sa.String(8)),
        _column("year", sa.Integer()),
        _column("q1", sa.BigInteger()),
        _column("median", sa.BigInteger()),
        _column("q3", sa.BigInteger()),
        _column("source", sa.String(200)),
        _column("by_function", sa.String(160)),
        _column("at", sa.DateTime(timezone=True)),
        _column("version", sa.Integer(), "1"),
        sa.PrimaryKeyConstraint("id", name="pk_indicator_reference"),
        sa.UniqueConstraint(
            "indicator_id",
            "category_code",
            "year",
            name="uq_indicator_reference_indicator_id_category_code_year",
        ),
        _ref("indicator_reference", "indicator_id", "contract_indicator"),
    )


def downgrade() -> None:
    for table in ("indicator_reference", "indicator_value", "contract_indicator", "indicator_set"):
        op.drop_table(table)
