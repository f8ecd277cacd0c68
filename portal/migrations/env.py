"""What Alembic runs: always on the connection that the caller opened."""

from __future__ import annotations

from alembic import context

from portal.tables import METADATA

if context.is_offline_mode():
    raise SystemExit("Les migrations se font en ligne : python -m portal.cli migrer")

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    compare_type=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
