"""A block of the trame of a contract may be discussed: which item it is then, and which of its words the trame took."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

ID = sa.String(26)
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "trame_part",
        sa.Column("item_id", ID, nullable=False),
        sa.Column("contract_id", ID, nullable=False),
        sa.Column("block_id", ID, nullable=False),
        sa.Column("by_function", sa.String(120), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("taken_text", sa.Integer(), nullable=True),
        sa.Column("taken_number", sa.Integer(), nullable=True),
        sa.Column("taken_by", sa.String(120), nullable=False),
        sa.Column("taken_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("item_id", name="pk_trame_part"),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_trame_part_item_id_item"),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name="fk_trame_part_contract_id_contract"),
    )
    op.create_index("ix_trame_part_block", "trame_part", ["contract_id", "block_id"])


def downgrade() -> None:
    op.drop_index("ix_trame_part_block", table_name="trame_part")
    op.drop_table("trame_part")
