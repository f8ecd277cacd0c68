"""An end earlier than announced and why; whose an act is; for which authority an agent acts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

# What the direction did not write was written by people of the body itself: where it is known which body.
# An opinion of no house, and a vote that an agent of either authority may have written, stay the direction's too.
OWN = """
UPDATE formal_act SET by_body = (1 = 1)
WHERE kind <> 'vote-departement'
AND NOT (kind = 'avis-cvs' AND establishment_id IS NULL)
AND (
  by_function NOT IN ('la direction', 'la suppléance de la direction')
  OR EXISTS (
    SELECT 1 FROM formal_act_version
    WHERE formal_act_version.act_id = formal_act.id
    AND formal_act_version.by_function NOT IN ('la direction', 'la suppléance de la direction')
  )
)
"""


def upgrade() -> None:
    op.add_column("space", sa.Column("announced_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("space", sa.Column("end_reason", sa.Text(), nullable=False, server_default=""))
    op.add_column("participant", sa.Column("authority_id", sa.String(26), nullable=True))
    whose = sa.Column("by_body", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("formal_act", whose)
    op.execute(OWN)


def downgrade() -> None:
    op.drop_column("formal_act", "by_body")
    op.drop_column("participant", "authority_id")
    op.drop_column("space", "end_reason")
    op.drop_column("space", "announced_until")
