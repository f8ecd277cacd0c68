"""Two texts passage by passage: which paragraphs say the same thing, and which plain text its readers approved."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

ID = sa.String(26)
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "text_pairing",
        sa.Column("item_id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("by_function", sa.String(120), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("item_id", name="pk_text_pairing"),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_text_pairing_item_id_item"),
    )
    op.create_table(
        "paragraph_pair",
        sa.Column("item_id", ID, nullable=False),
        sa.Column("technical_id", ID, nullable=False),
        sa.Column("plain_id", ID, nullable=False),
        sa.Column("technical_version", sa.Integer(), nullable=False),
        sa.Column("read_again", sa.Boolean(), nullable=False),
        sa.Column("by_function", sa.String(120), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("item_id", "technical_id", "plain_id", name="pk_paragraph_pair"),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_paragraph_pair_item_id_item"),
    )
    op.create_table(
        "easy_read_approval",
        sa.Column("item_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("plain_version", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(160), nullable=False),
        sa.Column("by_function", sa.String(120), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("taken_back_at", MOMENT, nullable=True),
        sa.Column("taken_back_by", sa.String(120), nullable=False),
        sa.PrimaryKeyConstraint("item_id", "number", name="pk_easy_read_approval"),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_easy_read_approval_item_id_item"),
    )


def downgrade() -> None:
    op.drop_table("easy_read_approval")
    op.drop_table("paragraph_pair")
    op.drop_table("text_pairing")
