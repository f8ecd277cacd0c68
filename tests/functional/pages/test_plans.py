"""No page of a contract reads a whole table to find its own rows: it would grow with the contracts of others."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event, text

from portal.extensions import db, unit
from portal.tables import METADATA
from tests.conftest import World
from tests.guards.route_list import FILE

# Tables that hold a handful of rows, whatever the number of contracts: extracts of the directory, tasks, marks.
SHORT = {"directory_edition", "lease", "job_cursor", "database_mark", "notice_cursor"}
ONLY_CONTRACT = re.compile(r"/contrats/<id:contract_id>(/[^<>]*)?")
PERSONAS = ("director", "family", "authority")
# A file to take away is made by other processes; the register is verified line by line.
APART = ("telecharger", "verifier")
READS_ALL = re.compile(r"SCAN (\w+)")


@pytest.fixture
def store_name() -> str:
    """PostgreSQL rightly reads a table whole when it holds a few rows."""
    return "sqlite"


def pages() -> list[str]:
    """Addresses of which the contract is the only parameter."""
    found = [one.removesuffix(" GET") for one in json.loads(FILE.read_text("utf-8")) if one.endswith(" GET")]
    return [one for one in found if ONLY_CONTRACT.fullmatch(one) and not any(word in one for word in APART)]


@contextmanager
def asked() -> Iterator[list[tuple[str, Any]]]:
    """What any engine is asked meanwhile, with what is given to it."""
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        seen.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def whole(world: World, statements: list[tuple[str, Any]]) -> list[str]:
    """Statements that read a whole table, by that table."""
    found = []
    with world.app.app_context():
        raw = db.session().connection()
        for statement, parameters in {one[0]: one for one in statements}.values():
            if not statement.lstrip().upper().startswith(("SELECT", "WITH")):
                continue
            for row in raw.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters):
                table = READS_ALL.match(row[3])
                if table and table[1] in METADATA.tables and table[1] not in SHORT:
                    found.append(f"{table[1]}: {' '.join(statement.split())[:200]}")
    return found


@pytest.mark.parametrize("name", PERSONAS)
def test_no_page_of_a_contract_reads_a_whole_table(world: World, name: str) -> None:
    client, problems, opened = world.client(name), [], 0
    for page in pages():
        with asked() as statements:
            answer = client.get(page.replace("<id:contract_id>", world.ours.contract_id))
        opened += answer.status_code == 200
        problems += [f"{page}: {one}" for one in whole(world, statements)]
    assert opened > 10
    assert not problems, "\n".join(problems)


def test_control_a_whole_table_that_is_read_is_found(world: World) -> None:
    with asked() as statements:
        unit(
            lambda session: session.execute(text("SELECT id FROM contribution WHERE display = 'name'")).all()
        )
    assert any(one.startswith("contribution: ") for one in whole(world, statements))
