"""The rows of the contract that a database holds, written again under other ids: many contracts in a minute.

Copies are rows, not evidence: the lines of their registers are sealed for the first contract.
"""

from __future__ import annotations

import base64
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from portal.kernel.ids import ID_LENGTH, is_id
from portal.tables import METADATA

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# What belongs to people or to the portal, and not to a contract.
SHARED = {
    "account", "database_mark", "directory_edition", "directory_fault", "directory_site", "job_cursor", "lease",
    "mail", "mail_stop", "notice_cursor", "notice_setting", "operation", "portfolio_week", "session_row",
}  # fmt: skip
# Ids that name things without a row of their own.
OTHER_IDS = {"paragraph": "stable_id"}
# Numbers that no two rows share, whatever their contract.
COUNTED = {("contribution", "arrival")}
FAR = 1_000_000
MARK = 4


def multiply(database: Path, copies: int, followed: int, account_id: str) -> int:
    """Write the only contract of a database so many times more; how many rows were added.

    The account follows `followed` contracts in all; nobody else has a seat in a copy.
    """
    with closing(sqlite3.connect(database)) as raw:
        raw.execute("PRAGMA foreign_keys = OFF")
        raw.execute("PRAGMA cache_size = -200000")
        statements = list(_statements(raw))
        before = raw.total_changes
        for number in range(1, copies + 1):
            given = {
                "number": number,
                "mark": _mark(number),
                "account": account_id if number < followed else "",
            }
            for statement in statements:
                raw.execute(statement, given)
        raw.commit()
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return raw.total_changes - before


def _mark(number: int) -> str:
    """The first characters of the ids of a copy."""
    return "z" + base64.b32encode((number << 1).to_bytes(2, "big")).decode("ascii").lower()[: MARK - 1]


def _statements(raw: sqlite3.Connection) -> Iterator[str]:
    """For each table that belongs to the contract, what writes its rows again; `:mark` is that of the copy."""
    kept = [table for table in METADATA.sorted_tables if table.name not in SHARED]
    known: set[str] = set()
    for table in kept:
        for column in ("id", OTHER_IDS.get(table.name, "")):
            if column in table.c:
                known |= {one for (one,) in raw.execute(f'SELECT DISTINCT "{column}" FROM "{table.name}"')}
    known = {one for one in known if isinstance(one, str) and is_id(one)}
    raw.execute("CREATE TEMP TABLE known_id (id TEXT PRIMARY KEY)")
    raw.executemany("INSERT INTO known_id VALUES (?)", ((one,) for one in known))
    for table in kept:
        raw.execute(f'CREATE TEMP TABLE "first_{table.name}" AS SELECT * FROM main."{table.name}"')
        names = [row[1] for row in raw.execute(f'PRAGMA main.table_info("{table.name}")')]
        columns = ", ".join(f'"{name}"' for name in names)
        given = ", ".join(_given(raw, table.name, name) for name in names)
        only = " WHERE account_id = :account" if table.name == "seat" else ""
        yield f'INSERT INTO main."{table.name}" ({columns}) SELECT {given} FROM "first_{table.name}"{only}'


def _given(raw: sqlite3.Connection, table: str, column: str) -> str:
    """What a copy has in a column: another id where the first has one."""
    if (table, column) in COUNTED:
        return f'"{column}" + :number * {FAR}'
    found = raw.execute(
        f'SELECT 1 FROM "first_{table}" WHERE length("{column}") = {ID_LENGTH} '
        f'AND "{column}" IN (SELECT id FROM known_id) LIMIT 1'
    ).fetchone()
    if found is None:
        return f'"{column}"'
    return (
        f'CASE WHEN "{column}" IN (SELECT id FROM known_id) '
        f'THEN :mark || substr("{column}", {MARK + 1}) ELSE "{column}" END'
    )
