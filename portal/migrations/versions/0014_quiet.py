"""What persons do without being told of: apart from the chain, sealed together once a day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ID = sa.String(26)
HASH = sa.String(64)
TABLE = "quiet_line"
REFUSE = f"SELECT RAISE(ABORT, '{TABLE}: append only')"
SAME = f"SELECT 1 FROM {TABLE} WHERE contract_id = NEW.contract_id AND tick = NEW.tick"  # noqa: S608
SQLITE = {
    "quiet_not_changed": f"BEFORE UPDATE ON {TABLE} BEGIN {REFUSE}; END",
    "quiet_not_removed": f"BEFORE DELETE ON {TABLE} BEGIN {REFUSE}; END",
    # INSERT OR REPLACE removes the old line without running its DELETE trigger.
    "quiet_not_replaced": f"BEFORE INSERT ON {TABLE} WHEN EXISTS ({SAME}) BEGIN {REFUSE}; END",
}
POSTGRESQL = {
    "quiet_not_changed": f"BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW",
    "quiet_not_emptied": f"BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT",
}
REFUSE_CHANGE = f"""
CREATE FUNCTION refuse_quiet_change() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  RAISE EXCEPTION '{TABLE}: append only';
END $body$
"""


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _place(number: str) -> list[sa.Column[str] | sa.Column[int]]:
    return [
        sa.Column("contract_id", ID, primary_key=True),
        sa.Column(number, sa.Integer(), primary_key=True, autoincrement=False),
    ]


def upgrade() -> None:
    op.add_column("journal_head", sa.Column("ticks", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE journal_head SET ticks = seq")
    op.create_table(
        TABLE,
        *_place("tick"),
        sa.Column("at", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("group_", sa.String(40), nullable=False),
        sa.Column("object", ID, nullable=False),
        sa.Column("digest", HASH, nullable=False),
        sa.Column("commit", HASH, nullable=False),
        sa.PrimaryKeyConstraint("contract_id", "tick", name="pk_quiet_line"),
    )
    op.create_table(
        "quiet_salt",
        *_place("tick"),
        sa.Column("salt", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("contract_id", "tick", name="pk_quiet_salt"),
    )
    op.create_table(
        "quiet_batch",
        *_place("seq"),
        sa.Column("upto", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("contract_id", "seq", name="pk_quiet_batch"),
    )
    op.create_index("ix_quiet_batch_day", "quiet_batch", ["contract_id", "day"])
    if _on_sqlite():
        for name, body in SQLITE.items():
            op.execute(f"CREATE TRIGGER {name} {body}")
        return
    op.execute(REFUSE_CHANGE)
    for name, event in POSTGRESQL.items():
        op.execute(f"CREATE TRIGGER {name} {event} EXECUTE FUNCTION refuse_quiet_change()")


def downgrade() -> None:
    if not _on_sqlite():
        for name in POSTGRESQL:
            op.execute(f"DROP TRIGGER {name} ON {TABLE}")
        op.execute("DROP FUNCTION refuse_quiet_change()")
    for table in ("quiet_batch", "quiet_salt", TABLE):
        op.drop_table(table)
    op.drop_column("journal_head", "ticks")
