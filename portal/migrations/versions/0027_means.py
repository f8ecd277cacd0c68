"""The money of the objectives, year by year with its former versions, and the decisions that move some of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

ID = sa.String(26)
MOMENT = sa.DateTime(timezone=True)
TABLES = ("reallocation", "means_version", "means_year", "means_line")


def _ref(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}")


def _must(name: str, kind: sa.types.TypeEngine[object]) -> sa.Column[object]:
    return sa.Column(name, kind, nullable=False)


def _may(name: str, kind: sa.types.TypeEngine[object]) -> sa.Column[object]:
    return sa.Column(name, kind, nullable=True)


def _money() -> tuple[sa.Column[object], ...]:
    """What a line says of its money, now and before."""
    return (
        _must("label", sa.String(200)),
        _may("establishment_id", ID),
        _must("payer", sa.String(40)),
        _may("authority_id", ID),
        _must("other", sa.String(120)),
        _must("lasting", sa.String(40)),
        _must("need", sa.String(40)),
    )


def _written() -> tuple[sa.Column[object], ...]:
    return (
        _must("reason", sa.String(300)),
        _must("by_function", sa.String(120)),
        _must("at", MOMENT),
        _may("removed_at", MOMENT),
    )


def upgrade() -> None:
    op.create_table(
        "means_line",
        _must("id", ID),
        _must("contract_id", ID),
        _must("item_id", ID),
        _must("number", sa.Integer()),
        *_money(),
        _must("until_year", sa.Integer()),
        _must("version", sa.Integer()),
        *_written(),
        sa.PrimaryKeyConstraint("id", name="pk_means_line"),
        _ref("means_line", "contract_id", "contract"),
        _ref("means_line", "item_id", "item"),
        _ref("means_line", "establishment_id", "establishment"),
        _ref("means_line", "authority_id", "organisation"),
    )
    op.create_index("ix_means_line_place", "means_line", ["contract_id", "item_id", "number"])
    op.create_index("ix_means_line_site", "means_line", ["contract_id", "establishment_id"])
    op.create_table(
        "means_year",
        _must("line_id", ID),
        _must("version", sa.Integer()),
        _must("year", sa.Integer()),
        *(_may(name, sa.Integer()) for name in ("planned", "given", "spent")),
        sa.PrimaryKeyConstraint("line_id", "version", "year", name="pk_means_year"),
        _ref("means_year", "line_id", "means_line"),
    )
    op.create_table(
        "means_version",
        _must("line_id", ID),
        _must("number", sa.Integer()),
        *_money(),
        *_written(),
        sa.PrimaryKeyConstraint("line_id", "number", name="pk_means_version"),
        _ref("means_version", "line_id", "means_line"),
        _ref("means_version", "establishment_id", "establishment"),
        _ref("means_version", "authority_id", "organisation"),
    )
    _decisions()


def _decisions() -> None:
    op.create_table(
        "reallocation",
        _must("id", ID),
        _must("contract_id", ID),
        _must("number", sa.Integer()),
        _may("corrects_id", ID),
        _must("from_id", ID),
        _must("to_id", ID),
        _must("year", sa.Integer()),
        _must("amount", sa.Integer()),
        _must("payer", sa.String(40)),
        _may("authority_id", ID),
        _must("other", sa.String(120)),
        _must("clause", sa.String(200)),
        _must("reason", sa.String(600)),
        _must("decided_by", sa.String(160)),
        _must("decided_on", sa.Date()),
        _must("by_function", sa.String(120)),
        _must("at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_reallocation"),
        _ref("reallocation", "contract_id", "contract"),
        _ref("reallocation", "corrects_id", "reallocation"),
        _ref("reallocation", "from_id", "establishment"),
        _ref("reallocation", "to_id", "establishment"),
        _ref("reallocation", "authority_id", "organisation"),
    )
    op.create_index("ix_reallocation_place", "reallocation", ["contract_id", "number"], unique=True)
    op.create_index("ix_reallocation_corrects_id", "reallocation", ["corrects_id"], unique=True)


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
