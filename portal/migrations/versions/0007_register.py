"""The register: lines that may be folded, found by their object; words that are erased."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ID = sa.String(26)
WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("journal_line", sa.Column("veil", sa.String(64), nullable=False, server_default=""))
    op.create_index("ix_journal_line_object", "journal_line", ["object", "seq"])
    op.add_column(
        "contribution", sa.Column("erased", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_table(
        "erasure",
        sa.Column("contribution_id", ID, nullable=False),
        sa.Column("contract_id", ID, nullable=False),
        sa.Column("asked_by", ID, nullable=True),
        sa.Column("asked_function", sa.String(120), nullable=False),
        sa.Column("asked_at", WHEN, nullable=False),
        sa.Column("done_function", sa.String(120), nullable=False),
        sa.Column("done_at", WHEN, nullable=True),
        sa.Column("cleaned_at", WHEN, nullable=True),
        sa.ForeignKeyConstraint(
            ["contribution_id"], ["contribution.id"], name="fk_erasure_contribution_id_contribution"
        ),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name="fk_erasure_contract_id_contract"),
        sa.PrimaryKeyConstraint("contribution_id", name="pk_erasure"),
    )
    op.create_index("ix_erasure_contract_id", "erasure", ["contract_id"])


def downgrade() -> None:
    op.drop_table("erasure")
    op.drop_column("contribution", "erased")
    op.drop_index("ix_journal_line_object", table_name="journal_line")
    op.drop_column("journal_line", "veil")
