"""Somebody reads for long while the files are cleaned: nobody else waits, and nothing is rewritten twice."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg
import pytest
from flask import Flask

from portal.domain.register import service as register
from portal.extensions import db, unit
from portal.jobs.cleaning import NOUNS
from portal.kernel.cleaning import Cleaner
from portal.kernel.engines import WRITE_BUSY_MS, database_file
from tests import stores
from tests.conftest import World
from tests.factories.world import a_contribution

pytestmark = pytest.mark.both_stores


@contextmanager
def a_long_reader(store: stores.Store) -> Iterator[None]:
    """A backup or a long export: on PostgreSQL of a table that is not the first one."""
    if store.settings.on_sqlite:
        reader: Any = sqlite3.connect(database_file(store.settings.store), isolation_level=None)
    else:
        reader = psycopg.connect(store.database_url.replace("+psycopg", ""), autocommit=True)
    with closing(reader):
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM journal_salt").fetchone()
        yield


def written(store: stores.Store) -> object:
    """What changes when the files are rewritten: the length of the log, or the file of the first table."""
    if store.settings.on_sqlite:
        return database_file(store.settings.store).with_suffix(".sqlite-wal").stat().st_size
    return stores.plain_sql(
        store.settings.store, "SELECT relfilenode FROM pg_class WHERE relname = 'contribution'"
    )


def erase(world: World) -> str:
    words = world.do(lambda s: a_contribution(s, world.ours, "family"))
    world.do(lambda s: register.ask_erasure(s, world.ours["family"].actor, words))
    world.do(lambda s: register.confirm_erasure(s, world.ours["director"].actor, words))
    return words


@pytest.fixture
def cleaner(portal_app: Flask, store: stores.Store) -> Callable[[], bool]:
    kept = Cleaner(unit.bound, store.settings.store, NOUNS)

    def finish() -> bool:
        with portal_app.app_context():
            db.session.remove()
            db.engine.dispose()
            return kept.finish()

    return finish


def test_with_a_reader_in_the_way_nobody_waits_and_nothing_is_rewritten_twice(
    world: World, store: stores.Store, cleaner: Callable[[], bool]
) -> None:
    first = erase(world)
    before = written(store)
    with a_long_reader(store):
        begun = time.monotonic()
        assert not cleaner()
        assert time.monotonic() - begun < WRITE_BUSY_MS / 1000 / 2, "those who write would give up"
        rewritten = written(store)
        assert rewritten != before, "control: it was rewritten once"
        assert not cleaner()
        assert written(store) == rewritten
        second = erase(world)
        later = written(store)
        assert not cleaner()
        assert written(store) != later, "what was erased since is still in the files"
        assert set(world.read(register.uncleaned)) == {first, second}
    assert cleaner()
    assert world.read(register.uncleaned) == []
