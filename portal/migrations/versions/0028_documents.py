"""Documents beside what a contract is made of: as they read now, their versions, their files."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

ID = sa.String(26)
MOMENT = sa.DateTime(timezone=True)
TABLES = ("document_version", "document", "document_file")


def _ref(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}")


def _must(name: str, kind: sa.types.TypeEngine[object]) -> sa.Column[object]:
    return sa.Column(name, kind, nullable=False)


def _may(name: str, kind: sa.types.TypeEngine[object]) -> sa.Column[object]:
    return sa.Column(name, kind, nullable=True)


def upgrade() -> None:
    op.create_table(
        "document_file",
        _must("id", ID),
        _must("contract_id", ID),
        _must("kind", sa.String(40)),
        _must("size", sa.Integer()),
        _must("sha256", sa.String(64)),
        _must("words", sa.Text()),
        _must("left", sa.String(120)),
        _must("told", sa.String(120)),
        _must("has_preview", sa.Boolean()),
        _must("content", sa.LargeBinary()),
        _must("preview", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("id", name="pk_document_file"),
        _ref("document_file", "contract_id", "contract"),
    )
    op.create_index("ix_document_file_contract_id", "document_file", ["contract_id"])
    op.create_table(
        "document",
        _must("id", ID),
        _must("contract_id", ID),
        _must("subject", sa.String(40)),
        _must("object_id", sa.String(40)),
        _must("title", sa.String(160)),
        _must("summary", sa.String(300)),
        _may("file_id", ID),
        _must("version", sa.Integer()),
        _must("at", MOMENT),
        _must("by_function", sa.String(120)),
        _may("removed_at", MOMENT),
        _must("removed_by", sa.String(120)),
        _must("removed_reason", sa.String(300)),
        _may("cleaned_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_document"),
        _ref("document", "contract_id", "contract"),
        _ref("document", "file_id", "document_file"),
    )
    op.create_index("ix_document_place", "document", ["contract_id", "subject", "object_id", "at"])
    op.create_index("ix_document_list", "document", ["contract_id", "at", "id"])
    _versions()


def _versions() -> None:
    op.create_table(
        "document_version",
        _must("document_id", ID),
        _must("number", sa.Integer()),
        _must("change", sa.String(40)),
        _may("was", sa.Integer()),
        _must("title", sa.String(160)),
        _must("summary", sa.String(300)),
        _may("file_id", ID),
        _must("kind", sa.String(40)),
        _must("size", sa.Integer()),
        _must("sha256", sa.String(64)),
        _must("reason", sa.String(300)),
        _must("by_participant", ID),
        _must("by_function", sa.String(120)),
        _must("at", MOMENT),
        sa.PrimaryKeyConstraint("document_id", "number", name="pk_document_version"),
        _ref("document_version", "document_id", "document"),
        _ref("document_version", "file_id", "document_file"),
    )


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
