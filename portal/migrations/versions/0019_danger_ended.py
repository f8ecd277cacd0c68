"""When a procedure of danger ended, and by whom: until then who follows it reads the words, taken back or not."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

# Who took words back before was told that nobody would read them any more.
FORMER = """
UPDATE danger_alert SET version = 0
WHERE contribution_id IN (SELECT id FROM contribution WHERE status = 'withdrawn')
"""


def upgrade() -> None:
    op.add_column("danger_alert", sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("danger_alert", sa.Column("ended_function", sa.String(120), nullable=True))
    op.execute(FORMER)


def downgrade() -> None:
    op.drop_column("danger_alert", "ended_function")
    op.drop_column("danger_alert", "ended_at")
