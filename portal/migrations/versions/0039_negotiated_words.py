"""Words that parties agreed and that somebody changed since say by whom, when and why."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

# What is not known of the oldest rows is empty, or nothing at all.
ADDED = (
    ("place", sa.String(26), ""),
    ("left_version", sa.Integer(), None),
    ("left_at", sa.DateTime(timezone=True), None),
    ("left_by", sa.String(120), ""),
    ("left_reason", sa.Text(), ""),
)
OF_TEXT = """
    SELECT v.number, v.by_function, v.reason, v.at, p.source
    FROM text_version v JOIN text t ON t.id = v.text_id JOIN paragraph p ON p.text_id = v.text_id AND p.number = v.number
    WHERE t.item_id = :item_id AND t.register = :piece AND v.number > :version ORDER BY v.number, p.position
"""
OF_BLOCK = """
    SELECT number, by_function, reason, at, source FROM trame_block_text
    WHERE contract_id = :contract_id AND block_id = :block_id AND number > :version ORDER BY number
"""


def upgrade() -> None:
    for name, kind, unknown in ADDED:
        column = sa.Column(name, kind, nullable=unknown is None, server_default=unknown)
        op.add_column("negotiated_change", column)
    _look_back()


def downgrade() -> None:
    with op.batch_alter_table("negotiated_change") as batch:
        for name, _kind, _unknown in reversed(ADDED):
            batch.drop_column(name)


def _look_back() -> None:
    """Words that were changed before this was kept say it too."""
    bind = op.get_bind()
    changes = bind.execute(sa.text("SELECT * FROM negotiated_change")).mappings().all()
    agreed = {(one["item_id"], one["block_id"], one["piece"], one["version"]) for one in changes}
    for one in changes:
        rows = bind.execute(sa.text(OF_BLOCK if one["block_id"] else OF_TEXT), dict(one)).all()
        left = _left(one["after"], rows)
        if left is None:
            continue
        again = (one["item_id"], one["block_id"], one["piece"], left.number) in agreed
        told = (
            {"at": None, "by": "", "why": ""}
            if again
            else {"at": left.at, "by": left.by_function, "why": left.reason}
        )
        bind.execute(
            sa.text(
                "UPDATE negotiated_change SET left_version = :number, left_at = :at, left_by = :by, left_reason = :why "
                "WHERE id = :id"
            ),
            {"id": one["id"], "number": left.number, **told},
        )


def _left(agreed: str, rows: Any) -> Any:
    """The first version of the last ones that no longer say the words agreed; None while they stand."""
    found = None
    for _number, group in groupby(rows, key=lambda row: row.number):
        state = list(group)
        said = {part for row in state for part in _parts(row.source)}
        if said >= _parts(agreed):
            found = None
        elif found is None:
            found = state[0]
    return found


def _parts(source: str) -> set[str]:
    return {" ".join(one.split()) for one in source.split("\n\n") if one.strip()}
