"""What an account prefers: its language and its comfort of reading."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("account") as account:
        account.add_column(sa.Column("language", sa.String(5), nullable=True))
        account.add_column(sa.Column("comfort", sa.String(200), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("account") as account:
        account.drop_column("comfort")
        account.drop_column("language")
