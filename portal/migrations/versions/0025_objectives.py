"""The objectives as a tree: orientations, strategic objectives, sheets with their actions, and how far they are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

ID = sa.String(26)
MOMENT = sa.DateTime(timezone=True)
TABLES = (
    "objective_progress",
    "objective_action",
    "objective_indicator",
    "objective_finding",
    "objective_place",
    "objective_sheet",
    "objective_branch",
)


def _ref(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}")


def _must(name: str, kind: sa.types.TypeEngine[object]) -> sa.Column[object]:
    return sa.Column(name, kind, nullable=False)


def _may(name: str, kind: sa.types.TypeEngine[object]) -> sa.Column[object]:
    return sa.Column(name, kind, nullable=True)


def _pair(table: str, column: str, other: str) -> None:
    op.create_table(
        table,
        _must("item_id", ID),
        _must(column, ID),
        sa.PrimaryKeyConstraint("item_id", column, name=f"pk_{table}"),
        _ref(table, "item_id", "item"),
        _ref(table, column, other),
    )


def upgrade() -> None:
    op.create_table(
        "objective_branch",
        _must("id", ID),
        _must("contract_id", ID),
        _may("parent_id", ID),
        _must("number", sa.Integer()),
        _must("title", sa.String(200)),
        _must("plain", sa.String(300)),
        _must("version", sa.Integer()),
        sa.PrimaryKeyConstraint("id", name="pk_objective_branch"),
        _ref("objective_branch", "contract_id", "contract"),
        _ref("objective_branch", "parent_id", "objective_branch"),
    )
    op.create_index("ix_objective_branch_place", "objective_branch", ["contract_id", "parent_id", "number"])
    op.create_table(
        "objective_sheet",
        _must("item_id", ID),
        _may("branch_id", ID),
        _must("rank", sa.Integer()),
        _must("expected", sa.String(160)),
        _must("priority", sa.String(40)),
        _must("state", sa.String(40)),
        _may("state_at", MOMENT),
        *(_must(name, sa.String(300)) for name in ("health_plan", "scheme", "house_plan", "evaluation")),
        *(_must(name, sa.Text()) for name in ("watch", "obstacles", "levers", "follow_up")),
        sa.PrimaryKeyConstraint("item_id", name="pk_objective_sheet"),
        _ref("objective_sheet", "item_id", "item"),
        _ref("objective_sheet", "branch_id", "objective_branch"),
    )
    op.create_index("ix_objective_sheet_branch_id", "objective_sheet", ["branch_id"])
    _pair("objective_place", "establishment_id", "establishment")
    _pair("objective_finding", "finding_id", "item")
    _pair("objective_indicator", "indicator_id", "contract_indicator")
    _actions()


def _actions() -> None:
    op.create_table(
        "objective_action",
        _must("id", ID),
        _must("item_id", ID),
        _must("number", sa.Integer()),
        _must("label", sa.String(300)),
        _may("starts_on", sa.Date()),
        _may("ends_on", sa.Date()),
        _must("state", sa.String(40)),
        _must("justification", sa.String(300)),
        _must("lead", sa.String(120)),
        _must("team", sa.String(200)),
        _must("partners", sa.String(300)),
        _must("financing", sa.String(40)),
        _may("funded_until", sa.Date()),
        _must("version", sa.Integer()),
        _may("removed_at", MOMENT),
        _must("removed_by", sa.String(120)),
        sa.PrimaryKeyConstraint("id", name="pk_objective_action"),
        _ref("objective_action", "item_id", "item"),
    )
    op.create_index("ix_objective_action_place", "objective_action", ["item_id", "number"])
    op.create_table(
        "objective_progress",
        _must("id", ID),
        _must("item_id", ID),
        _may("action_id", ID),
        _must("news", sa.String(40)),
        _may("state", sa.String(40)),
        _must("words", sa.String(300)),
        _must("was_label", sa.String(300)),
        _may("was_starts_on", sa.Date()),
        _may("was_ends_on", sa.Date()),
        _may("was_financing", sa.String(40)),
        _may("was_funded_until", sa.Date()),
        _must("by_function", sa.String(120)),
        _must("at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_objective_progress"),
        _ref("objective_progress", "item_id", "item"),
        _ref("objective_progress", "action_id", "objective_action"),
    )
    op.create_index("ix_objective_progress_place", "objective_progress", ["item_id", "at"])


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
