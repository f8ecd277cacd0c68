"""The perimeter of a contract: how far it reaches, who answers for what, places before and after, categories."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

ID = sa.String(26)


def _of_site() -> list[sa.Column[object]]:
    return [
        sa.Column("places_after", sa.Integer(), nullable=True),
        sa.Column("change", sa.String(300), nullable=False, server_default=""),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("left_reason", sa.String(300), nullable=False, server_default=""),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
    ]


def upgrade() -> None:
    op.add_column("contract", sa.Column("scope", sa.String(40), nullable=True))
    op.add_column(
        "contract", sa.Column("perimeter_version", sa.Integer(), nullable=False, server_default="1")
    )
    op.add_column("establishment", sa.Column("category_code", sa.String(8), nullable=True))
    for column in _of_site():
        op.add_column("contract_establishment", column)
    op.create_table(
        "contract_competence",
        sa.Column("contract_id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("competence", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint(
            "contract_id", "organisation_id", "competence", name="pk_contract_competence"
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name="fk_contract_competence_contract_id_contract"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name="fk_contract_competence_organisation_id_organisation",
        ),
    )
    op.create_table(
        "category",
        sa.Column("id", ID, nullable=False),
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("label", sa.String(120), nullable=False),
        sa.Column("plain", sa.String(160), nullable=False),
        sa.Column("contract_id", ID, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_category"),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name="fk_category_contract_id_contract"),
    )
    op.create_index("ix_category_contract_id", "category", ["contract_id"])


def downgrade() -> None:
    op.drop_table("category")
    op.drop_table("contract_competence")
    for column in reversed(_of_site()):
        op.drop_column("contract_establishment", column.name)
    op.drop_column("establishment", "category_code")
    op.drop_column("contract", "perimeter_version")
    op.drop_column("contract", "scope")
