"""Files that are being taken up: what was understood of them, until it is written."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

ID = sa.String(26)
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "file_import",
        sa.Column("id", ID, nullable=False),
        sa.Column("contract_id", ID, nullable=False),
        sa.Column("participant_id", ID, nullable=False),
        sa.Column("name", sa.String(160), nullable=False),
        sa.Column("format", sa.String(40), nullable=False),
        sa.Column("read_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("written_at", MOMENT, nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_file_import"),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name="fk_file_import_contract_id_contract"),
    )
    op.create_index("ix_file_import_owner", "file_import", ["contract_id", "participant_id"])
    op.create_index("ix_file_import_expires_at", "file_import", ["expires_at"])


def downgrade() -> None:
    op.drop_table("file_import")
