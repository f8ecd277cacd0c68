"""The words of the national directory are read alone while one types, without the rest of each establishment."""

from __future__ import annotations

from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

NAME, TABLE = "ix_directory_site_words", "directory_site"


def upgrade() -> None:
    op.create_index(NAME, TABLE, ["edition_id", "finess_et", "department", "words"])


def downgrade() -> None:
    op.drop_index(NAME, table_name=TABLE)
