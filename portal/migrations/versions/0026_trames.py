"""The trames of authorities, their published versions, the one of each contract, and the words of its blocks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

ID = sa.String(26)


def _ref(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}")


def _column(name: str, kind: sa.types.TypeEngine[object], default: str | None = None) -> sa.Column[object]:
    return sa.Column(name, kind, nullable=False, server_default=default)


def _block_columns() -> list[sa.Column[object]]:
    return [
        _column("block_id", ID),
        _column("position", sa.Integer()),
        _column("kind", sa.String(40)),
        _column("title", sa.String(200)),
        _column("plain", sa.String(300)),
        _column("filling", sa.String(40)),
        _column("binding", sa.Boolean()),
    ]


def upgrade() -> None:
    op.create_table(
        "trame",
        _column("id", ID),
        _column("organisation_id", ID),
        _column("title", sa.String(160)),
        _column("model", sa.String(20)),
        _column("created_at", sa.DateTime(timezone=True)),
        _column("version", sa.Integer(), "1"),
        sa.PrimaryKeyConstraint("id", name="pk_trame"),
        _ref("trame", "organisation_id", "organisation"),
    )
    op.create_index("ix_trame_organisation_id", "trame", ["organisation_id"])
    op.create_table(
        "trame_block",
        _column("trame_id", ID),
        *_block_columns(),
        sa.PrimaryKeyConstraint("trame_id", "block_id", name="pk_trame_block"),
        _ref("trame_block", "trame_id", "trame"),
    )
    op.create_table(
        "trame_version",
        _column("id", ID),
        _column("trame_id", ID),
        _column("number", sa.Integer()),
        _column("title", sa.String(160)),
        _column("told", sa.String(300)),
        _column("published_on", sa.Date()),
        sa.PrimaryKeyConstraint("id", name="pk_trame_version"),
        sa.UniqueConstraint("trame_id", "number", name="uq_trame_version_trame_id_number"),
        _ref("trame_version", "trame_id", "trame"),
    )
    op.create_table(
        "trame_version_block",
        _column("version_id", ID),
        *_block_columns(),
        sa.PrimaryKeyConstraint("version_id", "block_id", name="pk_trame_version_block"),
        _ref("trame_version_block", "version_id", "trame_version"),
    )
    op.create_table(
        "contract_trame",
        _column("contract_id", ID),
        _column("model", sa.String(20), ""),
        sa.Column("trame_version_id", ID, nullable=True),
        _column("chosen_on", sa.Date()),
        _column("by_function", sa.String(120)),
        _column("version", sa.Integer(), "1"),
        sa.PrimaryKeyConstraint("contract_id", name="pk_contract_trame"),
        _ref("contract_trame", "contract_id", "contract"),
        _ref("contract_trame", "trame_version_id", "trame_version"),
    )
    op.create_table(
        "trame_block_text",
        _column("contract_id", ID),
        _column("block_id", ID),
        _column("number", sa.Integer()),
        _column("title", sa.String(200)),
        _column("source", sa.Text(), ""),
        _column("html", sa.Text(), ""),
        _column("renderer", sa.Integer()),
        _column("by_function", sa.String(120)),
        _column("at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("contract_id", "block_id", "number", name="pk_trame_block_text"),
        _ref("trame_block_text", "contract_id", "contract"),
    )


def downgrade() -> None:
    for table in (
        "trame_block_text",
        "contract_trame",
        "trame_version_block",
        "trame_version",
        "trame_block",
        "trame",
    ):
        op.drop_table(table)
