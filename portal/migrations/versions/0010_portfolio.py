"""What an authority follows: who follows a contract there, when it was signed, whose words it reads.

In the spaces that exist, the authorities go on reading what they could read.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KEEP = """
UPDATE space SET authorities_read_words = (1 = 1)
WHERE EXISTS (
  SELECT 1 FROM involvement
  WHERE involvement.contract_id = space.contract_id
  AND (involvement.space_id = space.id OR involvement.space_id IS NULL)
  AND involvement.group_ = 'authorities' AND involvement.level IS NOT NULL
)
"""
ON_SQLITE = """
CREATE TRIGGER words_told_changed AFTER UPDATE OF authorities_read_words ON space
WHEN OLD.authorities_read_words IS NOT NEW.authorities_read_words
BEGIN UPDATE space SET epoch = epoch + 1 WHERE id = NEW.id; END
"""
# The function of the phase does the same: it raises the epoch of the row.
ON_POSTGRESQL = """
CREATE TRIGGER words_told_changed AFTER UPDATE OF authorities_read_words ON space FOR EACH ROW
WHEN (OLD.authorities_read_words IS DISTINCT FROM NEW.authorities_read_words)
EXECUTE FUNCTION raise_epoch_of_phase()
"""


def upgrade() -> None:
    op.add_column("contract", sa.Column("signed_on", sa.Date(), nullable=True))
    op.add_column("establishment", sa.Column("department", sa.String(3), nullable=True))
    for name, size in (("referent_function", 120), ("referent_contact", 200)):
        op.add_column(
            "contract_authority", sa.Column(name, sa.String(size), nullable=False, server_default="")
        )
    op.add_column(
        "contract_authority", sa.Column("version", sa.Integer(), nullable=False, server_default="1")
    )
    told = sa.Column("authorities_read_words", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("space", told)
    op.execute(KEEP)
    op.execute(ON_POSTGRESQL if _on_postgresql() else ON_SQLITE)
    op.create_table(
        "portfolio_week",
        sa.Column("account_id", sa.String(26), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "week", name="pk_portfolio_week"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_portfolio_week_account_id_account"),
    )


def downgrade() -> None:
    op.drop_table("portfolio_week")
    op.execute(f"DROP TRIGGER words_told_changed{' ON space' if _on_postgresql() else ''}")
    op.drop_column("space", "authorities_read_words")
    for name in ("version", "referent_contact", "referent_function"):
        op.drop_column("contract_authority", name)
    op.drop_column("establishment", "department")
    op.drop_column("contract", "signed_on")


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"
