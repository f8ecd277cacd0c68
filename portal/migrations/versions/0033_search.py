"""What is looked up: scopes, entries, their words, the words of files, and how far each journal was read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

ID = sa.String(26)
TABLES = ("search_paper", "search_word", "search_entry", "search_state", "search_scope")


def _ref(table: str, column: str, other: str, key: str = "id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.{key}"], name=f"fk_{table}_{column}_{other}")


def _must(name: str, kind: sa.types.TypeEngine[object], **more: object) -> sa.Column[object]:
    return sa.Column(name, kind, nullable=False, **more)


def upgrade() -> None:
    op.create_table(
        "search_scope",
        _must("number", sa.Integer(), autoincrement=True),
        _must("contract_id", ID),
        _must("space_id", ID),
        sa.PrimaryKeyConstraint("number", name="pk_search_scope"),
        sa.UniqueConstraint("contract_id", "space_id", name="uq_search_scope_contract_id_space_id"),
        _ref("search_scope", "contract_id", "contract"),
    )
    op.create_table(
        "search_state",
        _must("contract_id", ID),
        _must("seq", sa.Integer()),
        _must("building", sa.String(80)),
        sa.PrimaryKeyConstraint("contract_id", name="pk_search_state"),
        _ref("search_state", "contract_id", "contract"),
    )
    _entries()
    op.create_table(
        "search_paper",
        _must("file_id", ID),
        _must("words", sa.Text()),
        _must("tried_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("file_id", name="pk_search_paper"),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["document_file.id"],
            name="fk_search_paper_file_id_document_file",
            ondelete="CASCADE",
        ),
    )


def _entries() -> None:
    op.create_table(
        "search_entry",
        _must("id", sa.Integer(), autoincrement=True),
        _must("contract_id", ID),
        _must("scope", sa.Integer()),
        _must("kind", sa.String(40)),
        _must("object_id", ID),
        _must("owner_id", ID),
        _must("version", sa.Integer()),
        _must("at", sa.DateTime(timezone=True)),
        _must("digest", sa.String(64)),
        _must("folded", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_search_entry"),
        sa.UniqueConstraint(
            "contract_id", "kind", "object_id", name="uq_search_entry_contract_id_kind_object_id"
        ),
        _ref("search_entry", "contract_id", "contract"),
        _ref("search_entry", "scope", "search_scope", "number"),
    )
    op.create_index("ix_search_entry_owner", "search_entry", ["owner_id"])
    op.create_table(
        "search_word",
        _must("scope", sa.Integer(), autoincrement=False),
        _must("word", sa.String(40)),
        _must("entry", sa.Integer(), autoincrement=False),
        _must("weight", sa.Integer()),
        sa.PrimaryKeyConstraint("scope", "word", "entry", name="pk_search_word"),
        _ref("search_word", "scope", "search_scope", "number"),
        _ref("search_word", "entry", "search_entry"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_search_word_entry", "search_word", ["entry"])


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
