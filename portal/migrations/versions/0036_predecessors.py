"""The contract before this one, its commitments and what each of them became; a file may be that contract’s."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0034"
branch_labels = None
depends_on = None

ID = sa.String(26)
MOMENT = sa.DateTime(timezone=True)


def _predecessor() -> list[sa.Column[object]]:
    return [
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("parties", sa.String(600), nullable=False),
        sa.Column("numbers", sa.String(600), nullable=False),
        sa.Column("by_function", sa.String(120), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    ]


def _commitment() -> list[sa.Column[object]]:
    return [
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.Column("words", sa.String(600), nullable=False),
        sa.Column("objective_id", ID, nullable=True),
        sa.Column("by_function", sa.String(120), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    ]


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}")


def upgrade() -> None:
    op.create_table(
        "predecessor",
        sa.Column("contract_id", ID, nullable=False),
        *_predecessor(),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("contract_id", name="pk_predecessor"),
        _to("predecessor", "contract_id", "contract"),
    )
    op.create_table(
        "predecessor_version",
        sa.Column("contract_id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, autoincrement=False),
        *_predecessor(),
        sa.PrimaryKeyConstraint("contract_id", "version", name="pk_predecessor_version"),
        _to("predecessor_version", "contract_id", "contract"),
    )
    op.create_table(
        "former_commitment",
        sa.Column("id", ID, nullable=False),
        sa.Column("contract_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        *_commitment(),
        sa.Column("under", sa.String(200), nullable=False),
        sa.Column("carried", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_former_commitment"),
        _to("former_commitment", "contract_id", "contract"),
        _to("former_commitment", "objective_id", "item"),
    )
    op.create_index("ix_former_commitment_place", "former_commitment", ["contract_id", "number"])
    op.create_index("ix_former_commitment_objective", "former_commitment", ["objective_id"])
    op.create_table(
        "former_commitment_version",
        sa.Column("commitment_id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, autoincrement=False),
        *_commitment(),
        sa.PrimaryKeyConstraint("commitment_id", "version", name="pk_former_commitment_version"),
        _to("former_commitment_version", "commitment_id", "former_commitment"),
        _to("former_commitment_version", "objective_id", "item"),
    )
    op.add_column("file_import", sa.Column("former", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("file_import", "former")
    for table in ("former_commitment_version", "former_commitment", "predecessor_version", "predecessor"):
        op.drop_table(table)
