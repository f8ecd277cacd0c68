"""What holds even for plain SQL: rooms close when rights change, the journal only grows.

SQLite only; PostgreSQL gets its own in the migration that brings it.
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_RAISE = "UPDATE space SET epoch = epoch + 1 WHERE "
_OF_PARTICIPANT = "contract_id = (SELECT contract_id FROM participant WHERE id = {row}.participant_id)"
_OF_INVOLVEMENT = "contract_id = {row}.contract_id AND ({row}.space_id IS NULL OR id = {row}.space_id)"
_SAME_LINE = "SELECT 1 FROM journal_line WHERE contract_id = NEW.contract_id AND seq = NEW.seq"
_REFUSE = "SELECT RAISE(ABORT, 'journal_line: append only')"


def _raise_for(where: str, *rows: str) -> str:
    return " ".join(f"{_RAISE}{where.format(row=row)};" for row in rows)


TRIGGERS = {
    "involvement_added": f"AFTER INSERT ON involvement BEGIN {_raise_for(_OF_INVOLVEMENT, 'NEW')} END",
    "involvement_changed": f"AFTER UPDATE ON involvement BEGIN {_raise_for(_OF_INVOLVEMENT, 'OLD', 'NEW')} END",
    "involvement_removed": f"AFTER DELETE ON involvement BEGIN {_raise_for(_OF_INVOLVEMENT, 'OLD')} END",
    "phase_changed": "AFTER UPDATE OF phase ON space WHEN OLD.phase IS NOT NEW.phase "
    f"BEGIN {_raise_for('id = {row}.id', 'NEW')} END",
    "membership_changed": "AFTER UPDATE OF left_at, group_, contract_id, establishment_id ON participant "
    f"BEGIN {_raise_for('contract_id = {row}.contract_id', 'OLD', 'NEW')} END",
    "membership_removed": "AFTER DELETE ON participant "
    f"BEGIN {_raise_for('contract_id = {row}.contract_id', 'OLD')} END",
    "role_given": f"AFTER INSERT ON participant_role BEGIN {_raise_for(_OF_PARTICIPANT, 'NEW')} END",
    "role_changed": f"AFTER UPDATE ON participant_role BEGIN {_raise_for(_OF_PARTICIPANT, 'OLD', 'NEW')} END",
    "role_removed": f"AFTER DELETE ON participant_role BEGIN {_raise_for(_OF_PARTICIPANT, 'OLD')} END",
    "seat_changed": f"AFTER UPDATE ON seat BEGIN {_raise_for(_OF_PARTICIPANT, 'OLD', 'NEW')} END",
    "seat_removed": f"AFTER DELETE ON seat BEGIN {_raise_for(_OF_PARTICIPANT, 'OLD')} END",
    "journal_not_changed": f"BEFORE UPDATE ON journal_line BEGIN {_REFUSE}; END",
    "journal_not_removed": f"BEFORE DELETE ON journal_line BEGIN {_REFUSE}; END",
    # INSERT OR REPLACE removes the old line without running its DELETE trigger.
    "journal_not_replaced": f"BEFORE INSERT ON journal_line WHEN EXISTS ({_SAME_LINE}) BEGIN {_REFUSE}; END",
}


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def upgrade() -> None:
    if _on_sqlite():
        for name, body in TRIGGERS.items():
            op.execute(f"CREATE TRIGGER {name} {body}")


def downgrade() -> None:
    if _on_sqlite():
        for name in TRIGGERS:
            op.execute(f"DROP TRIGGER {name}")
