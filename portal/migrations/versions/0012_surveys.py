"""Short surveys: questions, sheets, words, and who answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ID = sa.String(26)
WORD = sa.String(40)
FUNCTION = sa.String(120)
WHEN = sa.DateTime(timezone=True)
TABLES = "survey survey_group survey_question survey_participation survey_sheet survey_mark survey_words"


def _ref(
    table: str, name: str, target: str, *, primary_key: bool = False, nullable: bool = False
) -> sa.Column[str]:
    key = sa.ForeignKey(f"{target}.id", name=f"fk_{table}_{name}_{target}")
    return sa.Column(name, ID, key, nullable=nullable, primary_key=primary_key)


def _table(name: str, *parts: sa.schema.SchemaItem) -> None:
    key = [part.name for part in parts if isinstance(part, sa.Column) and part.primary_key]
    op.create_table(name, *parts, sa.PrimaryKeyConstraint(*key, name=f"pk_{name}"))


def _id() -> sa.Column[str]:
    return sa.Column("id", ID, primary_key=True)


def upgrade() -> None:
    _questions()
    _answers()


def _questions() -> None:
    _table(
        "survey",
        _id(),
        _ref("survey", "contract_id", "contract"),
        _ref("survey", "space_id", "space"),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("introduction", sa.String(300), nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("ends_at", WHEN, nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=False),
        sa.Column("created_by", ID, nullable=False),
        sa.Column("created_at", WHEN, nullable=False),
        sa.Column("opened_at", WHEN, nullable=True),
        sa.Column("opened_function", FUNCTION, nullable=False),
        sa.Column("closed_at", WHEN, nullable=True),
        sa.Column("cleaned_at", WHEN, nullable=True),
        sa.Column("closed_function", FUNCTION, nullable=False),
        sa.Column("close_reason", sa.Text(), nullable=False),
        sa.Column("published_at", WHEN, nullable=True),
        sa.Column("published_function", FUNCTION, nullable=False),
    )
    op.create_index("ix_survey_due", "survey", ["state", "ends_at"])
    op.create_index("ix_survey_space_id", "survey", ["space_id"])
    _table(
        "survey_group",
        _ref("survey_group", "survey_id", "survey", primary_key=True),
        sa.Column("group_", WORD, primary_key=True),
    )
    _table(
        "survey_question",
        _id(),
        _ref("survey_question", "survey_id", "survey"),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("body", sa.String(200), nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
    )
    op.create_index("ix_survey_question_survey_id", "survey_question", ["survey_id", "position"])


def _answers() -> None:
    _table(
        "survey_participation",
        _ref("survey_participation", "survey_id", "survey", primary_key=True),
        sa.Column("participant_id", ID, primary_key=True),
    )
    _table(
        "survey_sheet",
        _id(),
        _ref("survey_sheet", "survey_id", "survey"),
        sa.Column("participant_id", ID, nullable=True),
        sa.Column("group_", WORD, nullable=True),
        sa.UniqueConstraint("survey_id", "participant_id", name="uq_survey_sheet_survey_id_participant_id"),
    )
    _table(
        "survey_mark",
        _ref("survey_mark", "sheet_id", "survey_sheet", primary_key=True),
        _ref("survey_mark", "question_id", "survey_question", primary_key=True),
        sa.Column("value", sa.Integer(), primary_key=True, autoincrement=False),
    )
    _table(
        "survey_words",
        _id(),
        _ref("survey_words", "question_id", "survey_question"),
        _ref("survey_words", "sheet_id", "survey_sheet", nullable=True),
        sa.Column("institutional", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("renderer", sa.Integer(), nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("rule", WORD, nullable=True),
        sa.Column("by_function", FUNCTION, nullable=False),
        sa.Column("read_at", WHEN, nullable=True),
        sa.UniqueConstraint("sheet_id", "question_id", name="uq_survey_words_sheet_id_question_id"),
    )
    op.create_index("ix_survey_words_question_id", "survey_words", ["question_id", "state"])


def downgrade() -> None:
    for name in reversed(TABLES.split()):
        op.drop_table(name)
