"""What every layer shares: a migrated database, an application, two houses."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest
from flask import Flask, Response, g, request
from hypothesis import settings
from sqlalchemy.orm import Session

from portal.app import create_app
from portal.extensions import db, unit
from portal.kernel.clock import clock
from tests.factories.database import migrated
from tests.factories.kept import two_houses
from tests.factories.pages import CheckedClient, client_for
from tests.factories.routes import remember_routes
from tests.factories.templates import remember_templates
from tests.factories.world import House
from tests.stores import Store

T = TypeVar("T")
remember_routes()
# How long an example takes says what else the machine does, not what the portal does.
settings.register_profile("unhurried", settings(), deadline=None)
settings.load_profile("unhurried")


def pytest_collection_finish() -> None:
    """What every test shares from here on is not searched for waste again and again, during each of them."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session")
def migrated_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty database to copy."""
    return migrated(tmp_path_factory.mktemp("base") / "modele.sqlite")


@pytest.fixture
def store_name() -> str:
    """The database of a test; folders whose tests run on both parametrise it."""
    return "sqlite"


@pytest.fixture
def store(store_name: str, migrated_database: Path, tmp_path: Path) -> Store:
    """A fresh database and the folder of its portal."""
    return Store(store_name, tmp_path / "instance", migrated_database)


@pytest.fixture
def instance(store: Store) -> Path:
    """The instance folder of the portal under test."""
    return store.instance


@pytest.fixture
def portal_app(store: Store) -> Iterator[Flask]:
    """The application on a fresh database; nothing runs in the background."""
    app = remember_templates(create_app(store.settings))
    watch_holds(app)
    try:
        yield app
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        unit.bound.close()
        clock.follow(None)


def watch_holds(app: Flask) -> None:
    """Fail a request that decided on a contract before locking it: on PostgreSQL two could."""

    @app.before_request
    def count() -> None:
        g.late_holds = unit.bound.late_holds

    @app.after_request
    def compare(response: Response) -> Response:
        late = unit.bound.late_holds - g.get("late_holds", unit.bound.late_holds)
        assert not late, f"{request.path} locked its contract only when it wrote the journal"
        return response


@dataclass
class World:
    """Two houses that share nobody; `ours` is the one a test is about."""

    app: Flask
    ours: House
    other: House

    def do(self, fn: Callable[[Session], T]) -> T:
        """Act through a unit of work, as a service's caller does."""
        return unit(fn)

    def read(self, fn: Callable[[Session], T]) -> T:
        """Read with a fresh session."""
        with self.app.app_context():
            return fn(db.session())

    def client(self, name: str | None, house: House | None = None) -> CheckedClient:
        """The browser of a person of our house (or of another one)."""
        account = None if name is None else (house or self.ours)[name].account_id
        return client_for(self.app, account)


@pytest.fixture
def world(portal_app: Flask, store: Store) -> World:
    """Our house and another one, each with an open space."""
    return World(portal_app, *two_houses(store))


@pytest.fixture
def move_clock(instance: Path) -> Callable[[float], None]:
    """Move the clock of the application by so many seconds from now."""

    def move(seconds: float) -> None:
        (instance / "horloge").write_text(str(seconds), encoding="ascii")

    return move
