"""Duties with a clock: who keeps them, more time, explanations, warnings; pauses; proposals of levels."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.String(26)
WORD = sa.String(40)
FUNCTION = sa.String(120)
WHEN = sa.DateTime(timezone=True)
TABLES = (
    "space_pause duty_owner duty_cover duty_extension duty_explanation duty_warning "
    "involvement_proposal involvement_advice"
)


def _ref(
    table: str, name: str, target: str, *, nullable: bool = False, primary_key: bool = False
) -> sa.Column[str]:
    key = sa.ForeignKey(f"{target}.id", name=f"fk_{table}_{name}_{target}")
    return sa.Column(name, ID, key, nullable=nullable, primary_key=primary_key)


def _table(name: str, *parts: sa.schema.SchemaItem) -> None:
    key = [part.name for part in parts if isinstance(part, sa.Column) and part.primary_key]
    op.create_table(name, *parts, sa.PrimaryKeyConstraint(*key, name=f"pk_{name}"))


def _id() -> sa.Column[str]:
    return sa.Column("id", ID, primary_key=True)


def _whom() -> list[sa.Column[str]]:
    """Who decided, and under which function."""
    return [
        sa.Column("by_participant", ID, nullable=False),
        sa.Column("by_function", FUNCTION, nullable=False),
        sa.Column("at", WHEN, nullable=False),
    ]


def _decision() -> list[sa.Column[str]]:
    """What became of something that was asked."""
    return [
        sa.Column("state", WORD, nullable=False),
        sa.Column("decided_by", ID, nullable=True),
        sa.Column("decided_function", FUNCTION, nullable=False),
        sa.Column("decided_at", WHEN, nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=False),
    ]


def upgrade() -> None:
    _pauses()
    _keepers()
    _decisions()
    _levels()


def _pauses() -> None:
    _table(
        "space_pause",
        _id(),
        _ref("space_pause", "space_id", "space"),
        sa.Column("since", WHEN, nullable=False),
        sa.Column("until", WHEN, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_function", FUNCTION, nullable=False),
    )
    op.create_index("ix_space_pause_space_id", "space_pause", ["space_id", "since"])


def _keepers() -> None:
    _table(
        "duty_owner",
        _id(),
        _ref("duty_owner", "contract_id", "contract"),
        _ref("duty_owner", "space_id", "space", nullable=True),
        sa.Column("kind", WORD, nullable=True),
        _ref("duty_owner", "participant_id", "participant"),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        *_whom(),
        sa.Column("ended_at", WHEN, nullable=True),
    )
    op.create_index("ix_duty_owner_contract_id", "duty_owner", ["contract_id"])
    _table(
        "duty_cover",
        _id(),
        _ref("duty_cover", "contract_id", "contract"),
        _ref("duty_cover", "participant_id", "participant"),
        _ref("duty_cover", "covered_by", "participant"),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        *_whom(),
        sa.Column("ended_at", WHEN, nullable=True),
    )
    op.create_index("ix_duty_cover_contract_id", "duty_cover", ["contract_id"])


def _decisions() -> None:
    _table(
        "duty_extension",
        _id(),
        _ref("duty_extension", "contract_id", "contract"),
        _ref("duty_extension", "space_id", "space"),
        sa.Column("group_", WORD, nullable=False),
        _ref("duty_extension", "contribution_id", "contribution", nullable=True),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        *_whom(),
        *_decision(),
    )
    op.create_index("ix_duty_extension_space_id", "duty_extension", ["space_id", "at"])
    _table(
        "duty_explanation",
        _ref("duty_explanation", "contribution_id", "contribution", primary_key=True),
        _ref("duty_explanation", "contract_id", "contract"),
        _ref("duty_explanation", "space_id", "space"),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("renderer", sa.Integer(), nullable=False),
        *_whom(),
    )
    op.create_index("ix_duty_explanation_space_id", "duty_explanation", ["space_id"])
    _table(
        "duty_warning",
        _ref("duty_warning", "space_id", "space", primary_key=True),
        sa.Column("due_on", sa.Date(), primary_key=True),
        sa.Column("stage", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("at", WHEN, nullable=False),
    )


def _levels() -> None:
    _table(
        "involvement_proposal",
        _id(),
        _ref("involvement_proposal", "contract_id", "contract"),
        _ref("involvement_proposal", "space_id", "space", nullable=True),
        sa.Column("group_", WORD, nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        *_whom(),
        *_decision(),
        _ref("involvement_proposal", "involvement_id", "involvement", nullable=True),
    )
    op.create_index("ix_involvement_proposal_contract_id", "involvement_proposal", ["contract_id", "at"])
    _table(
        "involvement_advice",
        _ref("involvement_advice", "participant_id", "participant", primary_key=True),
        sa.Column("advice", sa.String(120), primary_key=True),
    )


def downgrade() -> None:
    for name in reversed(TABLES.split()):
        op.drop_table(name)
