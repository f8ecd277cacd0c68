"""The national FINESS directory, as extracts give it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

ID = sa.String(26)


def upgrade() -> None:
    op.create_table(
        "directory_edition",
        sa.Column("id", ID, nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=True),
        sa.Column("encoding", sa.String(12), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("at_byte", sa.BigInteger(), nullable=False),
        sa.Column("at_line", sa.Integer(), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("broken", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_by", sa.String(120), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_directory_edition"),
    )
    op.create_table(
        "directory_fault",
        sa.Column("edition_id", ID, nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("fault", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("edition_id", "line", name="pk_directory_fault"),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["directory_edition.id"], name="fk_directory_fault_edition_id_directory_edition"
        ),
    )
    op.create_table(
        "directory_site",
        sa.Column("edition_id", ID, nullable=False),
        sa.Column("finess_et", sa.String(9), nullable=False),
        sa.Column("finess_ej", sa.String(9), nullable=False),
        *(
            sa.Column(name, sa.String(size), nullable=False)
            for name, size in (
                ("name", 200),
                ("address", 200),
                ("postcode", 5),
                ("town", 120),
                ("department", 3),
                ("phone", 20),
                ("category", 4),
                ("category_label", 200),
                ("siret", 14),
            )
        ),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("words", sa.String(400), nullable=False),
        sa.PrimaryKeyConstraint("edition_id", "finess_et", name="pk_directory_site"),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["directory_edition.id"], name="fk_directory_site_edition_id_directory_edition"
        ),
    )
    op.create_index("ix_directory_site_owner", "directory_site", ["edition_id", "finess_ej"])


def downgrade() -> None:
    op.drop_table("directory_site")
    op.drop_table("directory_fault")
    op.drop_table("directory_edition")
