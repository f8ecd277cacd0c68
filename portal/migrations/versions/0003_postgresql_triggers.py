"""The same guards on PostgreSQL: rooms close when rights change, the journal only grows.

PostgreSQL makes one index of a primary key and a unique constraint on the same column: the
key of `database_mark` says it alone from now on, on both databases.
"""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_OF_PARTICIPANT = "contract_id = (SELECT contract_id FROM participant WHERE id = {row}.participant_id)"
_OF_INVOLVEMENT = "contract_id = {row}.contract_id AND ({row}.space_id IS NULL OR id = {row}.space_id)"
_OF_CONTRACT = "contract_id = {row}.contract_id"

# Table, what wakes it, which spaces are concerned.
EPOCHS = {
    "involvement": ("INSERT OR UPDATE OR DELETE", _OF_INVOLVEMENT),
    "participant": ("UPDATE OF left_at, group_, contract_id, establishment_id OR DELETE", _OF_CONTRACT),
    "participant_role": ("INSERT OR UPDATE OR DELETE", _OF_PARTICIPANT),
    "seat": ("UPDATE OR DELETE", _OF_PARTICIPANT),
}
RAISE = "UPDATE space SET epoch = epoch + 1 WHERE"
SAID_TWICE = "uq_database_mark_name"
JOURNAL = {
    "journal_not_changed": "BEFORE UPDATE OR DELETE ON journal_line FOR EACH ROW",
    "journal_not_emptied": "BEFORE TRUNCATE ON journal_line FOR EACH STATEMENT",
}


def _raise_epochs(table: str, where: str) -> str:
    old, new = (f"{RAISE} {where.format(row=row)};" for row in ("OLD", "NEW"))
    return f"""
CREATE FUNCTION raise_epochs_of_{table}() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  IF TG_OP <> 'INSERT' THEN {old} END IF;
  IF TG_OP <> 'DELETE' THEN {new} END IF;
  RETURN NULL;
END $body$
"""


PHASE = """
CREATE FUNCTION raise_epoch_of_phase() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  UPDATE space SET epoch = epoch + 1 WHERE id = NEW.id;
  RETURN NULL;
END $body$
"""
REFUSE = """
CREATE FUNCTION refuse_journal_change() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  RAISE EXCEPTION 'journal_line: append only';
END $body$
"""


def _elsewhere() -> bool:
    return op.get_bind().dialect.name != "postgresql"


def upgrade() -> None:
    if _elsewhere():
        with op.batch_alter_table("database_mark") as mark:
            mark.drop_constraint(SAID_TWICE, type_="unique")
        return
    for table, (event, where) in EPOCHS.items():
        op.execute(_raise_epochs(table, where))
        op.execute(
            f"CREATE TRIGGER {table}_moves_epochs AFTER {event} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION raise_epochs_of_{table}()"
        )
    op.execute(PHASE)
    op.execute(
        "CREATE TRIGGER phase_changed AFTER UPDATE OF phase ON space FOR EACH ROW "
        "WHEN (OLD.phase IS DISTINCT FROM NEW.phase) EXECUTE FUNCTION raise_epoch_of_phase()"
    )
    op.execute(REFUSE)
    for name, event in JOURNAL.items():
        op.execute(f"CREATE TRIGGER {name} {event} EXECUTE FUNCTION refuse_journal_change()")


def downgrade() -> None:
    if _elsewhere():
        with op.batch_alter_table("database_mark") as mark:
            mark.create_unique_constraint(SAID_TWICE, ["name"])
        return
    for name in JOURNAL:
        op.execute(f"DROP TRIGGER {name} ON journal_line")
    op.execute("DROP FUNCTION refuse_journal_change()")
    op.execute("DROP TRIGGER phase_changed ON space")
    op.execute("DROP FUNCTION raise_epoch_of_phase()")
    for table in EPOCHS:
        op.execute(f"DROP TRIGGER {table}_moves_epochs ON {table}")
        op.execute(f"DROP FUNCTION raise_epochs_of_{table}()")
