"""The confidential negotiation between signatories, and what it changed in the words of the contract."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

ID = sa.String(26)
MOMENT = sa.DateTime(timezone=True)
TABLES = (
    "negotiated_change",
    "negotiation_agreement",
    "negotiation_passage",
    "negotiation_wording",
    "negotiation_message",
    "negotiation_position",
    "negotiation_point",
    "negotiation",
)


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}")


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=f"pk_{table}")


def _must(name: str, kind: sa.types.TypeEngine[object]) -> sa.Column[object]:
    return sa.Column(name, kind, nullable=False, autoincrement=False)


def _may(name: str, kind: sa.types.TypeEngine[object]) -> sa.Column[object]:
    return sa.Column(name, kind, nullable=True)


def _said(table: str) -> list[sa.schema.SchemaItem]:
    """By which party, by whose function, when."""
    return [
        _must("organisation_id", ID),
        _must("by_function", sa.String(120)),
        _must("at", MOMENT),
        _to(table, "organisation_id", "organisation"),
    ]


def upgrade() -> None:
    op.add_column("text", sa.Column("negotiated_at", MOMENT, nullable=True))
    op.add_column("text", sa.Column("negotiated_reason", sa.String(400), nullable=False, server_default=""))
    _zone()
    _point()
    _wording()
    _changes()


def _zone() -> None:
    op.create_table(
        "negotiation",
        _must("id", ID),
        _must("contract_id", ID),
        _must("number", sa.Integer()),
        _must("opened_at", MOMENT),
        _must("opened_by", ID),
        _must("opened_function", sa.String(120)),
        _may("closed_at", MOMENT),
        _may("closed_by", ID),
        _must("closed_function", sa.String(120)),
        _must("outcome", sa.String(1000)),
        _must("version", sa.Integer()),
        _key("negotiation", "id"),
        _to("negotiation", "contract_id", "contract"),
        _to("negotiation", "opened_by", "organisation"),
        _to("negotiation", "closed_by", "organisation"),
        sa.UniqueConstraint("contract_id", "number", name="uq_negotiation_contract_id_number"),
    )


def _point() -> None:
    op.create_table(
        "negotiation_point",
        _must("id", ID),
        _must("contract_id", ID),
        _must("negotiation_id", ID),
        _must("number", sa.Integer()),
        _must("title", sa.String(200)),
        _may("item_id", ID),
        _may("block_id", ID),
        _may("means_id", ID),
        _must("state", sa.String(40)),
        _must("ending", sa.String(600)),
        *_said("negotiation_point"),
        _must("version", sa.Integer()),
        _key("negotiation_point", "id"),
        _to("negotiation_point", "contract_id", "contract"),
        _to("negotiation_point", "negotiation_id", "negotiation"),
        _to("negotiation_point", "item_id", "item"),
        _to("negotiation_point", "means_id", "means_line"),
        sa.UniqueConstraint("negotiation_id", "number", name="uq_negotiation_point_negotiation_id_number"),
    )
    op.create_index("ix_negotiation_point_contract_id", "negotiation_point", ["contract_id"])
    op.create_table(
        "negotiation_position",
        _must("point_id", ID),
        _must("words", sa.String(1000)),
        *_said("negotiation_position"),
        _must("version", sa.Integer()),
        _key("negotiation_position", "point_id", "organisation_id"),
        _to("negotiation_position", "point_id", "negotiation_point"),
    )
    op.create_table(
        "negotiation_message",
        _must("id", ID),
        _must("point_id", ID),
        _must("number", sa.Integer()),
        _must("words", sa.String(1000)),
        *_said("negotiation_message"),
        _key("negotiation_message", "id"),
        _to("negotiation_message", "point_id", "negotiation_point"),
        sa.UniqueConstraint("point_id", "number", name="uq_negotiation_message_point_id_number"),
    )


def _wording() -> None:
    op.create_table(
        "negotiation_wording",
        _must("point_id", ID),
        _must("number", sa.Integer()),
        _must("reason", sa.String(400)),
        *_said("negotiation_wording"),
        _may("applied_at", MOMENT),
        _key("negotiation_wording", "point_id", "number"),
        _to("negotiation_wording", "point_id", "negotiation_point"),
    )
    op.create_table(
        "negotiation_passage",
        _must("point_id", ID),
        _must("number", sa.Integer()),
        _must("piece", sa.String(40)),
        _must("place", ID),
        _must("before", sa.Text()),
        _must("after", sa.Text()),
        _key("negotiation_passage", "point_id", "number", "piece"),
        _to("negotiation_passage", "point_id", "negotiation_point"),
    )
    op.create_table(
        "negotiation_agreement",
        _must("point_id", ID),
        _must("number", sa.Integer()),
        *_said("negotiation_agreement"),
        _key("negotiation_agreement", "point_id", "organisation_id"),
        _to("negotiation_agreement", "point_id", "negotiation_point"),
    )


def _changes() -> None:
    op.create_table(
        "negotiated_change",
        _must("id", ID),
        _must("contract_id", ID),
        _may("item_id", ID),
        _may("block_id", ID),
        _must("piece", sa.String(40)),
        _must("version", sa.Integer()),
        _must("title", sa.String(200)),
        _must("before", sa.Text()),
        _must("after", sa.Text()),
        _must("reason", sa.String(400)),
        _must("agreed_by", sa.String(1000)),
        _must("at", MOMENT),
        _key("negotiated_change", "id"),
        _to("negotiated_change", "contract_id", "contract"),
        _to("negotiated_change", "item_id", "item"),
    )
    op.create_index("ix_negotiated_change_list", "negotiated_change", ["contract_id", "at", "id"])
    op.create_index("ix_negotiated_change_block", "negotiated_change", ["contract_id", "block_id"])


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    op.drop_column("text", "negotiated_reason")
    op.drop_column("text", "negotiated_at")
