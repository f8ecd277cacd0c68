"""The database cannot answer now: an honest 503, the words given back, nothing acknowledged, then as before."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import replace

import psycopg
import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.app import create_app
from portal.config import database_address
from portal.domain.contributions.models import Contribution
from portal.extensions import db, unit
from tests.conftest import World
from tests.factories.gate import Gate
from tests.factories.pages import CheckedClient, Page
from tests.factories.templates import remember_templates
from tests.stores import Store

pytestmark = pytest.mark.both_stores

WORDS = "Le repas du soir est servi trop tôt."
Fault = Callable[[Store, Gate | None], AbstractContextManager[None]]


@pytest.fixture
def gate(store: Store) -> Iterator[Gate | None]:
    """On PostgreSQL, what stands between the portal and its server."""
    if store.name == "sqlite":
        yield None
        return
    with Gate.before(store.database_url) as passage:
        yield passage


@pytest.fixture
def portal_app(store: Store, gate: Gate | None) -> Iterator[Flask]:
    """The application, through the gate."""
    settings = store.settings
    if gate is not None:
        settings = replace(settings, database_url=database_address(gate.address(store.database_url)))
    app = remember_templates(create_app(settings))
    app.config["PROPAGATE_EXCEPTIONS"] = False
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    unit.bound.close()


@contextmanager
def written_by_another(store: Store, _gate: Gate | None) -> Iterator[None]:
    """Somebody holds the database: SQLite's only writer, or the contract's row on PostgreSQL."""
    if store.name == "sqlite":
        with closing(sqlite3.connect(store.settings.database, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")
        return
    with psycopg.connect(store.database_url) as other:
        other.execute("SELECT id FROM contract FOR UPDATE")
        yield
        other.rollback()


@contextmanager
def read_only(store: Store, gate: Gate | None) -> Iterator[None]:
    """The database takes no writing any more."""
    if store.name == "sqlite":
        # The unit drops the connection that refused, and opens another one.
        unit.bound._open()[1].execute("PRAGMA query_only=ON")  # type: ignore[union-attr]
        yield
        return
    assert gate is not None
    with psycopg.connect(store.database_url, autocommit=True) as other:
        # This connection keeps its own right to write, to put things back.
        _new_connections(other, "on", gate)
        try:
            yield
        finally:
            _new_connections(other, "off", gate)


def _new_connections(server: psycopg.Connection, read_only: str, gate: Gate) -> None:
    name = server.info.dbname.encode()
    server.execute(b'ALTER DATABASE "%b" SET default_transaction_read_only = %b' % (name, read_only.encode()))
    server.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    gate.wait_for_ends()


FAULTS = {"written by another": written_by_another, "read only": read_only}


def form(world: World, client: CheckedClient) -> tuple[str, dict[str, str]]:
    path = f"/espaces/{world.ours.space_id}/sujets/{world.ours.items[0]}/contribuer"
    return path, {"body": WORDS, "kind": "comment", "op_id": "a" * 26, "csrf_token": client.token}


def kept(world: World) -> int | None:
    return world.read(lambda session: session.scalar(select(func.count()).select_from(Contribution)))


def check_honest(answer: Page, *, typed: bool) -> None:
    assert answer.response.status_code == 503
    assert int(answer.response.headers["Retry-After"]) > 0
    assert (WORDS in answer.words) is typed
    assert "psycopg" not in answer.html
    assert "sqlite" not in answer.html


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
def test_what_cannot_be_written_is_given_back_and_taken_later(
    world: World, store: Store, gate: Gate | None, fault: str
) -> None:
    family = world.client("family")
    path, fields = form(world, family)
    with FAULTS[fault](store, gate):
        check_honest(Page(family.post(path, data=fields)), typed=True)
        assert family.get(path).status_code == 200, "reading goes on"
    assert kept(world) == 0
    assert family.post(path, data=fields).status_code == 303
    assert family.post(path, data=fields).status_code == 303
    assert kept(world) == 1


def test_without_its_server_the_portal_says_so_and_heals_by_itself(
    world: World, store: Store, gate: Gate | None
) -> None:
    if gate is None:
        pytest.skip("SQLite has no server")
    family = world.client("family")
    path, fields = form(world, family)
    gate.shut()
    check_honest(Page(family.post(path, data=fields)), typed=True)
    check_honest(Page(family.get(path)), typed=False)
    assert family.get("/sante").status_code == 503
    gate.open()
    assert family.get(path).status_code == 200
    assert family.post(path, data=fields).status_code == 303
    assert kept(world) == 1


def test_an_exhausted_pool_is_told_and_ends(world: World, store: Store) -> None:
    family = world.client("family")
    path, fields = form(world, family)
    with world.app.app_context():
        pool = db.engine.pool
        everything = [db.engine.connect() for _ in range(pool.size() + pool._max_overflow)]
        pool._timeout = 0.2
    try:
        answers: list[Page] = []
        # Another thread: this one's connections are not lent again.
        asking = threading.Thread(target=lambda: answers.append(Page(family.get(path))))
        asking.start()
        asking.join(20)
        check_honest(answers[0], typed=False)
    finally:
        for connection in everything:
            connection.close()
    assert family.post(path, data=fields).status_code == 303
