"""The contributions of a contract, and what was asked about one of them, are found without reading all others."""

from __future__ import annotations

from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_contribution_contract", "contribution", ["contract_id", "status"]),
    ("ix_duty_extension_contribution_id", "duty_extension", ["contribution_id"]),
)


def upgrade() -> None:
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns)


def downgrade() -> None:
    for name, table, _columns in reversed(INDEXES):
        op.drop_index(name, table_name=table)
