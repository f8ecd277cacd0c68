"""Every table of the first increment."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.String(26)
HASH = sa.String(64)
WORD = sa.String(40)
WHEN = sa.DateTime(timezone=True)
TABLES = """
    account database_mark job_cursor journal_head journal_line journal_salt lease operation organisation
    contract establishment session_row contract_authority contract_establishment item participant space
    audience_cursor audience_frame contribution indicator involvement leeway participant_role seat space_item
    text answer contribution_version moderation_decision paragraph reaction text_version
"""


def _ref(
    table: str, name: str, target: str, *, nullable: bool = False, primary_key: bool = False
) -> sa.Column[str]:
    key = sa.ForeignKey(f"{target}.id", name=f"fk_{table}_{name}_{target}")
    return sa.Column(name, ID, key, nullable=nullable, primary_key=primary_key)


def _table(name: str, *parts: sa.schema.SchemaItem) -> None:
    key = [part.name for part in parts if isinstance(part, sa.Column) and part.primary_key]
    op.create_table(name, *parts, sa.PrimaryKeyConstraint(*key, name=f"pk_{name}"))


def upgrade() -> None:
    _foundations()
    _exchanges()


def _foundations() -> None:
    _table(
        "account",
        sa.Column("id", ID, primary_key=True),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("password_hash", sa.String(255), nullable=True),
        sa.Column("persona", sa.String(60), nullable=True),
        sa.Column("created_at", WHEN, nullable=False),
        sa.Column("disabled_at", WHEN, nullable=True),
        sa.UniqueConstraint("email", name="uq_account_email"),
    )
    _table(
        "database_mark",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("value", sa.String(80), nullable=False),
        sa.Column("at", WHEN, nullable=False),
        sa.UniqueConstraint("name", name="uq_database_mark_name"),
    )
    _table(
        "job_cursor",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("value", sa.BigInteger(), nullable=False),
    )
    _table(
        "journal_head",
        sa.Column("contract_id", ID, primary_key=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("head", HASH, nullable=False),
    )
    _table(
        "journal_line",
        sa.Column("contract_id", ID, primary_key=True),
        sa.Column("seq", sa.Integer(), primary_key=True),
        sa.Column("at", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("group_", sa.String(40), nullable=False),
        sa.Column("object", ID, nullable=False),
        sa.Column("digest", HASH, nullable=False),
        sa.Column("commit", HASH, nullable=False),
        sa.Column("hash", HASH, nullable=False),
    )
    _table(
        "journal_salt",
        sa.Column("contract_id", ID, primary_key=True),
        sa.Column("seq", sa.Integer(), primary_key=True),
        sa.Column("salt", sa.LargeBinary(32), nullable=False),
    )
    _table(
        "lease",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("holder", HASH, nullable=False),
        sa.Column("until", WHEN, nullable=False),
    )
    _table(
        "operation",
        sa.Column("participant_id", ID, primary_key=True),
        sa.Column("op_id", HASH, primary_key=True),
        sa.Column("digest", HASH, nullable=False),
        sa.Column("outcome", sa.String(200), nullable=False),
        sa.Column("at", WHEN, nullable=False),
    )
    op.create_index("ix_operation_at", "operation", ["at"])
    _table(
        "organisation",
        sa.Column("id", ID, primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("finess_ej", sa.String(9), nullable=True),
        sa.Column("authority", WORD, nullable=True),
        sa.Column("delegation", sa.String(200), nullable=True),
        sa.Column("fictional", sa.Boolean(), nullable=False),
    )
    _table(
        "contract",
        sa.Column("id", ID, primary_key=True),
        sa.Column("title", sa.String(200), nullable=False),
        _ref("contract", "organisation_id", "organisation"),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("stage", WORD, nullable=False),
        sa.Column("created_at", WHEN, nullable=False),
    )
    _table(
        "establishment",
        sa.Column("id", ID, primary_key=True),
        _ref("establishment", "organisation_id", "organisation"),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("finess_et", sa.String(9), nullable=True),
        sa.Column("category", sa.String(120), nullable=False),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("phone", sa.String(20), nullable=True),
        sa.Column("hours", sa.String(120), nullable=True),
    )
    op.create_index("ix_establishment_organisation_id", "establishment", ["organisation_id"])
    _table(
        "session_row",
        sa.Column("token_hash", HASH, primary_key=True),
        _ref("session_row", "account_id", "account"),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("created_at", WHEN, nullable=False),
        sa.Column("seen_at", WHEN, nullable=False),
        sa.Column("expires_at", WHEN, nullable=False),
        sa.Column("ended_at", WHEN, nullable=True),
    )
    op.create_index("ix_session_row_account_id", "session_row", ["account_id"])
    op.create_index("ix_session_row_ended_at", "session_row", ["ended_at"])
    _table(
        "contract_authority",
        _ref("contract_authority", "contract_id", "contract", primary_key=True),
        _ref("contract_authority", "organisation_id", "organisation", primary_key=True),
    )
    _table(
        "contract_establishment",
        _ref("contract_establishment", "contract_id", "contract", primary_key=True),
        _ref("contract_establishment", "establishment_id", "establishment", primary_key=True),
    )
    _table(
        "item",
        sa.Column("id", ID, primary_key=True),
        _ref("item", "contract_id", "contract"),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("axis", sa.String(160), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("finding_kind", WORD, nullable=True),
    )
    op.create_index("ix_item_place", "item", ["contract_id", "kind", "number"])
    _table(
        "participant",
        sa.Column("id", ID, primary_key=True),
        _ref("participant", "contract_id", "contract"),
        sa.Column("group_", WORD, nullable=False),
        _ref("participant", "establishment_id", "establishment", nullable=True),
        sa.Column("joined_at", WHEN, nullable=False),
        sa.Column("left_at", WHEN, nullable=True),
    )
    op.create_index("ix_participant_place", "participant", ["contract_id", "group_", "establishment_id"])


def _exchanges() -> None:
    _table(
        "space",
        sa.Column("id", ID, primary_key=True),
        _ref("space", "contract_id", "contract"),
        sa.Column("object", WORD, nullable=False),
        sa.Column("question", sa.String(200), nullable=False),
        sa.Column("introduction", sa.Text(), nullable=False),
        sa.Column("opens_at", WHEN, nullable=False),
        sa.Column("ends_at", WHEN, nullable=False),
        sa.Column("answer_days", sa.Integer(), nullable=False),
        sa.Column("moderation", WORD, nullable=False),
        sa.Column("phase", WORD, nullable=False),
        sa.Column("pause_reason", sa.Text(), nullable=False),
        sa.Column("broken_promise", sa.Text(), nullable=False),
        sa.Column("promise_note", sa.Text(), nullable=False),
        sa.Column("closed_at", WHEN, nullable=True),
        sa.Column("created_by", ID, nullable=True),
        sa.Column("created_at", WHEN, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
    )
    op.create_index("ix_space_contract_id", "space", ["contract_id"])
    op.create_index("ix_space_due", "space", ["phase", "ends_at"])
    _table(
        "audience_cursor",
        _ref("audience_cursor", "space_id", "space", primary_key=True),
        sa.Column("audience", sa.String(40), primary_key=True),
        sa.Column("count", sa.Integer(), nullable=False),
    )
    _table(
        "audience_frame",
        _ref("audience_frame", "space_id", "space", primary_key=True),
        sa.Column("audience", sa.String(40), primary_key=True),
        sa.Column("cursor", sa.Integer(), primary_key=True),
        sa.Column("contract_id", ID, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("object", ID, nullable=False),
    )
    op.create_index("ix_audience_frame_line", "audience_frame", ["contract_id", "seq"])
    _table(
        "contribution",
        sa.Column("arrival", sa.Integer(), primary_key=True),
        sa.Column("id", ID, nullable=False),
        _ref("contribution", "contract_id", "contract"),
        _ref("contribution", "space_id", "space"),
        _ref("contribution", "item_id", "item"),
        sa.Column("root_id", ID, nullable=True),
        sa.Column("parent_id", ID, nullable=True),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("status", WORD, nullable=False),
        sa.Column("participant_id", ID, nullable=False),
        sa.Column("group_", WORD, nullable=False),
        _ref("contribution", "establishment_id", "establishment", nullable=True),
        sa.Column("display", WORD, nullable=False),
        sa.Column("shown_scope", WORD, nullable=False),
        sa.Column("shown_name", sa.String(120), nullable=True),
        sa.Column("anchor_register", WORD, nullable=True),
        sa.Column("anchor_paragraph", ID, nullable=True),
        sa.Column("anchor_version", sa.Integer(), nullable=True),
        sa.Column("anchor_quote", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("shown_version", sa.Integer(), nullable=True),
        sa.Column("pending", sa.Boolean(), nullable=False),
        sa.Column("provenance", sa.String(20), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("created_at", WHEN, nullable=False),
        sa.Column("published_at", WHEN, nullable=True),
        sa.UniqueConstraint("id", name="uq_contribution_id"),
    )
    op.create_index("ix_contribution_latest", "contribution", ["space_id", "status", "arrival"])
    op.create_index("ix_contribution_mine", "contribution", ["participant_id", "space_id"])
    op.create_index("ix_contribution_pending", "contribution", ["space_id", "pending"])
    op.create_index("ix_contribution_root", "contribution", ["root_id", "arrival"])
    op.create_index("ix_contribution_status", "contribution", ["space_id", "status", "item_id"])
    op.create_index("ix_contribution_thread", "contribution", ["space_id", "item_id", "root_id", "arrival"])
    _table(
        "indicator",
        sa.Column("id", ID, primary_key=True),
        _ref("indicator", "item_id", "item"),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(200), nullable=False),
        sa.Column("initial", sa.String(40), nullable=False),
        sa.Column("target", sa.String(40), nullable=False),
        sa.Column("yearly", sa.String(160), nullable=False),
    )
    op.create_index("ix_indicator_item_id", "indicator", ["item_id"])
    _table(
        "involvement",
        sa.Column("id", ID, primary_key=True),
        _ref("involvement", "contract_id", "contract"),
        _ref("involvement", "space_id", "space", nullable=True),
        sa.Column("group_", WORD, nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=True),
        sa.Column("effective_at", WHEN, nullable=False),
        sa.Column("recorded_at", WHEN, nullable=False),
        sa.Column("by_participant", ID, nullable=True),
        sa.Column("by_function", sa.String(120), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("applied", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_involvement_due", "involvement", ["applied", "effective_at"])
    op.create_index("ix_involvement_place", "involvement", ["contract_id", "space_id"])
    _table(
        "leeway",
        _ref("leeway", "item_id", "item", primary_key=True),
        sa.Column("decided", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(160), nullable=False),
        sa.Column("open", sa.Text(), nullable=False),
        sa.Column("open_by", sa.String(160), nullable=False),
        sa.Column("out_of_reach", sa.Text(), nullable=False),
        sa.Column("out_of_reach_by", sa.String(160), nullable=False),
    )
    _table(
        "participant_role",
        sa.Column("id", ID, primary_key=True),
        _ref("participant_role", "participant_id", "participant"),
        sa.Column("role", WORD, nullable=False),
        sa.Column("given_at", WHEN, nullable=False),
        sa.Column("ended_at", WHEN, nullable=True),
    )
    op.create_index("ix_participant_role_participant_id", "participant_role", ["participant_id"])
    _table(
        "seat",
        _ref("seat", "account_id", "account", primary_key=True),
        _ref("seat", "participant_id", "participant", primary_key=True),
        sa.UniqueConstraint("participant_id", name="uq_seat_participant_id"),
    )
    _table(
        "space_item",
        _ref("space_item", "space_id", "space", primary_key=True),
        _ref("space_item", "item_id", "item", primary_key=True),
        sa.Column("position", sa.Integer(), nullable=False),
    )
    op.create_index("ix_space_item_item_id", "space_item", ["item_id"])
    _table(
        "text",
        sa.Column("id", ID, primary_key=True),
        _ref("text", "item_id", "item"),
        sa.Column("register", WORD, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.UniqueConstraint("item_id", "register", name="uq_text_item_id_register"),
    )
    _table(
        "answer",
        sa.Column("id", ID, primary_key=True),
        _ref("answer", "contribution_id", "contribution"),
        sa.Column("answered_version", sa.Integer(), nullable=False),
        sa.Column("fate", WORD, nullable=True),
        sa.Column("passed_to", sa.String(120), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("renderer", sa.Integer(), nullable=False),
        sa.Column("by_participant", ID, nullable=False),
        sa.Column("by_function", sa.String(120), nullable=False),
        sa.Column("at", WHEN, nullable=False),
        sa.UniqueConstraint("contribution_id", name="uq_answer_contribution_id"),
    )
    _table(
        "contribution_version",
        _ref("contribution_version", "contribution_id", "contribution", primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("reason_source", sa.Text(), nullable=False),
        sa.Column("reason_html", sa.Text(), nullable=False),
        sa.Column("renderer", sa.Integer(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("at", WHEN, nullable=False),
    )
    _table(
        "moderation_decision",
        sa.Column("id", ID, primary_key=True),
        _ref("moderation_decision", "contribution_id", "contribution"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("decision", WORD, nullable=False),
        sa.Column("rule", WORD, nullable=True),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("by_participant", ID, nullable=False),
        sa.Column("by_function", sa.String(120), nullable=False),
        sa.Column("at", WHEN, nullable=False),
    )
    op.create_index("ix_moderation_decision_contribution_id", "moderation_decision", ["contribution_id"])
    _table(
        "paragraph",
        _ref("paragraph", "text_id", "text", primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("position", sa.Integer(), primary_key=True),
        sa.Column("stable_id", ID, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("renderer", sa.Integer(), nullable=False),
    )
    op.create_index("ix_paragraph_stable", "paragraph", ["stable_id", "number"])
    _table(
        "reaction",
        _ref("reaction", "contribution_id", "contribution", primary_key=True),
        sa.Column("participant_id", ID, primary_key=True),
        sa.Column("institutional", sa.Boolean(), nullable=False),
        sa.Column("value", WORD, nullable=False),
    )
    _table(
        "text_version",
        _ref("text_version", "text_id", "text", primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("by_participant", ID, nullable=True),
        sa.Column("by_function", sa.String(120), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", WHEN, nullable=False),
    )


def downgrade() -> None:
    for name in reversed(TABLES.split()):
        op.drop_table(name)
