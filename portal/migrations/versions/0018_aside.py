"""Who leaves an appeal to somebody else, and why."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

ID = sa.String(26)


def upgrade() -> None:
    op.create_table(
        "appeal_aside",
        sa.Column("appeal_id", ID, nullable=False),
        sa.Column("participant_id", ID, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("appeal_id", "participant_id", name="pk_appeal_aside"),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name="fk_appeal_aside_appeal_id_appeal"),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name="fk_appeal_aside_participant_id_participant"
        ),
    )


def downgrade() -> None:
    op.drop_table("appeal_aside")
