"""The life of a contract: stages, avenants, follow-up, reviews, the end, disagreements between parties."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

ID = sa.String(26)
WORD = sa.String(40)
MOMENT = sa.DateTime(timezone=True)
TABLES = (
    "contract_life",
    "contract_stage",
    "stage_reopening",
    "amendment",
    "amendment_version",
    "committee_seat",
    "review",
    "report_line",
    "end_decision",
    "disagreement",
    "disagreement_position",
)


def _days(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Date(), nullable=True) for name in names]


def _words(name: str, length: int) -> sa.Column[object]:
    return sa.Column(name, sa.String(length), nullable=False)


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}")


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=f"pk_{table}")


def _version() -> sa.Column[object]:
    return sa.Column("version", sa.Integer(), nullable=False)


def _signed() -> list[sa.Column[object]]:
    return [_words("by_function", 120), sa.Column("at", MOMENT, nullable=False)]


def upgrade() -> None:
    _dates_and_stages()
    _amendments()
    _follow_up()
    _end_and_disagreements()


def _dates_and_stages() -> None:
    op.create_table(
        "contract_life",
        sa.Column("contract_id", ID, nullable=False),
        sa.Column("sixth_act_id", ID, nullable=True),
        _words("sixth_reference", 200),
        _version(),
        _key("contract_life", "contract_id"),
        _to("contract_life", "contract_id", "contract"),
        _to("contract_life", "sixth_act_id", "formal_act"),
    )
    op.create_table(
        "contract_stage",
        sa.Column("contract_id", ID, nullable=False),
        sa.Column("stage", WORD, nullable=False),
        *_days("planned_from", "planned_to", "begun_on", "ended_on", "reopened_on"),
        _version(),
        _key("contract_stage", "contract_id", "stage"),
        _to("contract_stage", "contract_id", "contract"),
    )
    op.create_table(
        "stage_reopening",
        sa.Column("id", ID, nullable=False),
        sa.Column("contract_id", ID, nullable=False),
        sa.Column("stage", WORD, nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=False),
        sa.Column("reopened_on", sa.Date(), nullable=False),
        _words("reason", 600),
        *_signed(),
        _key("stage_reopening", "id"),
        _to("stage_reopening", "contract_id", "contract"),
    )
    op.create_index("ix_stage_reopening_place", "stage_reopening", ["contract_id", "reopened_on", "id"])


def _of_amendment() -> list[sa.Column[object]]:
    return [
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        _words("articles", 300),
        _words("reason", 600),
        *_signed(),
    ]


def _amendments() -> None:
    op.create_table(
        "amendment",
        sa.Column("id", ID, nullable=False),
        sa.Column("contract_id", ID, nullable=False),
        *_of_amendment(),
        _version(),
        _key("amendment", "id"),
        _to("amendment", "contract_id", "contract"),
        sa.UniqueConstraint("contract_id", "number", name="uq_amendment_contract_id_number"),
    )
    op.create_table(
        "amendment_version",
        sa.Column("amendment_id", ID, nullable=False),
        _version(),
        *_of_amendment(),
        _key("amendment_version", "amendment_id", "version"),
        _to("amendment_version", "amendment_id", "amendment"),
    )


def _follow_up() -> None:
    op.create_table(
        "committee_seat",
        sa.Column("id", ID, nullable=False),
        sa.Column("contract_id", ID, nullable=False),
        _words("function", 120),
        sa.Column("organisation_id", ID, nullable=True),
        _words("partner", 160),
        *_days("left_on"),
        _version(),
        _key("committee_seat", "id"),
        _to("committee_seat", "contract_id", "contract"),
        _to("committee_seat", "organisation_id", "organisation"),
    )
    op.create_index("ix_committee_seat_place", "committee_seat", ["contract_id", "left_on"])
    op.create_table(
        "review",
        sa.Column("contract_id", ID, nullable=False),
        sa.Column("kind", WORD, nullable=False),
        *_days("planned_on", "held_on", "meets_on", "met_on"),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("renderer", sa.Integer(), nullable=False),
        _version(),
        _key("review", "contract_id", "kind"),
        _to("review", "contract_id", "contract"),
    )
    op.create_table(
        "report_line",
        sa.Column("id", ID, nullable=False),
        sa.Column("contract_id", ID, nullable=False),
        sa.Column("code", sa.String(20), nullable=True),
        _words("label", 200),
        _words("reporter", 160),
        _words("recipient", 200),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        *_days("last_sent_on"),
        sa.Column("set_aside", sa.Boolean(), nullable=False),
        _version(),
        _key("report_line", "id"),
        _to("report_line", "contract_id", "contract"),
        sa.UniqueConstraint("contract_id", "code", name="uq_report_line_contract_id_code"),
    )


def _end_and_disagreements() -> None:
    op.create_table(
        "end_decision",
        sa.Column("id", ID, nullable=False),
        sa.Column("contract_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("choice", WORD, nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        _words("reason", 600),
        sa.Column("ends_on", sa.Date(), nullable=False),
        *_signed(),
        _key("end_decision", "id"),
        _to("end_decision", "contract_id", "contract"),
        sa.UniqueConstraint("contract_id", "number", name="uq_end_decision_contract_id_number"),
    )
    op.create_table(
        "disagreement",
        sa.Column("id", ID, nullable=False),
        sa.Column("contract_id", ID, nullable=False),
        _words("about", 300),
        sa.Column("raised_on", sa.Date(), nullable=False),
        _words("outcome", 1000),
        *_days("settled_on"),
        _words("settled_function", 120),
        _version(),
        *_signed(),
        _key("disagreement", "id"),
        _to("disagreement", "contract_id", "contract"),
    )
    op.create_index("ix_disagreement_place", "disagreement", ["contract_id", "raised_on", "id"])
    op.create_table(
        "disagreement_position",
        sa.Column("disagreement_id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        _words("words", 1000),
        *_signed(),
        _version(),
        _key("disagreement_position", "disagreement_id", "organisation_id"),
        _to("disagreement_position", "disagreement_id", "disagreement"),
        _to("disagreement_position", "organisation_id", "organisation"),
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
