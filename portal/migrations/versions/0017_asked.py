"""What a space asked and what authorities read there, since when, by whom and why; what became of an opinion."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

ID = sa.String(26)
# The question of before a change was not kept: what is asked now counts from the beginning.
QUESTIONS = """
INSERT INTO space_question (id, space_id, question, since, by_function)
SELECT id, id, question, created_at, '' FROM space
"""
# Where the choice changed since, what was said first is not known: nothing is told of it.
READINGS = """
INSERT INTO space_reading (id, space_id, words, reason, since, by_function)
SELECT id, id, authorities_read_words, '', created_at, '' FROM space
WHERE NOT EXISTS (
  SELECT 1 FROM journal_line WHERE journal_line.object = space.id AND journal_line.kind = 'space_words_told'
)
"""


def _table(name: str, *parts: sa.Column[str] | sa.Column[bool]) -> None:
    op.create_table(
        name,
        sa.Column("id", ID, nullable=False),
        sa.Column("space_id", ID, nullable=False),
        *parts,
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_function", sa.String(120), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.ForeignKeyConstraint(["space_id"], ["space.id"], name=f"fk_{name}_space_id_space"),
    )
    op.create_index(f"ix_{name}_space_id", name, ["space_id", "since"])


def upgrade() -> None:
    _table("space_question", sa.Column("question", sa.String(200), nullable=False))
    _table(
        "space_reading",
        sa.Column("words", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
    )
    op.create_table(
        "formal_act_sequel",
        sa.Column("id", ID, nullable=False),
        sa.Column("act_id", ID, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("renderer", sa.Integer(), nullable=False),
        sa.Column("by_participant", ID, nullable=False),
        sa.Column("by_function", sa.String(120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_formal_act_sequel"),
        sa.ForeignKeyConstraint(["act_id"], ["formal_act.id"], name="fk_formal_act_sequel_act_id_formal_act"),
    )
    op.create_index("ix_formal_act_sequel_act_id", "formal_act_sequel", ["act_id", "at"])
    op.execute(QUESTIONS)
    op.execute(READINGS)


def downgrade() -> None:
    op.drop_table("formal_act_sequel")
    op.drop_table("space_reading")
    op.drop_table("space_question")
