"""What a review of a contract said before it was written anew, and who wrote what it says."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def _who() -> list[sa.Column[object]]:
    return [
        sa.Column("by_function", sa.String(120), nullable=False, server_default=""),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
    ]


def upgrade() -> None:
    for column in _who():
        op.add_column("review", column)
    op.create_table(
        "review_version",
        sa.Column("contract_id", sa.String(26), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("renderer", sa.Integer(), nullable=False),
        *_who(),
        sa.PrimaryKeyConstraint("contract_id", "kind", "version", name="pk_review_version"),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name="fk_review_version_contract_id_contract"
        ),
    )


def downgrade() -> None:
    op.drop_table("review_version")
    for column in reversed(_who()):
        op.drop_column("review", column.name)
