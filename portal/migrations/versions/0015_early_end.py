"""The date that a space had announced, when it ended earlier, and why."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("space", sa.Column("announced_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("space", sa.Column("end_reason", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("space", "end_reason")
    op.drop_column("space", "announced_until")
