"""Moderation that is safe: marked words, appeals and who reads them, reports, danger, settings; words nobody edits."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.String(26)
WORD = sa.String(40)
FUNCTION = sa.String(120)
WHEN = sa.DateTime(timezone=True)
TABLES = "appeal_reader appeal report danger_alert danger_step moderation_setting"

# Words are written once; an erasure alone may empty them, all at once.
KEPT = ["source", "html", "reason_source", "reason_html"]
CHANGED_SQLITE = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in KEPT)
CHANGED_POSTGRESQL = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in KEPT)
EMPTIED = " AND ".join(f"NEW.{name} = ''" for name in KEPT)
REFUSED = "contribution_version: words are never edited"
ON_SQLITE = f"""
CREATE TRIGGER words_not_edited BEFORE UPDATE ON contribution_version
WHEN ({CHANGED_SQLITE}) AND NOT ({EMPTIED})
BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END
"""
FUNCTION_POSTGRESQL = f"""
CREATE FUNCTION refuse_edited_words() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  RAISE EXCEPTION '{REFUSED}';
END $body$
"""
ON_POSTGRESQL = f"""
CREATE TRIGGER words_not_edited BEFORE UPDATE ON contribution_version FOR EACH ROW
WHEN (({CHANGED_POSTGRESQL}) AND NOT ({EMPTIED})) EXECUTE FUNCTION refuse_edited_words()
"""


def _ref(table: str, name: str, target: str, *, primary_key: bool = False) -> sa.Column[str]:
    key = sa.ForeignKey(f"{target}.id", name=f"fk_{table}_{name}_{target}")
    return sa.Column(name, ID, key, nullable=False, primary_key=primary_key)


def _table(name: str, *parts: sa.schema.SchemaItem) -> None:
    key = [part.name for part in parts if isinstance(part, sa.Column) and part.primary_key]
    op.create_table(name, *parts, sa.PrimaryKeyConstraint(*key, name=f"pk_{name}"))


def _id() -> sa.Column[str]:
    return sa.Column("id", ID, primary_key=True)


def upgrade() -> None:
    op.add_column("moderation_decision", sa.Column("passages", sa.Text(), nullable=False, server_default=""))
    _sent_at()
    _appeals()
    _reports()
    _danger()
    _settings()
    if op.get_bind().dialect.name == "postgresql":
        op.execute(FUNCTION_POSTGRESQL)
        op.execute(ON_POSTGRESQL)
    else:
        op.execute(ON_SQLITE)


def _sent_at() -> None:
    """When the last version was sent: the order of the queue, without its words."""
    op.add_column(
        "contribution", sa.Column("sent_at", WHEN, nullable=False, server_default=sa.text("'1970-01-01'"))
    )
    op.execute(
        "UPDATE contribution SET sent_at = (SELECT v.at FROM contribution_version AS v"
        " WHERE v.contribution_id = contribution.id AND v.number = contribution.version)"
    )
    op.drop_index("ix_contribution_pending", "contribution")
    op.create_index("ix_contribution_pending", "contribution", ["space_id", "pending", "sent_at", "arrival"])


def _appeals() -> None:
    _table(
        "appeal_reader",
        _id(),
        _ref("appeal_reader", "space_id", "space"),
        _ref("appeal_reader", "participant_id", "participant"),
        sa.Column("named_function", FUNCTION, nullable=False),
        sa.Column("at", WHEN, nullable=False),
        sa.Column("accepted_at", WHEN, nullable=True),
        sa.Column("ended_at", WHEN, nullable=True),
    )
    op.create_index("ix_appeal_reader_space_id", "appeal_reader", ["space_id", "ended_at"])
    op.create_index("ix_appeal_reader_participant_id", "appeal_reader", ["participant_id"])
    _table(
        "appeal",
        _id(),
        _ref("appeal", "contract_id", "contract"),
        _ref("appeal", "space_id", "space"),
        _ref("appeal", "contribution_id", "contribution"),
        _ref("appeal", "decision_id", "moderation_decision"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("decider_id", ID, nullable=False),
        sa.Column("college", WORD, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("at", WHEN, nullable=False),
        sa.Column("due_at", WHEN, nullable=False),
        sa.Column("decided_by", ID, nullable=True),
        sa.Column("decided_function", FUNCTION, nullable=False),
        sa.Column("decided_at", WHEN, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.UniqueConstraint("decision_id", name="uq_appeal_decision_id"),
    )
    op.create_index("ix_appeal_contract_id", "appeal", ["contract_id"])
    op.create_index("ix_appeal_contribution_id", "appeal", ["contribution_id"])
    op.create_index("ix_appeal_space_id", "appeal", ["space_id", "state"])


def _reports() -> None:
    _table(
        "report",
        _ref("report", "contribution_id", "contribution", primary_key=True),
        sa.Column("participant_id", ID, primary_key=True),
        _ref("report", "space_id", "space"),
        sa.Column("rule", WORD, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", WHEN, nullable=False),
        sa.Column("outcome", WORD, nullable=True),
        sa.Column("settled_at", WHEN, nullable=True),
    )
    op.create_index("ix_report_space_id", "report", ["space_id", "settled_at"])


def _danger() -> None:
    _table(
        "danger_alert",
        _id(),
        _ref("danger_alert", "contract_id", "contract"),
        _ref("danger_alert", "space_id", "space"),
        _ref("danger_alert", "contribution_id", "contribution"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", WHEN, nullable=False),
        sa.UniqueConstraint("contribution_id", name="uq_danger_alert_contribution_id"),
    )
    op.create_index("ix_danger_alert_space_id", "danger_alert", ["space_id"])
    _table(
        "danger_step",
        _ref("danger_step", "alert_id", "danger_alert", primary_key=True),
        sa.Column("channel", WORD, primary_key=True),
        sa.Column("by_function", FUNCTION, nullable=False),
        sa.Column("at", WHEN, nullable=False),
    )


def _settings() -> None:
    _table(
        "moderation_setting",
        _ref("moderation_setting", "contract_id", "contract", primary_key=True),
        sa.Column("review_days", sa.Integer(), nullable=False),
        sa.Column("authority_readers", sa.Boolean(), nullable=False),
        sa.Column("authority_reason", sa.Text(), nullable=False),
        sa.Column("alert_text", sa.Text(), nullable=False),
        sa.Column("alert_address", sa.String(200), nullable=False),
        sa.Column("personal_contact", sa.String(160), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("by_function", FUNCTION, nullable=False),
        sa.Column("at", WHEN, nullable=False),
    )


def downgrade() -> None:
    on_table = " ON contribution_version" if op.get_bind().dialect.name == "postgresql" else ""
    op.execute(f"DROP TRIGGER words_not_edited{on_table}")
    if on_table:
        op.execute("DROP FUNCTION refuse_edited_words()")
    for name in reversed(TABLES.split()):
        op.drop_table(name)
    op.drop_column("moderation_decision", "passages")
    op.drop_index("ix_contribution_pending", "contribution")
    op.create_index("ix_contribution_pending", "contribution", ["space_id", "pending"])
    op.drop_column("contribution", "sent_at")
