"""What the pieces of a contract said before; why a block of the trame was brought back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("trame_block_text", sa.Column("reason", sa.String(300), nullable=False, server_default=""))
    op.add_column("trame_block_text", sa.Column("restores", sa.Integer(), nullable=True))
    op.create_table(
        "piece_version",
        sa.Column("contract_id", sa.String(26), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("piece_id", sa.String(26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("changed", sa.Text(), nullable=False),
        sa.Column("by_participant", sa.String(26), nullable=True),
        sa.Column("by_function", sa.String(120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("restores", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("contract_id", "kind", "piece_id", "number", name="pk_piece_version"),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name="fk_piece_version_contract_id_contract"
        ),
    )
    op.create_index("ix_piece_version_latest", "piece_version", ["contract_id", "at"])


def downgrade() -> None:
    op.drop_index("ix_piece_version_latest", table_name="piece_version")
    op.drop_table("piece_version")
    op.drop_column("trame_block_text", "restores")
    op.drop_column("trame_block_text", "reason")
