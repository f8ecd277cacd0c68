"""More may be found (articles of the trame, orientations, the contract before): each contract is looked through again."""

from __future__ import annotations

from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # What says the same is left alone: meanwhile everything that was found is found.
    op.execute("UPDATE search_state SET building = '0 '")


def downgrade() -> None:
    pass
