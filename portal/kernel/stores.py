"""Which unit of work and which options of reading an address asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import make_url

from portal.kernel.engines import postgres_options, read_engine_options
from portal.kernel.lending import lending
from portal.kernel.postgres_unit import PostgresUnit
from portal.kernel.unit_of_work import SqliteUnit
from portal.kernel.units import nothing

if TYPE_CHECKING:
    from collections.abc import Callable


def unit_on(
    url: str, end_reads: Callable[[], None] = nothing, announce: Callable[[], None] = nothing
) -> SqliteUnit | PostgresUnit:
    """The unit of work of a database, not connected yet. Errors: ValueError for another kind."""
    made = PostgresUnit if is_postgresql(url) else SqliteUnit
    return made(url, end_reads=end_reads, announce=announce)


def read_options(url: str) -> dict[str, Any]:
    """Options of the engine that pages read with."""
    return reading_options() if is_postgresql(url) else read_engine_options()


def reading_options() -> dict[str, Any]:
    """The same on PostgreSQL: no transaction to begin and to end around each page, and nothing can be written.

    Each statement sees what is committed when it begins, as it does in a transaction that is READ COMMITTED.
    """
    options = postgres_options()
    given = options["connect_args"]
    # Connections keep their prepared statements for long: a plan made for an empty table must not stay.
    settings = f"{given['options']} -c default_transaction_read_only=on -c plan_cache_mode=force_custom_plan"
    return {
        **options,
        **lending(),
        "isolation_level": "AUTOCOMMIT",
        "connect_args": {**given, "options": settings},
    }


def is_postgresql(url: str) -> bool:
    """Whether an address names PostgreSQL."""
    return make_url(url).get_backend_name() == "postgresql"
